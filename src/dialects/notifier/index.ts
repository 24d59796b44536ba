import { defineDialect } from "../dialect.ts";
import { decode, refusal, replies, welcome } from "./codec.ts";
import { docs } from "./docs.ts";
import { encode } from "./encode.ts";
import { frames } from "./frames.ts";

/** Rooms by name, messages, and notifications from the backend. Source: document 004. */
export const notifier = defineDialect({
  name: "notifier",
  summary: "Rooms by name, and notifications from the backend.",
  version: 1,
  frames,
  docs,
  sockets: [
    {
      name: "connect",
      path: "/api/v1/ws",
      summary: "Rooms of any name; one's own notifications without asking.",
      proof: "token",
      personal: true,
      announcements: true,
      welcome,
    },
  ],
  endpoints: [],
  decode,
  encode,
  replies,
  refusal,
  // Document 004, Security: invalid tokens are rejected with HTTP 403.
  handshake: { unauthenticated: { status: 403 }, tooMany: { status: 429 } },
});

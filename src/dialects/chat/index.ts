import { defineDialect } from "../dialect.ts";
import { decode, refusal, replies, welcome } from "./codec.ts";
import { docs } from "./docs.ts";
import { encode } from "./encode.ts";
import { frames } from "./frames.ts";

/** Rooms, chat messages, project and task events. Source: document 002. */
export const chat = defineDialect({
  name: "chat",
  summary: "Live chat, task updates and notifications in rooms.",
  version: 1,
  frames,
  docs,
  sockets: [
    {
      name: "connect",
      path: "/api/v1/ws/connect",
      summary: "Rooms of projects, channels and tasks; one's own notifications without asking.",
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
  // Document 002, Error Codes: the socket is accepted, then closed with the code.
  handshake: { unauthenticated: { close: "unauthenticated" }, tooMany: { close: "tooMany" } },
  closes: { expired: { code: 4401, reason: "Authentication Failed" } },
});

import { defineDialect } from "../dialect.ts";
import { decode, refusal, replies, welcome } from "./codec.ts";
import { docs } from "./docs.ts";
import { encode } from "./encode.ts";
import { frames } from "./frames.ts";

/** The server's own dialect: every topic and every kind. Source: the wire contract, Native. */
export const native = defineDialect({
  name: "native",
  summary: "The server's own: subscribe to any topic, hear every kind of event.",
  version: 2,
  frames,
  docs,
  sockets: [
    {
      name: "stream",
      path: "/api/v1/stream",
      summary: "What one subscribes to, and one's own notifications.",
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
  handshake: { unauthenticated: { status: 401 }, tooMany: { status: 429 } },
  roams: true,
});

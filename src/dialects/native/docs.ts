/** What the documentation says of each frame: one story, of alice, bob and the workspace 789. */
import type { DocsOf } from "../dialect.ts";
import { eventDocs } from "./event-docs.ts";
import type { frames } from "./frames.ts";

const at = "2026-01-31T09:00:00.000Z";

export const docs = {
  client: {
    subscribe: {
      summary: "Hear topics; with `data.last_event_id` also what was missed.",
      examples: [
        { type: "subscribe", id: 1, data: { topics: ["workspace:789", "channel:9"] } },
        { type: "subscribe", data: { topics: ["channel_9"], last_event_id: 0 } },
      ],
    },
    unsubscribe: {
      summary: "Hear topics no more.",
      examples: [{ type: "unsubscribe", id: 2, data: { topics: ["channel:9"] } }],
    },
    publish: {
      summary: "A message to a room, in it or not.",
      examples: [
        { type: "publish", id: 3, data: { topic: "channel:9", content: "Hello", metadata: { reply_to: 7 } } },
        {
          type: "publish",
          data: { room: "project_789", content: "Hello", idempotency_key: "order-4711" },
        },
      ],
    },
    refresh: {
      summary: "A fresh token before the old one expires.",
      examples: [{ type: "refresh", id: 4, data: { token: "<token>" } }],
    },
    ping: {
      summary: "Heartbeat.",
      examples: [{ type: "ping" }, { type: "ping", id: "beat-1" }],
    },
  },
  server: {
    welcome: {
      summary: "The socket is open and hears these topics.",
      examples: [
        {
          type: "welcome",
          data: { user_id: 101, username: "alice", topics: ["user:101"], server: "dragoman" },
        },
      ],
    },
    subscriptions: {
      summary: "Which topics came or went, and all that are left; also where access was taken away.",
      answers: ["subscribe", "unsubscribe"],
      examples: [
        {
          type: "reply",
          to: 1,
          data: {
            topics: ["workspace:789", "channel:9"],
            rooms: ["user:101", "workspace:789", "channel:9"],
          },
        },
      ],
    },
    published: {
      summary: "The message is stored.",
      answers: ["publish"],
      examples: [{ type: "reply", to: 3, data: { message_id: 8, created_at: at } }],
    },
    refreshed: {
      summary: "The fresh token is taken; the socket lives until then.",
      answers: ["refresh"],
      examples: [{ type: "reply", to: 4, data: { expires_at: "2026-01-31T10:00:00.000Z" } }],
    },
    error: {
      summary: "The frame was refused: `code` for programs, `detail` says what to do.",
      answers: ["subscribe", "unsubscribe", "publish", "refresh"],
      examples: [
        { type: "reply", to: 1, error: { code: "FORBIDDEN", detail: "No access to workspace:789." } },
      ],
    },
    pong: {
      summary: "The server is there.",
      answers: ["ping"],
      examples: [
        { type: "pong", data: { timestamp: at } },
        { type: "pong", to: "beat-1", data: { timestamp: at } },
      ],
    },
    resumed: {
      summary: "What was missed has been told, from here on it is live; only where last_event_id was given.",
      examples: [{ type: "resumed", data: { recovered: true, last_event_id: 42 } }],
    },
    ...eventDocs,
  },
} as const satisfies DocsOf<typeof frames>;

import { command } from "../../core/command.ts";
import { type DialectSettings, endpoint, type Proof } from "../../core/endpoint.ts";
import { refuse } from "../../core/errors.ts";
import { defineDialect } from "../dialect.ts";
import { decode, encode, refusal, replies } from "./codec.ts";
import { docs } from "./docs.ts";
import {
  frames,
  type NotificationAnswer,
  type NotificationBody,
  notificationAnswer,
  notificationBody,
  type StatusAnswer,
  statusAnswer,
} from "./frames.ts";

const MAY_ANNOUNCE = { open: "none", token: "operator", off: "off" } satisfies Record<
  DialectSettings["diary"],
  Proof
>;
const MAY_SEE_STATUS = { open: "none", token: "any", off: "off" } satisfies Record<
  DialectSettings["diary"],
  Proof
>;

/** Reaches every connected user on every dialect. Errors: NOT_FOUND where nobody is connected. */
const sendNotification = endpoint<"announcement.make", unknown, unknown, NotificationBody>({
  method: "POST",
  path: "/api/v1/ws/notification",
  operation: "sendDiaryNotification",
  refuses: ["NOT_FOUND"],
  summary: "Send a message to every connected user.",
  tag: "diary",
  proof: ({ diary }) => MAY_ANNOUNCE[diary],
  body: notificationBody,
  required: ["message"],
  examples: {
    documented: {
      body: { message: "Server maintenance scheduled for tomorrow" },
      answer: {
        status: "success",
        message: "Notification sent to 3 users",
        sent_count: 3,
        total_connections: 3,
        disconnected_users: 0,
      },
    },
  },
  command: ({ body }) => command("announcement.make", { message: body.message }),
  answer: ({ users, sockets }) => {
    if (users === 0) return refuse("NOT_FOUND", "No active WebSocket connections");
    const body: NotificationAnswer = {
      status: "success",
      message: `Notification sent to ${users} users`,
      sent_count: users,
      total_connections: sockets,
      disconnected_users: 0,
    };
    return { status: 200, body };
  },
  response: notificationAnswer,
  status: 200,
});

const getStatus = endpoint<"presence.audience">({
  method: "GET",
  path: "/api/v1/ws/status",
  operation: "getDiaryStatus",
  summary: "Who is connected.",
  tag: "diary",
  proof: ({ diary }) => MAY_SEE_STATUS[diary],
  examples: {
    documented: {
      answer: {
        connected_users: 3,
        status: "active",
        active_user_ids: ["123456789", "987654321", "555666777"],
      },
    },
  },
  command: () => command("presence.audience", {}),
  answer: ({ users }) => ({
    status: 200,
    body: {
      connected_users: users.length,
      status: "active",
      active_user_ids: [...users],
    } satisfies StatusAnswer,
  }),
  response: statusAnswer,
  status: 200,
});

/** The Diary application's one-way sockets. Source: its WebSocket Integration Guide (seed 003). */
export const diary = defineDialect({
  name: "diary",
  summary:
    "The Diary application's one-way sockets: announcements, and the user's own notifications as plain messages.",
  version: 1,
  frames,
  docs,
  sockets: [
    {
      name: "messages",
      path: "/api/v1/ws/:user_id",
      summary: "Announcements; with the user's own token his notifications too.",
      proof: "claimed",
      enabled: (settings) => settings.diary !== "off",
      claims: ({ user_id = "" }) => user_id,
      personal: true,
      announcements: true,
    },
  ],
  endpoints: [sendNotification, getStatus],
  decode,
  encode,
  replies,
  refusal,
  handshake: { unauthenticated: { status: 403 }, tooMany: { status: 429 } },
});

import { isIdText } from "../../core/ids.ts";
import { focusTopic, workspaceTopic } from "../../core/topic.ts";
import { defineDialect } from "../dialect.ts";
import { decode, encode, refusal, replies } from "./codec.ts";
import { docs } from "./docs.ts";
import { frames } from "./frames.ts";

/** OneTask's first WebSocket API. Source: WebSocket Integration Guide for OneTask (seed 001). */
export const onetaskV1 = defineDialect({
  name: "onetask-v1",
  summary: "OneTask's first WebSocket API: notifications, task updates of a workspace, focus sessions.",
  version: 1,
  frames,
  docs,
  sockets: [
    {
      name: "notifications",
      path: "/api/v1/ws/notifications",
      summary: "Every notification of the user.",
      proof: "token",
      personal: true,
      announcements: true,
    },
    {
      name: "tasks",
      path: "/api/v1/ws/workspaces/:workspace_id/tasks",
      summary: "Every task event of one workspace.",
      proof: "token",
      topic: ({ workspace_id = "" }) => (isIdText(workspace_id) ? workspaceTopic(workspace_id) : null),
      personal: false,
      announcements: false,
    },
    {
      name: "focus",
      path: "/api/v1/ws/focus-sessions/:session_id",
      summary: "One focus session: joins, leaves, changes and what its participants send.",
      proof: "token",
      topic: ({ session_id = "" }) => (isIdText(session_id) ? focusTopic(session_id) : null),
      personal: false,
      announcements: false,
    },
  ],
  endpoints: [],
  decode,
  encode,
  replies,
  refusal,
  handshake: { unauthenticated: { status: 403 }, tooMany: { status: 429 } },
});

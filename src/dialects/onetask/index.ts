import { command } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { isIdText } from "../../core/ids.ts";
import { focusTopic, workspaceTopic } from "../../core/topic.ts";
import { defineDialect } from "../dialect.ts";
import { decode, encode, refusal, replies } from "./codec.ts";
import { docs } from "./docs.ts";
import {
  frames,
  type SystemEventAnswer,
  type SystemEventBody,
  systemEventAnswer,
  systemEventBody,
  type TaskEventAnswer,
  type TaskEventBody,
  taskEventAnswer,
  taskEventBody,
  type WorkspaceEventAnswer,
  type WorkspaceEventBody,
  workspaceEventAnswer,
  workspaceEventBody,
} from "./frames.ts";

const sendTaskEvent = endpoint<"task.tell", unknown, unknown, TaskEventBody>({
  method: "POST",
  path: "/api/v1/realtime/events/task",
  operation: "sendTaskEvent",
  refuses: ["NO_TARGET", "FORBIDDEN"],
  summary: "Send a task event.",
  tag: "onetask",
  proof: "any",
  body: taskEventBody,
  required: ["task_id", "title", "action"],
  examples: {
    documented: {
      body: {
        task_id: 456,
        title: "Task Title",
        action: "updated",
        workspace_id: 789,
        target_user_ids: [101, 102],
      },
      answer: { status: "notifications sent", recipient_count: 2 },
    },
    oneself: {
      summary: "Only the caller is notified.",
      body: { task_id: 456, title: "Task Title", action: "completed" },
      answer: { status: "notifications sent", recipient_count: 1 },
    },
  },
  command: ({ body }) =>
    command("task.tell", {
      task_id: body.task_id,
      title: body.title,
      action: body.action,
      workspace_id: body.workspace_id ?? null,
      targets: body.target_user_ids ?? [],
      as_user: body.user_id ?? null,
    }),
  answer: ({ recipient_count }) => ({
    status: 202,
    body: { status: "notifications sent", recipient_count } satisfies TaskEventAnswer,
  }),
  response: taskEventAnswer,
  status: 202,
});

const sendWorkspaceEvent = endpoint<"workspace.tell", unknown, unknown, WorkspaceEventBody>({
  method: "POST",
  path: "/api/v1/realtime/events/workspace",
  operation: "sendWorkspaceEvent",
  refuses: ["FORBIDDEN", "NOT_FOUND"],
  summary: "Notify the members of a workspace.",
  tag: "onetask",
  proof: "any",
  body: workspaceEventBody,
  required: ["workspace_id", "title", "content"],
  examples: {
    documented: {
      body: {
        workspace_id: 789,
        title: "Workspace Update",
        content: "The workspace has been updated.",
        type: "workspace",
        related_entity_type: "workspace",
        related_entity_id: 789,
        data: {},
        exclude_user_ids: [101],
      },
      answer: { status: "workspace notification sent" },
    },
  },
  command: ({ body }) =>
    command("workspace.tell", {
      workspace_id: body.workspace_id,
      title: body.title,
      content: body.content,
      type: body.type ?? "workspace",
      related_entity_type: body.related_entity_type ?? null,
      related_entity_id: body.related_entity_id ?? null,
      data: body.data ?? {},
      exclude: body.exclude_user_ids ?? [],
    }),
  answer: () => ({
    status: 202,
    body: { status: "workspace notification sent" } satisfies WorkspaceEventAnswer,
  }),
  response: workspaceEventAnswer,
  status: 202,
});

const sendSystemEvent = endpoint<"system.tell", unknown, unknown, SystemEventBody>({
  method: "POST",
  path: "/api/v1/realtime/events/system",
  operation: "sendSystemEvent",
  refuses: ["NO_TARGET", "FORBIDDEN"],
  summary: "Send a system notification to one user.",
  tag: "onetask",
  proof: "any",
  body: systemEventBody,
  required: ["title", "content"],
  examples: {
    documented: {
      body: { title: "System Notification", content: "Important system message.", user_id: 101, data: {} },
      answer: { status: "system notification sent" },
    },
  },
  command: ({ body }) =>
    command("system.tell", {
      title: body.title,
      content: body.content,
      user_id: body.user_id ?? null,
      data: body.data ?? {},
    }),
  answer: () => ({ status: 202, body: { status: "system notification sent" } satisfies SystemEventAnswer }),
  response: systemEventAnswer,
  status: 202,
});

/** OneTask's realtime API. Source: OneTask Real-time API Documentation (seed 000). */
export const onetask = defineDialect({
  name: "onetask",
  summary: "OneTask's realtime API: notifications, the tasks of a workspace, focus sessions.",
  version: 1,
  frames,
  docs,
  sockets: [
    {
      name: "notifications",
      path: "/ws/notifications",
      summary: "Every notification of the user.",
      proof: "token",
      personal: true,
      announcements: true,
    },
    {
      name: "tasks",
      path: "/ws/tasks/:workspace_id",
      summary: "Every task event of one workspace.",
      proof: "token",
      topic: ({ workspace_id = "" }) => (isIdText(workspace_id) ? workspaceTopic(workspace_id) : null),
      personal: false,
      announcements: false,
    },
    {
      name: "focus",
      path: "/ws/focus-session/:session_id",
      summary: "One focus session: what its participants send, joins, leaves and changes.",
      proof: "token",
      topic: ({ session_id = "" }) => (isIdText(session_id) ? focusTopic(session_id) : null),
      personal: false,
      announcements: false,
    },
  ],
  endpoints: [sendTaskEvent, sendWorkspaceEvent, sendSystemEvent],
  decode,
  encode,
  replies,
  refusal,
  handshake: { unauthenticated: { status: 403 }, tooMany: { status: 429 } },
});

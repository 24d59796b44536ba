import { EVENT_KINDS } from "../../core/event.ts";
import type { FrameDoc } from "../dialect.ts";
import type { EventFrame, HeardKind } from "./frames.ts";

const at = "2026-01-31T09:00:00.000Z";
const alice = { id: 101, username: "alice" };

/** An event as alice causes it, heard in `topic`. */
const doc = <K extends HeardKind>(
  kind: K,
  topic: string,
  data: EventFrame<K>["data"],
): FrameDoc<EventFrame<K>> => ({
  summary: EVENT_KINDS[kind].summary,
  tells: [kind],
  examples: [{ type: "event", kind, topic, data, actor: alice, at } as unknown as EventFrame<K>],
});

const notification = {
  id: 7,
  title: "Deployed",
  content: "Version 1.4 is live.",
  level: "success",
  notification_type: "notification",
  related_entity_type: null,
  related_entity_id: null,
  data: { version: "1.4" },
  link: "/releases/1.4",
  priority: "normal",
  room: null,
} as const;

const task = {
  title: "Project Proposal",
  description: null,
  status: "todo",
  priority: "high",
  due_date: "2026-02-14T12:00:00.000Z",
  workspace_id: 789,
  user_id: 102,
  assignee: "bob",
  creator: "alice",
};
const taskEvent = { task_id: 456, title: "Project Proposal", task, changes: {}, notification_id: 12 };
const status = (now: string) => ({ ...taskEvent.task, status: now });
const workspace = { workspace_id: 789, name: "Website" };
const session = { session_id: "focus-123", status: "active", current_task_id: 456, user: alice };
const presence = { user_id: 101, username: "alice" };

/** One a kind. */
export const eventDocs = {
  "notification.created": doc("notification.created", "user:102", notification),
  "announcement.created": doc("announcement.created", "everyone", {
    ...notification,
    title: "Notification",
    content: "System maintenance in 5 minutes",
    level: "warning",
    data: {},
    link: null,
  }),
  "notification.read": doc("notification.read", "user:102", {
    user_id: 102,
    ids: [7],
    up_to: 7,
    unread: 0,
  }),
  "notification.deleted": doc("notification.deleted", "user:102", { user_id: 102, ids: [7], unread: 0 }),
  "task.created": doc("task.created", "workspace:789", { ...taskEvent, action: "created" }),
  "task.updated": doc("task.updated", "workspace:789", {
    ...taskEvent,
    action: "updated",
    task: status("in_progress"),
    changes: { status: { old: "todo", new: "in_progress" } },
  }),
  "task.completed": doc("task.completed", "workspace:789", {
    ...taskEvent,
    action: "completed",
    task: status("completed"),
    changes: { status: { old: "in_progress", new: "completed" } },
  }),
  "task.deleted": doc("task.deleted", "workspace:789", { ...taskEvent, action: "deleted" }),
  "message.created": doc("message.created", "channel:9", {
    message_id: 8,
    content: "Hello",
    user_id: 101,
    username: "alice",
    metadata: { reply_to: 7 },
  }),
  "message.edited": doc("message.edited", "channel:9", {
    message_id: 8,
    content: "Hello, everyone",
    edited_at: at,
  }),
  "message.deleted": doc("message.deleted", "channel:9", { message_id: 8, deleted_at: at }),
  "workspace.created": doc("workspace.created", "workspace:789", workspace),
  "workspace.updated": doc("workspace.updated", "workspace:789", {
    ...workspace,
    changes: { name: { old: "Web site", new: "Website" } },
  }),
  "workspace.archived": doc("workspace.archived", "workspace:789", workspace),
  "member.added": doc("member.added", "workspace:789", {
    topic: "workspace:789",
    user_id: 102,
    role: "member",
  }),
  "member.removed": doc("member.removed", "workspace:789", { topic: "workspace:789", user_id: 102 }),
  "room.moved": doc("room.moved", "channel:9", {
    topic: "channel:9",
    workspace_id: 790,
    old_workspace_id: 789,
  }),
  "focus.updated": doc("focus.updated", "focus:focus-123", {
    ...session,
    status: "break",
    action: "status_change",
    data: null,
  }),
  "focus.joined": doc("focus.joined", "focus:focus-123", session),
  "focus.left": doc("focus.left", "focus:focus-123", session),
  "focus.relayed": doc("focus.relayed", "focus:focus-123", {
    ...session,
    action: "start_timer",
    data: { action: "start_timer", minutes: 25 },
  }),
  "user.joined": doc("user.joined", "channel:9", presence),
  "user.left": doc("user.left", "channel:9", presence),
} as const satisfies { readonly [K in HeardKind]: FrameDoc<EventFrame<K>> };

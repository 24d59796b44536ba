/**
 * The story that the examples of the documentation tell: alice (101) owns the workspace 789, bob
 * (102) is a member of it; the task 456, the room channel:9 and the focus session focus-123 are in it.
 */
const AT = "2026-01-31T09:00:00.000Z";

/** Event ids begin at the milliseconds of the store's first start. */
export const MESSAGE_ID = 1769850000005;
export const NOTIFICATION_ID = 1769850000008;
/** What is created next has this one. */
export const NEXT_ID = 1769850000011;

export const WORKSPACE = {
  id: 789,
  name: "Website",
  owner_id: 101,
  archived: false,
  created_at: AT,
} as const;

export const MEMBERS = [
  { user_id: 102, username: "bob", role: "member", added_at: AT },
  { user_id: 101, username: "alice", role: "owner", added_at: AT },
] as const;

export const ROOMS = [
  { room: "focus:focus-123", workspace_id: 789 },
  { room: "channel:9", workspace_id: 789 },
] as const;

export const MESSAGE = {
  id: MESSAGE_ID,
  room: "channel:9",
  user_id: 101,
  username: "alice",
  content: "Hello",
  metadata: {},
  created_at: AT,
  edited_at: null,
  deleted_at: null,
} as const;

export const TASK = {
  id: 456,
  workspace_id: 789,
  title: "Project Proposal",
  description: null,
  status: "todo",
  priority: "high",
  due_date: "2026-02-14T12:00:00.000Z",
  user_id: 102,
  creator_id: 101,
  version: 1,
  created_at: AT,
  updated_at: AT,
  completed_at: null,
} as const;

export const SESSION = {
  id: "focus-123",
  title: "Morning",
  workspace_id: 789,
  status: "active",
  current_task_id: null,
  created_at: AT,
  updated_at: AT,
} as const;

export const NOTIFICATION = {
  id: NOTIFICATION_ID,
  title: "Deployed",
  content: "Version 1.4 is live.",
  notification_type: "system",
  level: "success",
  related_entity_type: null,
  related_entity_id: null,
  data: { version: "1.4", link: "/releases/1.4" },
  read: false,
  created_at: AT,
} as const;

/** A notification with everything that it may have but times. */
export const NOTICE = {
  message: "Version 1.4 is live.",
  title: "Deployed",
  level: "success",
  data: { version: "1.4" },
  link: "/releases/1.4",
  priority: "normal",
} as const;

/** A page that is the only one. */
export const page = (...items: readonly unknown[]): object => ({ items, next: null });

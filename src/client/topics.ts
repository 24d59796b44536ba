import type { DragomanEvent, Id } from "./events.ts";

/** One's own notifications and announcements: heard without naming a room. */
export const PERSONAL = "user";
const EVERYONE = "everyone";
/** Everything, for admins and keys. */
export const ALL = "*";

const KNOWN = /^(project|workspace|user|channel|task)[:_](.+)$/s;
const CANONICAL = /^(focus|room):./s;

/** A room as the server spells it: `project_7` and `project:7` are `workspace:7`, any free name is `room:<name>`. */
export function canonical(room: string): string {
  const [, type, id] = KNOWN.exec(room) ?? [];
  if (type !== undefined) return `${type === "project" ? "workspace" : type}:${id}`;
  return room === ALL || CANONICAL.test(room) ? room : `room:${room}`;
}

/** True of a topic that is heard without being named. */
export const isPersonal = (topic: string, userId: Id | null): boolean =>
  topic === PERSONAL || topic === EVERYONE || (userId !== null && topic === `user:${userId}`);

/** True of the topic of some user. */
export const isUsers = (topic: string): boolean => topic.startsWith("user:");

/**
 * Every topic that an event belongs to, each once, given the one by which it was heard. A
 * connection that listens to several of them hears it once, and the frame names one.
 */
export function topicsOf(event: DragomanEvent, heard: string, userId: Id | null): readonly string[] {
  const others = othersOf(event).map((topic) => (isPersonal(topic, userId) ? PERSONAL : topic));
  return [...new Set([heard, ...others])];
}

function othersOf({ kind, data }: DragomanEvent): readonly string[] {
  switch (kind) {
    case "task.created":
    case "task.updated":
    case "task.completed":
    case "task.deleted": {
      const workspace = data.task.workspace_id === null ? [] : [`workspace:${data.task.workspace_id}`];
      return [...workspace, `task:${data.task_id}`];
    }
    case "notification.created":
      // Told to those in a room: to each of them personally, too.
      return data.room === null ? [] : [data.room, PERSONAL];
    case "member.added":
    case "member.removed":
      return [data.topic, `user:${data.user_id}`];
    default:
      return [];
  }
}

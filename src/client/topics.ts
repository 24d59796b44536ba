import type { DragomanEvent, Id } from "./events.ts";

/** One's own notifications and announcements: heard without naming a room. */
export const PERSONAL = "user";
const EVERYONE = "everyone";

const KNOWN = /^(project|workspace|user|channel|task)[:_](.+)$/s;
const CANONICAL = /^(focus|room):./s;

/** A room as the server spells it: `project_7` and `project:7` are `workspace:7`, any free name is `room:<name>`. */
export function canonical(room: string): string {
  const [, type, id] = KNOWN.exec(room) ?? [];
  if (type !== undefined) return `${type === "project" ? "workspace" : type}:${id}`;
  return room === "*" || CANONICAL.test(room) ? room : `room:${room}`;
}

/** True of a topic that is heard without being named. */
export const isPersonal = (topic: string, userId: Id | null): boolean =>
  topic === PERSONAL || topic === EVERYONE || (userId !== null && topic === `user:${userId}`);

/** True of the topic of some user. */
export const isUsers = (topic: string): boolean => topic.startsWith("user:");

/**
 * Every topic that an event belongs to, given the one by which it was heard. A connection that
 * listens to several of them hears it once, and the frame names one.
 */
export function topicsOf(event: DragomanEvent, heard: string): readonly string[] {
  switch (event.kind) {
    case "task.created":
    case "task.updated":
    case "task.completed":
    case "task.deleted": {
      const { task_id, task } = event.data;
      const workspace = task.workspace_id === null ? [] : [`workspace:${task.workspace_id}`];
      return [heard, ...workspace, `task:${task_id}`];
    }
    case "notification.created":
      // Told to those in a room: to each of them personally, too.
      return event.data.room === event.topic ? [heard, PERSONAL] : [heard];
    default:
      return [heard];
  }
}

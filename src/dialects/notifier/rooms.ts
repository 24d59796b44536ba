import { isIdText } from "../../core/ids.ts";
import { idOf, parseKnownRoom, type Topic, topicOf, typeOf } from "../../core/topic.ts";

/** Document 004 names rooms with an underscore: `user_{user_id}`, `project_123`. */
const PREFIXES: Readonly<Partial<Record<ReturnType<typeof typeOf>, string>>> = {
  workspace: "project_",
  channel: "channel_",
  task: "task_",
  user: "user_",
};

/** Any name is a room: `project_789` and its like are what they name, every other name is a free room. */
export function parseRoomName(text: string): Topic | null {
  if (!isIdText(text)) return null;
  return parseKnownRoom(text) ?? topicOf("room", text);
}

/**
 * A topic as notifier clients know it; null for focus sessions, `everyone` and free rooms whose
 * name would mean something else here.
 */
export function spellRoom(topic: Topic): string | null {
  const prefix = PREFIXES[typeOf(topic)];
  if (prefix !== undefined) return `${prefix}${idOf(topic)}`;
  return parseRoomName(idOf(topic)) === topic ? idOf(topic) : null;
}

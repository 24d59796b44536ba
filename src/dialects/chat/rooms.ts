import { isIdText } from "../../core/ids.ts";
import { idOf, type Topic, topicOf, type TopicType, typeOf } from "../../core/topic.ts";

/** Document 002, Room Identifiers: `{entity_type}:{entity_id}`. */
const NAMES: Readonly<Partial<Record<ReturnType<typeof typeOf>, string>>> = {
  workspace: "project",
  channel: "channel",
  task: "task",
  user: "user",
};

const TYPES = new Map(Object.entries(NAMES).map(([type, name]) => [name, type as TopicType]));

/** A topic as chat clients know it; null for free rooms, focus sessions and `everyone`. */
export function spellRoom(topic: Topic): string | null {
  const name = NAMES[typeOf(topic)];
  return name === undefined ? null : `${name}:${idOf(topic)}`;
}

/** `type:id`, whatever the type. */
export function isRoomFormat(text: string): boolean {
  const colon = text.indexOf(":");
  return colon > 0 && colon + 1 < text.length && isIdText(text);
}

/** Reads a room of one of the four types; null for every other text. */
export function parseChatRoom(text: string): Topic | null {
  if (!isRoomFormat(text)) return null;
  const colon = text.indexOf(":");
  const type = TYPES.get(text.slice(0, colon));
  return type === undefined ? null : topicOf(type, text.slice(colon + 1));
}

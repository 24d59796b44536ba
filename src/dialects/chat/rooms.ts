import { isIdText } from "../../core/ids.ts";
import { idOf, parseKnownRoom, type Topic, typeOf } from "../../core/topic.ts";

/** Document 002, Room Identifiers: `{entity_type}:{entity_id}`. */
const ROOM_TYPES = ["project", "channel", "task", "user"] as const;

const TYPES = new Set<string>(ROOM_TYPES);

const NAMES: Readonly<Partial<Record<ReturnType<typeof typeOf>, (typeof ROOM_TYPES)[number]>>> = {
  workspace: "project",
  channel: "channel",
  task: "task",
  user: "user",
};

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
  return isRoomFormat(text) && TYPES.has(text.slice(0, text.indexOf(":"))) ? parseKnownRoom(text) : null;
}

import type { Principal } from "../core/principal.ts";
import { idOf, parseRoom, typeOf, type Topic } from "../core/topic.ts";

/**
 * True where the token itself names the topic: by one of its `rooms`, in any dialect's spelling
 * (`channel:9`, `project_789`, `channel:*`, `*`), or as one of its `workspaces`. Another user's
 * topic, and everyone's, cannot be granted.
 */
export function tokenNames(who: Principal, topic: Topic): boolean {
  const type = typeOf(topic);
  if (type === "user" || type === "everyone") return false;
  if (type === "workspace" && who.workspaces.includes(idOf(topic))) return true;
  return who.rooms.some((pattern) => pattern === "*" || matches(pattern, topic));
}

function matches(pattern: string, topic: Topic): boolean {
  const room = parseRoom(pattern);
  if (room === null) return false;
  return room === topic || (idOf(room) === "*" && typeOf(room) === typeOf(topic));
}

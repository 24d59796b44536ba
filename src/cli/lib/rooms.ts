import { suggest } from "../../core/suggest.ts";
import { parseRoom } from "../../core/topic.ts";
import { EXIT, failure } from "./failure.ts";

/** A room as it was typed. Throws a Failure where it can be none. */
export function checkedRoom(room: string): string {
  if (room === "*" || parseRoom(room) !== null) return room;
  throw failure(
    `${JSON.stringify(room)} is no room`,
    "write it like channel:1, project:789 or lobby",
    EXIT.usage,
  );
}

/** What rooms are written with; any other word makes a free room, which is perhaps not what was meant. */
const PREFIXES = ["user", "workspace", "project", "channel", "task", "focus"];

/** `user:101` where somebody typed `usr:101`; undefined where nothing is like it. */
export function meantBy(room: string): string | undefined {
  const [, prefix, id] = /^([a-z]+)[:_](.+)$/s.exec(room) ?? [];
  if (prefix === undefined || id === undefined || PREFIXES.includes(prefix)) return undefined;
  const near = suggest(prefix, PREFIXES);
  return near === undefined ? undefined : `${near}:${id}`;
}

import { isObject } from "../../core/json.ts";
import { textOf } from "./documents.ts";

/** A frame's own name: its `type`, of native events their kind, of task frames the action too; empty for none. */
export function labelOf(frame: unknown): string {
  if (!isObject(frame)) return "";
  const { type, kind, action } = frame;
  if (type === "event" && typeof kind === "string") return kind;
  return [textOf(type), textOf(action)].filter((part) => part !== undefined).join(" ");
}

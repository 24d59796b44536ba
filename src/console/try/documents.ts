/** Reading JSON documents that hold references into themselves. */
import { isObject } from "../../core/json.ts";

export type Json = Readonly<Record<string, unknown>>;

const NOTHING: Json = {};
/** A reference to a reference to … is a fault of the document. */
const MAX_STEPS = 16;

export const recordOf = (value: unknown): Json => (isObject(value) ? value : NOTHING);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
/** A text, or a number as one. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;

/** The object that a value is, or that its `$ref` names; an empty one where there is none. */
export function resolve(document: Json, value: unknown): Json {
  let found = recordOf(value);
  for (let step = 0; step < MAX_STEPS && typeof found.$ref === "string"; step++)
    found = recordOf(at(document, found.$ref));
  return found;
}

/** RFC 6901, as the fragment of an address: `#/components/messages/chat.ping`. */
function at(document: Json, reference: string): unknown {
  if (!reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>(
      (value, part) => (isObject(value) ? value[part] : listOf(value)[Number(part)]),
      document,
    );
}

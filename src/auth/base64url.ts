import { base64url } from "jose";
import { endOfString, isObject, QUOTE } from "../core/json.ts";

// The last character of a part carries 4 or 2 unused bits; only the spelling with zeros counts.
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Whether a text is base64url in the one spelling an encoder gives it (RFC 4648, section 3.5).
 *
 * Platform decoders take padding, blanks and stray trailing bits, so one token would have many
 * spellings, and a cache or block list keyed by its text would miss some.
 */
export const isCanonicalBase64url = (text: string): boolean => text !== "" && CANONICAL.test(text);

/**
 * The JSON object in a canonical base64url part; null when it holds anything else, or names a
 * member twice (RFC 7515, section 4): parsers differ in which of the two they believe.
 */
export function decodeJsonObject(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const text = utf8.decode(base64url.decode(part));
    const value: unknown = JSON.parse(text);
    return isObject(value) && Object.keys(value).length === membersIn(text) ? value : null;
  } catch {
    return null;
  }
}

/** Members of a JSON object as it is written (and known to be well formed), of the object itself only; twice the same are two. */
function membersIn(json: string): number {
  let members = 0;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const sign = json.charCodeAt(at);
    if (sign === QUOTE) at = endOfString(json, at);
    else if (sign === 123 || sign === 91) depth++;
    else if (sign === 125 || sign === 93) depth--;
    else if (sign === 58 && depth === 1) members++;
  }
  return members;
}

/** Frames and bodies while they are written. */
import type { Token } from "./tokens.ts";

/** An example as text to edit. A token in it is the chosen one, so that the frame works as it is. */
export function draftOf(payload: unknown, token: Token | null): string {
  if (payload === undefined) return "{}";
  const text = JSON.stringify(payload, token === null ? undefined : withToken(token), 2);
  return text.replaceAll(FLAT_LIST, (list) =>
    list.replaceAll(/\s*\n\s*/g, " ").replace(/^\[ | \]$/g, (end) => end.trim()),
  );
}

/** Lists of numbers and texts fit on one line. */
const FLAT_LIST = /\[(?:\s*(?:"(?:\\.|[^"\\])*"|[-\d.eE+]+|true|false|null),?)+\s*\]/g;

const withToken =
  (token: Token) =>
  (name: string, value: unknown): unknown =>
    name === "token" && typeof value === "string" ? token.text : value;

/** What is wrong with a text that is to be JSON, in words; null where nothing is. */
export function jsonFault(text: string): string | null {
  if (text.trim() === "") return "There is nothing to send.";
  try {
    JSON.parse(text);
    return null;
  } catch (fault) {
    return `Not JSON: ${placed(fault instanceof Error ? fault.message : String(fault), text)}`;
  }
}

/** Browsers name the place in different ways, some as an offset that nobody can count to. */
function placed(message: string, text: string): string {
  const [, offset] = /at position (\d+)/.exec(message) ?? [];
  if (offset === undefined || message.includes("line ")) return message;
  const before = text.slice(0, Number(offset)).split("\n");
  const where = `in line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return message.replace(/ ?(?:in JSON )?at position \d+/, ` ${where}`);
}

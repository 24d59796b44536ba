import { suggest } from "../../core/suggest.ts";
import { EXIT, type Failure, failure } from "./failure.ts";

/** A word of a few that an option takes, with what was probably meant where it is none. Throws a Failure. */
export function oneOf<T extends string>(word: string, choices: readonly T[], where: string): T {
  const found = choices.find((choice) => choice === word);
  if (found === undefined) throw unknownWord(word, choices, where);
  return found;
}

/** More than so many are not told. */
const MAX_TOLD = 12;

export function unknownWord(word: string, choices: readonly string[], where: string): Failure {
  const near = suggest(word, choices);
  const more = choices.length > MAX_TOLD ? ", …" : "";
  const all = `one of: ${choices.slice(0, MAX_TOLD).join(", ")}${more}`;
  return failure(
    `"${word}" is not known here`,
    near === undefined ? all : `did you mean ${near}? ${all}`,
    EXIT.usage,
    where,
  );
}

/** A whole number as an option takes it. Throws a Failure. */
export function wholeNumber(
  text: string,
  where: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER } = {},
): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  throw failure(
    `"${text}" is no whole number ${range}`,
    "write digits alone, for example 10",
    EXIT.usage,
    where,
  );
}

/** JSON as an option takes it. Throws a Failure. */
export function jsonObject(text: string, where: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Told below, like a value of another type.
  }
  throw failure(
    `${text} is no JSON object`,
    `write it in single quotes: ${where} '{"key":"value"}'`,
    EXIT.usage,
    where,
  );
}

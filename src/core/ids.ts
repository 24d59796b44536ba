import { z } from "zod";

/** An id on the wire: a JSON number where it is a canonical decimal, else a string. */
export type WireId = number | string;

const CANONICAL_DECIMAL = /^(?:0|[1-9]\d{0,15})$/;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

const MAX_ID_LENGTH = 128;

/** True of ids and names that may be used: 1–128 characters, none of them a control character. */
export const isIdText = (text: string): boolean =>
  text.length > 0 && text.length <= MAX_ID_LENGTH && !CONTROL.test(text) && text.isWellFormed();

/**
 * How an id is written: canonical decimals up to 9007199254740991 as numbers, everything else
 * (`007`, larger, words) as it is.
 */
export function toWireId(id: string): WireId {
  if (!CANONICAL_DECIMAL.test(id)) return id;
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : id;
}

export const toWireIdOrNull = (id: string | null): WireId | null => (id === null ? null : toWireId(id));

/** An id as it comes in: a safe integer or a string; inside it is always a string. */
export const idSchema = z
  .union([z.int().transform(String), z.string()], { error: "must be an id: a whole number or a text" })
  .refine(isIdText, "must be 1 to 128 characters without control characters")
  .meta({ description: "An id: a JSON number or a string; both are read." });

/** An id as it goes out, for frame schemas. */
export const wireId = z
  .union([z.int(), z.string()])
  .meta({ description: "A canonical decimal as a number, else a string." });

/** ISO 8601, UTC, milliseconds, `Z`. */
export const timestamp = z.string().meta({ format: "date-time" });

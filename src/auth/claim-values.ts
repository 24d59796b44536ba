/** The longest id, name and room pattern. */
const MAX_NAME_CHARS = 128;

/** Fit for a name: no control characters (C0, DEL, C1), and no half of a surrogate pair (two of them would be one in UTF-8). */
function isPrintable(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return false;
  }
  return text.isWellFormed();
}

/** A text of 1–128 printable characters, as it is; else null. */
export const nameOf = (value: unknown): string | null =>
  typeof value === "string" && value.length >= 1 && value.length <= MAX_NAME_CHARS && isPrintable(value)
    ? value
    : null;

/**
 * An id as text: a name, or a number in its canonical decimal spelling.
 *
 * Whole numbers beyond ±9007199254740991 give null: JSON has already rounded them, and two users
 * would become one. So do numbers that need an exponent.
 */
export function idOf(value: unknown): string | null {
  if (typeof value !== "number") return nameOf(value);
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) return null;
  const text = String(value);
  return text.includes("e") ? null : text;
}

/** A text to show: blanks around it removed, cut to 128; null when nothing printable is left. */
export function displayNameOf(value: unknown): string | null {
  if (typeof value !== "string" || !isPrintable(value)) return null;
  const cut = value.trim().slice(0, MAX_NAME_CHARS);
  const whole = cut.isWellFormed() ? cut : cut.slice(0, -1);
  return whole === "" ? null : whole;
}

/** A list whose every member `read` accepts; an absent one is empty; null when it is anything else. */
export function listOf(
  value: unknown,
  maxEntries: number,
  read: (entry: unknown) => string | null,
): readonly string[] | null {
  if (value === undefined || value === null) return NONE;
  if (!Array.isArray(value) || value.length > maxEntries) return null;
  const entries: string[] = [];
  for (const given of value) {
    const entry = read(given);
    if (entry === null) return null;
    entries.push(entry);
  }
  return entries;
}

/** One for everybody: a connected user keeps his lists. */
const NONE: readonly string[] = [];

const LAST_DATE_MS = 8.64e15;

/** A moment for a person: ISO 8601, or the bare seconds where no calendar reaches. */
export const momentText = (seconds: number): string =>
  Math.abs(seconds * 1000) <= LAST_DATE_MS ? new Date(seconds * 1000).toISOString() : `${seconds} s`;

/** A span for a person, rounded down: `45 s`, `5 min`, `2 h`, `3 d`. */
export function spanText(seconds: number): string {
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A foreign value for a message: quoted, short, without control characters. */
export function shortText(value: unknown): string {
  const text = JSON.stringify(value)?.replaceAll(/\p{Cc}/gu, "") ?? "nothing";
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

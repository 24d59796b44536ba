/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(token|ticket|secret|password|api_?key)(=|%3d)[^&\s"'#<>]+/gi, `$1$2${REDACTED}`],
  [/\bbearer[\s,]+[\w.~+/=-]{16,}/gi, `Bearer ${REDACTED}`],
  [/dgk_[\w-]+/g, REDACTED],
  [/\/\/[^\s/?#@]+@/g, `//${REDACTED}@`],
];

/** Removes what gives access: tokens, tickets, service keys, passwords in addresses. Linear in the text's length. */
export function redact(text: string): string {
  let safe = text;
  for (const [pattern, replacement] of PATTERNS) safe = safe.replace(pattern, replacement);
  return safe.includes("eyJ") ? safe.replace(/[\w.-]+/g, redactJwt) : safe;
}

/** A run of token characters, cut where a JWT begins (three parts, the first `{"…` in base64url). */
function redactJwt(run: string): string {
  const start = run.indexOf("eyJ");
  if (start < 0) return run;
  const [, payload, signature] = run.slice(start).split(".", 3);
  return payload && signature !== undefined ? run.slice(0, start) + REDACTED : run;
}

// C0, DEL, C1, the two Unicode line ends, and the marks that reverse the reading direction.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Spells control characters out (`\n`, `\u001b`), so that no text can forge a line or steer a
 * terminal. Applied to JSON text it leaves JSON of the same value.
 */
export const escapeControl = (text: string): string =>
  text.replace(CONTROL, (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

import type { Warning } from "../core/admin.ts";
import { type Clock, isoTime } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Meters } from "../core/meters.ts";
import { escapeControl, redact } from "./log-safe.ts";

/** Entries that are remembered, and characters of each. */
const MAX_WARNINGS = 50;
const MAX_CHARS = 300;

/** A log that remembers its last warnings and errors: code and message only, fields may hold what is nobody's. */
export function rememberWarnings(
  log: Log,
  clock: Clock,
  meters: Pick<Meters, "warnings" | "errors">,
): { readonly log: Log; readonly newest: () => readonly Warning[] } {
  const kept: Warning[] = [];
  const keep = (level: Warning["level"], code: string, message: string): void => {
    if (level === "warn") meters.warnings++;
    else meters.errors++;
    const text = escapeControl(redact(message)).slice(0, MAX_CHARS);
    kept.push({ at: isoTime(clock.now()), level, code, message: text.toWellFormed() });
    if (kept.length > MAX_WARNINGS) kept.shift();
  };
  const around = (inner: Log): Log => ({
    debug: (code, message, fields) => inner.debug(code, message, fields),
    info: (code, message, fields) => inner.info(code, message, fields),
    warn(code, message, fields) {
      keep("warn", code, message);
      inner.warn(code, message, fields);
    },
    error(code, message, fields) {
      keep("error", code, message);
      inner.error(code, message, fields);
    },
    child: (fields) => around(inner.child(fields)),
  });
  return { log: around(log), newest: () => kept.toReversed() };
}

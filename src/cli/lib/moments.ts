import { EXIT, failure } from "./failure.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const MAX_SECONDS = 3650 * 86_400;

/** `30s`, `15m`, `24h`, `7d`, or seconds; null for any other text. */
export function secondsIn(text: string): number | null {
  const [, digits = "", unit = "s"] = /^(\d{1,9})([smhd])?$/i.exec(text.trim()) ?? [];
  const seconds = Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
  return digits !== "" && seconds > 0 && seconds <= MAX_SECONDS ? seconds : null;
}

/** A time from now on (`10m`) or by the clock, as ISO 8601. Throws a Failure. */
export function moment(text: string, where: string): string {
  const seconds = secondsIn(text);
  if (seconds !== null) return new Date(Date.now() + seconds * 1000).toISOString();
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw failure(
    `"${text}" is no time for ${where}`,
    "write how long from now (10m, 2h, 7d) or a time like 2026-01-31T09:00:00Z",
    EXIT.usage,
  );
}

/** `45 s`, `12 min`, `3 h`, `8 d`. */
export function ago(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

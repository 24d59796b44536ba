/** Numbers and times as people read them, in the reader's own time zone. */

const WHOLE = new Intl.NumberFormat("en-GB");
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const YEAR_TOO = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY_SECONDS = 24 * HOUR;

/** `12,345`; what is no whole number with as many places as it needs to be told from its like. */
export function count(value: number): string {
  if (Number.isInteger(value)) return WHOLE.format(value);
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : WHOLE.format(Math.round(value));
}

/** `1 room`, `3 rooms`. */
export const plural = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** `512 B`, `1.4 KiB`, `20 MiB`. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const place = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** place;
  return `${place === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${units[place] ?? ""}`;
}

/** `0.42 ms`, `12 ms`, `1.3 s`; a dash where there was none. */
export function millis(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  return `${value >= 10 ? Math.round(value) : value.toFixed(value >= 1 ? 1 : 2)} ms`;
}

/** `45 s`, `12 min`, `2 h 14 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY_SECONDS) return both(whole, HOUR, "h", MINUTE, "min");
  return both(whole, DAY_SECONDS, "d", HOUR, "h");
}

function both(whole: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((whole % large) / small);
  return `${Math.floor(whole / large)} ${largeName}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}

/** How long ago, in the same words. */
export const since = (iso: string, nowMs = Date.now()): string => duration((nowMs - Date.parse(iso)) / 1000);

/** `14:03:22`. */
export const clock = (iso: string): string => CLOCK.format(new Date(iso));

/** `14:03:22.123`, to tell frames of one second apart. */
export const clockMs = (iso: string): string =>
  `${clock(iso)}.${String(new Date(iso).getMilliseconds()).padStart(3, "0")}`;

/** Today the time, this year the day and the time, else the whole date. */
export function moment(iso: string, now = new Date()): string {
  const at = new Date(iso);
  if (at.toDateString() === now.toDateString()) return clock(iso);
  const day = at.getFullYear() === now.getFullYear() ? DAY : YEAR_TOO;
  return `${day.format(at)}, ${clock(iso).slice(0, 5)}`;
}

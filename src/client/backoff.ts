/** How long to wait before another try. */
export interface Backoff {
  /** The first wait is about this long, in milliseconds. */
  readonly minMs: number;
  /** No wait is longer. */
  readonly maxMs: number;
}

/** At least this long after "too many", in milliseconds. */
const LEAST_WAIT_MS = 5000;
const MOST_WAIT_MS = 120_000;
/** Beyond it 2 ** tries is larger than any wait. */
const MAX_DOUBLINGS = 30;

const doubled = (ms: number, tries: number): number => ms * 2 ** Math.min(tries, MAX_DOUBLINGS);

/** Between half of it and all of `minMs`, doubled by every failed try, up to `maxMs`. */
export function backoffMs({ minMs, maxMs }: Backoff, tries: number, random: number): number {
  const most = Math.min(maxMs, doubled(minMs, tries));
  return most / 2 + (most / 2) * random;
}

/** Soon, but not all at the same moment: a server that restarts lost all its clients at once. */
export function soonMs(backoff: Backoff, tries: number, random: number): number {
  if (tries > 0) return backoffMs(backoff, tries, random);
  const most = Math.min(backoff.maxMs, 4 * backoff.minMs);
  return most / 8 + (7 / 8) * most * random;
}

/** What the server asks for, at least five seconds, growing with every try; up to a fifth longer. */
export function waitMs(askedMs: number | undefined, tries: number, random: number): number {
  const least = Math.max(LEAST_WAIT_MS, askedMs ?? 0);
  return Math.max(least, Math.min(MOST_WAIT_MS, doubled(least, tries))) * (1 + random / 5);
}

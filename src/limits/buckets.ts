import type { Clock } from "../core/clock.ts";

export interface BucketOptions {
  /** Tokens that flow in each second; 0 is off. */
  readonly ratePerSecond: number;
  /** Tokens of a full bucket; at least 1. */
  readonly burst: number;
  readonly clock: Clock;
  /** Beyond so many keys the one that was quiet longest is forgotten. */
  readonly maxKeys?: number | undefined;
}

export type Taken = { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number };

/** A token bucket a key. */
export interface Buckets {
  /** Takes n tokens or none. More than a full bucket counts as a full bucket. */
  take(key: string, n?: number): Taken;
  readonly size: number;
}

const OK: Taken = { ok: true };
/** Rounding must not cost a token. */
const SLACK_MS = 1e-6;

/**
 * Keeps one number a key: the time at which its bucket is full again (GCRA, ITU-T I.371). A full
 * bucket needs no entry; each take clears up to two of them away.
 */
export function createBuckets({ ratePerSecond, burst, clock, maxKeys = 100_000 }: BucketOptions): Buckets {
  const size = Math.max(1, burst);
  const tokenMs = 1000 / ratePerSecond;
  const bucketMs = size * tokenMs;
  const fullAt = new Map<string, number>();

  const sweep = (nowMs: number): void => {
    let looked = 0;
    for (const [key, atMs] of fullAt) {
      if (atMs <= nowMs) fullAt.delete(key);
      else if (fullAt.size >= maxKeys && looked === 0) fullAt.delete(key);
      if (++looked === 2) return;
    }
  };

  return {
    take(key, n = 1) {
      if (ratePerSecond <= 0) return OK;
      const nowMs = clock.now();
      // The upper end holds where the clock was set back.
      const fromMs = Math.min(Math.max(fullAt.get(key) ?? nowMs, nowMs), nowMs + bucketMs);
      const untilMs = fromMs + Math.min(n, size) * tokenMs;
      const shortMs = untilMs - nowMs - bucketMs;
      if (shortMs > SLACK_MS)
        return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil((shortMs - SLACK_MS) / 1000)) };
      if (!fullAt.delete(key)) sweep(nowMs);
      fullAt.set(key, untilMs);
      return OK;
    },
    get size() {
      return fullAt.size;
    },
  };
}

import type { Clock } from "../core/clock.ts";

const WINDOW_MS = 60_000;
const TOKEN_LIMIT = 3;
const ADDRESS_LIMIT = 30;
const MAX_KEYS = 20_000;

/**
 * Who knocks again and again with a refused token. Chat refuses by accepting and closing, and
 * its documented clients reset their back-off on open: without this they would come back at once,
 * for ever.
 *
 * Ask `blocked` only of a handshake that is about to be refused so: a good token from a crowded
 * address is nobody's nuisance.
 */
export interface KnockGuard {
  /** Remembers one refusal; `tokenHash` null where no token was given. */
  refused(tokenHash: string | null, address: string): void;
  /** Seconds after which another try makes sense, null where the refusal may be told as documented. */
  blocked(tokenHash: string | null, address: string): number | null;
}

/** A token three times within a minute, an address thirty times. */
export function createKnockGuard({
  clock,
  maxKeys = MAX_KEYS,
}: {
  readonly clock: Clock;
  readonly maxKeys?: number | undefined;
}): KnockGuard {
  const tokens = new RecentTimes(TOKEN_LIMIT, maxKeys);
  const addresses = new RecentTimes(ADDRESS_LIMIT, maxKeys);
  return {
    refused(tokenHash, address) {
      if (tokenHash !== null) tokens.add(tokenHash, clock.now());
      addresses.add(address, clock.now());
    },
    blocked(tokenHash, address) {
      const waitMs = Math.max(
        tokenHash === null ? 0 : tokens.waitMs(tokenHash, clock.now()),
        addresses.waitMs(address, clock.now()),
      );
      return waitMs > 0 ? Math.ceil(waitMs / 1000) : null;
    },
  };
}

/** The last `limit` times of each key, within the window; the key that was quiet longest goes first. */
class RecentTimes {
  readonly #times = new Map<string, number[]>();
  readonly #limit: number;
  readonly #maxKeys: number;

  constructor(limit: number, maxKeys: number) {
    this.#limit = limit;
    this.#maxKeys = maxKeys;
  }

  add(key: string, nowMs: number): void {
    const times = this.#times.get(key) ?? [];
    times.push(nowMs);
    if (times.length > this.#limit) times.shift();
    this.#times.delete(key);
    this.#sweep(nowMs);
    this.#times.set(key, times);
  }

  /** How long until the oldest of `limit` times leaves the window; 0 where there are fewer. */
  waitMs(key: string, nowMs: number): number {
    const times = this.#times.get(key);
    const oldestMs = times?.[0];
    if (times === undefined || oldestMs === undefined || times.length < this.#limit) return 0;
    return Math.min(WINDOW_MS, Math.max(0, oldestMs + WINDOW_MS - nowMs));
  }

  #sweep(nowMs: number): void {
    let looked = 0;
    for (const [key, times] of this.#times) {
      const quiet = (times.at(-1) ?? 0) + WINDOW_MS <= nowMs;
      if (quiet || (looked === 0 && this.#times.size >= this.#maxKeys)) this.#times.delete(key);
      if (++looked === 2) return;
    }
  }
}

import type { Clock } from "../core/clock.ts";

/** A key that goes on from the same address is told again after so long. */
const AGAIN_MS = 3_600_000;
const MAX_KNOWN = 10_000;

/** Which keys were used from where, so that the security log tells it once an hour, and not of each request. */
export class KeyUses {
  readonly #clock: Clock;
  readonly #toldMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isNews(keyId: string, address: string): boolean {
    const use = `${address} ${keyId}`;
    const nowMs = this.#clock.now();
    if (nowMs - (this.#toldMs.get(use) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return false;
    if (this.#toldMs.size >= MAX_KNOWN) this.#toldMs.clear();
    this.#toldMs.set(use, nowMs);
    return true;
  }
}

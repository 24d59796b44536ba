import type { ClientClock } from "../../src/client/client.ts";

/** Time that stands still until it is moved. */
export class ManualClientClock implements ClientClock {
  #now: number;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  /** What `random` answers. */
  chance = 0.5;

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.chance;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.max(ms, 0), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Milliseconds until the next timer; null where there is none. */
  get nextMs(): number | null {
    const times = [...this.#timers].map(({ at }) => at - this.#now);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Moves the time, and calls back whatever is due, in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [due] = [...this.#timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at);
      if (due === undefined) break;
      this.#now = Math.max(this.#now, due.at);
      this.#timers.delete(due);
      due.callback();
    }
    this.#now = until;
  }
}

/** Everything that waits for nothing but its turn has had it. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

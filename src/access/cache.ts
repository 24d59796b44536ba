import type { Clock } from "../core/clock.ts";

interface Entry<V> {
  readonly value: V;
  readonly untilMs: number;
  readonly began: number;
}

/** Answers that age: each has an end in time and the epoch in which its question began. Least recently used go first. */
export class AnswerCache<V extends string | boolean> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #clock: Clock;
  readonly #maxEntries: number;

  constructor(clock: Clock, maxEntries = 50_000) {
    this.#clock = clock;
    this.#maxEntries = maxEntries;
  }

  /** The answer, if it is young enough and began no earlier than `epoch`. */
  get(key: string, epoch: number): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.untilMs <= this.#clock.now() || entry.began < epoch) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** A late answer never takes the place of one that began in a newer epoch. */
  set(key: string, value: V, keepMs: number, began: number): void {
    if (keepMs <= 0 || (this.#entries.get(key)?.began ?? 0) > began) return;
    this.#entries.delete(key);
    this.#entries.set(key, { value, untilMs: this.#clock.now() + keepMs, began });
    if (this.#entries.size <= this.#maxEntries) return;
    const oldest = this.#entries.keys().next();
    if (oldest.done !== true) this.#entries.delete(oldest.value);
  }

  get size(): number {
    return this.#entries.size;
  }
}

/** Two texts as one key; the length keeps `a` + `bc` and `ab` + `c` apart. */
export const pairKey = (first: string, second: string): string => `${first.length}:${first}${second}`;

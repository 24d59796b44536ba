/** Where time comes from, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch; may be moved by tests. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  #nowMs: number;
  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }
  now(): number {
    return this.#nowMs;
  }
  advance(ms: number): void {
    this.#nowMs += ms;
  }
}

/** ISO 8601, UTC, milliseconds, `Z`: the one spelling of time on the wire. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

import { countIn, type Meters } from "../core/meters.ts";
import type { Connection } from "./connection.ts";
import { type Listeners, each } from "./registry.ts";

/** Bun drops frames only beyond this; nothing ever gets near it between two sweeps. */
export const HARD_LIMIT_BYTES = 16 << 20;
/** Published bytes after which dirty topics are swept, once the turn is over. */
const SWEEP_EVERY_BYTES = 256 << 10;

/**
 * Finds readers that fall behind. A publish that answered ≤ 0 marks its listeners dirty; dirty
 * ones are swept after a turn of the loop in which enough was published, and each second.
 */
export class Sweeper {
  readonly #dirty = new Set<Listeners>();
  readonly #meters: Meters;
  readonly #softLimitBytes: number;
  #publishedBytes = 0;
  #scheduled = false;

  /** A reader whose buffer is beyond the soft limit when swept is closed with 1013. */
  constructor(meters: Meters, softLimitBytes: number) {
    this.#meters = meters;
    this.#softLimitBytes = softLimitBytes;
  }

  published(bytes: number): void {
    this.#publishedBytes += bytes;
    if (this.#dirty.size > 0) this.#schedule();
  }

  /** A direct send was not taken at once: look at this one after the turn. */
  strained(connection: Connection): void {
    this.#dirty.add(connection);
    this.#soon();
  }

  mark(listeners: Listeners): void {
    this.#dirty.add(listeners);
    this.#schedule();
  }

  sweep(): void {
    if (this.#dirty.size === 0) return;
    this.#publishedBytes = 0;
    this.#meters.sweeps++;
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    // Closing runs close handlers at once and changes the sets: collect first.
    const slow = new Set<Connection>();
    for (const listeners of dirty)
      for (const connection of each(listeners)) if (this.#isSlow(connection)) slow.add(connection);
    for (const connection of slow) {
      this.#meters.slowCloses++;
      countIn(this.#meters.boundsMet, "unread_bytes");
      connection.close("slow");
    }
  }

  /** A socket that is being sent its past has a full buffer by design; not more, or live frames would be lost. */
  #isSlow({ socket, replaying }: Connection): boolean {
    const limitBytes = replaying === null ? this.#softLimitBytes : HARD_LIMIT_BYTES / 2;
    return (socket?.getBufferedAmount() ?? 0) > limitBytes;
  }

  #schedule(): void {
    if (this.#publishedBytes >= SWEEP_EVERY_BYTES) this.#soon();
  }

  #soon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.sweep();
    });
  }
}

import type { Clock } from "../core/clock.ts";
import type { Principal } from "../core/principal.ts";
import type { Sighting, Write } from "../store/store.ts";

/** Users remembered as seen, so that not every connect is a write. */
const MAX_USERS = 10_000;
/** Who is still here after so long is written down again. */
const AGAIN_MS = 3_600_000;

/**
 * Who was here, by his name, and about when. The first after a quiet second is written at once; the
 * others ride with the next write, whoever's it is, or wait for the second's end: a storm of connects
 * is not a storm of writes.
 */
export class Seen {
  readonly #clock: Clock;
  readonly #submit: (write: Write) => void;
  readonly #known = new Map<string, { readonly username: string; readonly atMs: number }>();
  #waiting: Sighting[] = [];
  #quiet = true;

  constructor(clock: Clock, submit: (write: Write) => void) {
    this.#clock = clock;
    this.#submit = submit;
  }

  see(who: Principal): void {
    if (who.kind !== "user") return;
    const nowMs = this.#clock.now();
    const known = this.#known.get(who.id);
    if (known?.username === who.username && nowMs - known.atMs < AGAIN_MS) return;
    if (this.#known.size >= MAX_USERS) this.#known.clear();
    this.#known.set(who.id, { username: who.username, atMs: nowMs });
    this.#waiting.push({ id: who.id, username: who.username, at_ms: nowMs });
    if (this.#quiet) this.flush();
  }

  /** What rides with the next batch of writes; null where nobody waits. */
  take(): Write | null {
    if (this.#waiting.length === 0) return null;
    const users = this.#waiting;
    this.#waiting = [];
    return { op: "user.seen", args: { users } };
  }

  /** Once a second, when the server goes down, and for whoever wants to read of them now. */
  flush(): void {
    const write = this.take();
    this.#quiet = write === null;
    if (write !== null) this.#submit(write);
  }
}

import { isoTime, type Clock } from "../core/clock.ts";
import type { MaybePromise } from "../core/command.ts";
import type { AppEvent, LiveKind, Publication } from "../core/event.ts";
import type { Log } from "../core/log.ts";
import { Ring } from "./ring.ts";

export interface SequencerDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** The last durable id told before this process: the head of the log at the start. */
  readonly told: number;
  /** The log between two ids, for a hole: `after < id <= upTo`, oldest first. */
  readonly read: (after: number, upTo: number, limit: number) => MaybePromise<readonly Publication[]>;
  /** True while this turn of the loop has taken its share. */
  readonly exhausted: () => boolean;
  readonly tell: (event: Publication) => void;
  /** A batch of this node is being committed: what is missing may be in it. */
  readonly committing: () => boolean;
}

const SLICE = 200;

/**
 * The one order. Own and foreign publications enter; durable ones leave only as the next id,
 * and ids already told are dropped. A hole waits for an own batch in flight, then is read from
 * the store. What one turn of the loop cannot take waits here, so that nothing overtakes it.
 */
export class Sequencer {
  readonly ring: Ring;
  readonly #deps: SequencerDeps;
  /** Publications, and what waits for those before it to be told. */
  readonly #queue: (Publication | (() => void))[] = [];
  /** Durable events that came before their turn. */
  readonly #early = new Map<number, Publication>();
  #told: number;
  #scheduled = false;
  #draining = false;
  #filling = false;
  #atMs = -1;
  #at = "";

  constructor(deps: SequencerDeps) {
    this.#deps = deps;
    this.#told = deps.told;
    this.ring = new Ring(deps.told);
  }

  /** The last durable id that was told here. */
  get told(): number {
    return this.#told;
  }

  /** True where everything that entered was told. */
  get idle(): boolean {
    return this.#queue.length === 0 && this.#early.size === 0;
  }

  enter(publications: readonly Publication[]): void {
    for (const publication of publications) this.#queue.push(publication);
    this.#drain();
  }

  /** Live events told at once, or in their turn where something waits. */
  enterLive(events: readonly AppEvent<LiveKind>[]): void {
    const at = this.#now();
    this.enter(events.map((event) => ({ ...event, id: 0, at }) as Publication));
  }

  /** Live events from where nothing may be told at once (a close handler inside a sweep). */
  enterLater(events: readonly AppEvent<LiveKind>[]): void {
    const at = this.#now();
    for (const event of events) this.#queue.push({ ...event, id: 0, at } as Publication);
    this.#schedule();
  }

  /** Written out once a millisecond. */
  #now(): string {
    const ms = this.#deps.clock.now();
    if (ms !== this.#atMs) {
      this.#atMs = ms;
      this.#at = isoTime(ms);
    }
    return this.#at;
  }

  /** Calls back when everything that entered in this step and before is told: never within this step. */
  afterTelling(callback: () => void): void {
    queueMicrotask(() => {
      this.#queue.push(callback);
      this.#drain();
    });
  }

  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    let next = 0;
    try {
      while (next < this.#queue.length && !this.#deps.exhausted()) {
        // Counted before it is taken: what fails is not told a second time.
        this.#one(this.#queue[next++] as Publication | (() => void));
      }
    } finally {
      this.#queue.splice(0, next);
      this.#draining = false;
    }
    if (this.#queue.length > 0) this.#schedule();
  }

  #one(entered: Publication | (() => void)): void {
    try {
      if (typeof entered === "function") entered();
      else this.#take(entered);
    } catch (fault) {
      this.#deps.log.error("TELL_FAILED", "an event could not be told to everybody", { fault });
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#drain();
    });
  }

  #take(publication: Publication): void {
    if (publication.id === 0) return this.#deps.tell(publication);
    if (publication.id <= this.#told) return;
    if (publication.id > this.#told + 1) {
      this.#early.set(publication.id, publication);
      void this.#fill();
      return;
    }
    this.#tell(publication);
    for (
      let next = this.#early.get(this.#told + 1);
      next !== undefined;
      next = this.#early.get(this.#told + 1)
    ) {
      this.#early.delete(next.id);
      this.#tell(next);
    }
  }

  #tell(publication: Publication): void {
    this.#told = publication.id;
    this.ring.push(publication);
    this.#deps.tell(publication);
  }

  /** Reads what is missing below the earliest waiting event. */
  async #fill(): Promise<void> {
    if (this.#filling) return;
    this.#filling = true;
    try {
      while (this.#early.size > 0) {
        if (this.#deps.committing()) await new Promise<void>((resolve) => setImmediate(resolve));
        const upTo = Math.min(...this.#early.keys());
        if (upTo <= this.#told) this.#early.delete(upTo);
        else if (upTo === this.#told + 1) this.#take(this.#early.get(upTo) as Publication);
        else await this.#fillUpTo(upTo - 1);
      }
    } catch (fault) {
      this.#deps.log.error(
        "LOG_UNREADABLE",
        "events that another writer stored could not be read; trying again with the next event",
        { fault },
      );
    } finally {
      this.#filling = false;
    }
  }

  async #fillUpTo(upTo: number): Promise<void> {
    const missing = await this.#deps.read(this.#told, upTo, SLICE);
    if (missing.length === 0 && !this.#deps.committing()) {
      // The log has no such ids: there is nothing to wait for.
      this.#deps.log.error("LOG_HOLE", "the log lacks ids that were told elsewhere", {
        after: this.#told,
        upTo,
      });
      this.#told = upTo;
    }
    for (const publication of missing) this.#take(publication);
  }
}

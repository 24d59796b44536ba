import type { MaybePromise } from "../core/command.ts";
import type { Log } from "../core/log.ts";
import type { Meters } from "../core/meters.ts";
import type { Publication } from "../core/event.ts";
import type { OpFault, OpResult, Store, Write } from "../store/store.ts";

const MAX_OPS = 256;
const MAX_BYTES = 1 << 20;

/** Called once, synchronously after COMMIT (or its failure): answers whoever asked. */
export type Settle = (result: OpResult | OpFault) => void;

interface Queued {
  readonly write: Write;
  /** What the write weighs, about: the bytes that came in. */
  readonly bytes: number;
  readonly settle: Settle;
}

/**
 * Group commit. Writes queue and are committed a batch at a time, one transaction each; then,
 * synchronously and write by write, the caller is answered and the events are told. A batch
 * starts no sooner after the last one than that one took, so that fsync never owns the loop.
 */
export class Writer {
  readonly #store: Pick<Store, "commit">;
  readonly #tell: (events: readonly Publication[]) => void;
  readonly #meters: Meters;
  readonly #log: Log;
  readonly #first: () => Write | null;
  #queue: Queued[] = [];
  #scheduled = false;
  #committing = false;
  #writable = true;
  #notBeforeMs = 0;
  #submitted = 0;
  #settled = 0;
  #idle: { readonly after: number; readonly resolve: () => void }[] = [];

  constructor(deps: {
    store: Pick<Store, "commit">;
    tell: (events: readonly Publication[]) => void;
    meters: Meters;
    log: Log;
    /** What goes before everything else in a batch that is begun. */
    first?: () => Write | null;
  }) {
    this.#store = deps.store;
    this.#tell = deps.tell;
    this.#meters = deps.meters;
    this.#log = deps.log;
    this.#first = deps.first ?? (() => null);
  }

  get committing(): boolean {
    return this.#committing;
  }

  /** False from a commit that failed until one that did not. */
  get writable(): boolean {
    return this.#writable;
  }

  get depth(): number {
    return this.#queue.length;
  }

  submit(write: Write, bytes: number, settle: Settle): void {
    this.#queue.push({ write, bytes, settle });
    this.#submitted++;
    this.#schedule();
  }

  /** Resolves when everything submitted so far is settled. */
  async idle(): Promise<void> {
    const after = this.#submitted;
    if (this.#settled < after) await new Promise<void>((resolve) => this.#idle.push({ after, resolve }));
  }

  #schedule(): void {
    if (this.#scheduled || this.#committing) return;
    this.#scheduled = true;
    const run = (): void => {
      this.#scheduled = false;
      this.#drain();
    };
    const waitMs = this.#notBeforeMs - performance.now();
    if (waitMs > 1) setTimeout(run, waitMs);
    else setImmediate(run);
  }

  #drain(): void {
    const batch = this.#take();
    if (batch.length === 0) return this.#rest();
    const first = this.#first();
    if (first !== null) {
      batch.unshift({ write: first, bytes: 0, settle: () => {} });
      this.#submitted++;
    }
    this.#committing = true;
    const startedMs = performance.now();
    const finish = (results: readonly (OpResult | OpFault)[]): void =>
      this.#finish(batch, results, startedMs);
    const fail = (fault: unknown): void => {
      this.#log.error(
        "COMMIT_FAILED",
        "nothing of a batch of writes was stored; everybody who waited was told",
        { fault, writes: batch.length },
      );
      finish(batch.map(() => ({ fault, full: true })));
    };
    let results: MaybePromise<readonly (OpResult | OpFault)[]>;
    try {
      results = this.#store.commit(batch.map((queued) => queued.write));
    } catch (fault) {
      return fail(fault);
    }
    if (results instanceof Promise) results.then(finish, fail);
    else finish(results);
  }

  #take(): Queued[] {
    let count = 0;
    for (let bytes = 0; count < this.#queue.length && count < MAX_OPS && bytes < MAX_BYTES; count++)
      bytes += (this.#queue[count] as Queued).bytes;
    if (count === this.#queue.length) {
      const all = this.#queue;
      this.#queue = [];
      return all;
    }
    return this.#queue.splice(0, count);
  }

  #finish(batch: readonly Queued[], results: readonly (OpResult | OpFault)[], startedMs: number): void {
    const now = performance.now();
    this.#committing = false;
    this.#writable = !results.some((result) => "fault" in result && result.full);
    this.#notBeforeMs = now + (now - startedMs);
    this.#meters.commits++;
    this.#meters.commitMs += now - startedMs;
    this.#meters.writes += batch.length;
    this.#meters.commitSeconds.observe((now - startedMs) / 1000);
    this.#meters.batchWrites.observe(batch.length);
    this.#settled += batch.length;
    for (let i = 0; i < batch.length; i++) this.#settle(batch[i] as Queued, results[i] as OpResult | OpFault);
    this.#rest();
  }

  #settle(queued: Queued, result: OpResult | OpFault): void {
    if ("fault" in result) {
      this.#meters.faults++;
      this.#log.error("WRITE_FAILED", `the write ${queued.write.op} failed and was rolled back`, {
        fault: result.fault,
        full: result.full,
      });
    }
    try {
      queued.settle(result);
    } catch (fault) {
      this.#log.error(
        "SETTLE_FAILED",
        `after the write ${queued.write.op} was stored, its caller could not be answered`,
        { fault },
      );
    }
    if (!("fault" in result)) this.#tell(result.events);
  }

  #rest(): void {
    if (this.#queue.length > 0) this.#schedule();
    const waiting = this.#idle;
    this.#idle = waiting.filter(({ after }) => this.#settled < after);
    for (const { after, resolve } of waiting) if (this.#settled >= after) resolve();
  }
}

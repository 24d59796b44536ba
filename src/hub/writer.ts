import type { MaybePromise } from "../core/command.ts";
import type { Log } from "../core/log.ts";
import type { Meters } from "../core/meters.ts";
import type { Publication } from "../core/event.ts";
import type { OpFault, OpResult, Store, Write } from "../store/store.ts";

const MAX_OPS = 256;
const MAX_BYTES = 1 << 20;

/** Called once, synchronously when the write is stored (or not): answers whoever asked. */
export type Settle = (result: OpResult | OpFault) => void;

type Results = readonly (OpResult | OpFault)[];

interface Queued {
  readonly write: Write;
  /** What the write weighs, about: the bytes that came in. */
  readonly bytes: number;
  readonly settle: Settle;
}

interface Batch {
  readonly writes: readonly Queued[];
  readonly startedMs: number;
  results: Results;
  /** What waits for it to be settled. */
  readonly after: (() => void)[];
}

interface WriterDeps {
  readonly store: Pick<Store, "commit" | "durable">;
  readonly tell: (events: readonly Publication[]) => void;
  readonly meters: Meters;
  readonly log: Log;
  /** What goes before everything else in a batch that is begun. */
  readonly first?: () => Write | null;
}

/**
 * Group commit. Writes queue and are committed a batch at a time, one transaction each. When the disk
 * has it, the caller is answered and the events are told, synchronously and write by write. Where the
 * store does not wait for the disk itself, the loop meanwhile serves whatever needs no write.
 *
 * A batch starts no sooner after the last one than that one took of the loop.
 */
export class Writer {
  readonly #deps: WriterDeps;
  #queue: Queued[] = [];
  /** Committed, and not known to survive a power cut. */
  #unsettled: Batch | null = null;
  #scheduled = false;
  #committing = false;
  #writable = true;
  /**
   * The last batch was waited for beside the loop. The next one then begins a turn later, when those who
   * heard it have answered: else one batch becomes two for good, each with a fan-out of its own.
   */
  #behind = false;
  #notBeforeMs = 0;
  #submitted = 0;
  #settled = 0;
  #idle: { readonly after: number; readonly resolve: () => void }[] = [];

  constructor(deps: WriterDeps) {
    this.#deps = deps;
  }

  /** Events may be stored that were not told yet. */
  get committing(): boolean {
    return this.#committing || this.#unsettled !== null;
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

  /**
   * Calls back, at once or later, when nobody can be told any more what a power cut would take back:
   * the store is read as it was committed, which may be a little ahead of the disk.
   */
  afterSettling(callback: () => void): void {
    if (this.#unsettled === null) callback();
    else this.#unsettled.after.push(callback);
  }

  /** Resolves when everything submitted so far is settled. */
  async idle(): Promise<void> {
    const after = this.#submitted;
    if (this.#settled < after) await new Promise<void>((resolve) => this.#idle.push({ after, resolve }));
  }

  #schedule(): void {
    if (this.#scheduled || this.committing) return;
    this.#scheduled = true;
    const run = (): void => {
      this.#scheduled = false;
      this.#drain();
    };
    const waitMs = this.#notBeforeMs - performance.now();
    if (waitMs > 1) setTimeout(run, waitMs);
    else if (this.#behind) setImmediate(() => setImmediate(run));
    else setImmediate(run);
  }

  #drain(): void {
    const writes = this.#take();
    if (writes.length === 0) return this.#rest();
    const first = this.#deps.first?.() ?? null;
    if (first !== null) {
      writes.unshift({ write: first, bytes: 0, settle: () => {} });
      this.#submitted++;
    }
    this.#committing = true;
    const batch: Batch = { writes, startedMs: performance.now(), results: [], after: [] };
    const committed = (results: Results): void => this.#committed(batch, results);
    const failed = (fault: unknown): void => this.#committed(batch, this.#failed(batch, fault));
    let results: MaybePromise<Results>;
    try {
      results = this.#deps.store.commit(writes.map((queued) => queued.write));
    } catch (fault) {
      return failed(fault);
    }
    if (results instanceof Promise) results.then(committed, failed);
    else committed(results);
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

  /** What all writes of a batch come to that is not stored. */
  #failed({ writes }: Batch, fault: unknown): Results {
    this.#deps.log.error(
      "COMMIT_FAILED",
      "nothing of a batch of writes was stored; everybody who waited was told",
      { fault, writes: writes.length },
    );
    return writes.map(() => ({ fault, full: true }));
  }

  #committed(batch: Batch, results: Results): void {
    this.#committing = false;
    batch.results = results;
    this.#unsettled = batch;
    const finish = (): void => this.#finish(batch);
    const unsure = (fault: unknown): void => this.#unsure(batch, fault);
    let durable: Promise<void> | null;
    try {
      durable = this.#deps.store.durable();
    } catch (fault) {
      return unsure(fault);
    }
    const nowMs = performance.now();
    this.#notBeforeMs = nowMs + (nowMs - batch.startedMs);
    this.#behind = durable !== null;
    if (durable === null) finish();
    else durable.then(finish, unsure);
  }

  /** It is stored, but may not outlast a power cut: whoever waited is told that it failed. */
  #unsure(batch: Batch, fault: unknown): void {
    const { writes } = batch;
    this.#deps.log.error(
      "SYNC_FAILED",
      "the disk did not confirm a batch of writes; everybody who waited was told",
      {
        fault,
        writes: writes.length,
      },
    );
    batch.results = writes.map(() => ({ fault, full: true }));
    this.#finish(batch);
  }

  #finish(batch: Batch): void {
    const { writes, results, startedMs, after } = batch;
    this.#unsettled = null;
    this.#measure(performance.now() - startedMs, writes.length);
    this.#writable = !results.some((result) => "fault" in result && result.full);
    this.#settled += writes.length;
    for (let i = 0; i < writes.length; i++)
      this.#settle(writes[i] as Queued, results[i] as OpResult | OpFault);
    for (const callback of after) {
      try {
        callback();
      } catch (fault) {
        this.#unanswered("a read", fault);
      }
    }
    this.#rest();
  }

  #measure(ms: number, writes: number): void {
    const { meters } = this.#deps;
    meters.commits++;
    meters.commitMs += ms;
    meters.writes += writes;
    meters.commitSeconds.observe(ms / 1000);
    meters.batchWrites.observe(writes);
  }

  #settle(queued: Queued, result: OpResult | OpFault): void {
    if ("fault" in result) {
      this.#deps.meters.faults++;
      this.#deps.log.error("WRITE_FAILED", `the write ${queued.write.op} failed and was rolled back`, {
        fault: result.fault,
        full: result.full,
      });
    }
    try {
      queued.settle(result);
    } catch (fault) {
      this.#unanswered(`the write ${queued.write.op}`, fault);
    }
    if (!("fault" in result)) this.#deps.tell(result.events);
  }

  #unanswered(what: string, fault: unknown): void {
    this.#deps.log.error("SETTLE_FAILED", `${what} was done, and its caller could not be answered`, {
      fault,
    });
  }

  #rest(): void {
    if (this.#queue.length > 0) this.#schedule();
    const waiting = this.#idle;
    this.#idle = waiting.filter(({ after }) => this.#settled < after);
    for (const { after, resolve } of waiting) if (this.#settled >= after) resolve();
  }
}

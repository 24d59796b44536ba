import { ALL } from "./topics.ts";

/** Where to go on: behind an event of the log, or from now. */
export type Cursor = number | "latest";

/** The cursor that misses nothing for any of them; `latest` where all begin now. */
export const lowest = (cursors: Iterable<Cursor>): Cursor => {
  let least: Cursor = "latest";
  for (const cursor of cursors)
    if (cursor !== "latest" && (least === "latest" || cursor < least)) least = cursor;
  return least;
};

/**
 * What a listener has had of the log: everything up to `floor`, and single events beyond it that
 * came by a topic which is further than the others.
 */
export class Seen {
  #floor: Cursor;
  readonly #ahead = new Set<number>();

  constructor(floor: Cursor) {
    this.#floor = floor;
  }

  get floor(): Cursor {
    return this.#floor;
  }

  /** True of an event that is still to be told. Before it is known where "now" is, none is. */
  admits(id: number): boolean {
    return this.#floor !== "latest" && id > this.#floor && !this.#ahead.has(id);
  }

  add(id: number): void {
    this.#ahead.add(id);
  }

  /** Everything up to here has come. */
  raise(floor: number): void {
    if (this.#floor !== "latest" && floor <= this.#floor) return;
    this.#floor = floor;
    for (const id of this.#ahead) if (id <= floor) this.#ahead.delete(id);
  }

  /** The log is another one, or begins anew. */
  reset(floor: number): void {
    this.#floor = floor;
    this.#ahead.clear();
  }
}

/** So many topics' newest shared events are told apart; of more, all count as that new. */
const MAX_SHARED = 10_000;

/**
 * How far each topic of one connection is. The server tells live topics in the order of the log,
 * so one mark serves them all; the past of newly joined topics is told meanwhile, a run at a time.
 */
export class Progress {
  readonly #live = new Set<string>();
  #run: { readonly topics: ReadonlySet<string>; after: Cursor } | null = null;
  #mark = 0;
  #newest = 0;
  /** Topic → the newest event that another topic may have brought for it. */
  readonly #shared = new Map<string, number>();
  #sharedByAll = 0;

  get topics(): readonly string[] {
    return [...this.#live, ...(this.#run?.topics ?? [])];
  }

  /** Everything of the topic up to here has come; undefined where it isn't listened to. */
  of(topic: string): Cursor | undefined {
    if (this.#run?.topics.has(topic) === true) return this.#run.after;
    return this.#live.has(topic) ? this.#mark : undefined;
  }

  isLive(topic: string): boolean {
    return this.#live.has(topic);
  }

  begin(topics: readonly string[], after: Cursor): void {
    for (const topic of topics) this.#live.delete(topic);
    this.#run = { topics: new Set(topics), after };
  }

  /** An event was told by the first of the topics that is listened to. */
  heard(id: number, topics: readonly string[]): void {
    const by = topics.find((topic) => this.of(topic) !== undefined);
    if (by !== undefined && this.#run?.topics.has(by) === true) this.#run.after = id;
    else this.#mark = Math.max(this.#mark, id);
    this.#newest = Math.max(this.#newest, id);
    if (topics.length < 2) return;
    for (const topic of topics) this.#shared.set(topic, Math.max(this.#shared.get(topic) ?? 0, id));
    if (this.#shared.size <= MAX_SHARED) return;
    this.#shared.clear();
    this.#sharedByAll = this.#newest;
  }

  /**
   * True where this connection was told something of the topic behind the cursor by another
   * topic: it is told each event once, however often it asks.
   */
  hasBrought(topic: string, after: number): boolean {
    const newest = topic === ALL ? this.#newest : Math.max(this.#shared.get(topic) ?? 0, this.#sharedByAll);
    return newest > after;
  }

  /** The run's past has been told: its topics are live, and all of them as far as this. */
  resumed(lastEventId: number): void {
    for (const topic of this.#run?.topics ?? []) this.#live.add(topic);
    this.#run = null;
    this.#mark = Math.max(this.#mark, lastEventId);
  }

  end(topics: readonly string[]): void {
    for (const topic of topics) this.#live.delete(topic);
  }
}

import type { Clock } from "../core/clock.ts";
import type { MaybePromise } from "../core/command.ts";
import type { Publication, Via } from "../core/event.ts";
import type { Log } from "../core/log.ts";
import { countIn } from "../core/meters.ts";
import { type Topic, idOf, typeOf, userTopic } from "../core/topic.ts";
import type { LogEnds, Reads } from "../store/store.ts";
import type { Connection, Cursor } from "./connection.ts";
import type { Fanout } from "./fanout.ts";
import { type Registry, STAR } from "./registry.ts";
import type { Sequencer } from "./sequencer.ts";

/** Events read at once: more where all of them could be sent, few where they are long. */
const SLICE = 200;
const FIRST_SLICE = 16;
const LEAST_SLICE = 4;
/** Sent at once, and what the buffer may still hold before the next: well below the least MAX_UNREAD_BYTES. */
const CHUNK_BYTES = 128 << 10;

export interface ReplayDeps {
  readonly registry: Registry;
  readonly fanout: Fanout;
  readonly sequencer: Sequencer;
  readonly store: Pick<Reads, "ends" | "events" | "floor" | "replay">;
  /** Joins of one socket whose past may wait for an earlier one's; 0 is off. */
  readonly settings: { readonly maxQueuedFrames: number };
  readonly clock: Clock;
  readonly log: Log;
}

/** What one join asks for. A topic that is left meanwhile is taken out; joined again it is another run's. */
interface Run {
  readonly topics: Set<Topic>;
  readonly cursor: Cursor;
  /** How far it has come; null where it has not begun. */
  place: Place | null;
  /** Events that the next slice has at most. */
  slice: number;
}

/** Everything up to the cursor was sent, or is lost (then `recovered` is false). */
interface Place {
  readonly cursor: number;
  readonly recovered: boolean;
}

/**
 * Sends what a socket missed, then lets it listen, without gap or duplicate: slices from the
 * store until the cursor is inside the ring, the rest from the ring and the subscription in one
 * synchronous step. It pauses while the socket's buffer is above the soft limit. A socket's runs
 * come one after another: each can tell what the earlier ones have brought.
 */
export class Replay {
  readonly #deps: ReplayDeps;
  readonly #runs = new Map<Connection, Run[]>();

  constructor(deps: ReplayDeps) {
    this.#deps = deps;
  }

  /** Sockets that are being sent their past. */
  get running(): number {
    return this.#runs.size;
  }

  /** Topics must be held already, and not live (`replaying`) unless the cursor is `latest`. */
  start(connection: Connection, topics: readonly Topic[], cursor: Cursor): void {
    const run: Run = { topics: new Set(topics), cursor, place: null, slice: FIRST_SLICE };
    const waiting = this.#runs.get(connection);
    if (waiting !== undefined) {
      const { maxQueuedFrames } = this.#deps.settings;
      if (maxQueuedFrames > 0 && waiting.length > maxQueuedFrames) {
        countIn(connection.services.meters.boundsMet, "queued_frames");
        return connection.close("flooding");
      }
      waiting.push(run);
      return;
    }
    if (cursor === "latest" || topics.length === 0) return this.#resumed(connection, true);
    try {
      if (this.#atOnce(connection, run, cursor)) return;
    } catch (fault) {
      return this.#failed(connection, fault);
    }
    const runs = [run];
    this.#runs.set(connection, runs);
    void this.#all(connection, runs);
  }

  /** The topic is no longer held. */
  forget(connection: Connection, topic: Topic): void {
    for (const run of this.#runs.get(connection) ?? []) run.topics.delete(topic);
  }

  async #all(connection: Connection, runs: Run[]): Promise<void> {
    try {
      for (let run = runs[0]; run !== undefined && !connection.closed; run = runs[0]) {
        await this.#run(connection, run);
        runs.shift();
      }
    } catch (fault) {
      this.#failed(connection, fault);
    } finally {
      this.#runs.delete(connection);
    }
  }

  #failed(connection: Connection, fault: unknown): void {
    this.#deps.log.error("REPLAY_FAILED", "what a socket missed could not be read", { fault });
    connection.close("internal");
  }

  async #run(connection: Connection, run: Run): Promise<void> {
    const { topics, cursor: after } = run;
    if (after === "latest") return this.#resumed(connection, true);
    // Everything was left before its turn came: nobody waits for it any more.
    if (topics.size === 0) return;
    const { sequencer } = this.#deps;
    let { cursor, recovered } = run.place ?? (await this.#place(connection, topics, after));
    while (!connection.closed && topics.size > 0) {
      // A cursor above what this node has told waits for it: the ring has nothing after it yet.
      if (cursor < sequencer.ring.floor) {
        const from = cursor;
        cursor = await this.#slice(connection, run, from);
        // What was pruned while it was read is as lost as what was pruned before.
        if (from > 0 && recovered) recovered = !(await this.#lacks(connection, topics, from));
      } else {
        const sent = this.#chunk(connection, sequencer.ring.after(cursor), topics);
        if (sent === null) return this.#goLive(connection, topics, recovered);
        cursor = sent;
      }
      await writable(connection);
    }
  }

  /**
   * The usual case, in one step: the ring has all that was missed, and the buffer takes it. False where
   * something has to be waited for.
   */
  #atOnce(connection: Connection, run: Run, after: number): boolean {
    const { ring } = this.#deps.sequencer;
    const place = this.#place(connection, run.topics, after);
    if (place instanceof Promise) return false;
    run.place = place;
    if (place.cursor < ring.floor) return false;
    const sent = this.#chunk(connection, ring.after(place.cursor), run.topics);
    if (sent === null) this.#goLive(connection, run.topics, place.recovered);
    else run.place = { ...place, cursor: sent };
    return sent === null;
  }

  /** Where to begin, and whether nothing after the cursor is lost. */
  #place(connection: Connection, topics: ReadonlySet<Topic>, after: number): MaybePromise<Place> {
    const ends = this.#deps.store.ends();
    if (ends instanceof Promise) return ends.then((known) => this.#placeIn(known, connection, topics, after));
    return this.#placeIn(ends, connection, topics, after);
  }

  #placeIn(
    ends: LogEnds,
    connection: Connection,
    topics: ReadonlySet<Topic>,
    after: number,
  ): MaybePromise<Place> {
    const { told } = this.#deps.sequencer;
    if (after > Math.max(ends.last, told)) return { cursor: told, recovered: false };
    // Below the first there is nothing to look for.
    const cursor = Math.max(after, Math.min(ends.first - 1, told));
    if (after === 0) return { cursor, recovered: true };
    if (after < ends.first - 1) return { cursor, recovered: false };
    const lacks = this.#lacks(connection, topics, after);
    if (lacks instanceof Promise) return lacks.then((lost) => ({ cursor, recovered: !lost }));
    return { cursor, recovered: !lacks };
  }

  /** True where pruning has removed something of these topics after the cursor. */
  #lacks(connection: Connection, topics: ReadonlySet<Topic>, cursor: number): MaybePromise<boolean> {
    const { store } = this.#deps;
    if (topics.has(STAR)) {
      const ends = store.ends();
      return ends instanceof Promise ? ends.then(({ first }) => first - 1 > cursor) : ends.first - 1 > cursor;
    }
    const floor = store.floor([...topics], personalOf(connection, topics), cursor);
    return floor instanceof Promise ? floor.then((id) => id > cursor) : floor > cursor;
  }

  async #slice(connection: Connection, run: Run, after: number): Promise<number> {
    const { topics, slice: limit } = run;
    const upTo = this.#deps.sequencer.told;
    const range = { after, upTo, limit };
    const events = await (topics.has(STAR)
      ? this.#everything(range)
      : this.#deps.store.replay([...topics], personalOf(connection, topics), range));
    const sent = this.#chunk(connection, events, topics);
    if (sent !== null) {
      // What was read and not sent is read again.
      run.slice = Math.max(LEAST_SLICE, events.filter(({ id }) => id <= sent).length);
      return sent;
    }
    run.slice = Math.min(SLICE, limit * 2);
    return events.length < limit ? upTo : (events.at(-1) as Publication).id;
  }

  /**
   * Sends until the buffer has its share, synchronously. Answers with the last id sent where
   * more is left, null where that was all.
   */
  #chunk(connection: Connection, events: Iterable<Publication>, topics: ReadonlySet<Topic>): number | null {
    let bytes = 0;
    let last = 0;
    let left = false;
    const ear = earOf(topics);
    const send = (): void => {
      for (const event of events) {
        left = bytes >= CHUNK_BYTES;
        if (left) return;
        const via = viaOf(event, ear);
        if (via !== undefined) bytes += this.#send(connection, event, via);
        last = event.id;
      }
    };
    connection.socket?.cork(send);
    return left ? last : null;
  }

  #everything(range: { after: number; upTo: number; limit: number }): MaybePromise<readonly Publication[]> {
    return this.#deps.store.events(range.after, range.upTo, range.limit);
  }

  /** In the same step as the last chunk: what is told from now on comes by the wire topics. */
  #goLive(connection: Connection, topics: ReadonlySet<Topic>, recovered: boolean): void {
    const { registry } = this.#deps;
    for (const topic of topics) {
      if (connection.replaying?.delete(topic) !== true) continue;
      registry.live(connection, topic);
    }
    if (connection.replaying?.size === 0) connection.replaying = null;
    this.#resumed(connection, recovered);
  }

  /** Answers the bytes that it sent. */
  #send(connection: Connection, event: Publication, via: Via): number {
    if (this.#isOver(event) || this.#hasHeard(connection, event)) return 0;
    let bytes = 0;
    for (const text of this.#deps.fanout.textsFor(connection, event, via, true)) {
      connection.sendText(text);
      bytes += text.length;
    }
    return bytes;
  }

  /** True of a notification that has expired: nobody is told of it any more. */
  #isOver({ kind, data }: Publication): boolean {
    if (kind !== "notification.created" && kind !== "announcement.created") return false;
    const { expires_at } = data;
    if (expires_at === undefined || expires_at === null) return false;
    return Date.parse(expires_at) <= this.#deps.clock.now();
  }

  /** True where a topic that was live when the event was told has brought it already. */
  #hasHeard(connection: Connection, event: Publication): boolean {
    return connection.topics.some(
      (topic, i) =>
        connection.isLive(topic) &&
        (connection.since[i] as number) < event.id &&
        hears(event, topic) &&
        // Some dialects are silent about an event in one place and tell it in another.
        this.#deps.fanout.textsFor(connection, event, viaBy(event, topic), true).length > 0,
    );
  }

  #resumed(connection: Connection, recovered: boolean): void {
    connection.send({ type: "resumed", data: { recovered, last_event_id: this.#deps.sequencer.told } });
  }
}

/** Where an event is heard by a topic that hears it: told personally where the topic is nobody's room. */
const viaBy = (event: Publication, topic: Topic): Via =>
  event.topics.includes(topic) || topic === STAR ? topic : null;

/** What a run listens for, laid out for looking at many events. */
interface Ear {
  readonly topics: ReadonlySet<Topic>;
  /** Users whose personal events are heard. */
  readonly users: readonly string[];
  readonly everything: boolean;
}

function earOf(topics: ReadonlySet<Topic>): Ear {
  const users: string[] = [];
  for (const topic of topics) if (typeOf(topic) === "user") users.push(idOf(topic));
  return { topics, users, everything: topics.has(STAR) };
}

/** By which of the topics an event is heard; undefined where by none. */
function viaOf({ topics, recipients }: Publication, ear: Ear): Via | undefined {
  for (const topic of topics) if (ear.topics.has(topic)) return topic;
  if (recipients !== null) for (const user of ear.users) if (recipients.includes(user)) return null;
  return ear.everything ? STAR : undefined;
}

const hears = (event: Publication, topic: Topic): boolean =>
  topic === STAR ||
  event.topics.includes(topic) ||
  (event.recipients?.some((userId) => userTopic(userId) === topic) ?? false);

/** The user whose personal events are among the topics. */
const personalOf = (connection: Connection, topics: ReadonlySet<Topic>): string | null =>
  connection.who.kind === "user" && topics.has(userTopic(connection.who.id)) ? connection.who.id : null;

/** Resolves after a turn of the loop, or when the socket's buffer has room for another chunk. */
async function writable(connection: Connection): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  while (!connection.closed && (connection.socket?.getBufferedAmount() ?? 0) > CHUNK_BYTES) {
    await new Promise<void>((resolve) => {
      connection.onDrain = resolve;
    });
  }
}

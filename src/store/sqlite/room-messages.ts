import { and, asc, gt, lte, sql } from "drizzle-orm";
import type { Topic } from "../../core/topic.ts";
import type { OpFault, OpResult } from "../store.ts";
import type { Db } from "./database.ts";
import { IS_MESSAGE } from "./messages.ts";
import { counter, events } from "./schema.ts";

const p = sql.placeholder;

/** Messages in memory that begin a round of placing them: some hundred bytes each, and read again at a start. */
const MAX_UNPLACED = 16_384;
/** A round begins, too, when the log is so many times that ahead of what is placed: a start reads all of it. */
const MAX_AHEAD = 4;
/** Ids placed for each event that is stored, so that a round ends well before the next one begins. */
const PACE = 1.5;
/** Even a batch of one event places this many. */
const MIN_MOVED = 16;
/** So many ids of one room are placed at once. */
const PIECE = 64;

/** The ids ascend. */
type Rooms = Map<Topic, number[]>;

interface Piece {
  readonly topic: Topic;
  readonly ids: readonly number[];
}

/**
 * Which messages a room has: the newest in memory, the others in `room_messages`.
 *
 * Of a thousand rooms each has a place of its own in an index: a batch of fifty messages would write
 * fifty pages for it, more than for the messages themselves. So ids are gathered here and placed room by
 * room, a few rooms with every batch, some ten ids at once. Nothing depends on this memory: what is not
 * placed is found again in the log, behind `counter.placed_id`.
 */
export class RoomMessages {
  readonly #maxUnplaced: number;
  readonly #place: (piece: Piece) => void;
  readonly #unplaced: (after: number, upTo: number) => { id: number; topic: Topic }[];
  /** The newest event, whoever stored it. */
  readonly #last: () => number;
  /** All messages up to here are in memory or placed. */
  #through: number;
  /** All messages up to here are placed. */
  #placedTo: number;
  #fresh: Rooms = new Map();
  #freshIds = 0;
  /** Being placed: all of them up to `#roundTo`. */
  #round: Rooms = new Map();
  #roundTo = 0;
  /** What is left of it, by topic, so that neighbours share a page. The last one is next. */
  #pieces: Piece[] = [];
  /** Pieces placed by the open transaction. */
  #moved = 0;

  constructor(db: Db, maxUnplaced = MAX_UNPLACED) {
    const client = db.$client;
    const place = client.prepare(
      "INSERT OR IGNORE INTO room_messages (topic, message_id) SELECT ?, value FROM json_each(?)",
    );
    const unplaced = db
      .select({ id: events.id, topic: events.topic })
      .from(events)
      .where(and(gt(events.id, p("after")), lte(events.id, p("upTo")), IS_MESSAGE))
      .orderBy(asc(events.id))
      .prepare();
    const log = db.select({ last: counter.lastEventId, placed: counter.placedId }).from(counter).prepare();
    const { last = 0, placed = 0 } = log.get() ?? {};
    this.#maxUnplaced = maxUnplaced;
    this.#place = ({ topic, ids }) => void place.run(topic, JSON.stringify(ids));
    this.#unplaced = (after, upTo) => unplaced.all({ after, upTo }) as { id: number; topic: Topic }[];
    this.#last = () => log.get()?.last ?? 0;
    this.#placedTo = placed;
    this.#through = placed;
    this.catchUp(last);
  }

  /** What another process has stored meanwhile. */
  catchUp(last = this.#last()): void {
    if (last <= this.#through) return;
    for (const { id, topic } of this.#unplaced(this.#through, last)) this.#add(topic, id);
    this.#through = last;
  }

  /** Inside a transaction that has stored so many events: places some. Answers up to where all are placed. */
  move(events: number): number {
    this.#moved = 0;
    if (this.#pieces.length === 0 && !this.#begin()) return this.#placedTo;
    const enough = Math.max(MIN_MOVED, events * PACE);
    for (let ids = 0; ids < enough && this.#moved < this.#pieces.length; this.#moved++) {
      const piece = this.#pieces[this.#pieces.length - 1 - this.#moved] as Piece;
      this.#place(piece);
      ids += piece.ids.length;
    }
    return this.#moved === this.#pieces.length ? this.#roundTo : this.#placedTo;
  }

  /** The transaction is stored: what it has placed may be forgotten, and its messages are known. */
  stored(results: readonly (OpResult | OpFault)[], last: number): void {
    for (const { topic, ids } of this.#pieces.splice(this.#pieces.length - this.#moved)) {
      const left = this.#round.get(topic) as number[];
      left.length -= ids.length;
      if (left.length === 0) this.#round.delete(topic);
    }
    if (this.#moved > 0 && this.#pieces.length === 0) this.#placedTo = this.#roundTo;
    this.#moved = 0;
    for (const result of results) {
      if ("fault" in result) continue;
      for (const { kind, topics, id } of result.events)
        if (kind === "message.created") this.#add(topics[0] as Topic, id);
    }
    this.#through = last;
  }

  /** The unplaced of these rooms with `after < id <= upTo`, oldest first. */
  recent(topics: readonly Topic[], after: number, upTo: number): number[] {
    this.catchUp();
    const found = topics.flatMap((topic) =>
      [this.#round, this.#fresh].flatMap((rooms) => {
        const ids = rooms.get(topic);
        return ids === undefined ? [] : ids.slice(placeBehind(ids, after), placeBehind(ids, upTo));
      }),
    );
    return topics.length > 1 ? found.toSorted((a, b) => a - b) : found;
  }

  /** Rooms that have unplaced messages; some twice. */
  *rooms(): Iterable<Topic> {
    this.catchUp();
    yield* this.#round.keys();
    yield* this.#fresh.keys();
  }

  /** True where a round begins. */
  #begin(): boolean {
    if (this.#freshIds === 0) {
      this.#placedTo = this.#through;
      return false;
    }
    if (this.#freshIds < this.#maxUnplaced && this.#through - this.#placedTo < MAX_AHEAD * this.#maxUnplaced)
      return false;
    this.#round = this.#fresh;
    this.#pieces = [...this.#round.keys()]
      .toSorted()
      .flatMap((topic) => piecesOf(topic, this.#round.get(topic) as number[]));
    this.#roundTo = this.#through;
    this.#fresh = new Map();
    this.#freshIds = 0;
    return true;
  }

  #add(topic: Topic, id: number): void {
    const ids = this.#fresh.get(topic);
    if (ids === undefined) this.#fresh.set(topic, [id]);
    else ids.push(id);
    this.#freshIds++;
  }
}

function piecesOf(topic: Topic, ids: readonly number[]): Piece[] {
  return Array.from({ length: Math.ceil(ids.length / PIECE) }, (_, piece) => ({
    topic,
    ids: ids.slice(piece * PIECE, (piece + 1) * PIECE),
  }));
}

/** How many of ascending ids are not above this one. */
function placeBehind(ids: readonly number[], id: number): number {
  let low = 0;
  for (let high = ids.length; low < high;) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] as number) <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

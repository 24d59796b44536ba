import { sql } from "drizzle-orm";
import { isoTime, type Clock } from "../../core/clock.ts";
import { isRefusal } from "../../core/errors.ts";
import type { OpArgs, OpFault, OpName, OpResult, Write } from "../store.ts";
import type { OpenTx, Tx } from "./append.ts";
import type { Db } from "./database.ts";
import { batchFault, isFull } from "./faults.ts";
import { prepareOnce } from "./once.ts";
import type { OpTable } from "./ops/op.ts";
import type { RoomMessages } from "./room-messages.ts";
import { counter } from "./schema.ts";
import { prepareRun } from "./statement.ts";

/**
 * One transaction for all writes, each in a savepoint of its own. A throw or refusal rolls back
 * that op alone, its ids included. The counter is read at the start and written once at the
 * end, both inside: whatever becomes of the batch, no memory of it is left.
 *
 * Synchronous throughout. Throws STORE_FULL or STORE_LOST where nothing of the batch is stored.
 */
export function prepareCommit(
  db: Db,
  ops: OpTable,
  rooms: RoomMessages,
  clock: Clock,
): (writes: readonly Write[]) => (OpResult | OpFault)[] {
  const client = db.$client;
  const begin = client.prepare("BEGIN IMMEDIATE");
  const commit = client.prepare("COMMIT");
  const rollback = client.prepare("ROLLBACK");
  const savepoint = client.prepare("SAVEPOINT op");
  const release = client.prepare("RELEASE op");
  const undo = client.prepare("ROLLBACK TO op");
  const readCounter = client.prepare<{ lastEventId: number; lastAt: number }, []>(
    db
      .select({
        lastEventId: sql`${counter.lastEventId}`.as("lastEventId"),
        lastAt: sql`${counter.lastAt}`.as("lastAt"),
      })
      .from(counter)
      .toSQL().sql,
  );
  const writeCounter = prepareRun(
    db,
    db.update(counter).set({
      lastEventId: sql`${sql.placeholder("lastEventId")}`,
      lastAt: sql`${sql.placeholder("lastAt")}`,
      kept: sql`${counter.kept} + ${sql.placeholder("more")}`,
      placedId: sql`${sql.placeholder("placedId")}`,
    }),
  );
  const onlyOnce = prepareOnce(db);

  /** Throws the cause where SQLite has already undone the whole transaction (a full disk can do that). */
  function takeBack(tx: OpenTx, nextId: number, cause?: unknown): void {
    if (!client.inTransaction) throw cause;
    undo.run();
    release.run();
    tx.nextId = nextId;
  }

  function one(tx: OpenTx, write: Write): OpResult | OpFault {
    const { op, args, once, completes } = write;
    const run = (): unknown => (ops[op] as (tx: Tx, args: OpArgs<OpName>) => unknown)(tx, args);
    const nextId = tx.nextId;
    tx.events = [];
    savepoint.run();
    let value: OpResult["value"];
    let note = write.note;
    try {
      if (once === undefined && completes === undefined) value = run();
      else ({ value, note } = onlyOnce(tx, write, run));
    } catch (fault) {
      takeBack(tx, nextId, fault);
      return { fault, full: isFull(fault) };
    }
    if (isRefusal(value)) {
      takeBack(tx, nextId);
      return { value, events: [] };
    }
    release.run();
    return { value, events: tx.events, note };
  }

  return (writes) => {
    if (writes.length === 0) return [];
    try {
      begin.run();
      const { lastEventId = 0, lastAt = 0 } = readCounter.get() ?? {};
      rooms.catchUp(lastEventId);
      const atMs = Math.max(clock.now(), lastAt);
      const tx: OpenTx = { atMs, at: isoTime(atMs), nextId: lastEventId + 1, events: [] };
      const results = writes.map((write) => one(tx, write));
      const last = tx.nextId - 1;
      const more = last - lastEventId;
      if (more > 0) writeCounter({ lastEventId: last, lastAt: atMs, more, placedId: rooms.move(more) });
      commit.run();
      if (more > 0) rooms.stored(results, last);
      return results;
    } catch (error) {
      if (client.inTransaction) rollback.run();
      throw batchFault(error);
    }
  };
}

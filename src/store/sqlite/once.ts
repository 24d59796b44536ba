import { and, eq, gt, sql } from "drizzle-orm";
import { isRefusal, refuse } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import type { Write } from "../store.ts";
import type { Tx } from "./append.ts";
import type { Db } from "./database.ts";
import { idempotency, scheduled } from "./schema.ts";

/** How long an answer is kept for repetitions. */
export const ANSWER_KEPT_MS = 24 * 3_600_000;

/** What came of an op: its value or a refusal, and the note that belongs to it. */
export interface Done {
  readonly value: unknown;
  readonly note: Json | undefined;
}

const p = sql.placeholder;

/** Runs an op that may happen only once, inside its savepoint: a refusal undoes all of it. */
export function prepareOnce(db: Db): (tx: Tx, write: Write, run: () => unknown) => Done {
  const takeDue = db
    .delete(scheduled)
    .where(eq(scheduled.id, p("id")))
    .returning({ id: scheduled.id })
    .prepare();
  const findAnswer = db
    .select({ bodyHash: idempotency.bodyHash, value: idempotency.value, note: idempotency.note })
    .from(idempotency)
    .where(and(eq(idempotency.scope, p("scope")), gt(idempotency.at, p("since"))))
    .prepare();
  const keepAnswer = db
    .insert(idempotency)
    .values({
      scope: p("scope"),
      bodyHash: p("bodyHash"),
      value: p("value"),
      note: p("note"),
      at: p("at"),
    })
    .onConflictDoUpdate({
      target: idempotency.scope,
      set: {
        bodyHash: sql`excluded.body_hash`,
        value: sql`excluded.value`,
        note: sql`excluded.note`,
        at: sql`excluded.at`,
      },
    })
    .prepare();

  return (tx, { once, completes, note }, run) => {
    if (completes !== undefined && takeDue.get({ id: completes }) === undefined)
      return { value: refuse("CONFLICT", "This was delivered already."), note: undefined };
    if (once === undefined) return { value: run(), note };

    const { scope, bodyHash } = once;
    const known = findAnswer.get({ scope, since: tx.atMs - ANSWER_KEPT_MS });
    if (known !== undefined) {
      if (known.bodyHash !== bodyHash) return { value: refuse("IDEMPOTENCY_MISMATCH"), note: undefined };
      return { value: fromJson(known.value), note: known.note === null ? undefined : fromJson(known.note) };
    }
    const value = run();
    if (!isRefusal(value)) {
      keepAnswer.run({
        scope,
        bodyHash,
        value: JSON.stringify(value),
        note: note === undefined ? null : JSON.stringify(note),
        at: tx.atMs,
      });
    }
    return { value, note };
  };
}

const fromJson = (text: string): Json => JSON.parse(text) as Json;

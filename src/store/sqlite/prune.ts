import { and, asc, count, eq, gt, isNotNull, lte, sql } from "drizzle-orm";
import { userTopic } from "../../core/topic.ts";
import type { RetentionRules } from "../store.ts";
import type { Db } from "./database.ts";
import { ANSWER_KEPT_MS } from "./once.ts";
import { preparePruneLog, prepareRaiseFloor, prepareRemoveUnheld } from "./prune-log.ts";
import { preparePruneSecurity } from "./prune-security.ts";
import { counter, events, idempotency, recipients } from "./schema.ts";

const p = sql.placeholder;

/**
 * `prune`, in one transaction: first the log, then inboxes, then answers kept for repetitions, then
 * the security log.
 *
 * The log and the inboxes have ages of their own. An event that leaves the log while it lies in
 * somebody's inbox keeps its row, below `counter.pruned_id`, where neither `replay` nor `events`
 * looks; it goes with the last of its inbox rows. So a resume from before says `recovered: false`,
 * and yet nothing vanishes from an inbox before its time.
 */
export function preparePrune(db: Db): (rules: RetentionRules, limit: number) => number {
  const client = db.$client;
  const pruneLog = preparePruneLog(db);
  const pruneInboxes = preparePruneInboxes(db);
  const pruneSecurity = preparePruneSecurity(db);
  const findAnswers = db
    .select({ scope: idempotency.scope })
    .from(idempotency)
    .where(lte(idempotency.at, p("before")))
    .orderBy(asc(idempotency.at))
    .limit(p("limit"))
    .prepare();
  const removeAnswer = db
    .delete(idempotency)
    .where(eq(idempotency.scope, p("scope")))
    .prepare();

  function pruneAnswers({ now }: RetentionRules, limit: number): number {
    const old = findAnswers.all({ before: Date.parse(now) - ANSWER_KEPT_MS, limit });
    for (const { scope } of old) removeAnswer.run({ scope });
    return old.length;
  }

  return (rules, limit) => {
    client.run("BEGIN IMMEDIATE");
    try {
      let left = limit;
      for (const step of [pruneLog, pruneInboxes, pruneAnswers, pruneSecurity])
        if (left > 0) left -= step(rules, left);
      client.run("COMMIT");
      return limit - left;
    } catch (error) {
      if (client.inTransaction) client.run("ROLLBACK");
      throw error;
    }
  };
}

/** Inbox rows: the expired, the deleted ones that no replay asks about any more, the old, the surplus. */
function preparePruneInboxes(db: Db): (rules: RetentionRules, limit: number) => number {
  const row = { user: recipients.userId, id: recipients.eventId };
  const expired = db
    .select(row)
    .from(recipients)
    .where(and(isNotNull(recipients.expiresAt), lte(recipients.expiresAt, p("now"))))
    .orderBy(asc(recipients.expiresAt))
    .limit(p("limit"))
    .prepare();
  const deleted = db
    .select(row)
    .from(recipients)
    .where(and(isNotNull(recipients.deletedAt), lte(recipients.eventId, p("pruned"))))
    .orderBy(asc(recipients.eventId))
    .limit(p("limit"))
    .prepare();
  const oldest = db
    .select({ ...row, at: events.at })
    .from(recipients)
    .innerJoin(events, eq(events.id, recipients.eventId))
    .where(gt(recipients.eventId, 0))
    .orderBy(asc(recipients.eventId))
    .limit(p("limit"))
    .prepare();
  // SQLite counts whole pages of an index: about 15 ms for a million rows.
  const countRows = db.select({ rows: count() }).from(recipients).prepare();
  const removeRow = db
    .delete(recipients)
    .where(and(eq(recipients.userId, p("user")), eq(recipients.eventId, p("id"))))
    .prepare();
  const removeUnheld = prepareRemoveUnheld(db);
  const raiseFloor = prepareRaiseFloor(db);
  const prunedTo = db.select({ id: counter.prunedId }).from(counter).prepare();

  return ({ now, notificationsBefore, notificationsMax }, limit) => {
    const pruned = prunedTo.get()?.id ?? 0;
    let left = limit;
    const remove = (rows: readonly { user: string; id: number }[]): void => {
      for (const { user, id } of rows) removeRow.run({ user, id });
      for (const id of new Set(rows.map((one) => one.id))) if (id <= pruned) removeUnheld(id);
      left -= rows.length;
    };
    remove(expired.all({ now: Date.parse(now), limit: left }));
    remove(deleted.all({ pruned, limit: left }));
    const surplus =
      notificationsMax === null || left === 0 ? 0 : (countRows.get()?.rows ?? 0) - notificationsMax;
    if (left > 0 && (notificationsBefore !== null || surplus > 0)) {
      const before =
        notificationsBefore === null ? Number.NEGATIVE_INFINITY : Date.parse(notificationsBefore);
      const rows = oldest.all({ limit: left });
      // Times never decrease with the ids: behind the first young one all are young.
      const young = rows.findIndex(({ at }, place) => at >= before && place >= surplus);
      const old = young < 0 ? rows : rows.slice(0, young);
      // A personal event is replayed by way of the inbox, though the log may have it still.
      for (const { user, id } of old) if (id > pruned) raiseFloor(userTopic(user), id);
      remove(old);
    }
    return limit - left;
  };
}

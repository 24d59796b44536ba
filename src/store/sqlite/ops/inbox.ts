import { and, eq, isNull, sql } from "drizzle-orm";
import { refuse } from "../../../core/errors.ts";
import type { Tx } from "../append.ts";
import { inInbox, prepareUnread } from "../inbox.ts";
import { recipients } from "../schema.ts";
import type { PrepareOps } from "./op.ts";

const p = sql.placeholder;

export const prepareInboxOps: PrepareOps<"inbox.read" | "inbox.delete"> = (db, append) => {
  const unread = prepareUnread(db);
  const find = db
    .select({ id: recipients.eventId })
    .from(recipients)
    .where(and(inInbox(), eq(recipients.eventId, p("id"))))
    .prepare();
  const readSome = db
    .update(recipients)
    .set({ readAt: sql`${p("now")}` })
    .where(
      and(
        inInbox(),
        isNull(recipients.readAt),
        sql`${recipients.eventId} in (select value from json_each(${p("ids")}))`,
      ),
    )
    .returning({ id: recipients.eventId })
    .prepare();
  const readAll = db
    .update(recipients)
    .set({ readAt: sql`${p("now")}` })
    .where(and(inInbox(), isNull(recipients.readAt)))
    .returning({ id: recipients.eventId })
    .prepare();
  const remove = db
    .update(recipients)
    .set({ deletedAt: sql`${p("now")}` })
    .where(and(inInbox(), eq(recipients.eventId, p("id"))))
    .returning({ id: recipients.eventId })
    .prepare();

  const told = (user: string) => ({ topics: [], recipients: [user], actor: null });

  /** Which ones were unread until now; of `ids` null, whether any was. */
  function mark(tx: Tx, user: string, ids: readonly number[] | null): number[] {
    if (ids !== null) {
      const marked = readSome.all({ user, now: tx.atMs, ids: JSON.stringify(ids) });
      return marked.map(({ id }) => id).toSorted((a, b) => a - b);
    }
    const any = readAll.get({ user, now: tx.atMs });
    return any === undefined ? [] : [any.id];
  }

  return {
    "inbox.read": (tx, { user_id, ids }) => {
      const [only, ...others] = ids ?? [];
      if (only !== undefined && others.length === 0) {
        if (find.get({ user: user_id, now: tx.atMs, id: only }) === undefined) return notFound();
      }
      const marked = mark(tx, user_id, ids);
      const count = unread(user_id, tx.atMs);
      if (marked.length > 0) {
        append.event(tx, {
          kind: "notification.read",
          ...told(user_id),
          data: { user_id, ids: ids === null ? null : marked, up_to: tx.nextId - 1, unread: count },
        });
      }
      return { count };
    },

    "inbox.delete": (tx, { user_id, id }) => {
      if (remove.get({ user: user_id, now: tx.atMs, id }) === undefined) return notFound();
      const count = unread(user_id, tx.atMs);
      append.event(tx, {
        kind: "notification.deleted",
        ...told(user_id),
        data: { user_id, ids: [id], unread: count },
      });
      return { count };
    },
  };
};

const notFound = () => refuse("NOT_FOUND", "Notification not found");

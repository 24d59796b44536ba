import { and, eq, gt, isNull, or, sql, type SQL } from "drizzle-orm";
import type { Db } from "./database.ts";
import { recipients } from "./schema.ts";

const p = sql.placeholder;

/** What a user finds in his inbox at `now`: neither deleted nor expired. */
export const inInbox = (): SQL | undefined =>
  and(
    eq(recipients.userId, p("user")),
    isNull(recipients.deletedAt),
    or(isNull(recipients.expiresAt), gt(recipients.expiresAt, p("now"))),
  );

/** How many of them he has not read. */
export function prepareUnread(db: Db): (userId: string, nowMs: number) => number {
  const unread = db
    .select({ count: sql<number>`count(*)` })
    .from(recipients)
    .where(and(inInbox(), isNull(recipients.readAt)))
    .prepare();
  return (userId, nowMs) => unread.get({ user: userId, now: nowMs })?.count ?? 0;
}

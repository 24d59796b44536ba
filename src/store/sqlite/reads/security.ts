import { and, desc, eq, lt, sql, type SQL } from "drizzle-orm";
import { isoTime } from "../../../core/clock.ts";
import type { Page } from "../../../core/command.ts";
import type { SecurityKind, SecurityPage, StoredSecurityEntry } from "../../../core/security.ts";
import type { Db } from "../database.ts";
import { securityLog } from "../schema.ts";
import { pageOf } from "../views.ts";

const p = sql.placeholder;

/** The security log, newest first; each way to ask has its statement, so that each has its index. */
export function prepareSecurityReads(db: Db) {
  const newest = (...wanted: SQL[]) =>
    db
      .select()
      .from(securityLog)
      .where(and(...wanted, lt(securityLog.id, p("before"))))
      .orderBy(desc(securityLog.id))
      .limit(p("limit"))
      .prepare();
  const ofKind = eq(securityLog.kind, p("kind"));
  const ofUser = eq(securityLog.userId, p("userId"));
  const all = newest();
  const byKind = newest(ofKind);
  const byUser = newest(ofUser);
  const byBoth = newest(ofUser, ofKind);

  return {
    securityLog({ kind, user_id: userId, ...page }: SecurityPage): Page<StoredSecurityEntry> {
      const wanted =
        userId === undefined ? (kind === undefined ? all : byKind) : kind === undefined ? byUser : byBoth;
      return pageOf(
        page,
        (before, limit) => wanted.all({ kind, userId, before, limit }),
        (row) => row.id,
        viewOf,
      );
    },
  };
}

const viewOf = (row: typeof securityLog.$inferSelect): StoredSecurityEntry => ({
  id: row.id,
  at: isoTime(row.at),
  kind: row.kind as SecurityKind,
  user_id: row.userId,
  address: row.address,
  dialect: row.dialect,
  endpoint: row.endpoint,
  close_code: row.closeCode,
  cause: row.cause,
  detail: row.detail,
});

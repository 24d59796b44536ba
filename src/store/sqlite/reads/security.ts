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
  const conditions = {
    kind: eq(securityLog.kind, p("kind")),
    userId: eq(securityLog.userId, p("userId")),
    cause: eq(securityLog.cause, p("cause")),
    address: eq(securityLog.address, p("address")),
  };
  const newest = (wanted: readonly SQL[]) =>
    db
      .select()
      .from(securityLog)
      .where(and(...wanted, lt(securityLog.id, p("before"))))
      .orderBy(desc(securityLog.id))
      .limit(p("limit"))
      .prepare();
  const statements = new Map<string, ReturnType<typeof newest>>();

  return {
    securityLog({ user_id: userId, kind, cause, address, ...page }: SecurityPage): Page<StoredSecurityEntry> {
      const given = { userId, kind, cause, address };
      const names = (Object.keys(given) as (keyof typeof given)[]).filter(
        (name) => given[name] !== undefined,
      );
      const key = names.join();
      const wanted = statements.get(key) ?? newest(names.map((name) => conditions[name]));
      statements.set(key, wanted);
      return pageOf(
        page,
        (before, limit) => wanted.all({ ...given, before, limit }),
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

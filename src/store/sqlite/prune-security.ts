import { asc, desc, eq, gt, sql } from "drizzle-orm";
import type { RetentionRules } from "../store.ts";
import type { Db } from "./database.ts";
import { securityLog } from "./schema.ts";

const p = sql.placeholder;

/** Takes a prefix off the security log: what is too old or beyond the number. */
export function preparePruneSecurity(db: Db): (rules: RetentionRules, limit: number) => number {
  const newest = db
    .select({ id: securityLog.id })
    .from(securityLog)
    .where(gt(securityLog.id, 0))
    .orderBy(desc(securityLog.id))
    .limit(1)
    .prepare();
  const oldest = db
    .select({ id: securityLog.id, at: securityLog.at })
    .from(securityLog)
    .where(gt(securityLog.id, 0))
    .orderBy(asc(securityLog.id))
    .limit(p("limit"))
    .prepare();
  const remove = db
    .delete(securityLog)
    .where(eq(securityLog.id, p("id")))
    .prepare();

  return ({ securityBefore, securityMax }, limit) => {
    if (securityBefore === null && securityMax === null) return 0;
    const before = securityBefore === null ? Number.NEGATIVE_INFINITY : Date.parse(securityBefore);
    // Ids have no holes: they count the rows.
    const surplusTo = securityMax === null ? 0 : (newest.get()?.id ?? 0) - securityMax;
    let gone = 0;
    for (const { id, at } of oldest.all({ limit })) {
      if (id > surplusTo && at >= before) break;
      remove.run({ id });
      gone++;
    }
    return gone;
  };
}

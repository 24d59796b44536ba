import { asc, lte, sql } from "drizzle-orm";
import type { Command } from "../../../core/command.ts";
import type { Principal } from "../../../core/principal.ts";
import type { Scheduled } from "../../store.ts";
import type { Db } from "../database.ts";
import { scheduled } from "../schema.ts";

const p = sql.placeholder;

export function prepareScheduleReads(db: Db) {
  const due = db
    .select()
    .from(scheduled)
    .where(lte(scheduled.dueAt, p("now")))
    .orderBy(asc(scheduled.dueAt), asc(scheduled.id))
    .limit(p("limit"))
    .prepare();

  return {
    due: (nowMs: number, limit: number): Scheduled[] =>
      due.all({ now: nowMs, limit }).map(({ id, command, who }) => ({
        scheduled_id: id,
        command: JSON.parse(command) as Command,
        who: principalFrom(who),
      })),
  };
}

/** JSON has no Infinity: a proof that never expires, a key's, comes back without an end. */
function principalFrom(text: string): Principal {
  const who = JSON.parse(text) as Omit<Principal, "expiresAt"> & { readonly expiresAt: number | null };
  return { ...who, expiresAt: who.expiresAt ?? Number.POSITIVE_INFINITY };
}

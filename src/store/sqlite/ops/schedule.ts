import { eq, sql } from "drizzle-orm";
import { scheduled } from "../schema.ts";
import type { PrepareOps } from "./op.ts";

const p = sql.placeholder;

export const prepareScheduleOps: PrepareOps<"schedule.add" | "schedule.drop"> = (db) => {
  const insert = db
    .insert(scheduled)
    .values({ dueAt: p("dueAt"), command: p("command"), who: p("who") })
    .returning({ id: scheduled.id })
    .prepare();
  const remove = db
    .delete(scheduled)
    .where(eq(scheduled.id, p("id")))
    .prepare();

  return {
    "schedule.add": (_tx, { due_at, command, who }) => {
      const values = { command: JSON.stringify(command), who: JSON.stringify(who) };
      const { id } = insert.get({ dueAt: Date.parse(due_at), ...values });
      return { scheduled_id: id };
    },

    "schedule.drop": (_tx, { scheduled_id }) => {
      remove.run({ id: scheduled_id });
      return {};
    },
  };
};

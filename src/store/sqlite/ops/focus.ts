import { sql } from "drizzle-orm";
import { focusTopic } from "../../../core/topic.ts";
import { focusSessions } from "../schema.ts";
import type { PrepareOps } from "./op.ts";

const p = sql.placeholder;

export const prepareFocusOps: PrepareOps<"focus.update"> = (db, append) => {
  // `hasTask` tells "no task" from "as it was"; a status is never null.
  const upsert = db
    .insert(focusSessions)
    .values({
      id: p("id"),
      status: sql`coalesce(${p("status")}, 'active')`,
      currentTaskId: p("task"),
      createdAt: p("at"),
      updatedAt: p("at"),
    })
    .onConflictDoUpdate({
      target: focusSessions.id,
      set: {
        status: sql`coalesce(${p("status")}, ${focusSessions.status})`,
        currentTaskId: sql`iif(${p("hasTask")}, ${p("task")}, ${focusSessions.currentTaskId})`,
        updatedAt: sql`excluded.updated_at`,
      },
    })
    .returning({ status: focusSessions.status, current_task_id: focusSessions.currentTaskId })
    .prepare();

  return {
    "focus.update": (tx, { session_id, user, action, status, current_task_id, data }) => {
      const stored = upsert.get({
        id: session_id,
        status: status ?? null,
        task: current_task_id ?? null,
        hasTask: current_task_id === undefined ? 0 : 1,
        at: tx.atMs,
      });
      const state = { session_id, ...stored };
      append.event(tx, {
        kind: "focus.updated",
        topics: [focusTopic(session_id)],
        recipients: null,
        actor: user,
        data: { ...state, user, action, data },
      });
      return state;
    },
  };
};

import { and, desc, eq, isNull, lt, sql } from "drizzle-orm";
import type { Page, PageArgs, TaskView } from "../../../core/command.ts";
import type { Db } from "../database.ts";
import { tasks } from "../schema.ts";
import { pageOf, taskView } from "../views.ts";

const p = sql.placeholder;

/** Tasks as their users see them; deleted ones are none. */
export function prepareTaskReads(db: Db) {
  const byId = db
    .select()
    .from(tasks)
    .where(and(eq(tasks.id, p("id")), isNull(tasks.deletedAt)))
    .prepare();
  const ofWorkspace = db
    .select()
    .from(tasks)
    .where(
      and(
        eq(tasks.workspaceId, p("workspaceId")),
        isNull(tasks.deletedAt),
        lt(tasks.createdEventId, p("before")),
      ),
    )
    .orderBy(desc(tasks.createdEventId))
    .limit(p("limit"))
    .prepare();

  return {
    taskView(id: string): TaskView | null {
      const row = byId.get({ id });
      return row === undefined ? null : taskView(row);
    },

    tasks: (workspaceId: string, page: PageArgs): Page<TaskView> =>
      pageOf(
        page,
        (before, limit) => ofWorkspace.all({ workspaceId, before, limit }),
        (row) => row.createdEventId,
        taskView,
      ),
  };
}

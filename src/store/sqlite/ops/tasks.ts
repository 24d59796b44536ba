import { and, eq, sql } from "drizzle-orm";
import { refuse } from "../../../core/errors.ts";
import type { TaskEventData, TaskFields } from "../../../core/event.ts";
import { workspaceTopic } from "../../../core/topic.ts";
import type { OpArgs } from "../../store.ts";
import type { Db } from "../database.ts";
import { members, tasks } from "../schema.ts";
import { prepareNameOf } from "./identities.ts";
import type { PrepareOps } from "./op.ts";
import { tellTask } from "./task-events.ts";

type TaskTold = OpArgs<"task.tell">;

/** What a backend or user tells of a task. It may be stored here; it is not changed by that. */
export const prepareTaskOps: PrepareOps<"task.tell"> = (db, append) => {
  const isMember = prepareIsMember(db);
  const dataOf = prepareTaskData(db);

  return {
    "task.tell": (tx, args) => {
      const { topics, actor, recipients, membersOf, mustBeMembers } = args;
      if (membersOf !== null && !mustBeMembers.every((userId) => isMember(membersOf, userId))) {
        return refuse("FORBIDDEN", "The caller and every target must be members of the workspace.");
      }
      return { recipient_count: tellTask(tx, append, { topics, actor, recipients, data: dataOf(args) }) };
    },
  };
};

function prepareIsMember(db: Db): (workspaceId: string, userId: string) => boolean {
  const member = db
    .select({ role: members.role })
    .from(members)
    .where(and(eq(members.topic, sql.placeholder("topic")), eq(members.userId, sql.placeholder("userId"))))
    .prepare();
  return (workspaceId, userId) => member.get({ topic: workspaceTopic(workspaceId), userId }) !== undefined;
}

function prepareTaskData(db: Db): (args: TaskTold) => Omit<TaskEventData, "notification_id"> {
  const knownName = prepareNameOf(db);
  const taskById = db
    .select()
    .from(tasks)
    .where(eq(tasks.id, sql.placeholder("id")))
    .prepare();
  const nameOf = (id: string | null): string | null => (id === null ? null : knownName(id));

  /** The stored task, but only where the caller named its workspace or none: else it is another one. */
  function stored({ task_id, workspace_id }: TaskTold): typeof tasks.$inferSelect | undefined {
    const task = taskById.get({ id: task_id });
    return workspace_id === null || task?.workspaceId === workspace_id ? task : undefined;
  }

  return (args) => {
    const { task_id, action, title, actor } = args;
    const task = stored(args);
    const completed = action === "completed";
    const fields: TaskFields = {
      title,
      description: task?.description ?? null,
      status: completed ? "completed" : (task?.status ?? null),
      priority: task?.priority ?? null,
      due_date: task?.dueDate ?? null,
      workspace_id: args.workspace_id ?? task?.workspaceId ?? null,
      user_id: task?.userId ?? null,
      assignee: nameOf(task?.userId ?? null),
      creator:
        task === undefined && action === "created"
          ? (actor?.username ?? null)
          : nameOf(task?.creatorId ?? null),
    };
    const changes: TaskEventData["changes"] = completed
      ? { status: { old: task?.status ?? null, new: "completed" } }
      : {};
    return { task_id, action, title, task: fields, changes };
  };
}

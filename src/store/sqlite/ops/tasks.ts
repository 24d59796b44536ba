import { and, eq, sql } from "drizzle-orm";
import { refuse } from "../../../core/errors.ts";
import type { NotificationData, TaskAction, TaskEventData, TaskFields } from "../../../core/event.ts";
import { workspaceTopic } from "../../../core/topic.ts";
import type { OpArgs } from "../../store.ts";
import type { Db } from "../database.ts";
import { members, tasks, users } from "../schema.ts";
import type { PrepareOps } from "./op.ts";

type TaskTold = OpArgs<"task.tell">;

export const prepareTaskOps: PrepareOps<"task.tell"> = (db, append) => {
  const isMember = prepareIsMember(db);
  const dataOf = prepareTaskData(db);

  return {
    "task.tell": (tx, args) => {
      const { task_id, action, topics, actor, membersOf, mustBeMembers } = args;
      if (membersOf !== null && !mustBeMembers.every((userId) => isMember(membersOf, userId))) {
        return refuse("FORBIDDEN", "The caller and every target must be members of the workspace.");
      }
      const recipients = [...new Set(args.recipients)];
      const told = dataOf(args);
      const notification_id = recipients.length > 0 ? tx.nextId + 1 : tx.nextId;
      append.event(tx, {
        kind: `task.${action}`,
        topics,
        recipients: null,
        actor,
        data: { ...told, notification_id },
      });
      if (recipients.length > 0) {
        const data = taskNotification(task_id, args.title, action, told.task.workspace_id);
        append.notification(tx, { recipients, actor, data });
      }
      return { recipient_count: recipients.length };
    },
  };
};

/** What the people concerned are told of a change of a task. */
const taskNotification = (
  task_id: string,
  title: string,
  action: TaskAction,
  workspace_id: string | null,
): NotificationData => ({
  title: `Task ${action.charAt(0).toUpperCase()}${action.slice(1)}`,
  content: `Task '${title}' was ${action}.`,
  level: null,
  notification_type: "task",
  related_entity_type: "task",
  related_entity_id: task_id,
  data: {},
  link: null,
  priority: null,
  room: null,
  task: { task_id, action, workspace_id },
});

function prepareIsMember(db: Db): (workspaceId: string, userId: string) => boolean {
  const member = db
    .select({ role: members.role })
    .from(members)
    .where(and(eq(members.topic, sql.placeholder("topic")), eq(members.userId, sql.placeholder("userId"))))
    .prepare();
  return (workspaceId, userId) => member.get({ topic: workspaceTopic(workspaceId), userId }) !== undefined;
}

function prepareTaskData(db: Db): (args: TaskTold) => Omit<TaskEventData, "notification_id"> {
  const taskById = db
    .select()
    .from(tasks)
    .where(eq(tasks.id, sql.placeholder("id")))
    .prepare();
  const userById = db
    .select({ username: users.username })
    .from(users)
    .where(eq(users.id, sql.placeholder("id")))
    .prepare();
  /** The id where no name is known. */
  const nameOf = (id: string | null): string | null =>
    id === null ? null : (userById.get({ id })?.username ?? id);

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

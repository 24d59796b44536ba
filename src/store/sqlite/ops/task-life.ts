import { and, eq, isNull, sql } from "drizzle-orm";
import type { TaskChanges } from "../../../core/command.ts";
import { refuse, type Refusal } from "../../../core/errors.ts";
import type { Change, TaskAction } from "../../../core/event.ts";
import type { Actor } from "../../../core/principal.ts";
import { taskTopic, workspaceTopic } from "../../../core/topic.ts";
import type { Append, Tx } from "../append.ts";
import type { Db } from "../database.ts";
import { prepareHomes } from "../homes.ts";
import { tasks, workspaces } from "../schema.ts";
import { taskView } from "../views.ts";
import { freeId } from "./free-id.ts";
import { prepareNameOf } from "./identities.ts";
import type { PrepareOps } from "./op.ts";
import { tellTask } from "./task-events.ts";

const p = sql.placeholder;

type Task = typeof tasks.$inferSelect;

const COMPLETED = "completed";

/** The life of a stored task: each change is one version more, and one event to all whom it concerns. */
export const prepareTaskLifeOps: PrepareOps<"task.create" | "task.update" | "task.delete"> = (db, append) => {
  const tell = prepareTelling(db, append);
  const isTaken = prepareIsTaken(db);
  const workspaceById = db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(eq(workspaces.id, p("id")))
    .prepare();
  const liveById = db
    .select()
    .from(tasks)
    .where(and(eq(tasks.id, p("id")), isNull(tasks.deletedAt)))
    .prepare();
  const insert = db
    .insert(tasks)
    .values({
      id: p("id"),
      workspaceId: p("workspaceId"),
      title: p("title"),
      description: p("description"),
      status: p("status"),
      priority: p("priority"),
      dueDate: p("dueDate"),
      userId: p("userId"),
      creatorId: p("creatorId"),
      version: p("version"),
      createdAt: p("createdAt"),
      updatedAt: p("updatedAt"),
      completedAt: p("completedAt"),
      createdEventId: p("createdEventId"),
    })
    .prepare();
  const update = db
    .update(tasks)
    .set({
      title: sql`${p("title")}`,
      description: sql`${p("description")}`,
      status: sql`${p("status")}`,
      priority: sql`${p("priority")}`,
      dueDate: sql`${p("dueDate")}`,
      userId: sql`${p("userId")}`,
      version: sql`${p("version")}`,
      updatedAt: sql`${p("updatedAt")}`,
      completedAt: sql`${p("completedAt")}`,
      deletedAt: sql`${p("deletedAt")}`,
    })
    .where(eq(tasks.id, p("id")))
    .prepare();

  /** The task as the caller knows it. */
  function known(id: string, version: number | null): Task | Refusal {
    const task = liveById.get({ id });
    if (task === undefined) return refuse("NOT_FOUND", "Task not found");
    return version === null || version === task.version
      ? task
      : refuse("CONFLICT", `The task is at version ${task.version}, not ${version}. Read it again.`);
  }

  return {
    "task.create": (tx, { id: wanted, workspace_id, actor, strangers, ...given }) => {
      if (workspaceById.get({ id: workspace_id }) === undefined)
        return refuse("NOT_FOUND", "Workspace not found");
      const taken = (id: string): string | null => isTaken(id, workspace_id);
      const conflict = wanted === null ? null : taken(wanted);
      if (conflict !== null) return refuse("CONFLICT", conflict);
      const task: Task = {
        id: wanted ?? freeId(tx.nextId, (id) => taken(id) !== null),
        workspaceId: workspace_id,
        title: given.title,
        description: given.description,
        status: given.status,
        priority: given.priority,
        dueDate: given.due_date,
        userId: given.user_id,
        creatorId: actor?.id ?? null,
        version: 1,
        createdAt: tx.atMs,
        updatedAt: tx.atMs,
        completedAt: given.status === COMPLETED ? tx.atMs : null,
        deletedAt: null,
        createdEventId: tx.nextId,
      };
      insert.run(task);
      tell(tx, { task, action: "created", actor, concerns: [task.userId], strangers });
      return taskView(task);
    },

    "task.update": (tx, { id, changes: wanted, version, actor, strangers }) => {
      const old = known(id, version);
      if ("refused" in old) return old;
      const changes = changesOf(old, wanted);
      if (Object.keys(changes).length === 0) return taskView(old);
      const completes = changes.status?.new === COMPLETED;
      const task: Task = {
        ...changed(old, wanted),
        version: old.version + 1,
        updatedAt: tx.atMs,
        completedAt: changes.status === undefined ? old.completedAt : completes ? tx.atMs : null,
      };
      update.run(task);
      const action = completes ? "completed" : "updated";
      const concerns = [old.userId, task.userId, task.creatorId];
      tell(tx, { task, action, actor, changes, concerns, strangers });
      return taskView(task);
    },

    "task.delete": (tx, { id, version, actor, strangers }) => {
      const old = known(id, version);
      if ("refused" in old) return old;
      const task: Task = { ...old, version: old.version + 1, updatedAt: tx.atMs, deletedAt: tx.atMs };
      update.run(task);
      tell(tx, { task, action: "deleted", actor, concerns: [task.userId, task.creatorId], strangers });
      return {};
    },
  };
};

/** Where the row keeps each field that can be changed. */
const COLUMNS = {
  title: "title",
  description: "description",
  status: "status",
  priority: "priority",
  due_date: "dueDate",
  user_id: "userId",
} as const satisfies Record<keyof TaskChanges, keyof Task>;

const FIELDS = Object.keys(COLUMNS) as (keyof TaskChanges)[];

type Changes = { readonly [F in keyof TaskChanges]?: Change };

/** Only what is named and differs. */
function changesOf(task: Task, wanted: TaskChanges): Changes {
  const differing = FIELDS.flatMap((field): [string, Change][] => {
    const next = wanted[field];
    const old = task[COLUMNS[field]];
    return next === undefined || next === old ? [] : [[field, { old, new: next }]];
  });
  return Object.fromEntries(differing);
}

const changed = (task: Task, wanted: TaskChanges): Task => ({
  ...task,
  title: wanted.title ?? task.title,
  description: wanted.description === undefined ? task.description : wanted.description,
  status: wanted.status ?? task.status,
  priority: wanted.priority ?? task.priority,
  dueDate: wanted.due_date === undefined ? task.dueDate : wanted.due_date,
  userId: wanted.user_id === undefined ? task.userId : wanted.user_id,
});

/** Why an id cannot be given to a new task; null where it can. */
function prepareIsTaken(db: Db): (id: string, workspaceId: string) => string | null {
  const homes = prepareHomes(db);
  const byId = db
    .select({ id: tasks.id })
    .from(tasks)
    .where(eq(tasks.id, p("id")))
    .prepare();
  return (id, workspaceId) => {
    if (byId.get({ id }) !== undefined) return "A task with this id already exists.";
    // A task opens its room to its workspace: nobody takes another's room in by its number.
    const home = homes.ofRoom(taskTopic(id));
    return home === undefined || home === workspaceId
      ? null
      : `The room task:${id} exists outside of this workspace. Place it there first, or choose another id.`;
  };
}

interface Told {
  readonly task: Task;
  readonly action: TaskAction;
  readonly actor: Actor | null;
  readonly changes?: Changes;
  /** Who is notified, the actor too. */
  readonly concerns: readonly (string | null)[];
  readonly strangers: readonly string[] | undefined;
}

function prepareTelling(db: Db, append: Append): (tx: Tx, told: Told) => void {
  const knownName = prepareNameOf(db);

  return (tx, { task, action, actor, changes = {}, concerns, strangers = [] }) => {
    const nameOf = (id: string): string =>
      id === actor?.id ? actor.username : strangers.includes(id) ? id : knownName(id);
    const nameOrNull = (id: string | null): string | null => (id === null ? null : nameOf(id));
    const { user_id: assigned } = changes;
    const names = [assigned?.old, assigned?.new].filter((id) => typeof id === "string");
    tellTask(tx, append, {
      topics: [...(task.workspaceId === null ? [] : [workspaceTopic(task.workspaceId)]), taskTopic(task.id)],
      actor,
      recipients: concerns.filter((id): id is string => id !== null && !strangers.includes(id)),
      data: {
        task_id: task.id,
        action,
        title: task.title,
        task: {
          title: task.title,
          description: task.description,
          status: task.status,
          priority: task.priority,
          due_date: task.dueDate,
          workspace_id: task.workspaceId,
          user_id: task.userId,
          assignee: nameOrNull(task.userId),
          creator: nameOrNull(task.creatorId),
        },
        changes,
        ...(names.length === 0 ? {} : { names: Object.fromEntries(names.map((id) => [id, nameOf(id)])) }),
      },
    });
  };
}

import type { CommandArgs } from "../core/command.ts";
import { isRefusal, refuse, type Refusal } from "../core/errors.ts";
import { actorOf, isPrivileged, type Actor, type Principal } from "../core/principal.ts";
import { taskTopic, workspaceTopic, type Topic } from "../core/topic.ts";
import type { OpArgs, StoredTask } from "../store/store.ts";
import { defineFeature, write, type FeatureContext } from "./feature.ts";
import { refuseNaming } from "./lib/naming.ts";
import { notFound } from "./lib/ownership.ts";
import { isAnonymous } from "./lib/sender.ts";

type TellArgs = CommandArgs<"task.tell">;

/**
 * Tasks of workspaces: known to and changed by whoever has access to them; and what a backend or
 * user tells of a task, which need not be stored here.
 */
export const tasks = defineFeature({
  "task.create": {
    async run(args, context) {
      const { who, access } = context;
      const { id, workspace_id } = args;
      const topic = workspaceTopic(workspace_id);
      if ((await access.may(who, topic, "send")) === null) return notFound(topic);
      const refusal = id === null ? null : await refuseNaming(taskTopic(id), context);
      if (refusal !== null) return refusal;
      const strangers = await strangersTo(
        topic,
        workspace_id,
        isPrivileged(who) ? [] : [args.user_id],
        context,
      );
      return write("task.create", { ...args, actor: actorOf(who), strangers });
    },
  },

  "task.list": {
    async run({ workspace_id, ...page }, { who, access, store }) {
      const topic = workspaceTopic(workspace_id);
      if ((await access.may(who, topic, "read")) === null) return notFound(topic);
      if ((await store.workspace(workspace_id)) === null) return notFound(topic);
      return { reply: await store.tasks(workspace_id, page) };
    },
  },

  "task.get": {
    async run({ id }, { who, access, store }) {
      if ((await access.may(who, taskTopic(id), "read")) === null) return NO_TASK;
      const task = await store.taskView(id);
      return task === null ? NO_TASK : { reply: task };
    },
  },

  "task.update": {
    async run({ id, changes, version = null }, context) {
      const { who, access } = context;
      if ((await access.may(who, taskTopic(id), "send")) === null) return NO_TASK;
      const strangers = await strangersOf(id, changes.user_id ?? null, context);
      return write("task.update", { id, changes, version, actor: actorOf(who), strangers });
    },
  },

  "task.delete": {
    async run({ id, version = null }, context) {
      const { who, access } = context;
      if ((await access.may(who, taskTopic(id), "send")) === null) return NO_TASK;
      return write("task.delete", {
        id,
        version,
        actor: actorOf(who),
        strangers: await strangersOf(id, null, context),
      });
    },
  },

  "task.tell": {
    async run(args, context) {
      const { who, store } = context;
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      const actor = actorFor(who, args.as_user);
      const recipients = recipientsOf(args, actor);
      if (recipients.length === 0) return refuse("NO_TARGET");

      const task = await store.task(args.task_id);
      const topics = await topicsOf(args, task, context);
      if (isRefusal(topics)) return topics;
      const workspace_id = args.workspace_id ?? task?.workspace_id ?? null;
      const others = whoMustBelong(who, recipients, workspace_id);
      if (isRefusal(others)) return others;

      const { task_id, title, action } = args;
      return write("task.tell", {
        task_id,
        title,
        action,
        workspace_id,
        topics,
        actor,
        recipients,
        ...others,
      });
    },
  },
});

/** Of those whom a change of a task concerns; whom an admin or key gives it to is told whoever he is. */
async function strangersOf(
  id: string,
  assigned: string | null,
  context: FeatureContext,
): Promise<readonly string[]> {
  const task = await context.store.taskView(id);
  if (task === null || task.workspace_id === null) return [];
  const concerned = [task.user_id, task.creator_id, assigned];
  const given = isPrivileged(context.who) ? assigned : null;
  const others = concerned.filter((one) => one !== given);
  return strangersTo(taskTopic(id), task.workspace_id, others, context);
}

/**
 * Who has no access himself: to be given a task, or to have made it before one was removed, tells nobody of
 * a workspace that he may not know of. One without stored members is opened by tokens only, which are not
 * at hand: there everybody is told.
 */
async function strangersTo(
  topic: Topic,
  workspaceId: string,
  concerned: readonly (string | null)[],
  { who, access, store }: FeatureContext,
): Promise<readonly string[]> {
  const ids = [...new Set(concerned)].filter((id): id is string => id !== null && id !== who.id);
  if (ids.length === 0) return [];
  const { items } = await store.members(workspaceTopic(workspaceId), { limit: 1 });
  if (items.length === 0) return [];
  const grants = await Promise.all(ids.map((id) => access.may(userBy(id), topic, "read")));
  return ids.filter((_, i) => grants[i] === null);
}

/** Somebody of whom no token is at hand. */
const userBy = (id: string): Principal => ({
  kind: "user",
  id,
  username: id,
  admin: false,
  rooms: [],
  workspaces: [],
  expiresAt: Number.POSITIVE_INFINITY,
});

const NO_TASK = refuse("NOT_FOUND", "Task not found");

/** Admins and keys may act for anyone; of everybody else `as_user` is ignored. */
function actorFor(who: Principal, asUser: string | null): Actor | null {
  const self = actorOf(who);
  if (!isPrivileged(who) || asUser === null || asUser === self?.id) return self;
  return { id: asUser, username: asUser };
}

/** Without targets only the actor is told. */
function recipientsOf({ targets }: TellArgs, actor: Actor | null): readonly string[] {
  if (targets.length > 0) return [...new Set(targets)];
  return actor === null ? [] : [actor.id];
}

/**
 * The rooms that hear of it, and only those that the caller may write to. A workspace that is
 * named and a task that is stored need access; what merely follows from them is left out instead.
 */
async function topicsOf(
  { task_id, workspace_id }: TellArgs,
  task: StoredTask | null,
  { who, access }: FeatureContext,
): Promise<Topic[] | Refusal> {
  const topics: Topic[] = [];
  const mayTell = async (topic: Topic): Promise<boolean> => (await access.may(who, topic, "notify")) !== null;

  const workspace = workspace_id ?? task?.workspace_id ?? null;
  if (workspace !== null) {
    if (await mayTell(workspaceTopic(workspace))) topics.push(workspaceTopic(workspace));
    else if (workspace_id !== null) return refuse("FORBIDDEN", "You don't have access to this workspace");
  }
  if (await mayTell(taskTopic(task_id))) topics.push(taskTopic(task_id));
  else if (task !== null) return refuse("FORBIDDEN", "You don't have access to this task");
  return topics;
}

/** Who names others must be a member of the task's workspace together with them; admins and keys need not. */
function whoMustBelong(
  who: Principal,
  recipients: readonly string[],
  workspace: string | null,
): Pick<OpArgs<"task.tell">, "membersOf" | "mustBeMembers"> | Refusal {
  if (isPrivileged(who) || recipients.every((id) => id === who.id))
    return { membersOf: null, mustBeMembers: [] };
  if (workspace === null)
    return refuse("FORBIDDEN", "To notify others, name a workspace_id that you and they are members of");
  return { membersOf: workspace, mustBeMembers: [...new Set([who.id, ...recipients])] };
}

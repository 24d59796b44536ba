import type {
  Change,
  FocusMember,
  NotificationData,
  Publication,
  TaskAction,
  TaskEventData,
  Via,
} from "../../core/event.ts";
import { toWireId, toWireIdOrNull } from "../../core/ids.ts";
import type { Actor } from "../../core/principal.ts";
import { userTopic } from "../../core/topic.ts";
import type { EncodeTable } from "../dialect.ts";
import { ALL, type EventFrame, type HeardKind } from "./frames.ts";

type Data<K extends HeardKind> = EventFrame<K>["data"];

/** Every kind as it is, in the order of its schema; only ids are spelled as all dialects spell them. */
export const encode = {
  "notification.created": (event, via) => told(event, via, notification(event.id, event.data, event.actor)),
  "announcement.created": (event, via) => told(event, via, notification(event.id, event.data, event.actor)),
  "notification.read": (event, via) => {
    const { user_id, ids, up_to, unread } = event.data;
    return told(event, via, {
      user_id: toWireId(user_id),
      ids: ids === null ? null : [...ids],
      up_to,
      unread,
    });
  },
  "notification.deleted": (event, via) => {
    const { user_id, ids, unread } = event.data;
    return told(event, via, { user_id: toWireId(user_id), ids: [...ids], unread });
  },
  "task.created": (event, via) => told(event, via, task(event.data)),
  "task.updated": (event, via) => told(event, via, task(event.data)),
  "task.completed": (event, via) => told(event, via, task(event.data)),
  "task.deleted": (event, via) => told(event, via, task(event.data)),
  "message.created": (event, via) => {
    const { message_id, content, user_id, username, metadata } = event.data;
    return told(event, via, { message_id, content, user_id: toWireId(user_id), username, metadata });
  },
  "message.edited": (event, via) => {
    const { message_id, content, edited_at } = event.data;
    return told(event, via, { message_id, content, edited_at });
  },
  "message.deleted": (event, via) => {
    const { message_id, deleted_at } = event.data;
    return told(event, via, { message_id, deleted_at });
  },
  "workspace.created": (event, via) => told(event, via, workspace(event.data)),
  "workspace.updated": (event, via) =>
    told(event, via, { ...workspace(event.data), changes: wireChanges(event.data.changes) }),
  "workspace.archived": (event, via) => told(event, via, workspace(event.data)),
  "member.added": (event, via) => {
    const { topic, user_id, role } = event.data;
    return told(event, via, { topic, user_id: toWireId(user_id), role });
  },
  "member.removed": (event, via) => {
    const { topic, user_id } = event.data;
    return told(event, via, { topic, user_id: toWireId(user_id) });
  },
  "room.moved": (event, via) => {
    const { topic, workspace_id, old_workspace_id } = event.data;
    return told(event, via, {
      topic,
      workspace_id: toWireIdOrNull(workspace_id),
      old_workspace_id: toWireId(old_workspace_id),
    });
  },
  "focus.updated": (event, via) => told(event, via, focusAction(event.data)),
  "focus.joined": (event, via) => told(event, via, focus(event.data)),
  "focus.left": (event, via) => told(event, via, focus(event.data)),
  "focus.relayed": (event, via) => told(event, via, focusAction(event.data)),
  "user.joined": (event, via) => told(event, via, presence(event.data)),
  "user.left": (event, via) => told(event, via, presence(event.data)),
  // From one notifier user to the notifier's sockets alone.
  "user.broadcast": null,
} satisfies EncodeTable;

const told = <K extends HeardKind>(event: Publication & { readonly kind: K }, via: Via, data: Data<K>) => ({
  type: "event" as const,
  kind: event.kind,
  topic: topicText(event, via),
  data,
  actor: event.actor === null ? null : wireActor(event.actor),
  at: event.at,
});

/** Where it is heard: by `*` its home; personally the one user's topic, of many users' only that it is personal. */
function topicText({ topics, recipients }: Publication, via: Via): string {
  const topic = via === ALL ? topics[0] : (via ?? undefined);
  if (topic !== undefined) return topic;
  const [only, ...others] = recipients ?? [];
  return only !== undefined && others.length === 0 ? userTopic(only) : "user";
}

const wireActor = ({ id, username }: Actor): { id: string | number; username: string } => ({
  id: toWireId(id),
  username,
});

function notification(id: number, data: NotificationData, actor: Actor | null): Data<"notification.created"> {
  return {
    id,
    title: data.title,
    content: data.content,
    level: data.level ?? "info",
    notification_type: data.notification_type,
    related_entity_type: data.related_entity_type,
    related_entity_id: toWireIdOrNull(data.related_entity_id),
    data: data.task === null ? data.data : { ...data.data, ...taskNotice(data.task, actor) },
    link: data.link,
    priority: data.priority ?? "normal",
    room: data.room,
  };
}

const taskNotice = (
  { task_id, action, workspace_id }: NonNullable<NotificationData["task"]>,
  actor: Actor | null,
): {
  task_id: string | number;
  action: TaskAction;
  workspace_id: string | number | null;
  actor_id: string | number | null;
} => ({
  task_id: toWireId(task_id),
  action,
  workspace_id: toWireIdOrNull(workspace_id),
  actor_id: toWireIdOrNull(actor?.id ?? null),
});

function task({
  task_id,
  action,
  title,
  task,
  changes,
  notification_id,
}: TaskEventData): Data<"task.created"> {
  return {
    task_id: toWireId(task_id),
    action,
    title,
    task: {
      title: task.title,
      description: task.description,
      status: task.status,
      priority: task.priority,
      due_date: task.due_date,
      workspace_id: toWireIdOrNull(task.workspace_id),
      user_id: toWireIdOrNull(task.user_id),
      assignee: task.assignee,
      creator: task.creator,
    },
    changes: wireChanges(changes),
    notification_id,
  };
}

const workspace = ({
  workspace_id,
  name,
}: {
  workspace_id: string;
  name: string;
}): Data<"workspace.created"> => ({
  workspace_id: toWireId(workspace_id),
  name,
});

const focus = ({ session_id, status, current_task_id, user }: FocusMember): Data<"focus.joined"> => ({
  session_id,
  status,
  current_task_id: toWireIdOrNull(current_task_id),
  user: wireActor(user),
});

const focusAction = (data: Publication<"focus.updated">["data"]): Data<"focus.updated"> => ({
  ...focus(data),
  action: data.action,
  data: data.data ?? null,
});

const presence = ({ user_id, username }: { user_id: string; username: string }): Data<"user.joined"> => ({
  user_id: toWireId(user_id),
  username,
});

/** Changed ids are written as ids are. */
const wireChanges = (changes: { readonly [field: string]: Change }): Data<"task.updated">["changes"] =>
  Object.fromEntries(
    Object.entries(changes).map(([field, change]) => {
      const write = field.endsWith("_id") ? wire : same;
      return [field, { old: write(change.old), new: write(change.new) }];
    }),
  );

const wire = (value: unknown): unknown => (typeof value === "string" ? toWireId(value) : value);
const same = (value: unknown): unknown => value;

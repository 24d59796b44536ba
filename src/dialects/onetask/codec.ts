import { parseJson } from "../../core/json.ts";
import { command } from "../../core/command.ts";
import type { FocusMember, Json, NotificationData, Publication, TaskAction, Via } from "../../core/event.ts";
import { toWireId, toWireIdOrNull } from "../../core/ids.ts";
import type { Actor } from "../../core/principal.ts";
import { idOf, typeOf } from "../../core/topic.ts";
import {
  type ConnectionView,
  type Decoded,
  type EncodeTable,
  type ReplyTable,
  type ToldRefusal,
} from "../dialect.ts";
import type {
  FocusNotice,
  FocusRelayFrame,
  FocusSessionUpdateFrame,
  NotificationFrame,
  TaskNotice,
} from "./frames.ts";

/** Only focus sessions listen to their clients: JSON is relayed as it is, anything else ignored. */
export function decode(text: string, view: ConnectionView): Decoded {
  if (view.path === null || typeOf(view.path) !== "focus") return null;
  const payload = parseJson(text);
  if (payload === undefined) return null;
  return command("focus.relay", { session_id: idOf(view.path), payload: payload as FocusRelayFrame });
}

/** Notifications are heard personally, task events in the workspace, focus events in the session. */
export const encode = {
  "notification.created": (event, via) => (via === null ? notification(event) : null),
  "notification.read": null,
  "notification.deleted": null,
  "room.moved": null,
  "announcement.created": (event) => notification(event),
  "task.created": (event, via) => taskEvent(event, via),
  "task.updated": (event, via) => taskEvent(event, via),
  "task.completed": (event, via) => taskEvent(event, via),
  "task.deleted": (event, via) => taskEvent(event, via),
  "message.created": null,
  "message.edited": null,
  "message.deleted": null,
  "workspace.created": null,
  "workspace.updated": null,
  "workspace.archived": null,
  // Of focus sessions: who may take part from now on, or no more.
  "member.added": ({ data: { focus } }, via) =>
    focus === undefined ? null : focusUpdate(focus, focusNotice("participant_joined", focus), via),
  "member.removed": ({ data: { focus } }, via) =>
    focus === undefined ? null : focusUpdate(focus, focusNotice("participant_left", focus), via),
  "focus.updated": ({ data }, via) => focusUpdate(data, focusNotice(data.action, data, data.data), via),
  "focus.joined": ({ data }, via) => focusUpdate(data, focusNotice("participant_joined", data), via),
  "focus.left": ({ data }, via) => focusUpdate(data, focusNotice("participant_left", data), via),
  "focus.relayed": ({ data }, via) =>
    focusUpdate(data, data.data === undefined ? focusNotice(data.action, data) : data.data, via),
  "user.joined": null,
  "user.left": null,
  "user.broadcast": null,
} satisfies EncodeTable;

/** A relay is answered by the relayed frame itself, which the sender hears too. */
export const replies = { "focus.relay": () => null } satisfies ReplyTable;

/** No error frame is documented. */
export const refusal = (): ToldRefusal => ({ frame: null });

const TASK_TITLES = {
  created: "Task Created",
  updated: "Task Updated",
  completed: "Task Completed",
  deleted: "Task Deleted",
} satisfies Record<TaskAction, string>;

const notification = ({
  id,
  at,
  actor,
  data,
}: Publication<"notification.created" | "announcement.created">): NotificationFrame => ({
  type: "notification",
  notification_id: id,
  title: data.title,
  content: data.content,
  notification_type: data.notification_type,
  related_entity_type: data.related_entity_type,
  related_entity_id: toWireIdOrNull(data.related_entity_id),
  created_at: at,
  data: data.task === null ? givenData(data) : taskNotice(data.task, actor),
});

/** The server's own fields come last: given data cannot pass for them. */
const givenData = ({ data, level, link, priority }: NotificationData): Record<string, Json> => ({
  ...data,
  ...(level === null ? {} : { level }),
  ...(link === null ? {} : { link }),
  ...(priority === null ? {} : { priority }),
});

const taskNotice = (task: NonNullable<NotificationData["task"]>, actor: Actor | null): TaskNotice => ({
  task_id: toWireId(task.task_id),
  action: task.action,
  workspace_id: toWireIdOrNull(task.workspace_id),
  actor_id: toWireIdOrNull(actor?.id ?? null),
});

/** The frame that the recipients see, for everybody who listens to the workspace. */
function taskEvent(
  { at, actor, data }: Publication<`task.${TaskAction}`>,
  via: Via,
): NotificationFrame | null {
  if (via === null || typeOf(via) !== "workspace") return null;
  const { task_id, action } = data;
  return {
    type: "notification",
    notification_id: data.notification_id,
    title: TASK_TITLES[action],
    content: `Task '${data.title}' was ${action}.`,
    notification_type: "task",
    related_entity_type: "task",
    related_entity_id: toWireId(task_id),
    created_at: at,
    data: taskNotice({ task_id, action, workspace_id: data.task.workspace_id ?? idOf(via) }, actor),
  };
}

function focusUpdate(
  { session_id, user }: FocusMember,
  data: FocusSessionUpdateFrame["data"],
  via: Via,
): FocusSessionUpdateFrame | null {
  if (via === null || typeOf(via) !== "focus") return null;
  return { type: "focus_session_update", session_id, sender_id: toWireId(user.id), data };
}

const focusNotice = (
  action: string,
  { user, status, current_task_id }: FocusMember,
  given?: Json,
): FocusNotice => ({
  action,
  user: { id: toWireId(user.id), username: user.username },
  status,
  current_task_id: toWireIdOrNull(current_task_id),
  ...(given === undefined ? {} : { data: given }),
});

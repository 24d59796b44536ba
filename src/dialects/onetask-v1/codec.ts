import { parseJson } from "../../core/json.ts";
import { command } from "../../core/command.ts";
import type { FocusMember, Json, Publication, TaskAction, Via } from "../../core/event.ts";
import { toWireId, toWireIdOrNull } from "../../core/ids.ts";
import { idOf, typeOf } from "../../core/topic.ts";
import {
  type ConnectionView,
  type Decoded,
  type EncodeTable,
  type ReplyTable,
  type ToldRefusal,
} from "../dialect.ts";
import {
  type FocusChangeFrame,
  focusChangeFrame,
  type FocusUpdateFrame,
  type NotificationFrame,
  type TaskUpdateFrame,
} from "./frames.ts";

const DEFAULT_ACTION = "status_change";

/** Only focus sessions listen to their clients; no error is documented, so a bad frame is ignored. */
export function decode(text: string, view: ConnectionView): Decoded {
  if (view.path === null || typeOf(view.path) !== "focus") return null;
  const frame = focusChangeFrame.safeParse(parseJson(text));
  if (!frame.success) return null;
  const { action, status, current_task_id, data }: FocusChangeFrame = frame.data;
  return command("focus.update", {
    session_id: idOf(view.path),
    action: action ?? DEFAULT_ACTION,
    ...(status === undefined || status === null ? {} : { status }),
    ...(current_task_id === undefined ? {} : { current_task_id }),
    ...(data === undefined ? {} : { data }),
  });
}

/** Notifications are heard personally, task events in the workspace, focus events in the session. */
export const encode = {
  "notification.created": (event, via) => (via === null ? notification(event) : null),
  "notification.read": null,
  "notification.deleted": null,
  "room.moved": null,
  "announcement.created": (event) => notification(event),
  "task.created": (event, via) => taskUpdate(event, via),
  "task.updated": (event, via) => taskUpdate(event, via),
  "task.completed": (event, via) => taskUpdate(event, via),
  "task.deleted": (event, via) => taskUpdate(event, via),
  "message.created": null,
  "message.edited": null,
  "message.deleted": null,
  "workspace.created": null,
  "workspace.updated": null,
  "workspace.archived": null,
  // Of focus sessions: who may take part from now on, or no more.
  "member.added": ({ data: { focus } }, via) =>
    focus === undefined ? null : focusUpdate("participant_joined", focus, undefined, via),
  "member.removed": ({ data: { focus } }, via) =>
    focus === undefined ? null : focusUpdate("participant_left", focus, undefined, via),
  "focus.updated": ({ data }, via) => focusUpdate(data.action, data, data.data, via),
  "focus.joined": ({ data }, via) => focusUpdate("participant_joined", data, undefined, via),
  "focus.left": ({ data }, via) => focusUpdate("participant_left", data, undefined, via),
  "focus.relayed": ({ data }, via) => focusUpdate(data.action, data, data.data, via),
  "user.joined": null,
  "user.left": null,
  "user.broadcast": null,
} satisfies EncodeTable;

/** A change is answered by the published frame itself, which the sender hears too. */
export const replies = { "focus.update": () => null } satisfies ReplyTable;

/** No error frame is documented. */
export const refusal = (): ToldRefusal => ({ frame: null });

const notification = ({
  id,
  at,
  data,
}: Publication<"notification.created" | "announcement.created">): NotificationFrame => ({
  type: "notification",
  data: {
    id,
    title: data.title,
    content: data.content,
    created_at: at,
    read: false,
    related_entity_type: data.related_entity_type,
    related_entity_id: toWireIdOrNull(data.related_entity_id),
  },
});

function taskUpdate({ data }: Publication<`task.${TaskAction}`>, via: Via): TaskUpdateFrame | null {
  if (via === null || typeOf(via) !== "workspace") return null;
  const { task_id, action, task } = data;
  return {
    type: "task_update",
    action,
    data: {
      id: toWireId(task_id),
      title: task.title ?? data.title,
      description: task.description,
      status: action === "completed" ? "completed" : task.status,
      priority: task.priority,
      due_date: task.due_date,
      workspace_id: toWireId(task.workspace_id ?? idOf(via)),
      user_id: toWireIdOrNull(task.user_id),
    },
  };
}

function focusUpdate(
  action: string,
  { session_id, user, status, current_task_id }: FocusMember,
  given: Json | undefined,
  via: Via,
): FocusUpdateFrame | null {
  if (via === null || typeOf(via) !== "focus") return null;
  return {
    type: "focus_update",
    action,
    data: {
      session_id,
      user: { id: toWireId(user.id), username: user.username },
      status,
      current_task_id: toWireIdOrNull(current_task_id),
      ...(given === undefined ? {} : { data: given }),
    },
  };
}

import type { NotificationData, Publication, TaskAction, Via } from "../../core/event.ts";
import { toWireId } from "../../core/ids.ts";
import { EVERYONE, typeOf } from "../../core/topic.ts";
import type { EncodeTable } from "../dialect.ts";
import type {
  AnnouncementFrame,
  BroadcastFrame,
  NotificationFrame,
  RoomMessageFrame,
  RoomNotificationFrame,
  TaskFrame,
} from "./frames.ts";
import { spellRoom } from "./rooms.ts";

/** Document 004, Response Format and Available Methods. */
export const encode = {
  "notification.created": (event, via) => {
    const { room } = event.data;
    if (room === null || typeOf(room) === "user") return via === null ? personal(event.data) : null;
    return via === room ? toRoom(event.data, via) : null;
  },
  "notification.read": null,
  "notification.deleted": null,
  "room.moved": null,
  "announcement.created": (event, via): AnnouncementFrame | null => {
    if (via !== EVERYONE) return null;
    return { type: "broadcast", message: event.data.content, data: notificationData(event.data), room: null };
  },

  "task.created": (event, via) => taskEvent(event, via),
  "task.updated": (event, via) => taskEvent(event, via),
  "task.completed": (event, via) => taskEvent(event, via),
  "task.deleted": (event, via) => taskEvent(event, via),

  "message.created": (event, via): RoomMessageFrame | null => {
    const room = nameOf(via);
    if (room === null) return null;
    const { content, user_id } = event.data;
    return { type: "room_message", message: content, data: { from_user_id: toWireId(user_id) }, room };
  },
  "message.edited": null,
  "message.deleted": null,

  "workspace.created": null,
  "workspace.updated": null,
  "workspace.archived": null,
  "member.added": null,
  "member.removed": null,
  "focus.updated": null,
  "focus.joined": null,
  "focus.left": null,
  "focus.relayed": null,
  "user.joined": null,
  "user.left": null,

  "user.broadcast": (event, via): BroadcastFrame | null => {
    if (via !== EVERYONE) return null;
    const { message, user_id } = event.data;
    return { type: "broadcast", message, data: { from_user_id: toWireId(user_id) }, room: null };
  },
} satisfies EncodeTable;

const nameOf = (via: Via): string | null => (via === null ? null : spellRoom(via));

const personal = (data: NotificationData): NotificationFrame => ({
  type: "info",
  message: data.content,
  data: notificationData(data),
  room: nameOf(data.room),
});

function toRoom(data: NotificationData, via: Via): RoomNotificationFrame | null {
  const room = nameOf(via);
  return room === null
    ? null
    : { type: "room_message", message: data.content, data: notificationData(data), room };
}

/** What was given, and behind it what only the server says. */
function notificationData({ data, level, task }: NotificationData): NotificationFrame["data"] {
  const { level: _level, notification: _notification, ...given } = data;
  return {
    ...given,
    level: level ?? "info",
    notification: true,
    ...(task === null ? {} : { task_id: toWireId(task.task_id), action: task.action }),
  };
}

function taskEvent({ data }: Publication<`task.${TaskAction}`>, via: Via): TaskFrame | null {
  const room = nameOf(via);
  if (room === null) return null;
  const { task_id, title, action } = data;
  return {
    type: "room_message",
    message: `Task '${title}' was ${action}.`,
    data: { level: "info", notification: true, task_id: toWireId(task_id), action },
    room,
  };
}

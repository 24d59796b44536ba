import type { Change, Publication, Via } from "../../core/event.ts";
import { toWireId } from "../../core/ids.ts";
import type { Actor } from "../../core/principal.ts";
import { EVERYONE, typeOf } from "../../core/topic.ts";
import type { EncodeTable, FrameBody, Frames } from "../dialect.ts";
import type {
  MessageDeletedFrame,
  MessageEditedFrame,
  MessageFrame,
  NotificationFrame,
  ProjectArchivedFrame,
  ProjectUpdatedFrame,
  TaskAssignedFrame,
  TaskCreatedFrame,
  TaskDeletedFrame,
  TaskStatusChangedFrame,
  TaskUpdatedFrame,
  UserJoinedFrame,
  UserLeftFrame,
} from "./frames.ts";
import { spellRoom } from "./rooms.ts";

const SYSTEM = "system";

const nameOf = (actor: Actor | null): string => actor?.username ?? SYSTEM;

/** Written only where it is heard in a room that chat can name. */
function inRoom(via: Via, write: (room: string) => FrameBody | readonly FrameBody[]): Frames {
  const room = via === null ? null : spellRoom(via);
  return room === null ? null : write(room);
}

/** Document 002, Server → Client Events. */
export const encode = {
  "notification.created": (event, via) => {
    const { room } = event.data;
    const personal = room === null || typeOf(room) === "user";
    if (personal ? via !== null : via !== room) return null;
    if (room === null) return notification(event);
    return inRoom(room, (name) => notification(event, name));
  },
  "notification.read": null,
  "notification.deleted": null,
  "room.moved": null,
  "announcement.created": (event, via) => (via === EVERYONE ? notification(event) : null),

  "task.created": (event, via) =>
    inRoom(via, (room): TaskCreatedFrame => {
      const { task_id, title, task, names } = event.data;
      return {
        type: "task.created",
        room,
        data: {
          task_id: toWireId(task_id),
          title,
          status: task.status,
          priority: task.priority,
          assignee: task.assignee ?? named(task.user_id, names),
          creator: named(task.creator, names),
        },
        sender: nameOf(event.actor),
        timestamp: event.at,
      };
    }),
  "task.updated": (event, via) => inRoom(via, (room) => taskChanges(event, room)),
  "task.completed": (event, via) => inRoom(via, (room) => taskChanges(event, room)),
  "task.deleted": (event, via) =>
    inRoom(via, (room): TaskDeletedFrame => ({
      type: "task.deleted",
      room,
      data: { task_id: toWireId(event.data.task_id), title: event.data.title },
      sender: nameOf(event.actor),
      timestamp: event.at,
    })),

  "message.created": (event, via) =>
    inRoom(via, (room): MessageFrame => ({
      type: "message",
      room,
      data: {
        content: event.data.content,
        username: event.data.username,
        user_id: toWireId(event.data.user_id),
        metadata: event.data.metadata,
        message_id: event.data.message_id,
      },
      sender: event.data.username,
      timestamp: event.at,
    })),
  "message.edited": (event, via) =>
    inRoom(via, (room): MessageEditedFrame => {
      const { message_id, content, edited_at } = event.data;
      return {
        type: "message.edited",
        room,
        data: { message_id, content, new_content: content, edited_at },
        sender: nameOf(event.actor),
        timestamp: event.at,
      };
    }),
  "message.deleted": (event, via) =>
    inRoom(via, (room): MessageDeletedFrame => ({
      type: "message.deleted",
      room,
      data: { message_id: event.data.message_id, deleted_at: event.data.deleted_at },
      sender: nameOf(event.actor),
      timestamp: event.at,
    })),

  "workspace.created": null,
  "workspace.updated": (event, via) =>
    inRoom(via, (room): ProjectUpdatedFrame => ({
      type: "project.updated",
      room,
      data: {
        project_id: toWireId(event.data.workspace_id),
        name: event.data.name,
        changes: wireChanges(Object.entries(event.data.changes)),
      },
      sender: nameOf(event.actor),
      timestamp: event.at,
    })),
  "workspace.archived": (event, via) =>
    inRoom(via, (room): ProjectArchivedFrame => ({
      type: "project.archived",
      room,
      data: { project_id: toWireId(event.data.workspace_id), name: event.data.name },
      sender: nameOf(event.actor),
      timestamp: event.at,
    })),

  "member.added": null,
  "member.removed": null,
  "focus.updated": null,
  "focus.joined": null,
  "focus.left": null,
  "focus.relayed": null,

  "user.joined": (event, via) =>
    inRoom(via, (room): UserJoinedFrame => ({
      type: "user_joined",
      room,
      data: { username: event.data.username, user_id: toWireId(event.data.user_id) },
      sender: event.data.username,
      timestamp: event.at,
    })),
  "user.left": (event, via) =>
    inRoom(via, (room): UserLeftFrame => ({
      type: "user_left",
      room,
      data: { username: event.data.username, user_id: toWireId(event.data.user_id) },
      sender: event.data.username,
      timestamp: event.at,
    })),
  "user.broadcast": null,
} satisfies EncodeTable;

function notification(
  event: Publication<"notification.created" | "announcement.created">,
  room?: string,
): NotificationFrame {
  const { title, content, link, priority } = event.data;
  return {
    type: "notification.new",
    ...(room === undefined ? {} : { room }),
    data: { title, message: content, link, priority: priority ?? "normal" },
    timestamp: event.at,
  };
}

/** One frame for each kind of change; completing is a change to `completed`. */
function taskChanges(event: Publication<"task.updated" | "task.completed">, room: string): FrameBody[] {
  const { title, changes, task, names } = event.data;
  const task_id = toWireId(event.data.task_id);
  const { status, user_id: assigned, ...others } = changes;
  const frames: FrameBody[] = [];
  if (event.kind === "task.completed" || status !== undefined) {
    frames.push({
      type: "task.status_changed",
      room,
      data: {
        task_id,
        old_status: textOrNull(status?.old),
        new_status: event.kind === "task.completed" ? "completed" : textOrNull(status?.new),
        changed_by: nameOf(event.actor),
      },
      sender: SYSTEM,
      timestamp: event.at,
    } satisfies TaskStatusChangedFrame);
  }
  if (assigned !== undefined) {
    const to = textOrNull(assigned.new);
    frames.push({
      type: "task.assigned",
      room,
      data: {
        task_id,
        title,
        assignee: (task.user_id === to ? task.assignee : null) ?? named(to, names),
        assigned_by: nameOf(event.actor),
      },
      sender: nameOf(event.actor),
      timestamp: event.at,
    } satisfies TaskAssignedFrame);
  }
  const entries = Object.entries(others);
  if (entries.length > 0 || frames.length === 0) {
    frames.push({
      type: "task.updated",
      room,
      data: { task_id, title, changes: wireChanges(entries) },
      sender: nameOf(event.actor),
      timestamp: event.at,
    } satisfies TaskUpdatedFrame);
  }
  return frames;
}

/** The username where it is known, else the id. */
function named(
  userId: string | null,
  names: { readonly [userId: string]: string } | undefined,
): string | null {
  if (userId === null) return null;
  return names !== undefined && Object.hasOwn(names, userId) ? (names[userId] ?? userId) : userId;
}

function textOrNull(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Changed ids are written as ids are. */
const wireChanges = (
  entries: readonly (readonly [string, Change])[],
): Record<string, { old: unknown; new: unknown }> =>
  Object.fromEntries(
    entries.map(([field, change]) => {
      const write = field.endsWith("_id") ? wire : same;
      return [field, { old: write(change.old), new: write(change.new) }];
    }),
  );

const wire = (value: unknown): unknown => (typeof value === "string" ? toWireId(value) : value);
const same = (value: unknown): unknown => value;

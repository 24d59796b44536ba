/**
 * Every frame of the chat dialect, keys in the documented order. The messages of the client
 * schemas are the dialect's documented errors: the first one is told.
 *
 * Source: document 002, WebSocket API Documentation.
 */
import { z } from "zod";
import { timestamp, wireId } from "../../core/ids.ts";
import type { Topic } from "../../core/topic.ts";
import { isRoomFormat, parseChatRoom } from "./rooms.ts";

const room = z
  .string("Room ID required")
  .min(1, { error: "Room ID required", abort: true })
  .transform((input, context): Topic => {
    const topic = parseChatRoom(input);
    if (topic !== null) return topic;
    const message = isRoomFormat(input) ? "Unsupported room type" : "Invalid room format";
    context.issues.push({ code: "custom", message, input });
    return z.NEVER;
  })
  .meta({ description: "project:<id>, channel:<id>, task:<id> or user:<id>." });

const content = z.string("Content required").refine((text) => text.trim() !== "", "Content required");

const messageId = z
  .union(
    [
      z.int("Message ID required").positive("Message ID required"),
      z
        .string()
        .regex(/^[1-9]\d{0,15}$/)
        .transform(Number),
    ],
    { error: "Message ID required" },
  )
  .refine(Number.isSafeInteger, "Message ID required");

const BAD_CURSOR = 'Invalid last_event_id: use a whole number from 0 or "latest"';

const lastEventId = z
  .union([z.int(BAD_CURSOR).nonnegative(BAD_CURSOR), z.literal("latest"), z.null()])
  .optional()
  .meta({
    description: "Also tell what the room published after this event; `latest`: from now on, with event ids.",
  });

/** Document 002, Join Room. `data` is ours: resume. */
export const joinRoomFrame = z.object({
  type: z.literal("join_room"),
  room,
  data: z
    .union(
      [
        z.object({ last_event_id: lastEventId }),
        z.null(),
        z.string(),
        z.number(),
        z.boolean(),
        z.array(z.unknown()),
      ],
      {
        error: BAD_CURSOR,
      },
    )
    .optional(),
});

/** Document 002, Leave Room. */
export const leaveRoomFrame = z.object({ type: z.literal("leave_room"), room });

/** Document 002, Send Message. */
export const sendMessageFrame = z.object({
  type: z.literal("send_message"),
  room,
  data: z.object(
    {
      content,
      metadata: z.looseObject({}).catch({}).default({}),
    },
    { error: "Content required" },
  ),
});

/** By the author or an admin; not in the document, which has only the event. */
export const editMessageFrame = z.object({
  type: z.literal("edit_message"),
  data: z.object({ message_id: messageId, content }, { error: "Message ID required" }),
});

/** By the author or an admin; not in the document, which has only the event. */
export const deleteMessageFrame = z.object({
  type: z.literal("delete_message"),
  data: z.object({ message_id: messageId }, { error: "Message ID required" }),
});

/** A fresh token before the old one expires. */
export const refreshFrame = z.object({
  type: z.literal("refresh"),
  data: z.object({ token: z.string("Token required").min(1, "Token required") }, { error: "Token required" }),
});

/** Document 002, Ping (Heartbeat). */
const pingFrame = z.object({ type: z.literal("ping") });

const roomName = z.string().meta({ description: "project:<id>, channel:<id>, task:<id> or user:<id>." });

/** The server's answer to one: no sender. */
const answer = <T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.object({ type: z.literal(type), data, timestamp });

/** Document 002, Event Envelope. */
const event = <T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.object({ type: z.literal(type), room: roomName, data, sender: z.string(), timestamp });

/** Document 002, Welcome Message. */
export const connectedFrame = answer(
  "connected",
  z.object({ message: z.string(), user_id: wireId, username: z.string() }),
);
export type ConnectedFrame = z.infer<typeof connectedFrame>;

const told = z.object({ message: z.string() });
export const joinedRoomFrame = z.object({
  type: z.literal("joined_room"),
  room: roomName,
  data: told,
  timestamp,
});
export type JoinedRoomFrame = z.infer<typeof joinedRoomFrame>;
export const leftRoomFrame = z.object({
  type: z.literal("left_room"),
  room: roomName,
  data: told,
  timestamp,
});
export type LeftRoomFrame = z.infer<typeof leftRoomFrame>;

const user = z.object({ username: z.string(), user_id: wireId });
export const userJoinedFrame = event("user_joined", user);
export type UserJoinedFrame = z.infer<typeof userJoinedFrame>;
export const userLeftFrame = event("user_left", user);
export type UserLeftFrame = z.infer<typeof userLeftFrame>;

/** Document 002, Send Message; `message_id` is ours. */
export const messageFrame = event(
  "message",
  z.object({
    content: z.string(),
    username: z.string(),
    user_id: wireId,
    metadata: z.looseObject({}),
    message_id: z.int(),
  }),
);
export type MessageFrame = z.infer<typeof messageFrame>;
export const messageEditedFrame = event(
  "message.edited",
  z.object({ message_id: z.int(), content: z.string(), new_content: z.string(), edited_at: timestamp }),
);
export type MessageEditedFrame = z.infer<typeof messageEditedFrame>;
export const messageDeletedFrame = event(
  "message.deleted",
  z.object({ message_id: z.int(), deleted_at: timestamp }),
);
export type MessageDeletedFrame = z.infer<typeof messageDeletedFrame>;

const textOrNull = z.string().nullable();
const changes = z.record(z.string(), z.object({ old: z.unknown(), new: z.unknown() }));

/** Document 002, Task Created. `assignee` and `creator` are usernames, the id where no name is known. */
export const taskCreatedFrame = event(
  "task.created",
  z.object({
    task_id: wireId,
    title: z.string(),
    status: textOrNull,
    priority: textOrNull,
    assignee: textOrNull,
    creator: textOrNull,
  }),
);
export type TaskCreatedFrame = z.infer<typeof taskCreatedFrame>;
export const taskUpdatedFrame = event(
  "task.updated",
  z.object({ task_id: wireId, title: z.string(), changes }),
);
export type TaskUpdatedFrame = z.infer<typeof taskUpdatedFrame>;
/** Document 002, Task Status Changed. */
export const taskStatusChangedFrame = event(
  "task.status_changed",
  z.object({ task_id: wireId, old_status: textOrNull, new_status: textOrNull, changed_by: z.string() }),
);
export type TaskStatusChangedFrame = z.infer<typeof taskStatusChangedFrame>;
export const taskAssignedFrame = event(
  "task.assigned",
  z.object({ task_id: wireId, title: z.string(), assignee: textOrNull, assigned_by: z.string() }),
);
export type TaskAssignedFrame = z.infer<typeof taskAssignedFrame>;
export const taskDeletedFrame = event("task.deleted", z.object({ task_id: wireId, title: z.string() }));
export type TaskDeletedFrame = z.infer<typeof taskDeletedFrame>;

export const projectUpdatedFrame = event(
  "project.updated",
  z.object({ project_id: wireId, name: z.string(), changes }),
);
export type ProjectUpdatedFrame = z.infer<typeof projectUpdatedFrame>;
export const projectArchivedFrame = event(
  "project.archived",
  z.object({ project_id: wireId, name: z.string() }),
);
export type ProjectArchivedFrame = z.infer<typeof projectArchivedFrame>;

/** Document 002, Notification; `room` only where it was told to a room. */
export const notificationFrame = z.object({
  type: z.literal("notification.new"),
  room: roomName.optional(),
  data: z.object({ title: z.string(), message: z.string(), link: textOrNull, priority: z.string() }),
  timestamp,
});
export type NotificationFrame = z.infer<typeof notificationFrame>;

export const pongFrame = answer("pong", z.object({ timestamp }));
export type PongFrame = z.infer<typeof pongFrame>;
export const refreshedFrame = answer("refreshed", z.object({ expires_at: timestamp }));
export type RefreshedFrame = z.infer<typeof refreshedFrame>;

/** Document 002, Error Message Format; `code` where a close with that code may follow. */
export const errorFrame = answer("error", z.object({ error: z.string(), code: z.int().optional() }));
export type ErrorFrame = z.infer<typeof errorFrame>;

export const frames = {
  client: {
    join_room: joinRoomFrame,
    leave_room: leaveRoomFrame,
    send_message: sendMessageFrame,
    edit_message: editMessageFrame,
    delete_message: deleteMessageFrame,
    refresh: refreshFrame,
    ping: pingFrame,
  },
  server: {
    connected: connectedFrame,
    joined_room: joinedRoomFrame,
    left_room: leftRoomFrame,
    user_joined: userJoinedFrame,
    user_left: userLeftFrame,
    message: messageFrame,
    "message.edited": messageEditedFrame,
    "message.deleted": messageDeletedFrame,
    "task.created": taskCreatedFrame,
    "task.updated": taskUpdatedFrame,
    "task.status_changed": taskStatusChangedFrame,
    "task.assigned": taskAssignedFrame,
    "task.deleted": taskDeletedFrame,
    "project.updated": projectUpdatedFrame,
    "project.archived": projectArchivedFrame,
    "notification.new": notificationFrame,
    pong: pongFrame,
    refreshed: refreshedFrame,
    error: errorFrame,
  },
} as const;

/**
 * Every frame of the notifier dialect: `type`, `message`, `data`, `room`, always all four. The
 * messages of the client schemas are the dialect's errors: the first one is told.
 *
 * Source: document 004, WebSocket Feature with Room Management.
 */
import { z } from "zod";
import { LEVELS, TASK_ACTIONS } from "../../core/event.ts";
import { wireId } from "../../core/ids.ts";
import type { Topic } from "../../core/topic.ts";
import { parseRoomName } from "./rooms.ts";

const room = z
  .string("Room name is required")
  .min(1, { error: "Room name is required", abort: true })
  .refine((text) => parseRoomName(text) !== null, {
    error: "Room name must be 1 to 128 characters without control characters",
    abort: true,
  })
  .transform((text) => parseRoomName(text) as Topic)
  .meta({ description: "project_<id>, channel_<id>, task_<id>, user_<id>, or any other name: a free room." });

const content = z.unknown().optional().meta({ description: "Text; any other JSON is written as text." });

const BAD_CURSOR = 'last_event_id must be a whole number from 0 or "latest"';

const lastEventId = z
  .union([z.int(BAD_CURSOR).nonnegative(BAD_CURSOR), z.literal("latest"), z.null()])
  .optional()
  .meta({
    description: "Also tell what the room published after this event; `latest`: from now on, with event ids.",
  });

/** Document 004, Message Format. */
export const textFrame = z.object({ type: z.literal("text"), data: content });

/** Document 004, Joining a Room. An object as `data` is ours: resume. */
export const joinRoomFrame = z.object({
  type: z.literal("join_room"),
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
  room,
});

/** Document 004, Leaving a Room. */
export const leaveRoomFrame = z.object({ type: z.literal("leave_room"), room });

/** Document 004, Sending Message to Room. */
export const sendRoomMessageFrame = z.object({ type: z.literal("room_message"), data: content, room });

/** Document 004, Message Format. */
export const sendBroadcastFrame = z.object({ type: z.literal("broadcast"), data: content });

/** Document 004, Response Format. */
const response = <T extends string, D extends z.ZodType, R extends z.ZodType>(type: T, data: D, room: R) =>
  z.object({ type: z.literal(type), message: z.string(), data, room });

const roomName = z.string();
const rooms = z.array(roomName);

export const welcomeFrame = response("info", z.object({ user_id: wireId, rooms }), z.null());
export type WelcomeFrame = z.infer<typeof welcomeFrame>;

/** `Joined room: X` and `Left room: X`; `rooms` is where the socket is now. */
export const roomsFrame = response("info", z.object({ rooms }), roomName);
export type RoomsFrame = z.infer<typeof roomsFrame>;

export const echoFrame = response("text", z.null(), z.null());
export type EchoFrame = z.infer<typeof echoFrame>;

const sender = z.object({ from_user_id: wireId });

export const roomMessageFrame = response("room_message", sender, roomName);
export type RoomMessageFrame = z.infer<typeof roomMessageFrame>;

/** One user's message to every socket of this dialect. */
export const broadcastFrame = response("broadcast", sender, z.null());
export type BroadcastFrame = z.infer<typeof broadcastFrame>;

/** The given data, then what only the server can say. */
const notificationData = z
  .looseObject({ level: z.enum(LEVELS), notification: z.literal(true) })
  .meta({ description: "The given data; `level` and `notification` are the server's." });

/** Document 004, Notify a Specific User; `room` for Notify User's Personal Room. */
export const notificationFrame = response("info", notificationData, roomName.nullable());
export type NotificationFrame = z.infer<typeof notificationFrame>;

/** Document 004, Notify All Users in a Room. */
export const roomNotificationFrame = response("room_message", notificationData, roomName);
export type RoomNotificationFrame = z.infer<typeof roomNotificationFrame>;

/** Document 004, Broadcast to All Connected Users. */
export const announcementFrame = response("broadcast", notificationData, z.null());
export type AnnouncementFrame = z.infer<typeof announcementFrame>;

/** A change of a task, told in its rooms. */
export const taskFrame = response(
  "room_message",
  z.object({
    level: z.literal("info"),
    notification: z.literal(true),
    task_id: wireId,
    action: z.enum(TASK_ACTIONS),
  }),
  roomName,
);
export type TaskFrame = z.infer<typeof taskFrame>;

export const errorFrame = response("error", z.object({ level: z.literal("error") }), z.null());
export type ErrorFrame = z.infer<typeof errorFrame>;

export const frames = {
  client: {
    text: textFrame,
    join_room: joinRoomFrame,
    leave_room: leaveRoomFrame,
    room_message: sendRoomMessageFrame,
    broadcast: sendBroadcastFrame,
  },
  server: {
    welcome: welcomeFrame,
    rooms: roomsFrame,
    echo: echoFrame,
    room_message: roomMessageFrame,
    broadcast: broadcastFrame,
    notification: notificationFrame,
    room_notification: roomNotificationFrame,
    announcement: announcementFrame,
    task: taskFrame,
    error: errorFrame,
  },
} as const;

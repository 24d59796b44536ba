/** What the documentation says of each frame. Source of the examples: document 004. */
import type { DocsOf } from "../dialect.ts";
import type { frames } from "./frames.ts";

export const docs = {
  client: {
    text: {
      summary: "Comes back as an echo.",
      examples: [{ type: "text", data: "Hello" }],
    },
    join_room: {
      summary: "Hear a room; with `data.last_event_id` also what was missed.",
      examples: [
        { type: "join_room", room: "project_123" },
        { type: "join_room", data: { last_event_id: 0 }, room: "project_123" },
      ],
    },
    leave_room: {
      summary: "Hear a room no more.",
      examples: [{ type: "leave_room", room: "project_123" }],
    },
    room_message: {
      summary: "A message to a room, in it or not.",
      examples: [{ type: "room_message", room: "project_123", data: "Hello everyone in the project!" }],
    },
    broadcast: {
      summary: "A message to every socket of this dialect (BROADCAST=users).",
      examples: [{ type: "broadcast", data: "Lunch is ready" }],
    },
  },
  server: {
    welcome: {
      summary: "The socket is open, and in the user's own room.",
      examples: [
        {
          type: "info",
          message: "Connected successfully. You are in room: user_123",
          data: { user_id: 123, rooms: ["user_123"] },
          room: null,
        },
      ],
    },
    rooms: {
      summary: "A room was joined or left; `rooms` is where the socket is now.",
      answers: ["join_room", "leave_room"],
      examples: [
        {
          type: "info",
          message: "Joined room: project_123",
          data: { rooms: ["user_123", "project_123"] },
          room: "project_123",
        },
        {
          type: "info",
          message: "Left room: project_123",
          data: { rooms: ["user_123"] },
          room: "project_123",
        },
      ],
    },
    echo: {
      summary: "What a `text` said.",
      answers: ["text"],
      examples: [{ type: "text", message: "Echo: Hello", data: null, room: null }],
    },
    room_message: {
      summary: "A message in a room; its sender hears it too, where he is in it.",
      tells: ["message.created"],
      answers: ["room_message"],
      examples: [
        {
          type: "room_message",
          message: "Hello everyone in the project!",
          data: { from_user_id: 123 },
          room: "project_123",
        },
      ],
    },
    broadcast: {
      summary: "One user's message to every socket of this dialect.",
      tells: ["user.broadcast"],
      answers: ["broadcast"],
      examples: [{ type: "broadcast", message: "Lunch is ready", data: { from_user_id: 123 }, room: null }],
    },
    notification: {
      summary: "A notification of the user; `room` is set by notify_user_in_room.",
      tells: ["notification.created"],
      examples: [
        {
          type: "info",
          message: "Your project upload is complete!",
          data: { project_id: 456, level: "success", notification: true },
          room: null,
        },
        {
          type: "info",
          message: "You have a new message",
          data: { level: "info", notification: true },
          room: "user_123",
        },
      ],
    },
    room_notification: {
      summary: "A notification for everybody in a room.",
      tells: ["notification.created"],
      examples: [
        {
          type: "room_message",
          message: "New screening result available",
          data: { level: "info", notification: true },
          room: "project_123",
        },
      ],
    },
    announcement: {
      summary: "A notification for everybody who is connected.",
      tells: ["announcement.created"],
      examples: [
        {
          type: "broadcast",
          message: "System maintenance in 5 minutes",
          data: { level: "warning", notification: true },
          room: null,
        },
      ],
    },
    task: {
      summary: "A change of a task, told in the rooms of its project and of itself.",
      tells: ["task.created", "task.updated", "task.completed", "task.deleted"],
      examples: [
        {
          type: "room_message",
          message: "Task 'Project Proposal' was completed.",
          data: { level: "info", notification: true, task_id: 456, action: "completed" },
          room: "project_123",
        },
      ],
    },
    error: {
      summary: "The last frame was refused; the socket stays open.",
      examples: [
        {
          type: "error",
          message: "Invalid message format: Room name is required",
          data: { level: "error" },
          room: null,
        },
      ],
    },
  },
} as const satisfies DocsOf<typeof frames>;

/** What the documentation says of each frame. Source of the examples: document 002. */
import type { DocsOf } from "../dialect.ts";
import type { frames } from "./frames.ts";

const timestamp = "2025-11-13T12:00:00.000Z";
/** Event ids begin at the milliseconds of the store's first start. */
const message_id = 1763035200001;
const alice = { username: "alice", user_id: 12345 };

/** An event as alice causes it, keys in the documented order. */
const event = <const T extends string, const D>(type: T, room: string, data: D, sender = "alice") => ({
  type,
  room,
  data,
  sender,
  timestamp,
});
const inChannel = <const T extends string, const D>(type: T, data: D) => event(type, "channel:456", data);
const inProject = <const T extends string, const D>(type: T, data: D, sender?: string) =>
  event(type, "project:123", data, sender);

export const docs = {
  client: {
    join_room: {
      summary: "Hear a room; with `data.last_event_id` also what was missed.",
      examples: [
        { type: "join_room", room: "channel:456" },
        { type: "join_room", room: "channel:456", data: { last_event_id: 0 } },
      ],
    },
    leave_room: {
      summary: "Hear a room no more.",
      examples: [{ type: "leave_room", room: "channel:456" }],
    },
    send_message: {
      summary: "A message to a room that was joined.",
      examples: [
        {
          type: "send_message",
          room: "channel:456",
          data: { content: "Hello everyone!", metadata: { reply_to: 789 } },
        },
        { type: "send_message", room: "channel:456", data: { content: "Hello" } },
      ],
    },
    edit_message: {
      summary: "New content for a message of one's own; admins: for any.",
      examples: [{ type: "edit_message", data: { message_id, content: "Hello, everyone!" } }],
    },
    delete_message: {
      summary: "Takes back a message of one's own; admins: any.",
      examples: [{ type: "delete_message", data: { message_id } }],
    },
    refresh: {
      summary: "A fresh token before the old one expires.",
      examples: [{ type: "refresh", data: { token: "<token>" } }],
    },
    ping: {
      summary: "Heartbeat.",
      examples: [{ type: "ping" }],
    },
  },
  server: {
    connected: {
      summary: "The socket is open.",
      examples: [
        {
          type: "connected",
          data: { message: "Connected successfully", user_id: 12345, username: "alice" },
          timestamp,
        },
      ],
    },
    joined_room: {
      summary: "The room is joined; only the joiner hears it.",
      answers: ["join_room"],
      examples: [
        {
          type: "joined_room",
          room: "channel:456",
          data: { message: "Joined room channel:456" },
          timestamp,
        },
      ],
    },
    left_room: {
      summary: "The room is left; also where access to it was taken away.",
      answers: ["leave_room"],
      examples: [
        { type: "left_room", room: "channel:456", data: { message: "Left room channel:456" }, timestamp },
      ],
    },
    user_joined: {
      summary: "A user's first socket joined the room; the joiner hears his own.",
      tells: ["user.joined"],
      answers: ["join_room"],
      examples: [inChannel("user_joined", alice)],
    },
    user_left: {
      summary: "A user's last socket left the room; the leaver hears his own.",
      tells: ["user.left"],
      answers: ["leave_room"],
      examples: [inChannel("user_left", alice)],
    },
    message: {
      summary: "A message in a room; its sender hears it too.",
      tells: ["message.created"],
      answers: ["send_message"],
      examples: [
        inChannel("message", {
          content: "Hello everyone!",
          ...alice,
          metadata: { reply_to: 789 },
          message_id,
        }),
      ],
    },
    "message.edited": {
      summary: "A message has new content.",
      tells: ["message.edited"],
      answers: ["edit_message"],
      examples: [
        inChannel("message.edited", {
          message_id,
          content: "Hello, everyone!",
          new_content: "Hello, everyone!",
          edited_at: timestamp,
        }),
      ],
    },
    "message.deleted": {
      summary: "A message was taken back.",
      tells: ["message.deleted"],
      answers: ["delete_message"],
      examples: [inChannel("message.deleted", { message_id, deleted_at: timestamp })],
    },
    "task.created": {
      summary: "A task was created.",
      tells: ["task.created"],
      examples: [
        inProject("task.created", {
          task_id: 789,
          title: "New feature implementation",
          status: "todo",
          priority: "high",
          assignee: "bob",
          creator: "alice",
        }),
      ],
    },
    "task.updated": {
      summary: "Fields of a task changed; its status and assignee are told by frames of their own.",
      tells: ["task.updated", "task.completed"],
      examples: [
        inProject("task.updated", {
          task_id: 789,
          title: "New feature implementation",
          changes: { priority: { old: "high", new: "low" } },
        }),
      ],
    },
    "task.status_changed": {
      summary: "A task has another status; completing is a change to `completed`.",
      tells: ["task.updated", "task.completed"],
      examples: [
        inProject(
          "task.status_changed",
          { task_id: 789, old_status: "todo", new_status: "in_progress", changed_by: "bob" },
          "system",
        ),
      ],
    },
    "task.assigned": {
      summary: "A task has another assignee.",
      tells: ["task.updated", "task.completed"],
      examples: [
        inProject("task.assigned", {
          task_id: 789,
          title: "New feature implementation",
          assignee: "bob",
          assigned_by: "alice",
        }),
      ],
    },
    "task.deleted": {
      summary: "A task was deleted.",
      tells: ["task.deleted"],
      examples: [inProject("task.deleted", { task_id: 789, title: "New feature implementation" })],
    },
    "project.updated": {
      summary: "A project has a new name.",
      tells: ["workspace.updated"],
      examples: [
        inProject("project.updated", {
          project_id: 123,
          name: "Website",
          changes: { name: { old: "Web site", new: "Website" } },
        }),
      ],
    },
    "project.archived": {
      summary: "A project was archived.",
      tells: ["workspace.archived"],
      examples: [inProject("project.archived", { project_id: 123, name: "Website" })],
    },
    "notification.new": {
      summary: "A notification of the user, of a room that he is in (then with `room`), or for everybody.",
      tells: ["notification.created", "announcement.created"],
      examples: [
        {
          type: "notification.new",
          data: {
            title: "You were mentioned",
            message: "Alice mentioned you in channel #general",
            link: "/project/123/channel/456",
            priority: "normal",
          },
          timestamp,
        },
        {
          type: "notification.new",
          room: "project:123",
          data: {
            title: "Notification",
            message: "New screening result available",
            link: null,
            priority: "normal",
          },
          timestamp,
        },
      ],
    },
    pong: {
      summary: "The server is there.",
      answers: ["ping"],
      examples: [{ type: "pong", data: { timestamp }, timestamp }],
    },
    refreshed: {
      summary: "The fresh token is taken; the socket lives until then.",
      answers: ["refresh"],
      examples: [{ type: "refreshed", data: { expires_at: "2025-11-13T13:00:00.000Z" }, timestamp }],
    },
    error: {
      summary: "The last frame was refused. With `code` the socket is closed with that code.",
      examples: [
        { type: "error", data: { error: "Not in room channel:456" }, timestamp },
        { type: "error", data: { error: "No access to channel:456.", code: 4403 }, timestamp },
      ],
    },
  },
} as const satisfies DocsOf<typeof frames>;

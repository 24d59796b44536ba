/** Every example of document 002, as it stands there. */
import { describe, expect, test } from "bun:test";
import type { Command, CommandName } from "../../../src/core/command.ts";
import { encode } from "../../../src/dialects/chat/encode.ts";
import { frames } from "../../../src/dialects/chat/frames.ts";
import { chat } from "../../../src/dialects/chat/index.ts";
import type { ConnectionView } from "../../../src/dialects/dialect.ts";
import { expectExactly } from "../native/frames.ts";
import { aNotice, aTaskEvent, aUser, publication, told, viewOf } from "../onetask/publications.ts";

const NOON = "2025-11-13T12:00:00Z";
const alice = { id: "12345", username: "alice" };
const view: ConnectionView = {
  ...viewOf("connect"),
  who: { ...aUser, ...alice },
  rooms: ["user:12345"],
  now: NOON,
};

const asked = <N extends CommandName>(text: string): Command<N> => chat.decode(text, view) as Command<N>;

describe("what clients send", () => {
  test("join_room", () => {
    const text = `{
      "type": "join_room",
      "room": "channel:456"
    }`;
    expect(frames.client.join_room.safeParse(JSON.parse(text)).success).toBe(true);
    expect(asked(text)).toEqual({
      name: "room.join",
      args: { topics: ["channel:456"], lastEventId: undefined },
    } as Command);
  });

  test("leave_room", () => {
    const text = `{
      "type": "leave_room",
      "room": "channel:456"
    }`;
    expect(frames.client.leave_room.safeParse(JSON.parse(text)).success).toBe(true);
    expect(asked(text)).toEqual({ name: "room.leave", args: { topics: ["channel:456"] } } as Command);
  });

  test("send_message", () => {
    const text = `{
      "type": "send_message",
      "room": "channel:456",
      "data": {
        "content": "Hello everyone!",
        "metadata": {
          "reply_to": 789
        }
      }
    }`;
    expect(frames.client.send_message.safeParse(JSON.parse(text)).success).toBe(true);
    expect(asked(text)).toEqual({
      name: "message.send",
      args: {
        topic: "channel:456",
        content: "Hello everyone!",
        metadata: { reply_to: 789 },
        mustBeIn: true,
      },
    } as Command);
  });

  test("ping", () => {
    const text = `{
      "type": "ping"
    }`;
    expect(frames.client.ping.safeParse(JSON.parse(text)).success).toBe(true);
    expect(chat.decode(text, view)).toHaveProperty("answer");
  });

  test("what is typed into wscat", () => {
    expect(asked(`{"type": "join_room", "room": "channel:1"}`)).toEqual({
      name: "room.join",
      args: { topics: ["channel:1"], lastEventId: undefined },
    } as Command);
    expect(asked(`{"type": "send_message", "room": "channel:1", "data": {"content": "Hello"}}`)).toEqual({
      name: "message.send",
      args: { topic: "channel:1", content: "Hello", metadata: {}, mustBeIn: true },
    } as Command);
  });

  test("all four room types", () => {
    for (const [room, topic] of [
      ["project:123", "workspace:123"],
      ["channel:456", "channel:456"],
      ["task:789", "task:789"],
      ["user:12345", "user:12345"],
    ]) {
      expect(
        asked<"room.leave">(JSON.stringify({ type: "leave_room", room })).args.topics as string[],
      ).toEqual([topic!]);
    }
  });
});

describe("what the server sends", () => {
  test("the welcome", () => {
    expectExactly(
      chat.sockets[0]?.welcome?.({ ...view, now: "2025-11-13T12:00:00.000000Z" }),
      `{
        "type": "connected",
        "data": {
          "message": "Connected successfully",
          "user_id": 12345,
          "username": "alice"
        },
        "timestamp": "2025-11-13T12:00:00.000000Z"
      }`,
    );
  });

  test("joined_room", () => {
    expectExactly(
      chat.replies["room.join"]({ topics: ["channel:456"], rooms: ["user:12345", "channel:456"] }, view),
      `{
        "type": "joined_room",
        "room": "channel:456",
        "data": {
          "message": "Joined room channel:456"
        },
        "timestamp": "2025-11-13T12:00:00Z"
      }`,
    );
  });

  test("user_joined", () => {
    expectExactly(
      told(
        encode,
        publication(
          "user.joined",
          { user_id: "12345", username: "alice" },
          { id: 0, at: NOON, actor: alice },
        ),
        "channel:456",
      ),
      `{
        "type": "user_joined",
        "room": "channel:456",
        "data": {
          "username": "alice",
          "user_id": 12345
        },
        "sender": "alice",
        "timestamp": "2025-11-13T12:00:00Z"
      }`,
    );
  });

  test("message, with one extra field: message_id", () => {
    expectExactly(
      told(
        encode,
        publication(
          "message.created",
          {
            message_id: 77,
            content: "Hello everyone!",
            user_id: "12345",
            username: "alice",
            metadata: { reply_to: 789 },
          },
          { id: 77, at: NOON, actor: alice },
        ),
        "channel:456",
      ),
      `{
        "type": "message",
        "room": "channel:456",
        "data": {
          "content": "Hello everyone!",
          "username": "alice",
          "user_id": 12345,
          "metadata": {
            "reply_to": 789
          },
          "message_id": 77
        },
        "sender": "alice",
        "timestamp": "2025-11-13T12:00:00Z"
      }`,
    );
  });

  test("pong", () => {
    const decoded = chat.decode(`{"type": "ping"}`, view);
    expectExactly(
      (decoded as { answer: object }).answer,
      `{
        "type": "pong",
        "data": {
          "timestamp": "2025-11-13T12:00:00Z"
        },
        "timestamp": "2025-11-13T12:00:00Z"
      }`,
    );
  });

  test("task.created", () => {
    const event = publication(
      "task.created",
      {
        ...aTaskEvent,
        task_id: "789",
        action: "created",
        title: "New feature implementation",
        task: { ...aTaskEvent.task, status: "todo", priority: "high", assignee: "bob", creator: "alice" },
      },
      { topics: ["workspace:123", "task:789"], at: NOON, actor: alice },
    );
    expectExactly(
      told(encode, event, "workspace:123"),
      `{
        "type": "task.created",
        "room": "project:123",
        "data": {
          "task_id": 789,
          "title": "New feature implementation",
          "status": "todo",
          "priority": "high",
          "assignee": "bob",
          "creator": "alice"
        },
        "sender": "alice",
        "timestamp": "2025-11-13T12:00:00Z"
      }`,
    );
  });

  test("task.status_changed", () => {
    const event = publication(
      "task.updated",
      {
        ...aTaskEvent,
        task_id: "789",
        changes: { status: { old: "todo", new: "in_progress" } },
      },
      { topics: ["workspace:123", "task:789"], at: NOON, actor: { id: "6", username: "bob" } },
    );
    expectExactly(
      told(encode, event, "workspace:123"),
      `{
        "type": "task.status_changed",
        "room": "project:123",
        "data": {
          "task_id": 789,
          "old_status": "todo",
          "new_status": "in_progress",
          "changed_by": "bob"
        },
        "sender": "system",
        "timestamp": "2025-11-13T12:00:00Z"
      }`,
    );
  });

  test("notification.new", () => {
    const event = publication(
      "notification.created",
      {
        ...aNotice,
        title: "You were mentioned",
        content: "Alice mentioned you in channel #general",
        link: "/project/123/channel/456",
      },
      { recipients: ["12345"], at: NOON },
    );
    expectExactly(
      told(encode, event, null),
      `{
        "type": "notification.new",
        "data": {
          "title": "You were mentioned",
          "message": "Alice mentioned you in channel #general",
          "link": "/project/123/channel/456",
          "priority": "normal"
        },
        "timestamp": "2025-11-13T12:00:00Z"
      }`,
    );
  });

  test("error", () => {
    expectExactly(
      chat.refusal({ refused: "NOT_FOUND", detail: "Error description" }, view, null).frame,
      `{
        "type": "error",
        "data": {
          "error": "Error description"
        },
        "timestamp": "2025-11-13T12:00:00Z"
      }`,
    );
  });
});

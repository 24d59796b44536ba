/** Every example of document 004, as it stands there. */
import { describe, expect, test } from "bun:test";
import { type Command, command } from "../../../src/core/command.ts";
import type { Level } from "../../../src/core/event.ts";
import { encode } from "../../../src/dialects/notifier/encode.ts";
import { frames } from "../../../src/dialects/notifier/frames.ts";
import { notifier } from "../../../src/dialects/notifier/index.ts";
import { expectExactly } from "../native/frames.ts";
import { aNotice, aUser, publication, told, viewOf } from "../onetask/publications.ts";

const view = { ...viewOf("connect"), who: { ...aUser, id: "5" } };
const decode = (frame: object) => notifier.decode(JSON.stringify(frame));

describe("what clients send", () => {
  test("joining a room, without data", () => {
    const frame = { type: "join_room", room: "project_123" };
    expect(frames.client.join_room.safeParse(frame).success).toBe(true);
    expect(decode(frame)).toEqual(
      command("room.join", { topics: ["workspace:123"], lastEventId: undefined }) as Command,
    );
  });

  test("leaving a room", () => {
    const frame = { type: "leave_room", room: "project_123" };
    expect(frames.client.leave_room.safeParse(frame).success).toBe(true);
    expect(decode(frame)).toEqual(command("room.leave", { topics: ["workspace:123"] }) as Command);
  });

  test("sending a message to a room", () => {
    const frame = { type: "room_message", room: "project_123", data: "Hello everyone in the project!" };
    expect(frames.client.room_message.safeParse(frame).success).toBe(true);
    expect(decode(frame)).toEqual(
      command("message.send", {
        topic: "workspace:123",
        content: "Hello everyone in the project!",
        metadata: {},
        mustBeIn: false,
      }) as Command,
    );
  });

  test("the message format, for each of its types", () => {
    for (const type of ["text", "join_room", "leave_room", "room_message", "broadcast"]) {
      const decoded = decode({ type, data: "message content or data", room: "room_name" });
      expect(JSON.stringify(decoded)).not.toContain("Invalid message format");
    }
    expect(decode({ type: "broadcast", data: "message content or data" })).toEqual(
      command("user.broadcast", { message: "message content or data" }) as Command,
    );
  });
});

describe("what the notification service sends", () => {
  const notice = (content: string, level: Level | null, data = {}) => ({ ...aNotice, content, level, data });

  test("notify_user", () => {
    expectExactly(
      told(
        encode,
        publication(
          "notification.created",
          notice("Your project upload is complete!", "success", { project_id: 456 }),
          { recipients: ["123"] },
        ),
        null,
      ),
      `{"type":"info","message":"Your project upload is complete!","data":{"project_id":456,"level":"success","notification":true},"room":null}`,
    );
    expectExactly(
      told(
        encode,
        publication(
          "notification.created",
          notice("Processing complete!", "success", { custom_field: "value" }),
          { recipients: ["123"] },
        ),
        null,
      ),
      `{"type":"info","message":"Processing complete!","data":{"custom_field":"value","level":"success","notification":true},"room":null}`,
    );
    expectExactly(
      told(
        encode,
        publication(
          "notification.created",
          notice("File 'a.pdf' uploaded successfully!", "success", { project_id: 9, filename: "a.pdf" }),
          { recipients: ["123"] },
        ),
        null,
      ),
      `{"type":"info","message":"File 'a.pdf' uploaded successfully!","data":{"project_id":9,"filename":"a.pdf","level":"success","notification":true},"room":null}`,
    );
    expectExactly(
      told(
        encode,
        publication(
          "notification.created",
          notice("Processing failed: no disk", "error", { data_id: 4, error: "no disk" }),
          { recipients: ["123"] },
        ),
        null,
      ),
      `{"type":"info","message":"Processing failed: no disk","data":{"data_id":4,"error":"no disk","level":"error","notification":true},"room":null}`,
    );
  });

  test("notify_room", () => {
    const event = publication(
      "notification.created",
      { ...notice("New screening result available", "info"), room: "workspace:123" },
      { topics: ["workspace:123"], recipients: ["5", "6"] },
    );
    expectExactly(
      told(encode, event, "workspace:123"),
      `{"type":"room_message","message":"New screening result available","data":{"level":"info","notification":true},"room":"project_123"}`,
    );
    expect(told(encode, event, null)).toBeNull();
    const update = publication(
      "notification.created",
      { ...notice("Renamed", null, { project_id: 123, action: "project_update" }), room: "workspace:123" },
      { topics: ["workspace:123"] },
    );
    expectExactly(
      told(encode, update, "workspace:123"),
      `{"type":"room_message","message":"Renamed","data":{"project_id":123,"action":"project_update","level":"info","notification":true},"room":"project_123"}`,
    );
  });

  test("broadcast", () => {
    const event = publication("announcement.created", notice("System maintenance in 5 minutes", "warning"), {
      topics: ["everyone"],
    });
    expectExactly(
      told(encode, event, "everyone"),
      `{"type":"broadcast","message":"System maintenance in 5 minutes","data":{"level":"warning","notification":true},"room":null}`,
    );
    expect(told(encode, event, null)).toBeNull();
  });

  test("notify_user_in_room", () => {
    const event = publication(
      "notification.created",
      { ...notice("You have a new message", "info"), room: "user:5" },
      { recipients: ["5"] },
    );
    expectExactly(
      told(encode, event, null),
      `{"type":"info","message":"You have a new message","data":{"level":"info","notification":true},"room":"user_5"}`,
    );
    expect(told(encode, event, "user:5")).toBeNull();
  });
});

describe("what the socket itself sends", () => {
  test("the welcome names the personal room", () => {
    expectExactly(
      notifier.sockets[0]?.welcome?.({ ...view, rooms: ["user:5", "focus:s"] }),
      `{"type":"info","message":"Connected successfully. You are in room: user_5","data":{"user_id":5,"rooms":["user_5"]},"room":null}`,
    );
  });

  test("a text comes back", () => {
    expectExactly(
      (decode({ type: "text", data: "hi" }) as { answer: object }).answer,
      `{"type":"text","message":"Echo: hi","data":null,"room":null}`,
    );
  });

  test("Joined room, Left room", () => {
    expectExactly(
      notifier.replies["room.join"]({
        topics: ["workspace:123"],
        rooms: ["user:5", "workspace:123", "room:lobby"],
      }),
      `{"type":"info","message":"Joined room: project_123","data":{"rooms":["user_5","project_123","lobby"]},"room":"project_123"}`,
    );
    const left = `{"type":"info","message":"Left room: project_123","data":{"rooms":["user_5"]},"room":"project_123"}`;
    expectExactly(
      notifier.replies["room.leave"]({ left: ["workspace:123"], missed: [], rooms: ["user:5"] }),
      left,
    );
    expectExactly(
      notifier.replies["room.leave"]({ left: [], missed: ["workspace:123"], rooms: ["user:5"] }),
      left,
    );
  });

  test("a room message, with its sender", () => {
    const message = { message_id: 1, content: "Hello", user_id: "5", username: "alice", metadata: {} };
    expectExactly(
      told(encode, publication("message.created", message), "room:lobby"),
      `{"type":"room_message","message":"Hello","data":{"from_user_id":5},"room":"lobby"}`,
    );
  });

  test("a user's broadcast", () => {
    expectExactly(
      told(encode, publication("user.broadcast", { message: "Hello", user_id: "5" }), "everyone"),
      `{"type":"broadcast","message":"Hello","data":{"from_user_id":5},"room":null}`,
    );
  });
});

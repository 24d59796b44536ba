/** What document 004 leaves open and the contract decides: errors, rooms, identity. */
import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { type Command, command } from "../../../src/core/command.ts";
import { ERRORS, type ErrorCode, refuse } from "../../../src/core/errors.ts";
import { encode } from "../../../src/dialects/notifier/encode.ts";
import { frames } from "../../../src/dialects/notifier/frames.ts";
import { notifier } from "../../../src/dialects/notifier/index.ts";
import { parseRoomName, spellRoom } from "../../../src/dialects/notifier/rooms.ts";
import { aFrameText, aRoomText, expectDescribed, expectExactly, listOf } from "../native/frames.ts";
import {
  aNotice,
  anyPublication,
  anyVia,
  aTaskEvent,
  publication,
  told,
  viewOf,
} from "../onetask/publications.ts";

const view = viewOf("connect");
const types = Object.keys(frames.client);

const errorOf = (text: string): string => {
  const { answer } = notifier.decode(text) as { answer: { message: string } };
  expectExactly(
    answer,
    JSON.stringify({ type: "error", message: answer.message, data: { level: "error" }, room: null }),
  );
  return answer.message;
};
const sent = (frame: object): string => errorOf(JSON.stringify(frame));

describe("what cannot be read is answered with an error", () => {
  test("text that is not JSON, JSON that is no object", () => {
    for (const text of ["", "hello", "{"])
      expect(errorOf(text)).toBe("Invalid message format: not valid JSON");
    for (const text of ["[]", "1", "null", '"text"'])
      expect(errorOf(text)).toBe("Invalid message format: not a JSON object");
  });

  test("an unknown type", () => {
    expect(sent({ type: "nope" })).toBe("Invalid message format: Unknown message type: nope");
    expect(sent({ type: "notification" })).toBe("Invalid message format: Unknown message type: notification");
    expect(sent({})).toBe("Invalid message format: Unknown message type: null");
    expect(sent({ type: "x".repeat(99) })).toBe(
      `Invalid message format: Unknown message type: ${"x".repeat(64)}`,
    );
  });

  test("a room is needed, and has a name", () => {
    for (const type of ["join_room", "leave_room", "room_message"]) {
      for (const room of [undefined, null, "", 9, {}]) {
        expect(sent({ type, room, data: "x" })).toBe("Invalid message format: Room name is required");
      }
      for (const room of ["a\nb", "x".repeat(129), "\ud800"]) {
        expect(sent({ type, room, data: "x" })).toBe(
          "Invalid message format: Room name must be 1 to 128 characters without control characters",
        );
      }
    }
    expect(sent({ type: "room_message" })).toBe("Invalid message format: Room name is required");
  });

  test("a message is needed", () => {
    for (const data of [undefined, null, ""]) {
      expect(sent({ type: "room_message", room: "lobby", data })).toBe(
        "Invalid message format: Message is required",
      );
      expect(sent({ type: "broadcast", data })).toBe("Invalid message format: Message is required");
    }
  });

  test("a bad cursor is told, not ignored: nothing is missed in silence", () => {
    for (const last_event_id of ["x", -1, 1.5, true, {}]) {
      expect(sent({ type: "join_room", room: "lobby", data: { last_event_id } })).toStartWith(
        "Invalid message format: last_event_id must be",
      );
    }
  });
});

describe("what is read with tolerance", () => {
  test("data of any type is text", () => {
    const echoed = (data: unknown) =>
      (notifier.decode(JSON.stringify({ type: "text", data })) as { answer: { message: string } }).answer
        .message;
    expect([undefined, null, "", "a", 1, true, [1], { a: 1 }].map(echoed)).toEqual([
      "Echo: ",
      "Echo: ",
      "Echo: ",
      "Echo: a",
      "Echo: 1",
      "Echo: true",
      "Echo: [1]",
      'Echo: {"a":1}',
    ]);
    expect(notifier.decode(`{"type":"room_message","room":"lobby","data":{"a":[1]}}`)).toHaveProperty(
      "args.content",
      '{"a":[1]}',
    );
  });

  test("a join may resume; data that is no object is not looked at", () => {
    const join = (data: unknown) =>
      notifier.decode(JSON.stringify({ type: "join_room", room: "lobby", data }));
    const joined = (lastEventId: number | "latest" | undefined) =>
      command("room.join", { topics: ["room:lobby"], lastEventId }) as Command;
    for (const last_event_id of [0, 7, "latest"] as const)
      expect(join({ last_event_id })).toEqual(joined(last_event_id));
    for (const data of [undefined, null, "", "7", 7, [7], {}, { last_event_id: null }]) {
      expect(join(data)).toEqual(joined(undefined));
    }
  });

  test("rooms of both spellings are one, every other name is a free room", () => {
    for (const [name, topic] of [
      ["project_789", "workspace:789"],
      ["project:789", "workspace:789"],
      ["workspace_789", "workspace:789"],
      ["user_5", "user:5"],
      ["channel:9", "channel:9"],
      ["task_7", "task:7"],
      ["lobby", "room:lobby"],
      ["project_", "room:project_"],
      ["focus:s", "room:focus:s"],
      ["everyone", "room:everyone"],
      ["__proto__", "room:__proto__"],
    ] as const) {
      expect(parseRoomName(name)).toBe(topic);
    }
  });

  test("a topic is only called by a name that means it", () => {
    expect(spellRoom("room:project_5")).toBeNull();
    expect(spellRoom("room:user:5")).toBeNull();
    expect(spellRoom("focus:s")).toBeNull();
    expect(spellRoom("everyone")).toBeNull();
    fc.assert(
      fc.property(aRoomText, (text) => {
        const topic = parseRoomName(text);
        if (topic !== null) expect(parseRoomName(spellRoom(topic)!)).toBe(topic);
        if (topic?.startsWith("room:")) expect(spellRoom(topic)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("what is refused", () => {
  const join = command("room.join", { topics: ["workspace:9"] });

  test("no access: Forbidden, and the socket stays open", () => {
    expect(notifier.refusal(refuse("FORBIDDEN"), view, join)).toEqual({
      frame: {
        type: "error",
        message: "Forbidden: No access to room project_9",
        data: { level: "error" },
        room: null,
      },
    });
    const send = command("message.send", { topic: "channel:9", content: "x", metadata: {}, mustBeIn: false });
    expect(notifier.refusal(refuse("FORBIDDEN"), view, send).frame).toHaveProperty(
      "message",
      "Forbidden: No access to room channel_9",
    );
    const broadcast = command("user.broadcast", { message: "x" });
    expect(
      notifier.refusal(refuse("FORBIDDEN", "Only admins can broadcast."), view, broadcast).frame,
    ).toHaveProperty("message", "Forbidden: Only admins can broadcast.");
  });

  test("everything else in its own words", () => {
    for (const code of Object.keys(ERRORS) as ErrorCode[]) {
      const { frame, close } = notifier.refusal(refuse(code), view, null);
      expectDescribed(frame!, frames.server);
      expect(close).toBeUndefined();
    }
    expect(notifier.refusal(refuse("TOO_MANY_REQUESTS", "Slow down."), view, null).frame).toHaveProperty(
      "message",
      "Slow down.",
    );
  });

  test("the handshake: HTTP 403 and 429", () => {
    expect(notifier.handshake).toEqual({ unauthenticated: { status: 403 }, tooMany: { status: 429 } });
  });
});

describe("what is told", () => {
  test("task events in rooms, in words", () => {
    for (const action of ["created", "updated", "completed", "deleted"] as const) {
      expectExactly(
        told(encode, publication(`task.${action}`, { ...aTaskEvent, action }), "workspace:9"),
        `{"type":"room_message","message":"Task 'Project Proposal' was ${action}.","data":{"level":"info","notification":true,"task_id":456,"action":"${action}"},"room":"project_9"}`,
      );
    }
  });

  test("a notification of a task names it", () => {
    const task = { task_id: "456", action: "updated", workspace_id: "9" } as const;
    expectExactly(
      told(encode, publication("notification.created", { ...aNotice, task }, { recipients: ["1"] }), null),
      `{"type":"info","message":"Notification content text","data":{"level":"info","notification":true,"task_id":456,"action":"updated"},"room":null}`,
    );
  });

  test("given data cannot say what only the server says", () => {
    const data = { level: "error", a: 1, notification: false, from_user_id: 1 };
    expectExactly(
      told(
        encode,
        publication("notification.created", { ...aNotice, level: "success", data }, { recipients: ["1"] }),
        null,
      ),
      `{"type":"info","message":"Notification content text","data":{"a":1,"from_user_id":1,"level":"success","notification":true},"room":null}`,
    );
  });

  test("joins, leaves, edits and workspaces are nobody's business here", () => {
    for (const kind of [
      "message.edited",
      "message.deleted",
      "user.joined",
      "user.left",
      "member.added",
      "member.removed",
      "workspace.created",
      "workspace.updated",
      "workspace.archived",
      "focus.updated",
      "focus.joined",
      "focus.left",
      "focus.relayed",
    ] as const) {
      expect(encode[kind]).toBeNull();
    }
  });
});

describe("whatever comes", () => {
  const allowed: Partial<Record<Command["name"], string[]>> = {
    "room.join": ["topics", "lastEventId"],
    "room.leave": ["topics"],
    "message.send": ["topic", "content", "metadata", "mustBeIn"],
    "user.broadcast": ["message"],
  };

  test("decode answers with a documented frame or a command that nobody's payload signs", () => {
    fc.assert(
      fc.property(aFrameText(types), (text) => {
        const decoded = notifier.decode(text);
        if (decoded === null) throw new Error("notifier answers everything");
        if ("answer" in decoded) expectDescribed(decoded.answer, frames.server);
        else expect(Object.keys(decoded.args)).toEqual(allowed[decoded.name]!);
      }),
      { numRuns: 2000 },
    );
  });

  test("every frame is described by its schema, keys in order, all four always", () => {
    fc.assert(
      fc.property(anyPublication, anyVia, (event, via) => {
        for (const frame of listOf(told(encode, event, via))) {
          expectDescribed(frame, frames.server);
          expect(Object.keys(frame)).toEqual(["type", "message", "data", "room"]);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

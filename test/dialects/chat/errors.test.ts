/** Document 002, Error Codes, and the errors that the contract lists. */
import { describe, expect, test } from "bun:test";
import { CLOSES } from "../../../src/core/closes.ts";
import { command } from "../../../src/core/command.ts";
import { refuse } from "../../../src/core/errors.ts";
import { chat } from "../../../src/dialects/chat/index.ts";
import type { ConnectionView } from "../../../src/dialects/dialect.ts";
import { expectExactly } from "../native/frames.ts";
import { viewOf } from "../onetask/publications.ts";

const view: ConnectionView = { ...viewOf("connect"), rooms: ["user:101", "channel:9"] };

const errorOf = (text: string): string => {
  const decoded = chat.decode(text, view);
  const { answer } = decoded as { answer: { type: string; data: { error: string }; timestamp: string } };
  expectExactly(
    answer,
    JSON.stringify({ type: "error", data: { error: answer.data.error }, timestamp: view.now }),
  );
  return answer.data.error;
};
const sent = (frame: object): string => errorOf(JSON.stringify(frame));

describe("what cannot be read is answered with an error", () => {
  test("Invalid JSON format: text, and JSON that is no object", () => {
    for (const text of ["", "hello", "{", "[]", '"ping"', "1", "null", "true"]) {
      expect(errorOf(text)).toBe("Invalid JSON format");
    }
  });

  test("Unknown message type, of any type and at most 64 characters", () => {
    expect(sent({ type: "nope" })).toBe("Unknown message type: nope");
    expect(sent({})).toBe("Unknown message type: null");
    expect(sent({ type: null })).toBe("Unknown message type: null");
    expect(sent({ type: 7 })).toBe("Unknown message type: 7");
    expect(sent({ type: ["ping"] })).toBe("Unknown message type: object");
    expect(sent({ type: "x".repeat(5000) })).toBe(`Unknown message type: ${"x".repeat(64)}`);
    expect(sent({ type: "constructor" })).toBe("Unknown message type: constructor");
    expect(sent({ type: `${"x".repeat(63)}😀` })).toBe(`Unknown message type: ${"x".repeat(63)}\ufffd`);
  });

  test("Room ID required", () => {
    for (const type of ["join_room", "leave_room", "send_message"]) {
      for (const room of [undefined, null, "", 9, {}, ["channel:9"]]) {
        expect(sent({ type, room, data: { content: "x" } })).toBe("Room ID required");
      }
    }
  });

  test("Invalid room format", () => {
    for (const room of [
      "channel",
      "channel_9",
      "channel:",
      ":9",
      "channel:a\nb",
      `channel:${"9".repeat(128)}`,
      "channel:\ud800",
    ]) {
      expect(sent({ type: "join_room", room })).toBe("Invalid room format");
    }
  });

  test("Unsupported room type", () => {
    for (const room of ["workspace:9", "focus:9", "room:9", "Channel:9", "project_1:9", "__proto__:9"]) {
      expect(sent({ type: "join_room", room })).toBe("Unsupported room type");
    }
  });

  test("Content required", () => {
    for (const data of [
      undefined,
      null,
      "Hello",
      [],
      {},
      { content: "" },
      { content: " \n" },
      { content: 1 },
    ]) {
      expect(sent({ type: "send_message", room: "channel:9", data })).toBe("Content required");
    }
    expect(sent({ type: "edit_message", data: { message_id: 7 } })).toBe("Content required");
  });

  test("Message ID required", () => {
    for (const message_id of [undefined, null, "", "x", "07", 0, -1, 1.5, 2 ** 53, "9999999999999999", []]) {
      expect(sent({ type: "delete_message", data: { message_id } })).toBe("Message ID required");
      expect(sent({ type: "edit_message", data: { message_id, content: "x" } })).toBe("Message ID required");
    }
    expect(sent({ type: "edit_message" })).toBe("Message ID required");
    expect(sent({ type: "delete_message", data: 7 })).toBe("Message ID required");
  });

  test("Token required", () => {
    for (const data of [undefined, null, "t", {}, { token: "" }, { token: 1 }]) {
      expect(sent({ type: "refresh", data })).toBe("Token required");
    }
  });

  test("a bad cursor is told, not ignored: nothing is missed in silence", () => {
    for (const last_event_id of ["x", -1, 1.5, true, {}, "1e3", " 7"]) {
      expect(sent({ type: "join_room", room: "channel:9", data: { last_event_id } })).toStartWith(
        "Invalid last_event_id",
      );
    }
  });

  test("JSON that is nested beyond reason counts as none", () => {
    const frame = (depth: number) =>
      `{"type":"send_message","room":"channel:9","data":{"content":"x","metadata":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}}`;
    expect(chat.decode(frame(100), view)).toHaveProperty("name", "message.send");
    expect(errorOf(frame(30_000))).toBe("Invalid JSON format");
  });
});

describe("what is read with tolerance", () => {
  test("metadata that is no object counts as none", () => {
    for (const metadata of [null, "x", 1, [1]]) {
      const decoded = chat.decode(
        JSON.stringify({ type: "send_message", room: "task:7", data: { content: "x", metadata } }),
        view,
      );
      expect(decoded).toHaveProperty("args.metadata", {});
    }
  });

  test("data that is not needed may be anything", () => {
    for (const data of [null, "x", 1, false, [1], { other: 1 }, { last_event_id: null }]) {
      const decoded = chat.decode(JSON.stringify({ type: "join_room", room: "task:7", data }), view);
      expect(decoded).toEqual(command("room.join", { topics: ["task:7"], lastEventId: undefined }));
    }
  });

  test("a join may resume after an event or from now on", () => {
    for (const last_event_id of [0, 7, "latest"] as const) {
      const decoded = chat.decode(
        JSON.stringify({ type: "join_room", room: "project:7", data: { last_event_id } }),
        view,
      );
      expect(decoded).toEqual(command("room.join", { topics: ["workspace:7"], lastEventId: last_event_id }));
    }
  });

  test("message ids are read as numbers and as text", () => {
    for (const message_id of [7, "7"]) {
      expect(chat.decode(JSON.stringify({ type: "delete_message", data: { message_id } }), view)).toEqual(
        command("message.delete", { message_id: 7 }),
      );
      expect(
        chat.decode(JSON.stringify({ type: "edit_message", data: { message_id, content: "y" } }), view),
      ).toEqual(command("message.edit", { message_id: 7, content: "y" }));
    }
  });

  test("a fresh token", () => {
    expect(chat.decode(`{"type":"refresh","data":{"token":"t"}}`, view)).toEqual(
      command("token.refresh", { token: "t" }),
    );
  });
});

describe("what is refused", () => {
  const join = command("room.join", { topics: ["workspace:9"] });
  const send = command("message.send", { topic: "workspace:9", content: "x", metadata: {}, mustBeIn: true });

  test("joining without access is told and closes with 4403", () => {
    const { frame, close } = chat.refusal(refuse("FORBIDDEN"), view, join);
    expectExactly(
      frame,
      `{"type":"error","data":{"error":"No access to room project:9","code":4403},"timestamp":"${view.now}"}`,
    );
    expect(close).toBe("forbidden");
    expect(CLOSES.forbidden).toMatchObject({ code: 4403, reason: "Forbidden" });
  });

  test("FORBIDDEN_JOIN=error keeps the socket open", () => {
    const settings = { ...view.settings, forbiddenJoin: "error" as const };
    const { frame, close } = chat.refusal(refuse("FORBIDDEN"), { ...view, settings }, join);
    expect(frame).toHaveProperty("data.code", 4403);
    expect(close).toBeUndefined();
  });

  test("sending to a room that one is not in, or may not enter", () => {
    for (const code of ["NOT_IN_ROOM", "FORBIDDEN"] as const) {
      expectExactly(
        chat.refusal(refuse(code), view, send).frame,
        `{"type":"error","data":{"error":"Not in room project:9"},"timestamp":"${view.now}"}`,
      );
    }
    const inside = command("message.send", {
      topic: "channel:9",
      content: "x",
      metadata: {},
      mustBeIn: true,
    });
    expect(chat.refusal(refuse("FORBIDDEN", "Read only."), view, inside)).toEqual({
      frame: { type: "error", data: { error: "Read only." }, timestamp: view.now },
    });
  });

  test("everything else is told in its own words; the socket stays open", () => {
    const edit = command("message.edit", { message_id: 1, content: "x" });
    for (const code of [
      "FORBIDDEN",
      "NOT_FOUND",
      "TOO_MANY_REQUESTS",
      "STORE_FULL",
      "TOKEN_INVALID",
      "BAD_ROOM",
    ] as const) {
      const { frame, close } = chat.refusal(
        refuse(code, "why"),
        view,
        code === "TOO_MANY_REQUESTS" ? null : edit,
      );
      expect(frame).toEqual({ type: "error", data: { error: "why" }, timestamp: view.now });
      expect(close).toBeUndefined();
    }
  });

  test("a fault of ours closes with 4500 and shows nothing", () => {
    expect(chat.refusal(refuse("INTERNAL", "at codec.ts:1"), view, send)).toEqual({
      frame: null,
      close: "internal",
    });
    expect(CLOSES.internal).toMatchObject({ code: 4500, reason: "Internal Server Error" });
  });

  test("the handshake is accepted and closed: 4401, 4429; an expired token closes with 4401", () => {
    expect(chat.handshake).toEqual({
      unauthenticated: { close: "unauthenticated" },
      tooMany: { close: "tooMany" },
    });
    expect(CLOSES.unauthenticated).toMatchObject({ code: 4401, reason: "Authentication Failed" });
    expect(CLOSES.tooMany).toMatchObject({ code: 4429, reason: "Too Many Connections" });
    expect(chat.closes).toEqual({ expired: { code: 4401, reason: "Authentication Failed" } });
  });
});

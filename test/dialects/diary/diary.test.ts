import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import type { DialectSettings, Endpoint } from "../../../src/core/endpoint.ts";
import { encode, refusal } from "../../../src/dialects/diary/codec.ts";
import {
  messageFrame,
  notificationAnswer,
  notificationBody,
  statusAnswer,
} from "../../../src/dialects/diary/frames.ts";
import { diary } from "../../../src/dialects/diary/index.ts";
import {
  aNotice,
  anyPublication,
  anyText,
  anyVia,
  aUser,
  KINDS,
  publication,
  told,
  viewOf,
} from "../onetask/publications.ts";

const MESSAGE = `{
  "message": "Server maintenance scheduled for tomorrow"
}`;

const SENT = `{
  "status": "success",
  "message": "Notification sent to 3 users",
  "sent_count": 3,
  "total_connections": 3,
  "disconnected_users": 0
}`;

const STATUS = `{
  "connected_users": 5,
  "status": "active",
  "active_user_ids": ["123456789", "987654321", "555666777"]
}`;

const compact = (text: string): string => JSON.stringify(JSON.parse(text));
const [notify, status] = diary.endpoints as [Endpoint, Endpoint];
const input = { params: {}, query: {}, body: { message: "x" }, who: aUser };
const settings = (mode: DialectSettings["diary"]): DialectSettings => ({
  diary: mode,
  broadcast: "users",
  forbiddenJoin: "close",
});
const proofs = ({ proof }: Endpoint) =>
  (["open", "token", "off"] as const).map((mode) =>
    typeof proof === "function" ? proof(settings(mode)) : proof,
  );

describe("the documented examples", () => {
  test("round-trip through the schemas", () => {
    expect(JSON.stringify(messageFrame.parse(JSON.parse(MESSAGE)))).toBe(compact(MESSAGE));
    expect(JSON.stringify(notificationBody.parse(JSON.parse(MESSAGE)))).toBe(compact(MESSAGE));
    expect(JSON.stringify(notificationAnswer.parse(JSON.parse(SENT)))).toBe(compact(SENT));
    expect(JSON.stringify(statusAnswer.parse(JSON.parse(STATUS)))).toBe(compact(STATUS));
  });

  test("an announcement is written as documented", () => {
    const event = publication("announcement.created", {
      ...aNotice,
      content: "Server maintenance scheduled for tomorrow",
    });
    expect(JSON.stringify(encode["announcement.created"](event))).toBe(compact(MESSAGE));
  });

  test("the answers are written as documented", () => {
    expect(JSON.stringify(notify.answer({ users: 3, sockets: 3 }, input))).toBe(
      `{"status":200,"body":${compact(SENT)}}`,
    );
    const users = ["123456789", "987654321", "555666777"];
    expect(JSON.stringify(status.answer({ users, sockets: 4 }, input))).toBe(
      `{"status":200,"body":${compact(STATUS.replace("5,", "3,"))}}`,
    );
  });
});

describe("the socket", () => {
  const [socket] = diary.sockets;

  test("is claimed by its path, hears announcements and its user, and can be switched off", () => {
    expect(socket).toMatchObject({
      path: "/api/v1/ws/:user_id",
      proof: "claimed",
      personal: true,
      announcements: true,
    });
    expect(socket?.claims({ user_id: "007" })).toBe("007");
    expect((["open", "token", "off"] as const).map((mode) => socket?.enabled(settings(mode)))).toEqual([
      true,
      true,
      false,
    ]);
    expect(diary.handshake).toEqual({ unauthenticated: { status: 403 }, tooMany: { status: 429 } });
  });

  test("ignores what clients send", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(diary.decode(text, viewOf("messages"))).toBeNull();
      }),
    );
  });

  test("one's own notification is its content, a room's is not heard", () => {
    const event = publication("notification.created", {
      ...aNotice,
      content: "Well done",
      room: "channel:9",
    });
    expect(JSON.stringify(encode["notification.created"](event, null))).toBe('{"message":"Well done"}');
    for (const via of ["channel:9", "user:101", "everyone"] as const)
      expect(encode["notification.created"](event, via)).toBeNull();
  });

  test("a refusal is not told", () => {
    expect(refusal()).toEqual({ frame: null });
  });

  test("every kind is answered", () => {
    expect(Object.keys(encode).toSorted()).toEqual(KINDS.toSorted());
  });

  test("everything sent is a message and nothing else, whatever happened", () => {
    fc.assert(
      fc.property(anyPublication, anyVia, (event, via) => {
        const frame = told(encode, event, via);
        if (frame === null) return;
        expect(["notification.created", "announcement.created"]).toContain(event.kind);
        expect(Object.keys(frame)).toEqual(["message"]);
        expect(messageFrame.safeParse(frame).success).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("POST /api/v1/ws/notification", () => {
  test("becomes an announcement", () => {
    expect(notify).toMatchObject({
      method: "POST",
      path: "/api/v1/ws/notification",
      status: 200,
      required: ["message"],
    });
    expect(notify.command({ ...input, body: { message: "Test notification" } })).toEqual({
      name: "announcement.make",
      args: { message: "Test notification" },
    });
  });

  test("needs nothing, an admin or key, or is not there", () => {
    expect(proofs(notify)).toEqual(["none", "operator", "off"]);
  });

  test("takes 1 to 10,000 characters", () => {
    const takes = (body: unknown) => notificationBody.safeParse(body).success;
    expect([{ message: "x" }, { message: "x".repeat(10_000), extra: 1 }].map(takes)).toEqual([true, true]);
    expect(
      [{}, { message: "" }, { message: 1 }, { message: null }, { message: "x".repeat(10_001) }, "x"].map(
        takes,
      ),
    ).toEqual([false, false, false, false, false, false]);
  });

  test("counts users and sockets apart, and keeps the documented plural", () => {
    expect(notify.answer({ users: 1, sockets: 2 }, input)).toMatchObject({
      body: { message: "Notification sent to 1 users", sent_count: 1, total_connections: 2 },
    });
  });

  test("is 404 where nobody is connected", () => {
    expect(notify.answer({ users: 0, sockets: 0 }, input)).toEqual({
      refused: "NOT_FOUND",
      detail: "No active WebSocket connections",
    });
  });
});

describe("GET /api/v1/ws/status", () => {
  test("asks for the audience", () => {
    expect(status).toMatchObject({ method: "GET", path: "/api/v1/ws/status", status: 200 });
    expect(status.command(input)).toEqual({ name: "presence.audience", args: {} });
  });

  test("needs nothing, any token or key, or is not there", () => {
    expect(proofs(status)).toEqual(["none", "any", "off"]);
  });

  test("writes ids as strings, and an empty house as such", () => {
    expect(status.answer({ users: ["5", "007"], sockets: 2 }, input)).toMatchObject({
      body: { active_user_ids: ["5", "007"] },
    });
    expect(status.answer({ users: [], sockets: 0 }, input)).toEqual({
      status: 200,
      body: { connected_users: 0, status: "active", active_user_ids: [] },
    });
  });
});

/** The server's own dialect, as the wire contract has it. */
import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { type Command, command } from "../../../src/core/command.ts";
import { ERRORS, type ErrorCode, refuse } from "../../../src/core/errors.ts";
import type { Topic } from "../../../src/core/topic.ts";
import { encode } from "../../../src/dialects/native/encode.ts";
import { eventFrames, frames } from "../../../src/dialects/native/frames.ts";
import { native } from "../../../src/dialects/native/index.ts";
import {
  AT,
  aNotice,
  anyPublication,
  anyVia,
  aTaskEvent,
  KINDS,
  publication,
  told,
  viewOf,
} from "../onetask/publications.ts";
import { aFrameText, expectDescribed, expectExactly, listOf } from "./frames.ts";

const view = { ...viewOf("stream"), rooms: ["user:101", "channel:9"] as Topic[] };
const decode = (frame: object) => native.decode(JSON.stringify(frame), view);
const answerTo = (frame: object) => (decode(frame) as { answer: object }).answer;

/** What the socket is told when its frame's command is answered. */
const replied = (frame: object, reply: object): object | null => {
  const decoded = decode(frame) as Command;
  const write = native.replies[decoded.name as keyof typeof native.replies] as (
    ...given: unknown[]
  ) => object;
  return write(reply, view, decoded.args);
};

describe("frames of the client", () => {
  test("subscribe reads rooms in any spelling, each once; * is everything", () => {
    expect(
      decode({
        type: "subscribe",
        data: {
          topics: ["project_7", "workspace:7", "project:7", "lobby", "focus:s", "*"],
          last_event_id: 5,
        },
      }),
    ).toEqual({
      name: "room.join",
      args: { topics: ["workspace:7", "room:lobby", "focus:s", "*" as Topic], lastEventId: 5 },
    } as Command);
  });

  test("unsubscribe, publish, refresh", () => {
    expect(decode({ type: "unsubscribe", data: { topics: ["*"] } })).toEqual({
      name: "room.leave",
      args: { topics: ["*" as Topic] },
    } as Command);
    for (const name of ["topic", "room"]) {
      expect(
        decode({ type: "publish", data: { [name]: "channel_9", content: "Hi", metadata: { a: 1 } } }),
      ).toEqual(
        command("message.send", {
          topic: "channel:9",
          content: "Hi",
          metadata: { a: 1 },
          mustBeIn: false,
        }) as Command,
      );
    }
    expect(decode({ type: "publish", data: { topic: "channel:9", content: "Hi" } })).toHaveProperty(
      "args.metadata",
      {},
    );
    expect(decode({ type: "refresh", data: { token: "t" } })).toEqual(
      command("token.refresh", { token: "t" }) as Command,
    );
  });

  test("ping is answered at once", () => {
    expectExactly(answerTo({ type: "ping" }), `{"type":"pong","data":{"timestamp":"${AT}"}}`);
    expectExactly(answerTo({ type: "ping", id: 7 }), `{"type":"pong","to":7,"data":{"timestamp":"${AT}"}}`);
  });
});

describe("replies", () => {
  test("name the client's id, else the frame's type", () => {
    const subscribed = { topics: ["channel:9"], rooms: ["user:101", "channel:9"] };
    const data = `"data":{"topics":["channel:9"],"rooms":["user:101","channel:9"]}`;
    for (const [id, to] of [
      ["a1", '"a1"'],
      [7, "7"],
      [0, "0"],
      ["", '""'],
      [undefined, '"subscribe"'],
      [null, '"subscribe"'],
      [{}, '"subscribe"'],
      ["x".repeat(65), '"subscribe"'],
    ]) {
      expectExactly(
        replied({ type: "subscribe", id, data: { topics: ["channel:9"] } }, subscribed),
        `{"type":"reply","to":${to as string},${data}}`,
      );
    }
  });

  test("carry what came of it", () => {
    expectExactly(
      replied(
        { type: "unsubscribe", id: 1, data: { topics: ["channel:9", "task:7"] } },
        { left: ["channel:9"], missed: ["task:7"], rooms: ["user:101"] },
      ),
      `{"type":"reply","to":1,"data":{"topics":["channel:9"],"rooms":["user:101"]}}`,
    );
    expectExactly(
      replied({ type: "publish", data: { room: "lobby", content: "x" } }, { message_id: 7, created_at: AT }),
      `{"type":"reply","to":"publish","data":{"message_id":7,"created_at":"${AT}"}}`,
    );
    expectExactly(
      replied({ type: "refresh", id: "r", data: { token: "t" } }, { expires_at: AT }),
      `{"type":"reply","to":"r","data":{"expires_at":"${AT}"}}`,
    );
  });

  test("tell of access that was taken away as of an unsubscribe", () => {
    expectExactly(
      native.replies["room.leave"]({ left: ["channel:9"], missed: [], rooms: ["user:101"] }, view, {
        topics: ["channel:9"],
      }),
      `{"type":"reply","to":"unsubscribe","data":{"topics":["channel:9"],"rooms":["user:101"]}}`,
    );
  });

  test("the welcome", () => {
    expectExactly(
      native.sockets[0]?.welcome?.(view),
      `{"type":"welcome","data":{"user_id":101,"username":"johndoe","topics":["user:101","channel:9"],"server":"dragoman"}}`,
    );
  });
});

describe("errors", () => {
  test("have a stable code and say what is wrong", () => {
    expectExactly(
      (native.decode("{", view) as { answer: object }).answer,
      `{"type":"reply","to":null,"error":{"code":"BAD_JSON","detail":"The frame is not valid JSON. Send a JSON object."}}`,
    );
    expectExactly(
      answerTo({ type: "nope", id: 7 }),
      `{"type":"reply","to":7,"error":{"code":"BAD_REQUEST","detail":"Unknown type: nope. Send subscribe, unsubscribe, publish, refresh or ping."}}`,
    );
    expect(answerTo({ type: "nope" })).toHaveProperty("to", "nope");
    expect(answerTo({})).toHaveProperty("to", null);
    for (const [frame, detail] of [
      [{ type: "subscribe", id: 7, data: { topics: ["ok", "a\nb"] } }, "data.topics.1: must be a room"],
      [{ type: "subscribe", id: 7, data: { topics: [] } }, "data.topics: "],
      [{ type: "subscribe", id: 7 }, "data: "],
      [
        { type: "subscribe", id: 7, data: { topics: ["a"], last_event_id: "x" } },
        "data.last_event_id: must be a whole number",
      ],
      [
        { type: "subscribe", id: 7, data: { topics: ["a"], last_event_id: -1 } },
        "data.last_event_id: must be a whole number",
      ],
      [{ type: "publish", id: 7, data: { content: "x" } }, "data.topic: name a topic or a room"],
      [{ type: "publish", id: 7, data: { topic: "a", content: " " } }, "data.content: must not be empty"],
      [{ type: "publish", id: 7, data: { topic: "a", content: "x", metadata: 1 } }, "data.metadata: "],
      [{ type: "refresh", id: 7, data: {} }, "data.token: "],
    ] as const) {
      const answer = answerTo(frame) as { to: number; error: { code: string; detail: string } };
      expect([answer.to, answer.error.code]).toEqual([7, "BAD_FIELDS"]);
      expect(answer.error.detail).toStartWith(detail);
    }
  });

  test("a refused command is told under its code, to the frame that asked", () => {
    const asked = decode({ type: "subscribe", id: "s1", data: { topics: ["channel:9"] } }) as Command;
    expect(native.refusal(refuse("FORBIDDEN", "no"), view, asked)).toEqual({
      frame: { type: "reply", to: "s1", error: { code: "FORBIDDEN", detail: "no" } },
    });
    for (const code of Object.keys(ERRORS) as ErrorCode[]) {
      const { frame, close } = native.refusal(refuse(code), view, null);
      expectDescribed(frame!, frames.server);
      expect(frame).toHaveProperty("to", null);
      expect(close).toBeUndefined();
    }
  });

  test("the handshake: HTTP 401 and 429", () => {
    expect(native.handshake).toEqual({ unauthenticated: { status: 401 }, tooMany: { status: 429 } });
  });
});

describe("events", () => {
  test("every kind is heard but a notifier user's broadcast", () => {
    expect(Object.keys(eventFrames)).toEqual(KINDS.filter((kind) => kind !== "user.broadcast"));
    expect(KINDS.filter((kind) => encode[kind] === null)).toEqual(["user.broadcast"]);
  });

  test("a message in a room", () => {
    const message = { message_id: 7, content: "Hi", user_id: "101", username: "johndoe", metadata: { a: 1 } };
    expectExactly(
      told(
        encode,
        publication("message.created", message, { topics: ["workspace:9"], id: 7 }),
        "workspace:9",
      ),
      `{"type":"event","kind":"message.created","topic":"workspace:9","data":{"message_id":7,"content":"Hi","user_id":101,"username":"johndoe","metadata":{"a":1}},"actor":{"id":101,"username":"johndoe"},"at":"${AT}"}`,
    );
  });

  test("what is personal names the user, or only says so where it is many users'", () => {
    const topic = (recipients: string[]) =>
      (
        told(encode, publication("notification.created", aNotice, { recipients, actor: null }), null) as {
          topic: string;
        }
      ).topic;
    expect(topic(["5"])).toBe("user:5");
    expect(topic(["5", "6"])).toBe("user");
  });

  test("who hears everything is told the event's home", () => {
    const all = "*" as string as Topic;
    const event = publication("task.updated", aTaskEvent, { topics: ["workspace:9", "task:456"] });
    expect(told(encode, event, all)).toHaveProperty("topic", "workspace:9");
    expect(told(encode, event, "task:456")).toHaveProperty("topic", "task:456");
    expect(
      told(encode, publication("notification.created", aNotice, { recipients: ["5"] }), all),
    ).toHaveProperty("topic", "user:5");
  });

  test("a notification of a task carries the task, ids as on every wire", () => {
    const task = { task_id: "456", action: "updated", workspace_id: "007" } as const;
    const event = publication(
      "notification.created",
      {
        ...aNotice,
        related_entity_type: "task",
        related_entity_id: "456",
        data: { task_id: "forged" },
        task,
      },
      { recipients: ["101"] },
    );
    expectExactly(
      told(encode, event, null),
      `{"type":"event","kind":"notification.created","topic":"user:101","data":{"id":123,"title":"Notification Title","content":"Notification content text","level":"info","notification_type":"info","related_entity_type":"task","related_entity_id":456,"data":{"task_id":456,"action":"updated","workspace_id":"007","actor_id":101},"link":null,"priority":"normal","room":null},"actor":{"id":101,"username":"johndoe"},"at":"${AT}"}`,
    );
  });

  test("a task, with what changed", () => {
    const event = publication(
      "task.updated",
      {
        ...aTaskEvent,
        changes: { user_id: { old: null, new: "7" }, title: { old: "7", new: "8" } },
        names: { "7": "bob" },
      },
      { topics: ["task:456"], actor: null },
    );
    expectExactly(
      told(encode, event, "task:456"),
      `{"type":"event","kind":"task.updated","topic":"task:456","data":{"task_id":456,"action":"updated","title":"Project Proposal","task":{"title":null,"description":null,"status":null,"priority":null,"due_date":null,"workspace_id":null,"user_id":null,"assignee":null,"creator":null},"changes":{"user_id":{"old":null,"new":7},"title":{"old":"7","new":"8"}},"notification_id":123},"actor":null,"at":"${AT}"}`,
    );
  });

  test("every frame is described by the schema of its kind, keys in order", () => {
    fc.assert(
      fc.property(anyPublication, fc.oneof(anyVia, fc.constant("*" as string as Topic)), (event, via) => {
        for (const frame of listOf(told(encode, event, via))) {
          expectDescribed(frame, { [event.kind]: eventFrames[event.kind as keyof typeof eventFrames] });
        }
      }),
      { numRuns: 3000 },
    );
  });
});

test("whatever comes in, decode answers with a described frame or a command that nobody's payload signs", () => {
  const allowed: Partial<Record<Command["name"], string[]>> = {
    "room.join": ["topics", "lastEventId"],
    "room.leave": ["topics"],
    "message.send": ["topic", "content", "metadata", "mustBeIn"],
    "token.refresh": ["token"],
  };
  fc.assert(
    fc.property(aFrameText(Object.keys(frames.client)), (text) => {
      const decoded = native.decode(text, view);
      if (decoded === null) throw new Error("native answers everything");
      if ("answer" in decoded) return expectDescribed(decoded.answer, frames.server);
      const optional = ["ref", "idempotencyKey"];
      const args = Object.keys(decoded.args).filter((key) => !optional.includes(key));
      expect(args).toEqual(allowed[decoded.name]!);
    }),
    { numRuns: 2000 },
  );
});

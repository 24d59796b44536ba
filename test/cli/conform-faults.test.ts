/** Each fault of a server is found, and named. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { StartedServer } from "../support/server.ts";
import { type Faults, startFaulty } from "./conform/faulty.ts";
import {
  conform,
  differencesOf,
  findingsOf,
  namesWith,
  notOk,
  type Options,
  startDemo,
} from "./conform/runner.ts";
import type { Result } from "../../src/cli/conform/result.ts";
import { NO_RATES } from "../support/server.ts";
import { TEST_MS } from "../support/patience.ts";

setDefaultTimeout(TEST_MS);

type Fields = Readonly<Record<string, unknown>>;
const dataOf = (frame: Fields): Fields => frame["data"] as Fields;
const is = (frame: Fields, type: string): boolean => frame["type"] === type;
const backwards = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).toReversed());
/** Changes the frames of one type. */
const frames = (type: string, change: (frame: Fields) => readonly Fields[]): Faults => ({
  frame: (frame) => (is(frame, type) ? change(frame) : [frame]),
});
/** For what is found by waiting for it in vain. */
const BRIEF = { timeoutMs: 500 } as const;

let server: StartedServer;
beforeAll(async () => {
  server = await startDemo(NO_RATES);
});
afterAll(() => server[Symbol.asyncDispose]());

/** What one check finds behind a proxy with these faults. */
async function found(dialect: string, check: string, faults: Faults, options: Options = {}): Promise<Result> {
  await using faulty = startFaulty(server.url, faults);
  const results = await conform(faulty.url, dialect, { only: [check], ...options });
  return results.get(check) as Result;
}

test("a proxy that changes nothing is no fault", async () => {
  const differing = async (dialect: string): Promise<readonly string[]> => {
    await using own = await startDemo(NO_RATES);
    await using faulty = startFaulty(own.url, {});
    const results = await conform(faulty.url, dialect);
    return notOk(new Map([...results].filter(([, { outcome }]) => outcome === "differs")));
  };
  expect(await Promise.all(["onetask", "chat", "notifier"].map(differing))).toEqual([[], [], []]);
});

describe("frames", () => {
  test("a field with another name", async () => {
    const result = await found(
      "chat",
      "message",
      frames("message", (frame) => {
        const { content, ...rest } = dataOf(frame);
        return [{ ...frame, data: { text: content, ...rest } }];
      }),
    );
    expect(result.outcome).toBe("differs");
    expect(differencesOf(result)).toContain("data.content renamed documented");
    expect(result.findings[0]?.differences[0]).toMatchObject({ got: "data.text" });
  });

  test("a field that is left out", async () => {
    const result = await found(
      "onetask",
      "notifications/frame",
      frames("notification", ({ created_at: _created, ...frame }) => [frame]),
    );
    expect(differencesOf(result)).toEqual(["created_at missing documented"]);
  });

  test("a field too many", async () => {
    const result = await found("diary", "notification", {
      frame: (frame) => [{ ...frame, type: "notification" }],
    });
    expect(differencesOf(result)).toContain("type extra documented");
  });

  test("an id as text", async () => {
    const result = await found(
      "chat",
      "welcome",
      frames("connected", (frame) => [
        { ...frame, data: { ...dataOf(frame), user_id: String(dataOf(frame)["user_id"]) } },
      ]),
    );
    expect(result.findings[0]?.differences).toEqual([
      { path: "data.user_id", problem: "type", level: "documented", expected: "101", got: '"101"' },
    ]);
  });

  test("keys in another order, inside too", async () => {
    const result = await found(
      "onetask-v1",
      "focus/joined",
      frames("focus_update", (frame) => [{ ...frame, data: backwards(dataOf(frame)) }]),
    );
    expect(differencesOf(result)).toContain("data order documented");
    const whole = await found("notifier", "room/message", { frame: (frame) => [backwards(frame)] });
    expect(differencesOf(whole)).toContain(" order documented");
  });

  test("another value", async () => {
    const result = await found(
      "chat",
      "task.status_changed",
      frames("task.status_changed", (frame) => [{ ...frame, sender: "alice" }]),
    );
    expect(differencesOf(result)).toEqual(["sender value documented"]);
  });

  test("a time that is none", async () => {
    const result = await found(
      "chat",
      "ping",
      frames("pong", (frame) => [{ ...frame, timestamp: Date.now() }]),
    );
    expect(differencesOf(result)).toEqual(["timestamp value documented"]);
  });

  test("another type", async () => {
    const result = await found(
      "chat",
      "join",
      frames("joined_room", (frame) => [{ ...frame, type: "room_joined" }]),
    );
    expect(differencesOf(result)).toEqual(["type value documented"]);
  });

  test("an echo that does not come", async () => {
    const result = await found(
      "notifier",
      "text",
      frames("text", () => []),
      BRIEF,
    );
    expect(result.outcome).toBe("differs");
    expect(findingsOf(result)).toEqual(["a hears nothing within 0.5 s"]);
  });

  test("an answer that comes too late", async () => {
    const faults = { delayMs: (frame: Fields) => (is(frame, "pong") ? 1500 : 0) };
    expect((await found("chat", "ping", faults, BRIEF)).outcome).toBe("differs");
  });

  test("a frame that comes twice", async () => {
    const result = await found(
      "chat",
      "message",
      frames("message", (frame) => [frame, frame]),
    );
    expect(result.outcome).toBe("differs");
    expect(findingsOf(result)).toContain("b hears a frame that nothing asked for");
  });

  test("a frame for somebody else", async () => {
    // Every socket hears what is told in the room.
    const result = await found("notifier", "room/outside", {
      said: (text) => text.replace('"type":"text"', '"type":"broadcast"'),
    });
    expect(result.outcome).toBe("differs");
  });

  test("a welcome where none is documented, told of once", async () => {
    await using faulty = startFaulty(
      server.url,
      frames("notification", (frame) => [{ type: "hello" }, frame]),
    );
    const results = await conform(faulty.url, "onetask", {
      only: ["notifications/frame", "notifications/one-way", "events/task-alone"],
    });
    expect(namesWith(results, "differs")).toEqual(["notifications/frame"]);
    expect(findingsOf(results.get("notifications/frame"))[0]).toContain('the type "hello"');
    expect(namesWith(results, "ok")).toEqual(["notifications/one-way", "events/task-alone"]);
  });
});

describe("handshakes and closes", () => {
  const otherCode: Faults = { close: ({ reason }) => ({ code: 4400, reason }) };

  test("another close code", async () => {
    const result = await found("chat", "connect/bad-token", otherCode);
    expect(differencesOf(result)).toEqual(["close value documented"]);
    expect(result.findings[0]).toMatchObject({ got: '{"close":4400,"reason":"Authentication Failed"}' });
  });

  test("another close reason", async () => {
    const faults: Faults = { close: ({ code }) => ({ code, reason: "nope" }) };
    expect(differencesOf(await found("chat", "too-many", faults))).toEqual(["reason value documented"]);
  });

  test("another status, where the document names one", async () => {
    const faults: Faults = { refusal: () => 401 };
    const named = await found("notifier", "connect/bad-token", faults);
    expect(named.outcome).toBe("differs");
    expect(differencesOf(named)).toEqual(["http value documented"]);
    // OneTask's document only asks for a token: the status is Dragoman's choice.
    const open = await found("onetask", "notifications/bad-token", faults);
    expect(open).toMatchObject({ outcome: "ok", findings: [{ level: "choice" }] });
    const strict = await found("onetask", "notifications/bad-token", faults, { strict: true });
    expect(strict.outcome).toBe("differs");
  });

  test("somebody who is let in without a token", async () => {
    await using open = openDoor();
    const results = await conform(open.url, "onetask", { only: ["notifications/no-token"], ...BRIEF });
    expect(results.get("notifications/no-token")).toMatchObject({
      outcome: "differs",
      findings: [{ got: '{"open":true}' }],
    });
  });
});

describe("HTTP", () => {
  test("another body", async () => {
    const result = await found("onetask", "events/task", {
      answer: ({ status, body }) => ({
        status,
        body: { ...body, recipient_count: String(body["recipient_count"]) },
      }),
    });
    expect(differencesOf(result)).toEqual(["body.recipient_count type documented"]);
  });

  test("another status, of which only Dragoman's contract says what it is", async () => {
    const faults: Faults = { answer: ({ body }) => ({ status: 200, body }) };
    const result = await found("onetask", "events/system", faults);
    expect(result.outcome).toBe("ok");
    expect(differencesOf(result)).toEqual(["status value choice"]);
  });

  test("a failure", async () => {
    const faults: Faults = { answer: () => ({ status: 500, body: { detail: "broken" } }) };
    const result = await found("onetask", "events/system", faults);
    expect(result.outcome).toBe("differs");
    expect(differencesOf(result)).toContain("status value documented");
  });
});

describe("it never hangs", () => {
  test("on a server that says nothing at all", async () => {
    await using open = openDoor();
    const results = await conform(open.url, "chat", { only: ["welcome", "message"], ...BRIEF });
    expect(namesWith(results, "differs")).toEqual(["welcome", "message"]);
  });

  test("on one that takes connections and answers none", async () => {
    const silent = Bun.listen({ port: 0, hostname: "127.0.0.1", socket: { data: () => {} } });
    try {
      const results = await conform(`http://127.0.0.1:${silent.port}`, "onetask", {
        only: ["notifications/frame", "notifications/no-token", "events/missing"],
        timeoutMs: 200,
      });
      expect(namesWith(results, "differs")).toEqual(["notifications/no-token", "notifications/frame"]);
      expect(namesWith(results, "addition")).toEqual(["events/missing"]);
    } finally {
      silent.stop(true);
    }
  });

  test("on one that never stops talking", async () => {
    const talking = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: (request, self) => (self.upgrade(request) ? undefined : new Response(null, { status: 404 })),
      websocket: {
        open(client) {
          const timer = setInterval(() => {
            if (client.send(JSON.stringify({ type: "tick" })) <= 0) clearInterval(timer);
          }, 10);
        },
        message() {},
      },
    });
    try {
      const results = await conform(`http://127.0.0.1:${talking.port}`, "chat", {
        only: ["welcome"],
        timeoutMs: 500,
      });
      expect(results.get("welcome")?.outcome).toBe("differs");
      expect(findingsOf(results.get("welcome")).at(-1)).toBe("it took longer than 2 s");
    } finally {
      await talking.stop(true);
    }
  });
});

/** Lets everybody in, and says nothing. */
function openDoor() {
  const door = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, self) => (self.upgrade(request) ? undefined : new Response(null, { status: 404 })),
    websocket: { message() {} },
  });
  return {
    url: `http://127.0.0.1:${door.port}`,
    async [Symbol.asyncDispose](): Promise<void> {
      await door.stop(true);
    },
  };
}

import { describe, expect, test } from "bun:test";
import type { Json } from "../../src/core/event.ts";
import { anonymous, code, key, person, setUp, written } from "./fakes.ts";

describe("a relay", () => {
  test("is told at once with the session's state, as the sender of the token", () => {
    const { runAtOnce, store } = setUp();
    store.sessions.set("s", { session_id: "s", status: "paused", current_task_id: "7" });
    const payload = { action: "wave", user: { id: "6" }, session_id: "other" };
    expect(runAtOnce(person("5"), "focus.relay", { session_id: "s", payload }, ["focus:s"])).toEqual({
      reply: {},
      live: [
        {
          kind: "focus.relayed",
          topics: ["focus:s"],
          recipients: null,
          actor: { id: "5", username: "name-5" },
          data: {
            session_id: "s",
            user: { id: "5", username: "name-5" },
            status: "paused",
            current_task_id: "7",
            action: "wave",
            data: payload,
          },
        },
      ],
    });
  });

  test("of a session that nobody stored is active, without a task", async () => {
    const { run } = setUp();
    expect(await run(key(), "focus.relay", { session_id: "s", payload: 1 }, ["focus:s"])).toMatchObject({
      live: [
        {
          data: {
            user: { id: "system", username: "system" },
            status: "active",
            current_task_id: null,
            action: "message",
            data: 1,
          },
        },
      ],
    });
  });

  test("has its own action only where that is a short text", async () => {
    const { run } = setUp();
    const payloads: readonly [Json, string][] = [
      [{ action: "x".repeat(64) }, "x".repeat(64)],
      [{ action: "x".repeat(65) }, "message"],
      [{ action: 3 }, "message"],
      [{ action: "" }, ""],
      [["action"], "message"],
      [null, "message"],
      ["wave", "message"],
    ];
    for (const [payload, action] of payloads) {
      expect(await run(person("5"), "focus.relay", { session_id: "s", payload }, ["focus:s"])).toMatchObject({
        live: [{ data: { action, data: payload } }],
      });
    }
  });

  test("is for participants: who is in another session, or in none, is not heard", async () => {
    const { run } = setUp({ mode: "open" });
    expect(code(await run(person("5"), "focus.relay", { session_id: "s", payload: 1 }, ["focus:t"]))).toBe(
      "NOT_IN_ROOM",
    );
    expect(code(await run(key(), "focus.relay", { session_id: "s", payload: 1 }))).toBe("NOT_IN_ROOM");
    expect(code(await run(anonymous("5"), "focus.relay", { session_id: "s", payload: 1 }, ["focus:s"]))).toBe(
      "NOT_IN_ROOM",
    );
  });
});

describe("an update", () => {
  test("is written at once, with just what it says", () => {
    const { runAtOnce } = setUp();
    const outcome = runAtOnce(
      person("5"),
      "focus.update",
      { session_id: "s", action: "status_change", status: "paused", data: { why: "tea" } },
      ["focus:s"],
    );
    expect(outcome).not.toBeInstanceOf(Promise);
    expect(written(outcome as Awaited<typeof outcome>)).toEqual({
      op: "focus.update",
      args: {
        session_id: "s",
        user: { id: "5", username: "name-5" },
        action: "status_change",
        status: "paused",
        data: { why: "tea" },
      },
    });
  });

  test("without a socket in the session needs access to it", async () => {
    const { run, store } = setUp();
    store.addMember("focus:s", "5");
    expect(code(await run(person("5"), "focus.update", { session_id: "s", action: "a" }))).toBe("ok");
    expect(code(await run(key(), "focus.update", { session_id: "s", action: "a" }))).toBe("ok");
    expect(code(await run(person("6"), "focus.update", { session_id: "s", action: "a" }))).toBe("FORBIDDEN");
    expect(
      code(await run(anonymous("5"), "focus.update", { session_id: "s", action: "a" }, ["focus:s"])),
    ).toBe("FORBIDDEN");
  });
});

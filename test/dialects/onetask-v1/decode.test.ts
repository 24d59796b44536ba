import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { decode } from "../../../src/dialects/onetask-v1/codec.ts";
import { anyText, viewOf } from "../onetask/publications.ts";

describe("decode", () => {
  const focus = viewOf("focus", "focus:focus-123");
  const read = (frame: unknown): unknown => decode(JSON.stringify(frame), focus);
  const update = (args: object) => ({ name: "focus.update", args: { session_id: "focus-123", ...args } });

  test("an update with everything", () => {
    expect(
      read({ action: "pause", status: "paused", current_task_id: 7, data: { by: "me" }, user: { id: 1 } }),
    ).toStrictEqual(update({ action: "pause", status: "paused", current_task_id: "7", data: { by: "me" } }));
  });

  test("an update with nothing is a status_change", () => {
    expect(read({})).toStrictEqual(update({ action: "status_change" }));
    expect(read({ action: null, status: null })).toStrictEqual(update({ action: "status_change" }));
  });

  test("current_task_id null clears the task, left out leaves it", () => {
    expect(read({ current_task_id: null })).toStrictEqual(
      update({ action: "status_change", current_task_id: null }),
    );
  });

  test("data may be any JSON, null too", () => {
    for (const data of [null, 0, false, "", [], {}])
      expect(read({ data })).toStrictEqual(update({ action: "status_change", data }));
  });

  test.each([
    "",
    "hello",
    "null",
    "1",
    '"x"',
    "[]",
    '{"action":1}',
    '{"action":""}',
    '{"status":""}',
    '{"status":true}',
    '{"current_task_id":{}}',
    '{"current_task_id":""}',
    '{"current_task_id":1.5}',
    JSON.stringify({ action: "x".repeat(65) }),
    JSON.stringify({ status: "x".repeat(65) }),
    JSON.stringify({ current_task_id: "x".repeat(129) }),
  ])("ignores %s", (text) => {
    expect(decode(text, focus)).toBeNull();
  });

  test("takes 64 characters", () => {
    expect(read({ action: "x".repeat(64), status: "y".repeat(64) })).not.toBeNull();
  });

  test("notifications and tasks ignore their clients", () => {
    expect(decode("{}", viewOf("notifications"))).toBeNull();
    expect(decode("{}", viewOf("tasks", "workspace:789"))).toBeNull();
  });

  test("never throws, and makes only sound updates of the path's session", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const decoded = decode(text, focus);
        if (decoded === null) return;
        if (!("name" in decoded) || decoded.name !== "focus.update") throw new Error("not an update");
        const { session_id, action, status, current_task_id } = decoded.args;
        expect(session_id).toBe("focus-123");
        for (const word of [action, status ?? "x"]) expect(word.length >= 1 && word.length <= 64).toBe(true);
        expect(["string", "undefined"].includes(typeof (current_task_id ?? undefined))).toBe(true);
        expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

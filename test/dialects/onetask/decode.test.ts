import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { parseJson } from "../../../src/core/json.ts";
import { decode } from "../../../src/dialects/onetask/codec.ts";
import { anyText, viewOf } from "./publications.ts";

describe("decode", () => {
  const focus = viewOf("focus", "focus:s-1");

  test("JSON in a focus session is a relay", () => {
    expect(decode('{"action":"tick"}', focus)).toEqual({
      name: "focus.relay",
      args: { session_id: "s-1", payload: { action: "tick" } },
    });
    expect(decode("null", focus)).toEqual({
      name: "focus.relay",
      args: { session_id: "s-1", payload: null },
    });
    expect(decode(" 12 ", viewOf("focus", "focus:a:b"))).toEqual({
      name: "focus.relay",
      args: { session_id: "a:b", payload: 12 },
    });
  });

  test("what is not JSON is ignored", () => {
    for (const text of ["", "hello", "{", "undefined", "\ud800", "{'a':1}"])
      expect(decode(text, focus)).toBeNull();
  });

  test("notifications and tasks ignore their clients", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(decode(text, viewOf("notifications"))).toBeNull();
        expect(decode(text, viewOf("tasks", "workspace:789"))).toBeNull();
      }),
    );
  });

  test("never throws, and relays exactly what was sent", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const decoded = decode(text, focus);
        if (decoded === null) expect(parseJson(text)).toBeUndefined();
        else
          expect(JSON.stringify(decoded)).toBe(
            `{"name":"focus.relay","args":{"session_id":"s-1","payload":${JSON.stringify(JSON.parse(text))}}}`,
          );
      }),
      { numRuns: 300 },
    );
  });
});

import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { MAX_JSON_DEPTH, isTooDeep, parseJson } from "../../src/core/json.ts";

const nested = (levels: number, open = "[", close = "]"): string =>
  open.repeat(levels) + close.repeat(levels);

describe("reading JSON", () => {
  test("what is no JSON is undefined", () => {
    for (const text of ["", "{", "undefined", "{'a':1}", "[1,]"]) expect(parseJson(text)).toBeUndefined();
  });

  test("null is JSON", () => {
    expect(parseJson("null")).toBeNull();
  });

  test("the deepest that is read is MAX_JSON_DEPTH levels", () => {
    expect(parseJson(nested(MAX_JSON_DEPTH))).toBeDefined();
    expect(parseJson(nested(MAX_JSON_DEPTH + 1))).toBeUndefined();
    expect(parseJson(nested(MAX_JSON_DEPTH + 1, '{"a":', "}").replace(":}", ":1}"))).toBeUndefined();
  });

  test("brackets in strings are not levels", () => {
    const text = JSON.stringify({ text: '\\"[[['.repeat(MAX_JSON_DEPTH) });
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test("everything else is read as JSON.parse reads it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
        const text = JSON.stringify(value);
        expect(isTooDeep(text)).toBe(false);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { isIdText, toWireId } from "../../src/core/ids.ts";
import { idOf, parseRoom, parseTopic, typeOf } from "../../src/core/topic.ts";

const ids = fc.string({ minLength: 1, maxLength: 100, unit: "grapheme" }).filter(isIdText);

describe("ids on the wire", () => {
  test("canonical decimals up to 9007199254740991 are numbers, everything else stays text", () => {
    expect(toWireId("0")).toBe(0);
    expect(toWireId("42")).toBe(42);
    expect(toWireId("9007199254740991")).toBe(9007199254740991);
    for (const text of [
      "9007199254740992",
      "99999999999999999999",
      "007",
      "-1",
      "1.0",
      "1e3",
      " 1",
      "",
      "abc",
    ])
      expect(toWireId(text)).toBe(text);
  });

  test("a wire id names exactly one id", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.bigInt().map(String), fc.nat().map(String)), (id) =>
        expect(String(toWireId(id))).toBe(id),
      ),
    );
  });
});

describe("rooms", () => {
  test("one room has many spellings", () => {
    for (const text of ["project:789", "project_789", "workspace:789", "workspace_789"])
      expect(parseRoom(text)).toBe("workspace:789");
    for (const [type, id] of [
      ["user", "5"],
      ["channel", "9"],
      ["task", "7"],
    ] as const) {
      expect(parseRoom(`${type}:${id}`)).toBe(`${type}:${id}`);
      expect(parseRoom(`${type}_${id}`)).toBe(`${type}:${id}`);
    }
    expect(parseRoom("focus:s")).toBe("focus:s");
    expect(parseRoom("lobby")).toBe("room:lobby");
    expect(parseRoom("room:lobby")).toBe("room:lobby");
  });

  test("names of the wrong length or with control characters are none", () => {
    for (const text of ["", "a".repeat(129), "a\nb", "a\u0000", "\ud800"]) expect(parseRoom(text)).toBeNull();
  });

  test("a canonical topic is read as itself, by type and id", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("user", "workspace", "channel", "task", "focus", "room"),
        ids,
        (type, id) => {
          const topic = parseTopic(`${type}:${id}`);
          expect(topic).toBe(`${type}:${id}` as typeof topic);
          if (topic !== null) expect([typeOf(topic), idOf(topic)]).toEqual([type as never, id]);
        },
      ),
    );
  });

  test("every name is read to a topic that reads back as itself", () => {
    fc.assert(
      fc.property(ids, (name) => {
        const topic = parseRoom(name);
        expect(topic).not.toBeNull();
        if (topic !== null && isIdText(topic)) expect(parseRoom(topic)).toBe(topic);
      }),
    );
  });
});

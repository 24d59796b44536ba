/** What holds for every dialect. */
import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import type { EventKind } from "../../src/core/event.ts";
import { EVENT_KINDS } from "../../src/core/event.ts";
import { DIALECTS } from "../../src/dialects/all.ts";
import { listOf } from "./native/frames.ts";
import { anyPublication, anyText, anyVia, told, viewOf } from "./onetask/publications.ts";

const KINDS = Object.keys(EVENT_KINDS) as EventKind[];

test("names and socket paths are each there once", () => {
  expect(DIALECTS.map(({ name }) => name)).toEqual([
    "onetask",
    "onetask-v1",
    "chat",
    "diary",
    "notifier",
    "native",
  ]);
  const paths = DIALECTS.flatMap(({ sockets }) => sockets.map(({ path }) => path));
  expect(new Set(paths).size).toBe(paths.length);
});

for (const dialect of DIALECTS) {
  describe(dialect.name, () => {
    test("has an answer for every kind of event", () => {
      expect(Object.keys(dialect.encode).toSorted()).toEqual(KINDS.toSorted());
    });

    test("never throws, whatever comes in and whatever happens", () => {
      fc.assert(
        fc.property(anyText, anyPublication, anyVia, (text, event, via) => {
          for (const { name, topic } of dialect.sockets) {
            const path = topic?.({ workspace_id: "9", session_id: "s", user_id: "101" }) ?? null;
            dialect.decode(text, viewOf(name, path));
          }
          for (const frame of listOf(told(dialect.encode, event, via))) {
            // The core adds event_id in front of the last brace: there must be a field before it.
            expect(JSON.stringify(frame)).toMatch(/^\{".*[^{]\}$/s);
          }
        }),
        { numRuns: 1000 },
      );
    });
  });
}

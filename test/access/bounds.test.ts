import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { AnswerCache } from "../../src/access/cache.ts";
import { createEpochs } from "../../src/access/epochs.ts";
import { ManualClock } from "../../src/core/clock.ts";

test("an epoch rises with each change of its user and never falls, however many others change", () => {
  const users = fc.array(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 200 });
  fc.assert(
    fc.property(users, (changes) => {
      const epochs = createEpochs(4);
      for (const user of changes) {
        const before = Array.from({ length: 31 }, (_, id) => epochs.of(String(id)));
        epochs.changed(user);
        before.forEach((epoch, id) => expect(epochs.of(String(id))).toBeGreaterThanOrEqual(epoch));
        expect(epochs.of(user)).toBeGreaterThan(before[Number(user)] ?? 0);
      }
    }),
  );
});

test("what began before a user's change is never taken for fresh, what began after the last change always is", () => {
  const users = fc.array(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 200 });
  fc.assert(
    fc.property(users, fc.nat(200), (changes, at) => {
      const epochs = createEpochs(4);
      changes.slice(0, at).forEach((user) => epochs.changed(user));
      const began = epochs.now();
      for (let id = 0; id <= 30; id++) expect(epochs.of(String(id))).toBeLessThanOrEqual(began);
      const later = changes.slice(at);
      later.forEach((user) => epochs.changed(user));
      for (const user of later) expect(epochs.of(user)).toBeGreaterThan(began);
    }),
  );
});

test("of too many answers the least recently used goes first", () => {
  const cache = new AnswerCache<boolean>(new ManualClock(), 2);
  cache.set("a", true, 1000, 0);
  cache.set("b", true, 1000, 0);
  cache.get("a", 0);
  cache.set("c", true, 1000, 0);
  expect([cache.get("a", 0), cache.get("b", 0), cache.get("c", 0), cache.size]).toEqual([
    true,
    undefined,
    true,
    2,
  ]);
});

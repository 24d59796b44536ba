import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { createSlots } from "../../src/limits/slots.ts";

test("a sixth connection of one user finds no slot, one of another user does", () => {
  const slots = createSlots(5);
  expect([1, 2, 3, 4, 5, 6].map(() => slots.reserve("user 1"))).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
  expect(slots.reserve("user 2")).toBe(true);
  slots.release("user 1");
  expect(slots.reserve("user 1")).toBe(true);
  expect(slots.total()).toBe(6);
});

test("a limit of 0 is off and still counted", () => {
  const slots = createSlots(0);
  for (let count = 0; count < 100; count++) expect(slots.reserve("a")).toBe(true);
  expect([slots.count("a"), slots.total(), slots.full()]).toEqual([100, 100, false]);
});

test("beyond the total nobody gets a slot", () => {
  const slots = createSlots(0, 2);
  expect(["a", "b", "c"].map((key) => slots.reserve(key))).toEqual([true, true, false]);
  expect([slots.full(), slots.count("c")]).toEqual([true, 0]);
  slots.release("a");
  expect([slots.full(), slots.reserve("c")]).toEqual([false, true]);
});

test("releasing what nobody reserved changes nothing", () => {
  const slots = createSlots(1, 1);
  slots.release("a");
  expect([slots.count("a"), slots.total()]).toEqual([0, 0]);
  slots.reserve("a");
  slots.release("a");
  slots.release("a");
  expect(slots.total()).toBe(0);
});

test("whatever comes and goes, the counts are those of a plain list", () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.constantFrom("a", "b", "c")), { maxLength: 200 });
  fc.assert(
    fc.property(steps, fc.nat(4), fc.nat(6), (all, perKey, total) => {
      const slots = createSlots(perKey, total);
      const held: string[] = [];
      for (const [comes, key] of all) {
        const own = held.filter((other) => other === key).length;
        if (comes) {
          const room = (perKey === 0 || own < perKey) && (total === 0 || held.length < total);
          expect(slots.reserve(key)).toBe(room);
          if (room) held.push(key);
        } else {
          slots.release(key);
          if (own > 0) held.splice(held.indexOf(key), 1);
        }
        expect(slots.total()).toBe(held.length);
        expect(slots.count(key)).toBe(held.filter((other) => other === key).length);
      }
    }),
  );
});

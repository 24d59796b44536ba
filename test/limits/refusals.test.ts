import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { ManualClock } from "../../src/core/clock.ts";
import { createKnockGuard } from "../../src/limits/refusals.ts";

test("a token that was refused three times within a minute is blocked until the first is a minute old", () => {
  const clock = new ManualClock();
  const guard = createKnockGuard({ clock });
  for (let count = 0; count < 3; count++) {
    expect(guard.blocked("hash", `10.0.0.${count}`)).toBeNull();
    guard.refused("hash", `10.0.0.${count}`);
    clock.advance(10_000);
  }
  expect(guard.blocked("hash", "10.0.0.9")).toBe(30);
  expect(guard.blocked("other", "10.0.0.9")).toBeNull();
  clock.advance(29_500);
  expect(guard.blocked("hash", "10.0.0.9")).toBe(1);
  clock.advance(500);
  expect(guard.blocked("hash", "10.0.0.9")).toBeNull();
});

test("an address is blocked after thirty refusals, with or without a token", () => {
  const clock = new ManualClock();
  const guard = createKnockGuard({ clock });
  for (let count = 0; count < 30; count++) {
    expect(guard.blocked(null, "10.0.0.1")).toBeNull();
    guard.refused(count % 2 === 0 ? null : `hash ${count}`, "10.0.0.1");
  }
  expect(guard.blocked(null, "10.0.0.1")).toBe(60);
  expect(guard.blocked("fresh", "10.0.0.1")).toBe(60);
  expect(guard.blocked(null, "10.0.0.2")).toBeNull();
  clock.advance(60_000);
  expect(guard.blocked(null, "10.0.0.1")).toBeNull();
});

test("it blocks exactly where the last minute holds three refusals", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40_000), { maxLength: 60 }), (gaps) => {
      const clock = new ManualClock();
      const guard = createKnockGuard({ clock });
      const times: number[] = [];
      for (const gap of gaps) {
        clock.advance(gap);
        const recent = times.filter((at) => at > clock.now() - 60_000);
        const blocked = guard.blocked("hash", "address");
        expect(blocked !== null).toBe(recent.length >= 3);
        if (blocked === null) {
          guard.refused("hash", "address");
          times.push(clock.now());
        }
      }
    }),
  );
});

test("a clock that is set back blocks for no more than a minute", () => {
  const clock = new ManualClock();
  const guard = createKnockGuard({ clock });
  for (let count = 0; count < 3; count++) guard.refused("hash", "address");
  clock.advance(-3_600_000);
  expect(guard.blocked("hash", "address")).toBe(60);
});

test("a flood of tokens pushes out no address, and of too many the one that was quiet longest goes", () => {
  const clock = new ManualClock();
  const guard = createKnockGuard({ clock, maxKeys: 10 });
  for (let count = 0; count < 30; count++) guard.refused(`hash ${count}`, "10.0.0.1");
  expect(guard.blocked("hash 0", "10.0.0.1")).toBe(60);
  for (let count = 0; count < 3; count++) guard.refused("old", "10.0.0.2");
  for (let count = 0; count < 10; count++) guard.refused(`new ${count}`, "10.0.0.2");
  expect(guard.blocked("old", "10.0.0.3")).toBeNull();
});

import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { ManualClock } from "../../src/core/clock.ts";
import { createBuckets } from "../../src/limits/buckets.ts";

test("a full bucket gives its burst at once and then its rate", () => {
  const clock = new ManualClock();
  const buckets = createBuckets({ ratePerSecond: 2, burst: 3, clock });
  expect([1, 2, 3, 4].map(() => buckets.take("a").ok)).toEqual([true, true, true, false]);
  expect(buckets.take("b").ok).toBe(true);
  clock.advance(500);
  expect([1, 2].map(() => buckets.take("a").ok)).toEqual([true, false]);
});

test("a refusal says in whole seconds when another try makes sense", () => {
  const clock = new ManualClock();
  const buckets = createBuckets({ ratePerSecond: 0.1, burst: 1, clock });
  buckets.take("a");
  expect(buckets.take("a")).toEqual({ ok: false, retryAfterSeconds: 10 });
  clock.advance(9_001);
  expect(buckets.take("a")).toEqual({ ok: false, retryAfterSeconds: 1 });
  clock.advance(999);
  expect(buckets.take("a")).toEqual({ ok: true });
});

test("a rate of 0 is off", () => {
  const buckets = createBuckets({ ratePerSecond: 0, burst: 0, clock: new ManualClock() });
  for (let count = 0; count < 1_000; count++) expect(buckets.take("a").ok).toBe(true);
  expect(buckets.size).toBe(0);
});

test("more than a full bucket counts as a full bucket, so that it is not refused for ever", () => {
  const clock = new ManualClock();
  const buckets = createBuckets({ ratePerSecond: 1, burst: 5, clock });
  expect(buckets.take("a", 100)).toEqual({ ok: true });
  expect(buckets.take("a", 100)).toEqual({ ok: false, retryAfterSeconds: 5 });
});

test("a clock that is set back by an hour does not lock anybody out for an hour", () => {
  const clock = new ManualClock();
  const buckets = createBuckets({ ratePerSecond: 1, burst: 2, clock });
  buckets.take("a");
  clock.advance(-3_600_000);
  expect(buckets.take("a")).toEqual({ ok: false, retryAfterSeconds: 1 });
});

test("never more than the burst and what flowed in since; after the wait it goes on", () => {
  const steps = fc.array(fc.tuple(fc.nat(3_000), fc.integer({ min: 1, max: 4 })), { maxLength: 100 });
  const rates = fc.constantFrom(0.3, 1, 3, 7, 50);
  fc.assert(
    fc.property(steps, rates, fc.integer({ min: 4, max: 9 }), (all, ratePerSecond, burst) => {
      const clock = new ManualClock(0);
      const buckets = createBuckets({ ratePerSecond, burst, clock });
      let tokens = burst;
      for (const [ms, n] of all) {
        clock.advance(ms);
        tokens = Math.min(burst, tokens + (ms * ratePerSecond) / 1000);
        // Where the two countings differ by rounding only, either answer is right.
        const taken = buckets.take("a", n);
        if (Math.abs(tokens - n) > 1e-6) expect(taken.ok).toBe(tokens >= n);
        if (taken.ok) {
          tokens -= n;
          continue;
        }
        const waitMs = taken.retryAfterSeconds * 1000;
        clock.advance(waitMs);
        tokens = Math.min(burst, tokens + (waitMs * ratePerSecond) / 1000) - n;
        expect(buckets.take("a", n)).toEqual({ ok: true });
      }
    }),
  );
});

test("quiet keys are forgotten, and of too many busy ones the one that was quiet longest", () => {
  const clock = new ManualClock();
  const buckets = createBuckets({ ratePerSecond: 1, burst: 2, clock, maxKeys: 10 });
  for (let id = 0; id < 100; id++) buckets.take(String(id));
  expect(buckets.size).toBe(10);
  clock.advance(60_000);
  for (let id = 100; id < 110; id++) {
    buckets.take(String(id));
    clock.advance(60_000);
  }
  expect(buckets.size).toBe(1);
});

import { expect, test } from "bun:test";
import { createMeters } from "../../src/core/meters.ts";
import { Samples } from "../../src/hub/samples.ts";

function setUp(startMs = 1_000_000) {
  const meters = createMeters();
  const samples = new Samples(meters, startMs);
  let nowMs = startMs;
  const second = (framesIn: number, seconds = 1): void => {
    meters.framesIn += framesIn;
    nowMs += seconds * 1000;
    samples.take(nowMs, 1);
  };
  return { meters, samples, second };
}

test("keeps the last 900 seconds, oldest first", () => {
  const { samples, second } = setUp();
  for (let n = 1; n <= 1000; n++) second(n);
  const { frames_in, until } = samples.series(900);
  expect([frames_in.length, frames_in[0], frames_in.at(-1)]).toEqual([900, 101, 1000]);
  expect(until).toBe("1970-01-01T00:33:20.000Z");
  expect(samples.series(2).frames_in).toEqual([999, 1000]);
});

test("a late call is spread over the seconds that it covers, and nothing is lost", () => {
  const { samples, second } = setUp();
  second(10);
  second(7, 3);
  expect(samples.series(900).frames_in).toEqual([10, 2, 2, 3]);
  second(1_000_000, 100_000);
  expect(samples.series(900).frames_in).toHaveLength(900);
});

test("two calls within a second are one sample, and a clock set back does no harm", () => {
  const { meters, samples } = setUp();
  meters.framesIn = 5;
  samples.take(1_000_900, 1);
  expect(samples.series(10).frames_in).toEqual([]);
  samples.take(1_001_000, 1);
  expect(samples.series(10).frames_in).toEqual([5]);
  meters.framesIn = 8;
  samples.take(500_000, 1);
  expect(samples.series(10)).toMatchObject({ frames_in: [5, 3], until: "1970-01-01T00:08:20.000Z" });
});

test("means are of what was measured in that second, null where nothing was", () => {
  const { meters, samples, second } = setUp();
  meters.commits = 2;
  meters.commitMs = 3;
  second(0);
  second(0);
  expect(samples.series(10)).toMatchObject({ commit_ms: [1.5, null], latency_ms: [null, null] });
});

test("of few frames each is timed, of many about fifty a second", () => {
  const { meters, samples, second } = setUp();
  const seconds = (count: number): number => {
    let timed = 0;
    for (let n = 0; n < count; n++) {
      meters.framesIn++;
      if (meters.framesIn < samples.timeNext) continue;
      samples.end(samples.begin());
      timed++;
    }
    second(0);
    return timed;
  };
  expect(seconds(40)).toBe(40);
  seconds(10_000);
  expect(seconds(10_000)).toBe(50);
  expect(seconds(20_000)).toBe(100);
  expect(seconds(20_000)).toBe(50);
  expect(seconds(10)).toBeLessThanOrEqual(1);
  expect(seconds(10)).toBe(10);
});

/** What a soak calls growth: the load itself is no part of the tests, it takes minutes. */
import { expect, test } from "bun:test";
import { type Ends, judge, type Sample, slopeOf } from "../../scripts/soak-load/verdict.ts";

const MEGABYTE = 1 << 20;

const at = (minute: number, more: Partial<Sample> = {}): Sample => ({
  atSeconds: minute * 60,
  rssBytes: 90 * MEGABYTE,
  heapBytes: 15 * MEGABYTE,
  openFds: 60,
  connections: 40,
  framesSent: 1000,
  opened: 100,
  ...more,
});

const series = (read: (minute: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: 30 }, (_, n) => at(n / 3, read(n / 3)));

const found = (more: Partial<Ends>): string[] =>
  judge({
    idle: at(0, { openFds: 13, connections: 0, framesSent: 0, opened: 0 }),
    loaded: series(() => ({})),
    rested: at(11, { openFds: 13, connections: 0 }),
    errors: [],
    surprises: [],
    ...more,
  })
    .filter(({ ok }) => !ok)
    .map(({ what }) => what.split(" ")[0] ?? "");

test("what is flat, or only warms up, or only swings, is no growth", () => {
  expect(found({})).toEqual([]);
  expect(found({ loaded: series((n) => ({ rssBytes: Math.min(90, 40 + 40 * n) * MEGABYTE })) })).toEqual([]);
  expect(found({ loaded: series((n) => ({ rssBytes: (90 + 10 * Math.sin(9 * n)) * MEGABYTE })) })).toEqual(
    [],
  );
});

test("a leak of ten megabytes a minute is growth, of memory or of the heap", () => {
  expect(found({ loaded: series((n) => ({ rssBytes: (90 + 10 * n) * MEGABYTE })) })).toEqual(["memory"]);
  expect(found({ loaded: series((n) => ({ heapBytes: (15 + 10 * n) * MEGABYTE })) })).toEqual(["heap"]);
});

test("descriptors and connections that stay, errors and surprises, and a load that was none are told", () => {
  expect(found({ rested: at(11, { openFds: 30, connections: 0 }) })).toEqual(["file"]);
  expect(found({ rested: at(11, { openFds: 13, connections: 2 }) })).toEqual(["2"]);
  expect(found({ errors: ["WRITE_FAILED"] })).toEqual(["errors"]);
  expect(found({ surprises: ["chat closed with 1011"] })).toEqual(["clients"]);
  expect(found({ rested: at(11, { openFds: 13, connections: 0, opened: 0 }) })).toEqual(["0"]);
});

test("a slope is of the whole series", () => {
  expect(
    slopeOf([
      [0, 1],
      [1, 3],
      [2, 5],
    ]),
  ).toBe(2);
  expect(slopeOf([[1, 1]])).toBe(0);
});

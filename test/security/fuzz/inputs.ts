/** Texts that no client in its right mind sends: documented ones, each spoiled in some way. */
import * as fc from "fast-check";

/** Stands in JSON text for what no JavaScript value says: `1e400`, `-0`, bare words. */
const RAW = /"@@(.*?)@@"/g;
const raw = (text: string): string => `@@${text}@@`;

const nested = (levels: number, open = "[", close = "]"): string =>
  open.repeat(levels) + close.repeat(levels);

const NASTY_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.1,
  1e21,
  2 ** 53,
  -(2 ** 53),
  Number.MAX_VALUE,
  ...["1e400", "-1e400", "-0", "9007199254740993", "0x10", "NaN", "undefined", "00", "1e-400"].map(raw),
  ...[nested(100), nested(127), nested(129), nested(5000), nested(2000, '{"a":', "1}")].map(raw),
  "",
  " ",
  "0",
  "-1",
  "1e3",
  "\u0000",
  "a\u0000b",
  "\n\r\t\u001b[2J",
  "\u2028\u2029",
  "\u202e",
  "\ud800",
  "\udc00\ud800",
  "\ufeff",
  "\u{1f600}".repeat(200),
  "e\u0301".repeat(200),
  "x".repeat(129),
  "x".repeat(10_000),
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "everyone",
  "system",
  "*",
  "user:1",
  "user_1",
  "project:",
  ":",
  "_",
  "room:everyone",
  "../../etc/passwd",
  "%00",
  "%s%n",
  "' OR 1=1 --",
  "<script>alert(1)</script>",
  "2026-13-45T99:99:99Z",
  "+275760-09-13T00:00:00.001Z",
  [],
  {},
  [[]],
  [null],
  { length: -1 },
  { length: 1e9 },
  { toString: 1, valueOf: 1 },
  raw('{"then":1}'),
  { toJSON: "x" },
  Array.from({ length: 1001 }, (_, n) => n),
];

const NASTY_KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "",
  "\u0000",
  "length",
  "then",
  "type",
];

/** Any value that spoils. */
const nasty: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY_VALUES) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 100 }) },
  { weight: 1, arbitrary: fc.double() },
);

/** A text for a place that holds a text. */
export const nastyText: fc.Arbitrary<string> = nasty.map((value) =>
  typeof value === "string" ? value.replace(/^@@|@@$/g, "") : String(JSON.stringify(value) ?? ""),
);

type Json = Record<string, unknown>;
interface Change {
  readonly how: "replace" | "remove" | "rename" | "wrap" | "add";
  readonly place: number;
  readonly value: unknown;
  readonly key: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  how: fc.constantFrom("replace", "replace", "replace", "remove", "rename", "wrap", "add"),
  place: fc.nat(50),
  value: nasty,
  key: fc.constantFrom(...NASTY_KEYS),
});

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every object in a value with every of its keys, outermost first. */
function placesIn(value: unknown): readonly (readonly [holder: Json, key: string])[] {
  if (!isObject(value)) return [];
  const own = Object.keys(value).map((key) => [value, key] as const);
  return own.concat(...own.map(([holder, key]) => placesIn(holder[key])));
}

function put(holder: Json, key: string, value: unknown): void {
  // An own member, also where it is called __proto__: it is written out as such.
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function apply(whole: unknown, { how, place, key, ...change }: Change): unknown {
  // The next change may be one within it.
  const value: unknown = structuredClone(change.value);
  const places = placesIn(whole);
  const found = places[place % Math.max(1, places.length)];
  if (found === undefined) return value;
  const [holder, at] = found;
  const old = holder[at];
  if (how === "replace") put(holder, at, value);
  else if (how === "remove") delete holder[at];
  else if (how === "wrap") put(holder, at, [old]);
  else if (how === "add") put(holder, key, value);
  else {
    delete holder[at];
    put(holder, key, old);
  }
  return whole;
}

/** The JSON of one of these, changed in up to three places. */
export function spoiled(examples: readonly unknown[]): fc.Arbitrary<string> {
  const known = examples.length === 0 ? [{}] : examples;
  const changed = fc
    .tuple(fc.nat(known.length - 1), fc.array(change, { maxLength: 3 }))
    .map(([which, changes]) => {
      const whole = changes.reduce<unknown>(apply, structuredClone(known[which]));
      return (JSON.stringify(whole) ?? "").replace(RAW, "$1");
    });
  return fc.oneof(
    { weight: 8, arbitrary: changed },
    // Cut off, doubled, or with something in between.
    { weight: 1, arbitrary: fc.tuple(changed, fc.nat(200)).map(([text, at]) => text.slice(0, at)) },
    { weight: 1, arbitrary: fc.tuple(changed, nastyText).map(([text, more]) => text + more + text) },
    { weight: 1, arbitrary: nasty.map((value) => (JSON.stringify(value) ?? "").replace(RAW, "$1")) },
    { weight: 1, arbitrary: nastyText },
  );
}

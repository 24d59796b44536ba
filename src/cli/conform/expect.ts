/** What is expected of a frame or an answer: JSON as it must be, with rules where it may vary. */

/** Values that a check remembers, by name. */
export type Kept = Map<string, unknown>;

export const RULE: unique symbol = Symbol("rule");

/** A value that may vary. */
export interface Rule {
  readonly [RULE]: "rule";
  /** For people: `<text>`. */
  readonly says: string;
  readonly holds: (actual: unknown, kept: Kept) => boolean;
}

/** The document leaves open what Dragoman's contract decides. */
export interface Ours {
  readonly [RULE]: "ours";
  readonly documented: Expected;
  readonly contract: Expected;
}

/** A field that only Dragoman's contract has: other servers may leave it out. */
export interface Added {
  readonly [RULE]: "added";
  readonly expected: Expected;
}

/** The first value seen is remembered, and must be the same where the name is met again. */
export interface Keep {
  readonly [RULE]: "keep";
  readonly name: string;
  readonly expected: Expected;
}

/** An object of which only these fields are looked at. */
export interface Part {
  readonly [RULE]: "part";
  readonly fields: { readonly [key: string]: Expected };
}

type Special = Rule | Ours | Added | Keep | Part;
/** JSON, in which there may be rules further down. */
export type Plain =
  string | number | boolean | null | readonly Expected[] | { readonly [key: string]: Expected };
export type Expected = Special | Plain;

export const isSpecial = (expected: Expected): expected is Special =>
  typeof expected === "object" && expected !== null && RULE in expected;
export const isList = (expected: Expected): expected is readonly Expected[] => Array.isArray(expected);

export const rule = (says: string, holds: Rule["holds"]): Rule => ({ [RULE]: "rule", says, holds });
export const ours = (documented: Expected, contract: Expected): Ours => ({
  [RULE]: "ours",
  documented,
  contract,
});
export const added = (expected: Expected): Added => ({ [RULE]: "added", expected });
export const keep = (name: string, expected: Expected = ANYTHING): Keep => ({
  [RULE]: "keep",
  name,
  expected,
});
export const part = (fields: Part["fields"]): Part => ({ [RULE]: "part", fields });

export const ANYTHING = rule("<anything>", () => true);
export const TEXT = rule("<text>", (actual) => typeof actual === "string");
export const WHOLE = rule("<whole number>", (actual) => Number.isSafeInteger(actual) && Number(actual) >= 0);
export const LIST = rule("<list>", (actual) => Array.isArray(actual));
export const ID = rule(
  "<id>",
  (actual) => Number.isSafeInteger(actual) || (typeof actual === "string" && actual !== ""),
);

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;
const ISO_MS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** The documents write times with and without fractions; the contract decides on milliseconds. */
export const TIME = ours(
  rule("<time, ISO 8601>", (actual) => typeof actual === "string" && ISO.test(actual)),
  rule(
    "<time, ISO 8601 in UTC with milliseconds>",
    (actual) => typeof actual === "string" && ISO_MS.test(actual),
  ),
);

export const oneOf = (...values: readonly unknown[]): Rule =>
  rule(`<${values.map((value) => JSON.stringify(value)).join(" or ")}>`, (actual) => values.includes(actual));
export const matching = (pattern: RegExp): Rule =>
  rule(`<text like ${pattern.source}>`, (actual) => typeof actual === "string" && pattern.test(actual));
export const atLeast = (least: number): Rule =>
  rule(`<${least} or more>`, (actual) => Number.isSafeInteger(actual) && Number(actual) >= least);
export const containing = (...values: readonly unknown[]): Rule =>
  rule(
    `<list with ${values.map((value) => JSON.stringify(value)).join(", ")}>`,
    (actual) => Array.isArray(actual) && values.every((value) => actual.includes(value)),
  );
export const nullOr = (inner: Rule): Rule =>
  rule(
    `<null or ${inner.says.replace(/^<|>$/g, "")}>`,
    (actual, kept) => actual === null || inner.holds(actual, kept),
  );

/** Set where an event was made by a command of the tested backend, which chooses its own words. */
export const FOREIGN = "made by a command";
/** Exactly this, where we made the event; where a command of the backend did, anything of that type. */
export const given = (value: string | number | boolean | null): Rule =>
  rule(JSON.stringify(value), (actual, kept) =>
    kept.has(FOREIGN)
      ? actual === null || typeof actual === typeof value || value === null
      : actual === value,
  );

/** For people, as JSON with rules where values may vary. */
export function render(expected: Expected): string {
  if (!isSpecial(expected)) {
    if (isList(expected)) return `[${expected.map(render).join(",")}]`;
    return typeof expected === "object" && expected !== null
      ? renderFields(expected)
      : JSON.stringify(expected);
  }
  switch (expected[RULE]) {
    case "rule":
      return expected.says;
    case "ours":
      return render(expected.documented);
    case "added":
      return `<added by Dragoman: ${render(expected.expected)}>`;
    case "keep":
      return render(expected.expected);
    case "part":
      return `${renderFields(expected.fields).slice(0, -1)},…}`;
  }
}

const renderFields = (fields: { readonly [key: string]: Expected }): string =>
  `{${Object.entries(fields)
    .map(([key, value]) => `${JSON.stringify(key)}:${render(value)}`)
    .join(",")}}`;

/**
 * `documented`: the dialect's document says so, and every server that speaks it must. `addition`:
 * only Dragoman's contract has it; other servers are not blamed for its lack, but told of it.
 * `choice`: the document leaves open how, and Dragoman's contract decides; another choice is as good.
 */
export type Level = "documented" | "addition" | "choice";

/** A frame with the name of its schema in the dialect's table, or without. */
export interface Framed {
  readonly schema: string | null;
  readonly expected: Expected;
}

import { isDeepStrictEqual } from "node:util";
import type { Level } from "./expect.ts";
import {
  type Expected,
  isList,
  isSpecial,
  type Keep,
  type Kept,
  type Plain,
  render,
  RULE,
} from "./expect.ts";

/** One field that is not as expected. */
export interface Difference {
  /** `data.user_id`; empty for the whole. */
  readonly path: string;
  readonly problem: "missing" | "renamed" | "extra" | "type" | "value" | "order";
  readonly level: Level;
  readonly expected: string;
  readonly got: string;
}

type Fields = { readonly [key: string]: unknown };

/** Where a value differs from what is expected of it, field by field. Remembers what is to be kept. */
export function compare(
  actual: unknown,
  expected: Expected,
  kept: Kept,
  level: Level = "documented",
  path = "",
): readonly Difference[] {
  if (!isSpecial(expected)) return comparePlain(actual, expected, kept, level, path);
  switch (expected[RULE]) {
    case "rule":
      return expected.holds(actual, kept) ? [] : [wrong(actual, expected, level, path)];
    case "ours": {
      const differences = compare(actual, expected.documented, kept, level, path);
      return differences.length > 0
        ? differences
        : compare(actual, expected.contract, kept, level === "documented" ? "choice" : level, path);
    }
    case "added":
      return compare(actual, expected.expected, kept, "addition", path);
    case "keep":
      return compareKept(actual, expected, kept, level, path);
    case "part":
      return compareObjects(actual, expected.fields, kept, level, path, true);
  }
}

function comparePlain(
  actual: unknown,
  expected: Plain,
  kept: Kept,
  level: Level,
  path: string,
): readonly Difference[] {
  if (isList(expected)) return compareLists(actual, expected, kept, level, path);
  if (typeof expected === "object" && expected !== null)
    return compareObjects(actual, expected, kept, level, path, false);
  return actual === expected ? [] : [wrong(actual, expected, level, path)];
}

/** What was seen under this name before must come again. */
function compareKept(
  actual: unknown,
  { name, expected }: Keep,
  kept: Kept,
  level: Level,
  path: string,
): readonly Difference[] {
  if (kept.has(name)) {
    const before = kept.get(name);
    return isDeepStrictEqual(actual, before) ? [] : [wrong(actual, before as Plain, level, path)];
  }
  const differences = compare(actual, expected, kept, level, path);
  if (differences.every((difference) => difference.level !== "documented")) kept.set(name, actual);
  return differences;
}

function compareLists(
  actual: unknown,
  expected: readonly Expected[],
  kept: Kept,
  level: Level,
  path: string,
): readonly Difference[] {
  if (!Array.isArray(actual) || actual.length !== expected.length)
    return [wrong(actual, expected, level, path)];
  return expected.flatMap((item, place) => compare(actual[place], item, kept, level, `${path}[${place}]`));
}

function compareObjects(
  actual: unknown,
  expected: { readonly [key: string]: Expected },
  kept: Kept,
  level: Level,
  path: string,
  loose: boolean,
): readonly Difference[] {
  if (typeof actual !== "object" || actual === null || Array.isArray(actual))
    return [wrong(actual, expected, level, path)];
  const fields = actual as Fields;
  const extra = new Set(loose ? [] : Object.keys(fields).filter((key) => !Object.hasOwn(expected, key)));
  const differences: Difference[] = [];
  for (const [key, inner] of Object.entries(expected)) {
    const at = joined(path, key);
    if (Object.hasOwn(fields, key)) {
      differences.push(...compare(fields[key], inner, kept, level, at));
      continue;
    }
    const isAdded = isSpecial(inner) && inner[RULE] === "added";
    const renamed = [...extra].find((other) => compare(fields[other], inner, new Map(kept)).length === 0);
    if (renamed !== undefined) extra.delete(renamed);
    differences.push({
      path: at,
      problem: renamed === undefined ? "missing" : "renamed",
      level: isAdded ? "addition" : level,
      expected: render(inner),
      got: renamed === undefined ? "" : joined(path, renamed),
    });
  }
  for (const key of extra)
    differences.push({
      path: joined(path, key),
      problem: "extra",
      level,
      expected: "",
      got: shown(fields[key]),
    });
  const order = orderOf(fields, expected);
  if (order !== null && !loose) differences.push({ path, problem: "order", level, ...order });
  return differences;
}

const joined = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

/** The common keys of both, where they are not in the same order. */
function orderOf(actual: Fields, expected: Fields): { expected: string; got: string } | null {
  const wanted = Object.keys(expected).filter((key) => Object.hasOwn(actual, key));
  const seen = Object.keys(actual).filter((key) => Object.hasOwn(expected, key));
  return wanted.every((key, place) => seen[place] === key)
    ? null
    : { expected: wanted.join(", "), got: seen.join(", ") };
}

function wrong(actual: unknown, expected: Expected, level: Level, path: string): Difference {
  const retyped = !isSpecial(expected) && typeOf(actual) !== typeOf(expected);
  return {
    path,
    problem: retyped ? "type" : "value",
    level,
    expected: render(expected),
    got: shown(actual),
  };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return (
    { string: "a text", number: "a number", boolean: "true or false" }[typeof value as string] ?? "an object"
  );
}

const MAX_SHOWN = 2000;

/** A value as JSON, cut where it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** A difference as a line for people. */
export function tell({ path, problem, expected, got }: Difference, whose: string): string {
  const where = path === "" ? "the whole" : path;
  switch (problem) {
    case "missing":
      return `${where} is missing; ${whose} has ${expected}`;
    case "renamed":
      return `${where} is called ${got} here`;
    case "extra":
      return `${where} is not in ${whose}: ${got}`;
    case "order":
      return `${path === "" ? "" : `${path}: `}keys in the order ${got}; ${whose} has ${expected}`;
    case "type":
    case "value":
      return `${where} is ${got}${problem === "type" ? ` (${typeOfJson(got)})` : ""}; ${whose} has ${expected}`;
  }
}

function typeOfJson(text: string): string {
  try {
    return typeOf(JSON.parse(text));
  } catch {
    return text === "nothing" ? "nothing" : "cut";
  }
}

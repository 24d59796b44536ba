import { escapeControl } from "../../app/log-safe.ts";
import { isObject } from "../../core/json.ts";
import type { Level } from "./expect.ts";
import { compare, type Difference, shown } from "./compare.ts";
import { type Expected, type Kept, render } from "./expect.ts";
import type { Finding } from "./result.ts";

/** What schemas of frames are asked. */
export interface FrameSchema {
  safeParse(
    value: unknown,
  ): { readonly success: true } | { readonly success: false; readonly error: SchemaError };
}
interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

const MAX_LINES = 60;
const MAX_LINE = 400;

/** What one check did, heard and found. */
export class Notebook {
  readonly findings: Finding[] = [];
  readonly transcript: string[] = [];
  readonly kept: Kept;
  readonly #base: Level;
  #closed = false;

  constructor(base: Level, kept: Kept) {
    this.#base = base;
    this.kept = kept;
  }

  /** What still comes when the check is over is of no interest. */
  close(): void {
    this.#closed = true;
  }

  /** A line for people; no tokens. */
  note(line: string): void {
    if (!this.#closed && this.transcript.length < MAX_LINES)
      this.transcript.push(escapeControl(line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line));
  }

  found(what: string, level: Level = "documented", more: Partial<Finding> = {}): void {
    if (this.#closed) return;
    this.findings.push({ level: this.level(level), what: escapeControl(what), differences: [], ...more });
  }

  /** In a check of an addition everything is one. */
  level(level: Level): Level {
    return this.#base === "addition" ? "addition" : level;
  }

  /** Compares and writes down; answers whether nothing documented differs. */
  compared(
    what: string,
    actual: unknown,
    expected: Expected,
    level: Level = "documented",
    schema?: FrameSchema,
  ): boolean {
    const kept = new Map(this.kept);
    const differences = [...compare(actual, expected, kept, this.level(level))];
    const clean = differences.every((difference) => difference.level !== "documented");
    // Who somebody is, is learned only from what is as it should be.
    for (const [name, value] of kept) if (clean || !isName(name)) this.kept.set(name, value);
    differences.push(...schemaDifferences(actual, schema, differences));
    if (differences.length === 0) return true;
    const worst = worstOf(differences);
    this.found(what, worst, {
      expected: render(expected),
      got: shown(actual),
      differences,
    });
    return worst !== "documented";
  }
}

const BY_WEIGHT: readonly Level[] = ["documented", "addition", "choice"];

const worstOf = (differences: readonly Difference[]): Level =>
  BY_WEIGHT.find((level) => differences.some((difference) => difference.level === level)) ?? "choice";

/** Of names that a run keeps from check to check. */
export const isName = (key: string): boolean => key.startsWith("name ");

/** What the schema of Dragoman's own table says beyond what was seen already. */
function schemaDifferences(
  actual: unknown,
  schema: FrameSchema | undefined,
  known: readonly Difference[],
): readonly Difference[] {
  const read = schema?.safeParse(actual);
  if (read === undefined || read.success) return [];
  return read.error.issues
    .map(({ path, message }) => ({ path: path.map(String).join("."), message }))
    .filter(({ path }) => !known.some((difference) => path.startsWith(difference.path)))
    .map(({ path, message }) => ({
      path,
      problem: "value",
      level: "choice",
      expected: message,
      got: shown(at(actual, path)),
    }));
}

const at = (value: unknown, path: string): unknown =>
  path === ""
    ? value
    : path.split(".").reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);

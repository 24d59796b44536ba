import { counted } from "../lib/output.ts";
import type { Paint } from "../lib/terminal.ts";
import { type Check, CONTRACT, type Suite } from "./check.ts";
import type { Outcome, Result } from "./result.ts";

/** A result with where it belongs. */
export interface Told extends Result {
  readonly suite: Suite;
}

export const sourceOf = ({ level, heading }: Check, { document }: Suite): string =>
  `${level === "addition" ? CONTRACT : document} · ${heading}`;

const WORDS: Readonly<Record<Outcome, string>> = {
  ok: "ok",
  differs: "differs",
  skipped: "skipped",
  addition: "not here",
};
const WIDTH = 9;

/** All as documented, and something that Dragoman adds is not here. */
export const isLess = ({ outcome, check }: Result): boolean =>
  outcome === "addition" && check.level === "documented";

export const nameWidth = ({ checks }: Suite): number => Math.max(...checks.map(({ name }) => name.length));

/** One line a check. */
export function lineOf(result: Result, width: number, paint: Paint): string {
  const { check, outcome } = result;
  const word = WORDS[isLess(result) ? "ok" : outcome].padEnd(WIDTH);
  const less = isLess(result) ? paint("dim", " (without what Dragoman adds)") : "";
  return `  ${outcome === "differs" ? paint("bold", word) : word} ${check.name.padEnd(width)} ${check.says}${less}`;
}

export type Summary = Readonly<Record<Outcome, number>>;

export function summaryOf(results: readonly Result[]): Summary {
  const count = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
  return {
    ok: count("ok"),
    differs: count("differs"),
    skipped: count("skipped"),
    addition: count("addition"),
  };
}

export function summaryLine(results: readonly Result[]): string {
  const { ok, differs, skipped, addition } = summaryOf(results);
  const less = results.filter(isLess).length;
  return [
    `${ok + less} ok${less === 0 ? "" : ` (${less} without what Dragoman adds)`}`,
    `${differs} ${differs === 1 ? "differs" : "differ"}`,
    `${skipped} skipped`,
    ...(addition === less ? [] : [`${counted(addition - less, "addition")} of Dragoman's not here`]),
  ].join(", ");
}

/** For programs. */
export const jsonOf = (url: string, strict: boolean, results: readonly Told[]): object => ({
  url,
  strict,
  summary: summaryOf(results),
  checks: results.map(({ suite, check, outcome, why, findings, transcript, ms }) => ({
    dialect: suite.dialect,
    name: check.name,
    says: check.says,
    document: check.level === "addition" ? CONTRACT : suite.document,
    heading: check.heading,
    level: check.level,
    outcome,
    ...(why === undefined ? {} : { why }),
    ...(findings.length === 0 ? {} : { findings, transcript }),
    ms,
  })),
});

export const listOf = (suites: readonly Suite[]): object => ({
  checks: suites.flatMap((suite) =>
    suite.checks.map(({ name, says, heading, level, needs }) => ({
      dialect: suite.dialect,
      name,
      says,
      document: level === "addition" ? CONTRACT : suite.document,
      heading,
      level,
      needs,
    })),
  ),
});

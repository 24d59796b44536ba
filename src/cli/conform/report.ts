import { escapeControl } from "../../app/log-safe.ts";
import type { Paint } from "../lib/terminal.ts";
import { type Check, CONTRACT, type Suite } from "./check.ts";
import { tell } from "./compare.ts";
import type { Finding, Outcome, Result } from "./result.ts";

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
  addition: "addition",
};
const WIDTH = 9;

export const nameWidth = ({ checks }: Suite): number => Math.max(...checks.map(({ name }) => name.length));

/** One line a check. */
export function lineOf({ check, outcome, why }: Result, width: number, paint: Paint): string {
  const word = WORDS[outcome].padEnd(WIDTH);
  const reason = why === undefined ? "" : paint("dim", ` (${why})`);
  const said = outcome === "addition" && check.level === "addition" ? "not here: " : "";
  return `  ${outcome === "differs" ? paint("bold", word) : word} ${check.name.padEnd(width)} ${said}${check.says}${reason}`;
}

/** What differs, with what was expected and what came. */
export function detailsOf(results: readonly Told[], strict: boolean, paint: Paint): string {
  const differing = results.filter(({ outcome }) => outcome === "differs");
  const lacking = results.filter(({ outcome }) => outcome === "addition");
  return [
    ...(differing.length === 0 ? [] : ["", paint("bold", "Differences")]),
    ...differing.flatMap((result) => blockOf(result, strict, paint, true)),
    ...(lacking.length === 0
      ? []
      : [
          "",
          paint("bold", "Additions of Dragoman's contract that are not here, and that no document asks for"),
        ]),
    ...lacking.flatMap((result) => blockOf(result, strict, paint, false)),
  ].join("\n");
}

const MAX_DIFFERENCES = 10;
const MAX_TRANSCRIPT = 12;

function blockOf(result: Told, strict: boolean, paint: Paint, full: boolean): string[] {
  const { check, suite, findings, transcript } = result;
  const shown = findings.filter(({ level }) => !full || strict || level === "documented");
  const lines = [`  ${suite.dialect} ${check.name} ${paint("dim", `· ${sourceOf(check, suite)}`)}`];
  if (full) lines.push(`    ${check.says}`);
  for (const finding of shown) lines.push(...findingLines(finding, full));
  if (full && transcript.length > 0) {
    lines.push(`    ${paint("dim", "what went before")}`);
    const last = transcript.slice(-MAX_TRANSCRIPT);
    if (last.length < transcript.length) lines.push(`      ${paint("dim", "…")}`);
    lines.push(...last.map((line) => `      ${paint("dim", line)}`));
  }
  return [...lines, ...(full ? [""] : [])];
}

function findingLines({ what, expected, got, differences, level }: Finding, full: boolean): string[] {
  const whose = level === "addition" ? "the contract" : "the document";
  const lines = [`    ${what}`];
  if (full && expected !== undefined)
    lines.push(`      expected ${expected}`, `      got      ${escapeControl(got ?? "")}`);
  for (const difference of differences.slice(0, MAX_DIFFERENCES))
    lines.push(
      `      - ${escapeControl(tell(difference, difference.level === "addition" ? "the contract" : whose))}`,
    );
  if (differences.length > MAX_DIFFERENCES)
    lines.push(`      … and ${differences.length - MAX_DIFFERENCES} more`);
  return lines;
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

export const summaryLine = ({ ok, differs, skipped, addition }: Summary): string =>
  [
    `${ok} ok`,
    `${differs} ${differs === 1 ? "differs" : "differ"}`,
    `${skipped} skipped`,
    ...(addition === 0 ? [] : [`${addition} without what Dragoman adds`]),
  ].join(", ");

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

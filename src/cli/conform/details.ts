import { escapeControl } from "../../app/log-safe.ts";
import { counted } from "../lib/output.ts";
import type { Paint } from "../lib/terminal.ts";
import { type Difference, tell } from "./compare.ts";
import type { Level } from "./expect.ts";
import { isLess, sourceOf, type Told } from "./report.ts";
import type { Finding } from "./result.ts";

/** Behind the list of all checks: what differs, what is not here, what was left out and why. */
export function detailsOf(results: readonly Told[], strict: boolean, paint: Paint): string {
  const sections = [
    differences(results, strict, paint),
    lacks(results, paint),
    choices(results, strict, paint),
    leftOut(results, paint),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

const section = (paint: Paint, title: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : [paint("bold", title), ...lines].join("\n");

/** With what was expected, what came, and what went before. */
function differences(results: readonly Told[], strict: boolean, paint: Paint): string {
  const differing = results.filter(({ outcome }) => outcome === "differs");
  const blocks = differing.map((result) => blockOf(result, strict, paint).join("\n"));
  return section(paint, "Differences", blocks.length === 0 ? [] : [blocks.join("\n\n")]);
}

const MAX_DIFFERENCES = 10;
const MAX_TRANSCRIPT = 12;

function blockOf(result: Told, strict: boolean, paint: Paint): string[] {
  const { check, suite, findings, transcript } = result;
  const blamed = findings.filter(({ level }) => strict || level === "documented");
  const lines = [`  ${suite.dialect} ${check.name} ${paint("dim", `· ${sourceOf(check, suite)}`)}`];
  lines.push(`    ${check.says}`, ...blamed.flatMap((finding) => findingLines(finding, strict)));
  if (transcript.length > 0) {
    lines.push(`    ${paint("dim", "what went before")}`);
    const last = transcript.slice(-MAX_TRANSCRIPT);
    if (last.length < transcript.length) lines.push(`      ${paint("dim", "…")}`);
    lines.push(...last.map((line) => `      ${paint("dim", line)}`));
  }
  return lines;
}

const WHOSE: Readonly<Record<Level, string>> = {
  documented: "the document",
  addition: "the contract",
  choice: "the contract",
};

function findingLines({ what, expected, got, differences: all, level }: Finding, strict: boolean): string[] {
  const blamed = all.filter((difference) => strict || difference.level === "documented");
  const lines = [`    ${what}`];
  if (expected !== undefined)
    lines.push(`      expected ${expected}`, `      received ${escapeControl(got ?? "")}`);
  for (const difference of blamed.slice(0, MAX_DIFFERENCES))
    lines.push(
      `      - ${told(difference, WHOSE[difference.level === "documented" ? level : difference.level])}`,
    );
  if (blamed.length > MAX_DIFFERENCES) lines.push(`      … and ${blamed.length - MAX_DIFFERENCES} more`);
  return lines;
}

const told = (difference: Difference, whose: string): string => escapeControl(tell(difference, whose));

/** Facts that are met in many checks, each told once. */
class Tally {
  readonly #facts = new Map<string, { line: string; count: number }>();

  add(key: string, line: string): void {
    const known = this.#facts.get(key);
    this.#facts.set(key, { line: known?.line ?? line, count: (known?.count ?? 0) + 1 });
  }

  lines(paint: Paint): readonly string[] {
    return [...this.#facts.values()].map(
      ({ line, count }) => `  ${line}${count > 1 ? paint("dim", `  (${count} times)`) : ""}`,
    );
  }
}

const MAX_LACK = 160;

/** Of documented checks only: an addition that is not here was told of in its line already. */
function lacks(results: readonly Told[], paint: Paint): string {
  const tally = new Tally();
  for (const { suite, findings } of results.filter(isLess))
    for (const { what, got, expected = "", differences: all, level } of findings) {
      const where = `${suite.dialect} ${subjectOf(what, got ?? expected)}`;
      const added = all.filter((difference) => difference.level === "addition");
      for (const difference of added)
        tally.add(`${where} ${difference.path}`, `${where}: ${told(difference, "Dragoman")}`);
      if (added.length === 0 && level === "addition") {
        const frame = expected.length > MAX_LACK ? `${expected.slice(0, MAX_LACK)}…` : expected;
        const lack = `${suite.dialect} ${typeIn(expected)} is not told where Dragoman tells it too`;
        tally.add(lack, `${lack}: ${frame}`);
      }
    }
  const additions = results.some(({ outcome }) => outcome === "addition");
  const more = additions ? [`  ${paint("dim", "--strict tells of each how it differs")}`] : [];
  return section(paint, "Not here, and no document asks for it: Dragoman adds it", [
    ...tally.lines(paint),
    ...more,
  ]);
}

function choices(results: readonly Told[], strict: boolean, paint: Paint): string {
  if (strict) return "";
  const tally = new Tally();
  // Of what differs anyway nobody asks how else it could be.
  for (const { suite, findings } of results.filter(({ outcome }) => outcome !== "differs"))
    for (const { what, got = "", differences: all } of findings)
      for (const difference of all.filter(({ level }) => level === "choice")) {
        const where = `${suite.dialect} ${subjectOf(what, got)}`;
        tally.add(`${where} ${difference.path}`, `${where}: ${told(difference, "Dragoman")}`);
      }
  return section(paint, "As good as documented, and chosen otherwise than by Dragoman", tally.lines(paint));
}

/** `what a hears` is a frame, and known by its type. */
const subjectOf = (what: string, frame: string): string =>
  /^what \S+ hears$/.test(what) ? typeIn(frame) : what.replace(/^what (.*) answers$/, "$1");

const typeIn = (frame: string): string => /"type":("[^"]*")/.exec(frame)?.[1] ?? "a frame";

const MAX_NAMES = 6;

/** By reason, so that each is read once. */
function leftOut(results: readonly Told[], paint: Paint): string {
  const reasons = Map.groupBy(
    results.filter(({ outcome }) => outcome === "skipped"),
    ({ why = "" }) => why,
  );
  const lines = [...reasons].flatMap(([why, checks]) => {
    const names = checks.slice(0, MAX_NAMES).map(({ suite, check }) => `${suite.dialect} ${check.name}`);
    const more = checks.length > MAX_NAMES ? [`… and ${checks.length - MAX_NAMES} more`] : [];
    return [
      `  ${counted(checks.length, "check")}: ${escapeControl(why)}`,
      `    ${paint("dim", [...names, ...more].join(", "))}`,
    ];
  });
  return section(paint, "Left out", lines);
}

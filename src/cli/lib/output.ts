import { stripVTControlCharacters } from "node:util";
import { escapeControl } from "../../app/log-safe.ts";
import type { Flags } from "./settings.ts";
import { type Paint, say, stdoutIsTerminal, stdoutPaint } from "./terminal.ts";

/** What a cell may hold; nothing is shown for null. */
export type Cell = string | number | boolean | null | undefined;

/** A column: its heading, and what a row shows there. */
export type Column<R> = readonly [heading: string, cell: (row: R) => Cell];

/** The answer of a command: as JSON where that was asked for, else as a person reads it. */
export function answer(flags: Flags, value: unknown, told: (paint: Paint) => string): void {
  if (flags["json"] === true) say(JSON.stringify(value));
  else {
    const text = told(stdoutPaint());
    if (text !== "") say(text);
  }
}

const GAP = "  ";

/**
 * Rows under headings. On a terminal no line is longer than it is wide: the widest column gives
 * way. Texts cannot steer the terminal.
 */
export function table<R>(
  columns: readonly Column<R>[],
  rows: readonly R[],
  paint: Paint = stdoutPaint(),
): string {
  const cells = rows.map((row) => columns.map(([, cell]) => shown(cell(row))));
  const headings = columns.map(([heading]) => heading);
  const natural = headings.map((heading, at) =>
    Math.max(Bun.stringWidth(heading), ...cells.map((line) => Bun.stringWidth(line[at] ?? ""))),
  );
  const widths = fitted(natural);
  const lineOf = (line: readonly string[]): string =>
    line
      .map((cell, at) => padded(cut(cell, widths[at] ?? 0), widths[at] ?? 0))
      .join(GAP)
      .trimEnd();
  return [paint("dim", lineOf(headings)), ...cells.map(lineOf)].join("\n");
}

/** Name and value a line, the names in one width; what is null is left out. */
export function fields(rows: readonly (readonly [name: string, value: Cell])[], paint: Paint): string {
  const told = rows.filter(([, value]) => value !== null && value !== undefined);
  const width = Math.max(...told.map(([name]) => name.length)) + 2;
  return told.map(([name, value]) => `${paint("dim", name.padEnd(width))}${shown(value)}`).join("\n");
}

/** A value as it is shown to a person: one line, nothing that steers a terminal. */
export function shown(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return escapeControl(String(value));
}

const two = (part: number): string => String(part).padStart(2, "0");

/** A time as people read it, in their own time zone: `2026-01-31 12:04:05`. */
export function localTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${[date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-")} ${clockTime(iso)}`;
}

/** `12:04:05`, likewise. */
export function clockTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
}

/** `3 users`, `1 user`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** At least this much is left of a column that gives way. */
const LEAST = 12;

function fitted(natural: readonly number[]): readonly number[] {
  const widths = [...natural];
  if (!stdoutIsTerminal()) return widths;
  const room = (process.stdout.columns || 80) - GAP.length * (widths.length - 1);
  for (;;) {
    const over = widths.reduce((sum, width) => sum + width, 0) - room;
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (over <= 0 || width <= LEAST) return widths;
    const second = Math.max(LEAST, ...widths.filter((_, at) => at !== widest));
    widths[widest] = Math.max(width - over, Math.min(second, width - 1), LEAST);
  }
}

function cut(text: string, width: number): string {
  if (Bun.stringWidth(text) <= width) return text;
  let kept = "";
  for (const { segment } of new Intl.Segmenter().segment(stripVTControlCharacters(text))) {
    if (Bun.stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

const padded = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - Bun.stringWidth(text)));

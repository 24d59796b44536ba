/** What the client test writes: a line a frame, and a table at the end. */
import { clockMs } from "../../src/console/lib/format.ts";
import { labelOf } from "../../src/console/try/label.ts";
import { ARROWS, type Direction } from "../../src/console/try/arrows.ts";
import { parseJson } from "../../src/core/json.ts";

const COLOURS: Readonly<Record<string, number>> = {
  onetask: 36,
  "onetask-v1": 34,
  chat: 35,
  diary: 33,
  notifier: 32,
  native: 96,
};
const STYLES = { bold: 1, dim: 2, good: 32, bad: 31 } as const;

const isColoured = (): boolean => process.stdout.isTTY && !process.env["NO_COLOR"];
const painted = (code: number, text: string): string =>
  isColoured() ? `\u001b[${code}m${text}\u001b[0m` : text;
export const style = (name: keyof typeof STYLES, text: string): string => painted(STYLES[name], text);
export const inDialect = (dialect: string, text: string): string => painted(COLOURS[dialect] ?? 0, text);

const NAME_WIDTH = 24;
/** Narrower terminals wrap. */
const MIN_FRAME_WIDTH = 40;

export const say = (text = ""): void => console.log(text);

/** `12:04:31.250 chat connect ↓ message {"type":…`; on a terminal it is cut to one line. */
export function sayFrame(dialect: string, socket: string, direction: Direction, text: string): void {
  const at = clockMs(new Date().toISOString());
  const name = `${dialect} ${socket}`.padEnd(NAME_WIDTH);
  const label = direction === "note" ? "" : labelOf(parseJson(text));
  const lead = `${at} ${name} ${ARROWS[direction]} ${label === "" ? "" : `${label} `}`;
  const room = Math.max(MIN_FRAME_WIDTH, (process.stdout.columns ?? Number.POSITIVE_INFINITY) - lead.length);
  const line = text.replaceAll(/\s+/g, " ");
  const shown = line.length > room ? `${line.slice(0, room - 1)}…` : line;
  say(
    `${style("dim", at)} ${inDialect(dialect, name)} ${ARROWS[direction]} ` +
      `${label === "" ? "" : `${style("bold", label)} `}${style("dim", shown)}`,
  );
}

/** Columns as wide as their longest cell; the first row is the head. */
export function sayTable(rows: readonly (readonly string[])[], paint: (cell: string) => string): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  rows.forEach((row, at) => {
    const cells = row.map((cell, column) => {
      const padded = cell.padEnd(widths[column] ?? 0);
      return at === 0 ? style("bold", padded) : padded.replace(cell, () => paint(cell));
    });
    say(`  ${cells.join("  ")}`.trimEnd());
  });
}

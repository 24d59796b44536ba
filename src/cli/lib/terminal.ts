import { relative, resolve } from "node:path";
import { isatty } from "node:tty";
import { type Problem, formatProblem } from "../../app/config-problem.ts";

const coloured = (fd: number): boolean => isatty(fd) && !process.env["NO_COLOR"];

export const stderrIsTerminal = (): boolean => isatty(2);

/** A command's answer. */
export const say = (text: string): void => console.log(text);

/** Whatever is said beside it, so that the answer can be piped. (On a terminal console.error would be red.) */
export const remark = (text: string): void => void process.stderr.write(`${text}\n`);

/** A remark for a person; left out where nobody reads along. */
export const hint = (text: string): void => {
  if (stderrIsTerminal()) remark(text);
};

export const tellProblem = (problem: Problem, severity: "error" | "warn" = "error"): void =>
  remark(formatProblem(problem, coloured(2), severity));

const STYLES = { bold: "\u001b[1m", dim: "\u001b[2m", accent: "\u001b[36m" } as const;
const OFF = "\u001b[0m";

export type Paint = (style: keyof typeof STYLES, text: string) => string;

/** Styles for stdout: plain text where it is no terminal or NO_COLOR is set. */
export const stdoutPaint = (): Paint =>
  coloured(1) ? (style, text) => `${STYLES[style]}${text}${OFF}` : (_, text) => text;

/** A path as one would type it here: `./dragoman_data` inside the current folder, else absolute. */
export function shortPath(path: string): string {
  const absolute = resolve(path);
  const inside = relative(process.cwd(), absolute);
  return inside === "" ? "." : inside.startsWith("..") ? absolute : `./${inside}`;
}

/** A word for a POSIX shell, quoted only where it must be. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

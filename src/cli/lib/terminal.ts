import { isatty } from "node:tty";
import { type Problem, formatProblem } from "../../app/config-problem.ts";
import { pasteable } from "./program-name.ts";

const coloured = (fd: number): boolean => isatty(fd) && !process.env["NO_COLOR"];

export const stderrIsTerminal = (): boolean => isatty(2);

/** A command's answer. */
export const say = (text: string): void => console.log(text);

/** Whatever is said beside it, so that the answer can be piped. (On a terminal console.error would be red.) */
export const remark = (text: string): void => void process.stderr.write(`${text}\n`);

/** A remark for a person; left out where nobody reads along. */
export const hint = (text: string): void => {
  if (stderrIsTerminal()) remark(pasteable(text));
};

export const tellProblem = (problem: Problem, severity: "error" | "warn" = "error"): void =>
  remark(formatProblem({ ...problem, fix: pasteable(problem.fix) }, coloured(2), severity));

const STYLES = { bold: "\u001b[1m", dim: "\u001b[2m", accent: "\u001b[36m" } as const;
const OFF = "\u001b[0m";

export type Paint = (style: keyof typeof STYLES, text: string) => string;

/** Styles for stdout: plain text where it is no terminal or NO_COLOR is set. */
export const stdoutPaint = (): Paint =>
  coloured(1) ? (style, text) => `${STYLES[style]}${text}${OFF}` : (_, text) => text;

export const stdoutIsTerminal = (): boolean => isatty(1);

export const stdinIsTerminal = (): boolean => isatty(0);

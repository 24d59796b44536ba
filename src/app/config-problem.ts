import { escapeControl } from "./log-safe.ts";

/** Something wrong with what the user wrote. Never holds a secret. */
export interface Problem {
  readonly what: string;
  /** `--port`, `env PORT`, `dragoman.toml:3`; empty where it is nowhere in particular. */
  readonly where: string;
  readonly fix: string;
}

const PAINT = { error: "\u001b[1;31m", warn: "\u001b[1;33m", fix: "\u001b[36m", off: "\u001b[0m" } as const;

/** A problem as two lines: what (and where), and the fix. Without a line end. */
export function formatProblem(
  problem: Problem,
  colour: boolean,
  severity: "error" | "warn" = "error",
): string {
  const label = (kind: "error" | "warn" | "fix"): string =>
    (colour ? `${PAINT[kind]}${kind}${PAINT.off}` : kind) + " ".repeat(7 - kind.length);
  const where = problem.where === "" ? "" : `${escapeControl(problem.where)}  `;
  return `${label(severity)}${where}${escapeControl(problem.what)}\n${label("fix")}${escapeControl(problem.fix)}`;
}

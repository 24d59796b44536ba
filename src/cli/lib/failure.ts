import type { Problem } from "../../app/config-problem.ts";

/** What the program ends with. 78 is EX_CONFIG of sysexits.h: starting it again cannot help. */
export const EXIT = { ok: 0, failure: 1, usage: 2, config: 78 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An expected end of a command: what to tell (nothing where that was done), and the exit code. */
export class Failure extends Error {
  readonly problems: readonly Problem[];
  readonly exitCode: ExitCode;
  constructor(problems: readonly Problem[], exitCode: ExitCode = EXIT.failure) {
    super(problems[0]?.what ?? "");
    this.name = "Failure";
    this.problems = problems;
    this.exitCode = exitCode;
  }
}

export const failure = (what: string, fix: string, exitCode: ExitCode = EXIT.failure, where = ""): Failure =>
  new Failure([{ what, where, fix }], exitCode);

/** The code of a system error (`EACCES`) or of one of ours (`STORE_NEWER`); empty where it has none. */
export const codeOf = (fault: unknown): string =>
  typeof fault === "object" && fault !== null && "code" in fault && typeof fault.code === "string"
    ? fault.code
    : "";

export const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));

import { Command, CommanderError } from "commander";
import { VERSION } from "../app/version.ts";
import { prepare, subcommand } from "./lib/command.ts";
import { EXIT, type ExitCode, Failure } from "./lib/failure.ts";
import { remark, tellProblem } from "./lib/terminal.ts";

interface Subcommand {
  readonly summary: string;
  /** Its file, read only where it is asked for. */
  readonly load: () => Promise<{ readonly define: (command: Command) => void }>;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  dev: { summary: "try it: in memory, with demo users and lines to paste", load: () => import("./dev.ts") },
  serve: { summary: "run the server; everything is kept in a data folder", load: () => import("./serve.ts") },
  token: { summary: "print a token for a user", load: () => import("./token.ts") },
  key: { summary: "create, list and revoke service keys of your backends", load: () => import("./key.ts") },
  backup: {
    summary: "copy the database to a file, while its server runs or not",
    load: () => import("./backup.ts"),
  },
  restore: {
    summary: "put a backup in the place of the database of a stopped server",
    load: () => import("./restore.ts"),
  },
  prune: {
    summary: "remove now what is older than the retention",
    load: () => import("./prune.ts"),
  },
  "check-config": {
    summary: "show every setting and where it comes from, or what is wrong",
    load: () => import("./check-config.ts"),
  },
  healthcheck: {
    summary: "ask whether the server on this machine answers",
    load: () => import("./healthcheck.ts"),
  },
};

/** Runs the command line; answers with the exit code. Never throws. */
export async function run(args: readonly string[]): Promise<ExitCode> {
  const program = prepare(new Command("dragoman"))
    .description("One self-hosted realtime server that speaks six dialects.")
    .version(VERSION, "-v, --version", "print the version")
    .addHelpText("after", "\nStart here:  dragoman dev\n");
  for (const [name, { summary, load }] of Object.entries(SUBCOMMANDS)) {
    const command = subcommand(program, name, summary);
    if (args.includes(name)) (await load()).define(command);
  }
  try {
    await program.parseAsync([...args], { from: "user" });
    return EXIT.ok;
  } catch (fault) {
    return tell(fault, wantsStacks(args));
  }
}

const wantsStacks = (args: readonly string[]): boolean =>
  process.env["LOG_LEVEL"] === "debug" || /--log-level[= ]debug/.test(args.join(" "));

async function tell(fault: unknown, stacks: boolean): Promise<ExitCode> {
  // Help that was asked for is an answer; help because no command was named is a correction.
  if (fault instanceof CommanderError) return fault.code === "commander.help" ? EXIT.usage : EXIT.ok;
  const told = fault instanceof Failure ? fault : (await import("./lib/faults.ts")).explain(fault);
  for (const problem of told.problems) tellProblem(problem);
  if (told.cause instanceof Error && stacks) remark(told.cause.stack ?? "");
  return told.exitCode;
}

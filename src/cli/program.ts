import { Command, CommanderError } from "commander";
import { VERSION } from "../app/version.ts";
import { prepare, subcommand } from "./lib/command.ts";
import { EXIT, type ExitCode, Failure } from "./lib/failure.ts";
import { pasteable } from "./lib/program-name.ts";
import { remark, tellProblem } from "./lib/terminal.ts";

interface Subcommand {
  readonly summary: string;
  /** Its file, read only where it is asked for. */
  readonly load: () => Promise<{ readonly define: (command: Command) => void }>;
}

/** Speaks of all the others: they are all read for it. */
const COMPLETION = "completion";

/** By the headings of the help. */
const SUBCOMMANDS: Readonly<Record<string, Readonly<Record<string, Subcommand>>>> = {
  "Run a server:": {
    dev: { summary: "try it: in memory, with demo users and lines to paste", load: () => import("./dev.ts") },
    serve: {
      summary: "run the server; everything is kept in a data folder",
      load: () => import("./serve.ts"),
    },
  },
  "Speak to a running server:": {
    tail: { summary: "show what happens, as it happens", load: () => import("./tail.ts") },
    send: { summary: "send messages to a room", load: () => import("./send.ts") },
    notify: { summary: "notify a user, a room or everyone", load: () => import("./notify.ts") },
    room: { summary: "rooms: members, history, who is there", load: () => import("./room.ts") },
    workspace: { summary: "workspaces and their members", load: () => import("./workspace.ts") },
    presence: { summary: "who is connected, or in a room", load: () => import("./presence.ts") },
    inbox: { summary: "notifications of a user: read, clear", load: () => import("./inbox.ts") },
    user: { summary: "users: list, show, disconnect", load: () => import("./user.ts") },
    stats: { summary: "how the server is, now and in the last minute", load: () => import("./stats.ts") },
    bench: { summary: "how fast it is: sockets, deliveries, latency", load: () => import("./bench.ts") },
    log: { summary: "who came, who was refused, why sockets ended", load: () => import("./log.ts") },
  },
  "Look after its data, running or not:": {
    token: { summary: "print a token for a user", load: () => import("./token.ts") },
    key: { summary: "create, list and revoke service keys of your backends", load: () => import("./key.ts") },
    backup: { summary: "copy the database to a file", load: () => import("./backup.ts") },
    restore: {
      summary: "put a backup in the place of the database of a stopped server",
      load: () => import("./restore.ts"),
    },
    prune: { summary: "remove now what is older than the retention", load: () => import("./prune.ts") },
  },
  "Find out what is wrong:": {
    config: { summary: "list every setting, as a file to fill in", load: () => import("./config.ts") },
    record: {
      summary: "write down what clients and a server say to each other",
      load: () => import("./record.ts"),
    },
    replay: {
      summary: "say it again to a server, and compare what it answers",
      load: () => import("./replay.ts"),
    },
    doctor: {
      summary: "examine settings, machine and public address: what is wrong, why, and the fix",
      load: () => import("./doctor.ts"),
    },
    conform: {
      summary: "check any server against a dialect's contract, your old backend too",
      load: () => import("./conform.ts"),
    },
    "check-config": {
      summary: "show every setting and where it comes from, or what is wrong",
      load: () => import("./check-config.ts"),
    },
    healthcheck: {
      summary: "ask whether the server on this machine answers",
      load: () => import("./healthcheck.ts"),
    },
    [COMPLETION]: {
      summary: "print a script that completes commands and options in your shell",
      load: () => import("./completion.ts"),
    },
  },
};

/** Runs the command line; answers with the exit code. Never throws. */
export async function run(given: readonly string[]): Promise<ExitCode> {
  const args = commandIn(given[0] === "help" ? [...given.slice(1), "--help"] : given);
  const program = prepare(new Command("dragoman"))
    .description("One self-hosted realtime server that speaks six dialects.")
    .usage("<command> [options]")
    .version(VERSION, "-v, --version", "print the version")
    .addHelpText("after", FIRST_STEPS);
  for (const [heading, commands] of Object.entries(SUBCOMMANDS))
    for (const [name, { summary, load }] of Object.entries(commands)) {
      const command = subcommand(program, name, summary).helpGroup(heading);
      if (args.includes(name) || args[0] === COMPLETION) (await load()).define(command);
    }
  try {
    if (args.length === 0) {
      remark(pasteable(SHORT_HELP));
      return EXIT.usage;
    }
    await program.parseAsync([...args], { from: "user" });
    return EXIT.ok;
  } catch (fault) {
    return tell(fault, args);
  }
}

/** Asking for the help of a command that there is not is a mistake, not a wish for all of the help. */
function commandIn(args: readonly string[]): readonly string[] {
  const [name = ""] = args;
  const known = Object.values(SUBCOMMANDS).some((commands) => Object.hasOwn(commands, name));
  return known || name === "" || name.startsWith("-") ? args : [name];
}

const FIRST_STEPS = `
Start here:  dragoman dev
More about one of them:  dragoman help tail`;

const SHORT_HELP = `dragoman ${VERSION}: one self-hosted realtime server that speaks six dialects.

  dragoman dev      try it: in memory, with demo users and lines to paste
  dragoman serve    run it for real; everything is kept in a data folder
  dragoman --help   everything else`;

const wantsStacks = (args: readonly string[]): boolean =>
  process.env["LOG_LEVEL"] === "debug" || /--log-level[= ]debug/.test(args.join(" "));

async function tell(fault: unknown, args: readonly string[]): Promise<ExitCode> {
  // Help that was asked for is an answer; help because no command was named is a correction.
  if (fault instanceof CommanderError) return fault.code === "commander.help" ? EXIT.usage : EXIT.ok;
  const told = fault instanceof Failure ? fault : (await import("./lib/faults.ts")).explain(fault);
  for (const problem of told.problems)
    if (args.includes("--json")) remark(JSON.stringify({ error: problem }));
    else tellProblem(problem);
  if (told.cause instanceof Error && wantsStacks(args)) remark(told.cause.stack ?? "");
  return told.exitCode;
}

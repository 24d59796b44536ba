import { type Command, Option } from "commander";
import { DIALECT_NAMES } from "../app/dialect-paths.ts";
import type { Cursor, EventKind } from "../client/client.ts";
import { oneOf, wholeNumber } from "./lib/choices.ts";
import { examples } from "./lib/command.ts";
import { KINDS } from "./lib/event-line.ts";
import { EXIT, failure } from "./lib/failure.ts";
import { greet } from "./lib/live.ts";
import { untilStopped } from "./lib/pause.ts";
import { remoteFor, withServer } from "./lib/remote.ts";
import { checkedRoom } from "./lib/rooms.ts";
import type { Flags } from "./lib/settings.ts";
import { tailEvents } from "./tail/events.ts";
import { tailFrames } from "./tail/frames.ts";

interface TailFlags extends Flags {
  readonly kinds?: string;
  readonly since?: string;
  readonly dialect?: string;
  readonly path?: string;
  readonly count?: string;
  readonly follow: boolean;
  readonly json?: true;
}

export function define(command: Command): void {
  withServer(
    command
      .argument("[room...]", "rooms to listen to (admins and keys: everything; others: what is told to them)")
      .option("--kinds <kinds>", "only these, comma-separated: message.created,task")
      .option("--since <event>", "begin after this event id; all: everything that is kept")
      .option("--count <number>", "end after so many")
      .option("--no-follow", "end when everything that is kept was told")
      .addOption(
        new Option("--dialect <name>", "raw frames, as this dialect's clients see them").choices(
          DIALECT_NAMES,
        ),
      )
      .option("--path <path>", "its socket, where it has several: /ws/tasks/789"),
  ).action(run);
  examples(command, [
    ["dragoman tail", "everything, as an admin of this machine's server"],
    ["dragoman tail channel:1 --as alice", "one room, as one of its members"],
    ["dragoman tail --since all --kinds message,task --json", "from the first event on, for programs"],
    ["dragoman tail channel:1 --dialect chat --as bob", "the frames that a chat client sees"],
  ]);
}

async function run(rooms: readonly string[], flags: TailFlags): Promise<void> {
  const kinds = kindsOf(flags.kinds);
  const { dialect = "native", path } = flags;
  const raw = dialect !== "native" || path !== undefined;
  if (raw && kinds !== undefined)
    throw failure(
      "--kinds reads events, not the frames of a dialect",
      "leave out --dialect and --path, or --kinds",
      EXIT.usage,
    );
  const stopped = untilStopped();
  const job = {
    rooms: rooms.map(checkedRoom),
    since: sinceOf(flags),
    follow: flags.follow,
    stopped,
    write: writer(flags, stopped),
    remote: remoteFor(flags),
  };
  await greet(job.remote);
  if (!raw) return tailEvents(job, { kinds, json: flags.json === true || flags.dialect !== undefined });
  return tailFrames(job, { dialect, path, resume: flags.since !== undefined || !flags.follow });
}

function writer({ count }: TailFlags, stopped: AbortController): (line: string) => void {
  let left = count === undefined ? Number.POSITIVE_INFINITY : wholeNumber(count, "--count", { min: 1 });
  return (line) => {
    if (stopped.signal.aborted) return;
    process.stdout.write(`${line}\n`);
    if (--left <= 0) stopped.abort();
  };
}

function sinceOf({ since, follow }: TailFlags): Cursor {
  if (since === undefined) return follow ? "latest" : 0;
  return since === "all" ? 0 : wholeNumber(since, "--since");
}

/** `task` is every kind of tasks; undefined where all are wanted. */
function kindsOf(text: string | undefined): readonly EventKind[] | undefined {
  if (text === undefined) return undefined;
  const groups = [...new Set(KINDS.map((kind) => kind.slice(0, kind.indexOf("."))))];
  const named = text
    .split(",")
    .map((word) => word.trim().replace(/\.\*$/, ""))
    .map((word) => oneOf<string>(word, [...groups, ...KINDS], "--kinds"));
  return KINDS.filter((kind) => named.some((name) => kind === name || kind.startsWith(`${name}.`)));
}

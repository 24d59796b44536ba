import { type Command, Option } from "commander";
import { DIALECT_NAMES, listeningTo } from "../app/dialect-paths.ts";
import { isObject } from "../core/json.ts";
import { parseRoom } from "../core/topic.ts";
import { oneOf, wholeNumber } from "./lib/choices.ts";
import { examples } from "./lib/command.ts";
import { eventLine, KIND_NAMES } from "./lib/event-line.ts";
import { EXIT, type Failure, failure } from "./lib/failure.ts";
import { untilStopped } from "./lib/pause.ts";
import { userIdOf } from "./lib/proof.ts";
import { type Remote, remoteFor, withServer } from "./lib/remote.ts";
import type { Flags } from "./lib/settings.ts";
import { type Cursor, listen } from "./lib/stream.ts";
import { remark, stdoutPaint } from "./lib/terminal.ts";

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
  const wanted = kindsOf(flags.kinds);
  const since = sinceOf(flags);
  const left = {
    count:
      flags.count === undefined ? Number.POSITIVE_INFINITY : wholeNumber(flags.count, "--count", { min: 1 }),
  };
  const remote = remoteFor(flags);
  const tail: Tail = { remote, rooms, since, flags, stopped: untilStopped(), wanted, left };
  await (flags.dialect === undefined && flags.path === undefined ? tailEvents(tail) : tailFrames(tail));
}

interface Tail {
  readonly remote: Remote;
  readonly rooms: readonly string[];
  readonly since: Cursor;
  readonly flags: TailFlags;
  readonly stopped: AbortController;
  readonly wanted: (kind: string) => boolean;
  readonly left: { count: number };
}

const PATH = "/api/v1/stream";
const ALL = "*";

/** The native dialect: what happens, a line an event. */
async function tailEvents(tail: Tail): Promise<void> {
  const { remote, rooms, flags, stopped, wanted } = tail;
  const paint = stdoutPaint();
  const topics = new Set<string>(rooms.map(topicNamed));
  // Without rooms an admin hears everything; whoever is refused that hears what is told to him.
  let everything = rooms.length === 0;
  let refused: Failure | null = null;
  let resumed = 0;
  await listen({
    remote,
    path: PATH,
    tokenIn: "header",
    since: tail.since,
    greeting: (since) => {
      resumed = 0;
      const asked = everything ? [ALL] : [...topics];
      return asked.length === 0
        ? []
        : [{ type: "subscribe", id: "tail", data: { topics: asked, last_event_id: since } }];
    },
    told: tell,
    signal: stopped.signal,
    heard(text, frame) {
      if (stopped.signal.aborted || frame === null) return;
      if (frame["type"] === "event" && isWanted(frame))
        write(tail, flags.json ? text : eventLine(frame, paint));
      if (frame["type"] === "reply") replied(frame);
      if (frame["type"] === "resumed") {
        if (isObject(frame["data"]) && frame["data"]["recovered"] === false)
          tell("events before this are no longer kept");
        // One for the socket, one for what was subscribed to.
        if (++resumed >= (everything || topics.size > 0 ? 2 : 1)) caughtUp();
      }
    },
  });
  if (refused !== null) throw refused;

  function isWanted({ kind, topic }: Readonly<Record<string, unknown>>): boolean {
    return wanted(String(kind)) && (topics.size === 0 || topics.has(String(topic)));
  }

  function replied({ error }: Readonly<Record<string, unknown>>): void {
    if (!isObject(error)) return;
    if (everything && error["code"] === "FORBIDDEN") {
      everything = false;
      return tell("listening to what is told to this user; name rooms to hear more");
    }
    refused = failure(
      String(error["detail"]),
      "ask for membership: dragoman room members add ROOM USER; or listen as an admin, without --as",
    );
    stopped.abort();
  }

  function caughtUp(): void {
    if (!flags.follow) stopped.abort();
  }
}

/** Another dialect's frames, as they are. */
async function tailFrames(tail: Tail): Promise<void> {
  const { remote, rooms, since, flags, stopped } = tail;
  if (flags.kinds !== undefined)
    throw failure(
      "--kinds reads events, not the frames of a dialect",
      "leave out --dialect and --path, or --kinds",
      EXIT.usage,
    );
  const dialect = flags.dialect ?? "native";
  const at = listeningTo(dialect, rooms, userIdOf(remote.proof));
  if (at === null && flags.path === undefined)
    throw failure(
      `${dialect} has no socket for ${rooms.join(", ")}`,
      "name a socket of it with --path, or listen to one room at a time",
      EXIT.usage,
    );
  await listen({
    remote,
    path: flags.path ?? at?.path ?? "",
    tokenIn: dialect === "native" ? "header" : "query",
    since: flags.since === undefined && flags.follow ? undefined : since,
    greeting: () => at?.frames ?? [],
    told: tell,
    signal: stopped.signal,
    heard(text, frame) {
      if (stopped.signal.aborted) return;
      write(tail, flags.json && frame === null ? JSON.stringify(text) : text);
      if (frame?.["type"] === "resumed" && !flags.follow) stopped.abort();
    },
  });
}

function write({ left, stopped }: Tail, line: string): void {
  process.stdout.write(`${line}\n`);
  if (--left.count <= 0) stopped.abort();
}

const tell = (text: string): void => remark(text);

/** Canonical, as events name it. */
const topicNamed = (room: string): string => {
  const topic = parseRoom(room);
  if (topic === null)
    throw failure(
      `${JSON.stringify(room)} is no room`,
      "write it like channel:1, project:789 or lobby",
      EXIT.usage,
    );
  return topic;
};

function sinceOf({ since, follow }: TailFlags): Cursor {
  if (since === undefined) return follow ? "latest" : 0;
  return since === "all" ? 0 : wholeNumber(since, "--since");
}

/** `task` is every kind of tasks. */
function kindsOf(text: string | undefined): (kind: string) => boolean {
  if (text === undefined) return () => true;
  const groups = [...new Set(KIND_NAMES.map((kind) => kind.slice(0, kind.indexOf("."))))];
  const named = text
    .split(",")
    .map((word) => word.trim().replace(/\.\*$/, ""))
    .map((word) => oneOf<string>(word, [...groups, ...KIND_NAMES], "--kinds"));
  return (kind) => named.some((name) => kind === name || kind.startsWith(`${name}.`));
}

import type { Command } from "commander";
import { SOCKET_PATHS } from "../app/dialect-paths.ts";
import { VERSION } from "../app/version.ts";
import { wholeNumber } from "./lib/choices.ts";
import { examples } from "./lib/command.ts";
import { codeOf, failure } from "./lib/failure.ts";
import { explainPort } from "./lib/faults.ts";
import { counted } from "./lib/output.ts";
import { untilStopped } from "./lib/pause.ts";
import { startProgress } from "./lib/progress.ts";
import { explainSilence } from "./lib/refusals.ts";
import { addressFor, localAccess } from "./lib/remote.ts";
import type { Flags } from "./lib/settings.ts";
import { hint, remark, say } from "./lib/terminal.ts";
import { shellWord, shortPath } from "./lib/words.ts";
import { type Proxy, startProxy } from "./record/proxy.ts";
import type { Recorder } from "./record/recorder.ts";
import { openTape, type TapeWriter } from "./record/writer.ts";
import { FORMAT } from "./recording/tape.ts";

interface RecordFlags extends Flags {
  readonly listen: string;
  readonly json?: true;
}

const HELP = `
Stands before a server: whatever connects to the address that it prints is
passed on, sockets, streams and requests alike, and all that is said both ways
goes into the file, a line of JSON each, with its time. Tokens, keys and tickets
do not: each is replaced by whose it is. What people wrote is in it.

Ctrl-C ends. Play it again, against this server or another: dragoman replay FILE`;

export function define(command: Command): void {
  command
    .argument("<file>", "where it goes; there must be no such file yet")
    .option("--url <address>", "the server (env DRAGOMAN_URL; this machine's at PORT)")
    .option("--listen <port>", "where clients connect instead; 0: any free port", "8001")
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(record);
  examples(command, [
    ["dragoman record session.ndjson", "what clients of port 8001 and this machine's server say"],
    [
      "dragoman record old.ndjson --url http://127.0.0.1:5000 --listen 5001",
      "any other server, your old backend too",
    ],
  ]);
}

async function record(file: string, flags: RecordFlags): Promise<void> {
  const port = wholeNumber(flags.listen, "--listen", { max: 65_535 });
  const url = addressFor(flags);
  const access = localAccess(url);
  const stopped = untilStopped();
  const server = await nameOf(url, access);
  const tape = await open(file, url, server);
  let lines = 0;
  const proxy = listen(port, { url, access, tape, next: () => ++lines });
  remark(`recording to ${shortPath(file)}: connect to ${proxy.url} instead of ${url.origin}; Ctrl-C ends`);
  const progress = startProgress();
  const timer = setInterval(() => progress.tell(told(tape)), 250);
  await new Promise<void>((resolve) => stopped.signal.addEventListener("abort", () => resolve()));
  clearInterval(timer);
  progress.clear();
  await proxy.stop();
  await tape.end();
  if (flags.json === true) return say(JSON.stringify({ file: shortPath(file), ...tape.counts }));
  say(`${shortPath(file)}  ${told(tape)}`);
  hint(`play it again:  dragoman replay ${shellWord(shortPath(file))}`);
}

const told = ({ counts: { sockets, requests, frames } }: TapeWriter): string =>
  [counted(sockets, "socket"), counted(requests, "request"), counted(frames, "frame")].join(", ");

/** What the server says that it is; null where it says nothing. Throws a Failure where nothing answers. */
async function nameOf(url: URL, access: Recorder["access"]): Promise<string | null> {
  const answer = await fetch(url, {
    redirect: "manual",
    signal: AbortSignal.timeout(5000),
    ...access,
  }).catch((fault: unknown) => {
    throw explainSilence(url, fault);
  });
  await answer.body?.cancel();
  return answer.headers.get("server");
}

async function open(file: string, url: URL, server: string | null): Promise<TapeWriter> {
  const header = {
    recording: FORMAT,
    version: VERSION,
    url: url.href.replace(/\/$/, ""),
    server,
    started_at: new Date().toISOString(),
    dialects: Object.fromEntries(Object.entries(SOCKET_PATHS).map(([name, paths]) => [name, [...paths]])),
  } as const;
  return openTape(file, header).catch((fault: unknown) => {
    if (codeOf(fault) !== "EEXIST") throw fault;
    throw failure(`${shortPath(file)} is there already`, "name another file, or take that one away");
  });
}

function listen(port: number, recorder: Recorder): Proxy {
  try {
    return startProxy(port, recorder);
  } catch (fault) {
    throw explainPort(fault, port, (other) => `--listen ${other}`);
  }
}

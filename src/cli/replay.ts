import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { wholeNumber } from "./lib/choices.ts";
import { examples } from "./lib/command.ts";
import { EXIT, Failure, failure, messageOf } from "./lib/failure.ts";
import { localTime } from "./lib/output.ts";
import { portion, startProgress } from "./lib/progress.ts";
import { explainSilence } from "./lib/refusals.ts";
import { addressFor, localAccess, withServer } from "./lib/remote.ts";
import type { Flags } from "./lib/settings.ts";
import { remark, say, stdoutPaint } from "./lib/terminal.ts";
import { shortPath } from "./lib/words.ts";
import { readTape, type Recording, TapeFault } from "./recording/tape.ts";
import { Ledger } from "./replay/ledger.ts";
import { play } from "./replay/player.ts";
import { Proofs } from "./replay/proofs.ts";
import { detailsOf, summaryLine, summaryOf } from "./replay/report.ts";

interface ReplayFlags extends Flags {
  readonly speed: string;
  readonly timeout: string;
  readonly json?: true;
}

const HELP = `
Says again what the clients of a recording said, to this server, and compares
what it answers. Ids that the server numbers may be others, and times; the same
id must stay the same throughout. Frames of one socket may come in another order
between two things that clients say. Ends with 1 where anything differs.

Each user of the recording is played with a token of his own, signed with the
secret of the server on this machine, or JWT_SECRET. A service key is played by
--key, or as an admin.`;

export function define(command: Command): void {
  withServer(command.argument("<file>", "a recording made by dragoman record"))
    .option("--speed <factor>", "2: twice as fast; max: without pauses", "1")
    .option("--timeout <ms>", "how long a frame or an answer is waited for", "2000")
    .addHelpText("after", HELP)
    .action(replay);
  examples(command, [
    ["dragoman replay session.ndjson", "against this machine's server, at the pace of the recording"],
    ["dragoman replay old.ndjson --speed max --json", "as fast as it answers, for programs"],
  ]);
}

async function replay(file: string, flags: ReplayFlags): Promise<void> {
  const speed = speedOf(flags.speed);
  const timeoutMs = wholeNumber(flags.timeout, "--timeout", { min: 50, max: 60_000 });
  const recording = read(file);
  const url = addressFor(flags);
  const access = localAccess(url);
  const proofs = new Proofs(url, recording, flags);
  await reach(url, access, timeoutMs);
  const { started_at, url: from } = recording.header;
  if (flags.json !== true)
    remark(`${shortPath(file)}, recorded ${localTime(started_at)} at ${from}, against ${url.origin}`);
  const progress = startProgress();
  const ledger = new Ledger(proofs.users, proofs.names);
  const played = await play(recording, { url, access, ledger, proofs, timeoutMs }, speed, (done, all) =>
    progress.tell(`replaying ${portion(done, all)}`),
  );
  progress.clear();
  if (flags.json === true)
    say(JSON.stringify({ file, url: url.href, summary: summaryOf(played), differences: played.findings }));
  else {
    const details = detailsOf(played, stdoutPaint());
    if (details !== "") say(`${details}\n`);
    say(summaryLine(played));
  }
  if (played.findings.length > 0) throw new Failure([]);
}

function read(file: string): Recording {
  try {
    const recording = readTape(readFileSync(file, "utf8"));
    if (recording.entries.length > 0) return recording;
  } catch (fault) {
    const fix = "make one: dragoman record session.ndjson";
    if (fault instanceof TapeFault)
      throw failure(`${shortPath(file)} is no recording: ${fault.message}`, fix);
    throw failure(`${shortPath(file)} cannot be read: ${messageOf(fault)}`, fix);
  }
  throw failure(
    `nothing passed while ${shortPath(file)} was recorded`,
    "connect clients to record's address",
  );
}

function speedOf(text: string): number {
  const speed = text === "max" ? Number.POSITIVE_INFINITY : Number(text);
  if (speed > 0) return speed;
  throw failure(`"${text}" is no speed`, "write a factor like 1, 0.5 or 10, or max", EXIT.usage, "--speed");
}

async function reach(url: URL, access: ReturnType<typeof localAccess>, timeoutMs: number): Promise<void> {
  const init = { redirect: "manual" as const, signal: AbortSignal.timeout(timeoutMs), ...access };
  const answer = await fetch(url, init).catch((fault: unknown) => {
    throw explainSilence(url, fault);
  });
  await answer.body?.cancel();
}

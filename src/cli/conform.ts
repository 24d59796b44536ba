import type { Command } from "commander";
import { suggest } from "../core/suggest.ts";
import type { Suite } from "./conform/check.ts";
import { detailsOf } from "./conform/details.ts";
import {
  addOptions,
  addressOf,
  chosen,
  type ConformFlags,
  namesOf,
  peopleOf,
  placeOf,
  suitesOf,
  timeoutOf,
  triggersOf,
} from "./conform/options.ts";
import { play } from "./conform/player.ts";
import { preflight } from "./conform/preflight.ts";
import {
  jsonOf,
  lineOf,
  listOf,
  nameWidth,
  sourceOf,
  summaryLine,
  summaryOf,
  type Told,
} from "./conform/report.ts";
import type { Run } from "./conform/run.ts";
import { sceneOf } from "./conform/scene.ts";
import { schemasOf, typesOf } from "./conform/suites.ts";
import { examples } from "./lib/command.ts";
import { EXIT, Failure, failure } from "./lib/failure.ts";
import { explainSilence } from "./lib/refusals.ts";
import { portion, startProgress } from "./lib/progress.ts";
import { localAccess } from "./lib/remote.ts";
import { say, stdoutPaint } from "./lib/terminal.ts";

const HELP = `
Runs the contract of a dialect against any server that speaks it, Dragoman or
the backend that it comes from, and says where it differs. Each check is ok,
differs, is skipped (and why), or is an addition of Dragoman's that is not here,
which nobody is blamed for. Ends with 0 where nothing differs. Without tokens it
speaks to a dev on this machine, as its demo users.

Use it where test users may hear something: checks send messages, notifications
and events, and those of diary and notifier reach everybody who is connected.
What has expired can be tried only with --secret, which signs the tokens.

--trigger is for events for which the document names no address. Its command
finds who is meant in CONFORM_USER, CONFORM_USER_B, CONFORM_WORKSPACE,
CONFORM_ROOM, CONFORM_SESSION and CONFORM_TASK, and in CONFORM_BODY, as JSON,
what Dragoman would be asked for.`;

const EXAMPLES = [
  ["dragoman conform 127.0.0.1:8000 --dialect all", "a dev on this machine, every dialect"],
  [
    'dragoman conform http://127.0.0.1:5000 --dialect onetask --token "$TOKEN" --token-b "$OTHER"',
    "an old backend, with the tokens of two users",
  ],
  [
    'dragoman conform wss://rt.example.com --dialect chat --token "$TOKEN" --room channel:7 --only join',
    "only what is about joining, in a room that the user may enter",
  ],
  [
    "dragoman conform http://127.0.0.1:5000 --dialect onetask --map /ws/tasks=/sockets/tasks --json",
    "with its sockets elsewhere, for programs",
  ],
  [
    "dragoman conform 127.0.0.1:5000 --dialect notifier --trigger 'notify_room=python notify.py'",
    "with an event that only the backend's own code makes",
  ],
  ["dragoman conform --dialect notifier --list", "what would be checked"],
] as const;

export function define(command: Command): void {
  examples(addOptions(command).addHelpText("after", HELP), EXAMPLES).action(
    (url: string | undefined, flags: ConformFlags) => conform(url, flags),
  );
}

async function conform(url: string | undefined, flags: ConformFlags): Promise<void> {
  const suites = suitesOf(flags).map((suite) => chosen(suite, flags));
  if (suites.every(({ checks }) => checks.length === 0)) throw noSuchCheck(flags);
  if (flags.list === true) return list(suites, flags);
  const address = addressOf(url, flags);
  const place = placeOf(address, flags);
  const timeoutMs = timeoutOf(flags);
  const given = { people: peopleOf(address, flags), given: namesOf(flags), triggers: triggersOf(flags) };
  const answerMs = await reach(address, timeoutMs);
  const shared = {
    place,
    access: localAccess(address),
    ...given,
    names: new Map<string, unknown>(),
    timeoutMs,
    waitMs: timeoutMs,
    additionMs: additionMs(timeoutMs, answerMs, flags),
    strict: flags.strict === true,
    noise: new Set<string>(),
  };
  const runs = suites.map((suite) => ({ ...shared, schemas: schemasOf(suite), types: typesOf(suite) }));
  for (const [at, suite] of suites.entries()) await preflight(suite, runs[at] as Run);
  const results: Told[] = [];
  for (const [at, suite] of suites.entries())
    results.push(...(await playAll(suite, runs[at] as Run, flags.json === true)));
  finish(place.origin, results, flags);
}

/** One check after the other, for they hear each other; each line as soon as it is known. */
async function playAll(suite: Suite, run: Run, silent: boolean): Promise<Told[]> {
  const paint = stdoutPaint();
  const progress = startProgress();
  const results: Told[] = [];
  let heading = "";
  const write = (text: string): void => {
    if (silent) return;
    progress.clear();
    say(text);
  };
  write(`${paint("bold", suite.dialect)} ${paint("dim", `· ${run.place.origin}${usersText(run)}`)}`);
  for (const check of suite.checks) {
    progress.tell(`${suite.dialect} ${portion(results.length, suite.checks.length)}  ${check.name}`);
    const told = { ...(await play(suite, check, sceneOf(run.people, run.given), run)), suite };
    results.push(told);
    const source = sourceOf(check, suite);
    if (source !== heading) write(`\n${paint("accent", source)}`);
    heading = source;
    write(lineOf(told, nameWidth(suite), paint));
  }
  progress.clear();
  write("");
  return results;
}

/** Who `a` and `b` of the differences are. */
function usersText({ people }: Run): string {
  const named = (["a", "b"] as const).flatMap((who) => {
    const id = people.person(who)?.id;
    return id === undefined ? [] : [`${who} is user ${id}`];
  });
  return named.length === 0 ? "" : ` · ${named.join(", ")}`;
}

function finish(origin: string, results: readonly Told[], { json, strict, dialect }: ConformFlags): void {
  const summary = summaryOf(results);
  if (json === true) say(JSON.stringify(jsonOf(origin, strict === true, results)));
  else {
    const details = detailsOf(results, strict === true, stdoutPaint()).trim();
    if (details !== "") say(`${details}\n`);
    say(summaryLine(results));
  }
  if (summary.differs > 0) throw new Failure([]);
  if (summary.ok + summary.addition === 0)
    throw failure(
      "nothing could be checked",
      `give it users: dragoman conform ${origin} --dialect ${dialect} --token TOKEN --token-b TOKEN`,
    );
}

function noSuchCheck({ only = [], dialect, ...flags }: ConformFlags): Failure {
  const names = suitesOf({ ...flags, dialect }).flatMap(({ checks }) => checks.map(({ name }) => name));
  const near = suggest(only[0] ?? "", names);
  return failure(
    `no check is called ${only.map((name) => `"${name}"`).join(" or ")}`,
    `${near === undefined ? "" : `did you mean ${near}? `}see them all: dragoman conform --dialect ${dialect} --list`,
    EXIT.usage,
  );
}

/** Strictly, additions are waited for as long as all else; else not much longer than the line needs. */
const additionMs = (timeoutMs: number, answerMs: number, { strict }: ConformFlags): number =>
  strict === true ? timeoutMs : Math.min(timeoutMs, Math.max(timeoutMs / 4, answerMs * 4));

/** Whether anything answers there, before every check waits for it, and in what time (in ms). */
async function reach(address: URL, timeoutMs: number): Promise<number> {
  const began = performance.now();
  const init = {
    signal: AbortSignal.timeout(timeoutMs),
    redirect: "manual" as const,
    ...localAccess(address),
  };
  await fetch(address, init).catch((fault: unknown) => {
    throw explainSilence(address, fault);
  });
  return performance.now() - began;
}

function list(suites: readonly Suite[], { json }: ConformFlags): void {
  if (json === true) return say(JSON.stringify(listOf(suites)));
  const paint = stdoutPaint();
  for (const suite of suites) {
    let heading = "";
    say(paint("bold", suite.dialect));
    for (const check of suite.checks) {
      const source = sourceOf(check, suite);
      if (source !== heading) say(`\n${paint("accent", source)}`);
      heading = source;
      say(`  ${check.name.padEnd(nameWidth(suite))} ${check.says}`);
    }
    say("");
  }
}

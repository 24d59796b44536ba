import { type Command, Option } from "commander";
import { SECURITY_KINDS, type SecurityKind } from "../core/security.ts";
import { examples } from "./lib/command.ts";
import { answer, localTime, shown } from "./lib/output.ts";
import { collect, withLimit } from "./lib/pages.ts";
import { pause, untilStopped } from "./lib/pause.ts";
import { userNamed } from "./lib/proof.ts";
import { type Page, type Query, type Remote, remoteFor, withServer } from "./lib/remote.ts";
import type { Flags } from "./lib/settings.ts";
import { type Paint, stdoutPaint } from "./lib/terminal.ts";

const PATH = "/api/v1/admin/security-log";
const LOOK_EVERY_MS = 1000;

interface Entry {
  readonly id: number;
  readonly at: string;
  readonly kind: SecurityKind;
  readonly user_id: number | string | null;
  readonly address: string | null;
  readonly dialect: string | null;
  readonly endpoint: string | null;
  readonly close_code: number | null;
  readonly cause: string | null;
  readonly remedy: string | null;
  readonly detail: string | null;
}

export function define(command: Command): void {
  withLimit(withServer(command))
    .addOption(new Option("--kind <kind>", "only these").choices(SECURITY_KINDS))
    .option("--user <id>", "only of this user")
    .option("--cause <cause>", "only this cause: slow, flooding, lost, TOKEN_INVALID, …")
    .option("--address <address>", "only of this client address, as it is shown")
    .option("--follow", "go on with what happens")
    .action(run);
  examples(command, [
    ["dragoman log", "who came, who was refused, why sockets ended; with what to do about it"],
    ["dragoman log --kind refused --follow", "every refusal, as it happens"],
    ["dragoman log --cause slow", "every reader that fell behind, and from where"],
    ["dragoman log --user 101 --json", "one user, for programs"],
  ]);
}

async function run(flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  const { user, cause, address } = flags;
  const query = {
    kind: flags["kind"] as SecurityKind | undefined,
    cause: typeof cause === "string" ? cause : undefined,
    address: typeof address === "string" ? address : undefined,
    user_id: typeof user === "string" ? userNamed(user, remote.dev).id : undefined,
  };
  const page = await collect<Entry>(remote, PATH, flags, query);
  const oldestFirst = page.items.toReversed();
  if (flags["follow"] === true) {
    for (const entry of oldestFirst) write(entry, flags);
    return follow(remote, query, flags, page.items[0]?.id ?? 0);
  }
  answer(flags, page, (paint) =>
    oldestFirst.length === 0
      ? "nothing in the log yet"
      : oldestFirst.map((entry) => line(entry, paint)).join("\n"),
  );
}

/** Asks again and again: the log is written once a second, too. */
async function follow(remote: Remote, query: Query, flags: Flags, from: number): Promise<void> {
  const { signal } = untilStopped();
  let last = from;
  for (;;) {
    await pause(LOOK_EVERY_MS, signal);
    if (signal.aborted) return;
    const fresh = await newerThan(remote, query, last);
    for (const entry of fresh) write(entry, flags);
    last = fresh.at(-1)?.id ?? last;
  }
}

/** Pages are newest first: read until a known one, then turned round. */
async function newerThan(remote: Remote, query: Query, last: number): Promise<readonly Entry[]> {
  const fresh: Entry[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Entry> = await remote.get(PATH, { ...query, limit: 100, cursor });
    const unknown = page.items.filter(({ id }) => id > last);
    fresh.push(...unknown);
    cursor = unknown.length < page.items.length ? undefined : (page.next ?? undefined);
  } while (cursor !== undefined);
  return fresh.toReversed();
}

const write = (entry: Entry, flags: Flags): void =>
  void process.stdout.write(
    `${flags["json"] === true ? JSON.stringify(entry) : line(entry, stdoutPaint())}\n`,
  );

const KIND_WIDTH = Math.max(...SECURITY_KINDS.map((kind) => kind.length));
const BAD: readonly SecurityKind[] = ["refused", "login_failed", "dropped"];

function line(
  { at, kind, user_id, address, dialect, endpoint, close_code, cause, detail, remedy }: Entry,
  paint: Paint,
): string {
  const where = [dialect, endpoint].filter((part) => part !== null).join(" ");
  const what = [close_code, cause, detail].filter((part) => part !== null).join(" ");
  const parts = [
    paint("dim", localTime(at)),
    paint(BAD.includes(kind) ? "bold" : "accent", kind.padEnd(KIND_WIDTH)),
    shown(user_id === null ? "–" : `user ${user_id}`).padEnd(10),
    shown(address ?? "–").padEnd(15),
    shown(where).padEnd(22),
    shown(what),
  ];
  const advice =
    remedy === null || cause === "client" || (kind !== "closed" && detail !== null)
      ? ""
      : `\n    ${paint("dim", `→ ${shown(remedy)}`)}`;
  return `${parts.join("  ").trimEnd()}${advice}`;
}

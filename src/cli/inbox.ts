import type { Command } from "commander";
import { wholeNumber } from "./lib/choices.ts";
import { examples, subcommand } from "./lib/command.ts";
import { EXIT, failure } from "./lib/failure.ts";
import { answer, counted, localTime, shown, table } from "./lib/output.ts";
import { collect, withLimit } from "./lib/pages.ts";
import { userNamed } from "./lib/proof.ts";
import { type Page, type Remote, remoteFor, withServer } from "./lib/remote.ts";
import type { Flags } from "./lib/settings.ts";

const PATH = "/api/v1/notifications";

interface Item {
  readonly id: number;
  readonly title: string;
  readonly content: string;
  readonly level: string;
  readonly read: boolean;
  readonly created_at: string;
}

export function define(command: Command): void {
  withLimit(withServer(command.argument("[user]", "another user's, for admins and keys")))
    .option("--unread", "only what is unread")
    .action(list);
  withServer(subcommand(command, "read [id...]", "mark notifications as read"))
    .option("--all", "all of them")
    .action(read);
  withServer(subcommand(command, "clear [id...]", "take notifications out of the inbox"))
    .option("--all", "all of them")
    .action(clear);
  examples(command, [
    ["dragoman inbox --as alice --unread", "alice's own"],
    ["dragoman inbox 101", "the same, as an admin of this machine's server"],
    ["dragoman inbox read --all --as alice", "her other devices hear of it"],
    ["dragoman inbox clear --all --as alice", "an empty inbox"],
  ]);
}

async function list(user: string | undefined, flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  const unread = flags["unread"] === true ? "true" : undefined;
  const page = await collect<Item>(
    remote,
    user === undefined ? ownPath(remote) : pathOf(user, remote),
    flags,
    { unread },
  );
  answer(flags, page, (paint) =>
    page.items.length === 0
      ? `nothing ${unread === undefined ? "" : "unread "}in this inbox`
      : table(
          [
            ["ID", ({ id }) => id],
            ["", (item) => (item.read ? "" : "unread")],
            ["WHEN", ({ created_at }) => localTime(created_at)],
            ["LEVEL", ({ level }) => level],
            ["TITLE", ({ title }) => title],
            ["TEXT", ({ content }) => content],
          ],
          page.items,
          paint,
        ),
  );
}

/** A key has no inbox, and an admin whom nobody has named has one that nobody reads. */
function ownPath({ proof }: Remote): string {
  if (proof.key === undefined && !proof.implied) return PATH;
  throw failure(
    "whose inbox?",
    "name a user: dragoman inbox USER; or be one: dragoman inbox --as USER",
    EXIT.usage,
  );
}

const pathOf = (user: string, { dev }: Remote): string =>
  `/api/v1/admin/users/${encodeURIComponent(userNamed(user, dev).id)}/notifications`;

async function read(ids: readonly string[], flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  ownPath(remote);
  const wanted = idsOf(ids, flags, "read");
  let left = { count: 0 };
  if (wanted === "all") {
    const { count } = await remote.post<{ count: number }>(`${PATH}/read-all`);
    return answer(flags, { unread: count }, () => `${count} left unread`);
  }
  for (const id of wanted) left = await remote.post<{ count: number }>(`${PATH}/${id}/read`);
  answer(flags, { unread: left.count }, () => `${left.count} left unread`);
}

async function clear(ids: readonly string[], flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  ownPath(remote);
  const wanted = idsOf(ids, flags, "clear");
  let removed = 0;
  for (const id of wanted === "all" ? await everyId(remote) : wanted) {
    await remote.delete(`${PATH}/${id}`);
    removed++;
  }
  answer(flags, { removed }, () => `${counted(removed, "notification")} removed`);
}

function idsOf(ids: readonly string[], flags: Flags, act: string): readonly number[] | "all" {
  if (flags["all"] === true) return "all";
  if (ids.length > 0) return ids.map((id) => wholeNumber(id, "id"));
  throw failure(
    "which notifications?",
    `name their ids, or all: dragoman inbox ${shown(act)} --all`,
    EXIT.usage,
  );
}

async function everyId(remote: Remote): Promise<readonly number[]> {
  const ids: number[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Item> = await remote.get(PATH, { limit: 500, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

import type { Command } from "commander";
import { suggest } from "../core/suggest.ts";
import { examples, subcommand } from "./lib/command.ts";
import { Failure } from "./lib/failure.ts";
import { answer, counted, fields, localTime, table } from "./lib/output.ts";
import { collect, withLimit } from "./lib/pages.ts";
import { userNamed } from "./lib/proof.ts";
import { type Page, type Remote, remoteFor, withServer } from "./lib/remote.ts";
import type { Flags } from "./lib/settings.ts";

const PATH = "/api/v1/admin/users";

interface User {
  readonly id: number | string;
  readonly username: string;
  readonly first_seen_at: string;
  readonly last_seen_at: string;
  readonly connected: boolean;
  readonly unread: number;
}

interface Member extends User {
  readonly memberships: readonly { readonly topic: string; readonly role: string }[];
}

export function define(command: Command): void {
  withLimit(withServer(subcommand(command, "list [beginning]", "list users, last seen first"))).action(list);
  withServer(subcommand(command, "show <user>", "show a user and what he is a member of")).action(show);
  withServer(subcommand(command, "disconnect <user>", "close every socket of a user")).action(disconnect);
  examples(command, [
    ["dragoman user list", "everybody who was here"],
    ["dragoman user list ali", "whose id or name begins so"],
    ["dragoman user show 101", "one of them, and his memberships"],
    ["dragoman user disconnect 102", "his sockets are closed; a good token may come back"],
  ]);
}

async function list(beginning: string | undefined, flags: Flags): Promise<void> {
  const users = await collect<User>(remoteFor(flags), PATH, flags, { q: beginning });
  answer(flags, users, (paint) =>
    users.items.length === 0
      ? "nobody was here yet"
      : table(
          [
            ["ID", ({ id }) => id],
            ["NAME", ({ username }) => username],
            ["CONNECTED", ({ connected }) => connected],
            ["UNREAD", ({ unread }) => unread],
            ["LAST SEEN", ({ last_seen_at }) => localTime(last_seen_at)],
          ],
          users.items,
          paint,
        ),
  );
}

const pathOf = (user: string, { dev }: Remote): string =>
  `${PATH}/${encodeURIComponent(userNamed(user, dev).id)}`;

/** Where nobody is called so, somebody may be called nearly so. */
const meant =
  (remote: Remote, name: string) =>
  async (fault: unknown): Promise<never> => {
    if (!(fault instanceof Failure) || !fault.message.startsWith("No such user")) throw fault;
    const { items } = await remote.get<Page<User>>(PATH, { q: name.slice(0, 1), limit: 500 });
    const near = suggest(
      name,
      items.flatMap(({ id, username }) => [username, String(id)]),
    );
    const [problem] = fault.problems;
    if (near === undefined || problem === undefined) throw fault;
    throw new Failure([{ ...problem, fix: `did you mean ${near}? ${problem.fix}` }], fault.exitCode);
  };

async function show(name: string, flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  const user = await remote.get<Member>(pathOf(name, remote)).catch(meant(remote, name));
  answer(flags, user, (paint) =>
    fields(
      [
        ["id", user.id],
        ["name", user.username],
        ["connected", user.connected],
        ["unread", user.unread],
        ["first seen", localTime(user.first_seen_at)],
        ["last seen", localTime(user.last_seen_at)],
        [
          "member of",
          user.memberships.map(({ topic, role }) => `${topic} (${role})`).join(", ") || "nothing",
        ],
      ],
      paint,
    ),
  );
}

async function disconnect(name: string, flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  const told = await remote.post<{ count: number }>(`${pathOf(name, remote)}/disconnect`);
  answer(flags, told, () => `${counted(told.count, "socket")} closed`);
}

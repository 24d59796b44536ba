import { randomUUID } from "node:crypto";
import { type Command, Option } from "commander";
import { examples, subcommand } from "./lib/command.ts";
import { answer, fields, localTime, table } from "./lib/output.ts";
import { collect, withLimit } from "./lib/pages.ts";
import { userNamed } from "./lib/proof.ts";
import { remoteFor, withServer } from "./lib/remote.ts";
import type { Flags } from "./lib/settings.ts";
import type { Paint } from "./lib/terminal.ts";

const ROLES = ["member", "admin"];

interface Workspace {
  readonly id: number | string;
  readonly name: string;
  readonly owner_id: number | string | null;
  readonly archived: boolean;
  readonly created_at: string;
}

interface Member {
  readonly user_id: number | string;
  readonly username: string;
  readonly role: string;
  readonly added_at: string;
}

export function define(command: Command): void {
  withLimit(
    withServer(subcommand(command, "list", "list workspaces: all for admins and keys, else one's own")),
  ).action(list);
  withServer(subcommand(command, "create <name>", "create a workspace; who creates it owns it"))
    .option("--id <id>", "its id (a free one)")
    .action(create);
  withServer(subcommand(command, "show <id>", "show a workspace")).action(show);
  withServer(subcommand(command, "rename <id> <name>", "give a workspace another name")).action(rename);
  withServer(subcommand(command, "archive <id>", "archive a workspace")).action(archive);
  const members = subcommand(command, "members", "list, add and remove the members of a workspace");
  withLimit(withServer(subcommand(members, "list <id>", "list the members"))).action(listMembers);
  withServer(subcommand(members, "add <id> <user>", "make a user a member"))
    .addOption(new Option("--role <role>", "what he is there (member)").choices(ROLES))
    .action(add);
  withServer(
    subcommand(members, "remove <id> <user>", "end a membership, and what it opened, at once"),
  ).action(remove);
  examples(command, [
    ["dragoman workspace create Launch --id 790 --as alice", "alice owns it"],
    ["dragoman workspace members add 790 102", "bob hears of its tasks and enters its rooms"],
    ["dragoman workspace members list 790", "who is in it"],
    ["dragoman workspace list --json", "all of them, for programs"],
  ]);
}

const pathOf = (id: string): string => `/api/v1/workspaces/${encodeURIComponent(id)}`;

async function list(flags: Flags): Promise<void> {
  const workspaces = await collect<Workspace>(remoteFor(flags), "/api/v1/workspaces", flags);
  answer(flags, workspaces, (paint) =>
    workspaces.items.length === 0
      ? "no workspaces yet; make one: dragoman workspace create NAME"
      : table(
          [
            ["ID", ({ id }) => id],
            ["NAME", ({ name }) => name],
            ["OWNER", ({ owner_id }) => owner_id ?? "–"],
            ["CREATED", ({ created_at }) => localTime(created_at)],
            ["ARCHIVED", ({ archived }) => archived],
          ],
          workspaces.items,
          paint,
        ),
  );
}

async function create(name: string, flags: Flags): Promise<void> {
  const id = flags["id"] ?? null;
  const made = await remoteFor(flags).post<Workspace>(
    "/api/v1/workspaces",
    { id, name },
    { idempotencyKey: randomUUID() },
  );
  answer(
    flags,
    made,
    () => `workspace ${made.id}; let somebody in: dragoman workspace members add ${made.id} USER`,
  );
}

async function show(id: string, flags: Flags): Promise<void> {
  const workspace = await remoteFor(flags).get<Workspace>(pathOf(id));
  answer(flags, workspace, (paint) => told(workspace, paint));
}

async function rename(id: string, name: string, flags: Flags): Promise<void> {
  const workspace = await remoteFor(flags).patch<Workspace>(pathOf(id), { name });
  answer(flags, workspace, (paint) => told(workspace, paint));
}

async function archive(id: string, flags: Flags): Promise<void> {
  const workspace = await remoteFor(flags).post<Workspace>(`${pathOf(id)}/archive`);
  answer(flags, workspace, (paint) => told(workspace, paint));
}

const told = ({ id, name, owner_id, archived, created_at }: Workspace, paint: Paint): string =>
  fields(
    [
      ["id", id],
      ["name", name],
      ["owner", owner_id],
      ["created", localTime(created_at)],
      ["archived", archived],
    ],
    paint,
  );

async function listMembers(id: string, flags: Flags): Promise<void> {
  const members = await collect<Member>(remoteFor(flags), `${pathOf(id)}/members`, flags);
  answer(flags, members, (paint) =>
    table(
      [
        ["USER", ({ user_id }) => user_id],
        ["NAME", ({ username }) => username],
        ["ROLE", ({ role }) => role],
        ["SINCE", ({ added_at }) => localTime(added_at)],
      ],
      members.items,
      paint,
    ),
  );
}

const memberPath = (id: string, user: string): string => `${pathOf(id)}/members/${encodeURIComponent(user)}`;

async function add(id: string, user: string, flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  const { id: userId } = userNamed(user, remote.dev);
  const role = typeof flags["role"] === "string" ? flags["role"] : "member";
  await remote.put(memberPath(id, userId), { role });
  answer(
    flags,
    { workspace_id: id, user_id: userId, role },
    () => `user ${userId} is ${role} of workspace ${id}`,
  );
}

async function remove(id: string, user: string, flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  const { id: userId } = userNamed(user, remote.dev);
  await remote.delete(memberPath(id, userId));
  answer(
    flags,
    { workspace_id: id, user_id: userId, removed: true },
    () => `user ${userId} is no member of workspace ${id}`,
  );
}

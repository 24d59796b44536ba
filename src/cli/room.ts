import { type Command, Option } from "commander";
import { wholeNumber } from "./lib/choices.ts";
import { examples, subcommand } from "./lib/command.ts";
import { answer, localTime, shown, table } from "./lib/output.ts";
import { collect, withLimit } from "./lib/pages.ts";
import { isPrivileged, userNamed } from "./lib/proof.ts";
import { type Remote, remoteFor, withServer } from "./lib/remote.ts";
import type { Flags } from "./lib/settings.ts";
import type { Paint } from "./lib/terminal.ts";

const ROLES = ["member", "admin"];

export function define(command: Command): void {
  withLimit(
    withServer(subcommand(command, "list", "list rooms: all for admins and keys, else one's own")),
  ).action(list);
  withServer(subcommand(command, "create <room>", "store a room, so that it can have members"))
    .option("--workspace <id>", "its members may enter it")
    .action(create);
  const members = subcommand(command, "members", "say who may enter a room");
  withServer(subcommand(members, "add <room> <user>", "make a user a member"))
    .addOption(new Option("--role <role>", "what he is there (member)").choices(ROLES))
    .action(add);
  withServer(
    subcommand(members, "remove <room> <user>", "end a membership, and what it opened, at once"),
  ).action(remove);
  withLimit(withServer(subcommand(command, "history <room>", "show what was said in a room, oldest first")))
    .option("--after <id>", "only what came after this message")
    .action(history);
  withServer(subcommand(command, "presence <room>", "list who is in a room now")).action(presence);
  examples(command, [
    ["dragoman room create channel:9 --workspace 789", "for the members of workspace 789"],
    ["dragoman room members add channel:9 103", "for one more user"],
    ["dragoman room history channel:1 --limit 20", "the last twenty messages"],
    ["dragoman room list", "what is stored, and where somebody is now"],
  ]);
}

const roomPath = (room: string): string => `/api/v1/rooms/${encodeURIComponent(room)}`;

interface RoomRow {
  readonly room: string;
  readonly workspace_id: number | string | null;
  /** Of admins and keys only. */
  readonly sockets?: number;
  readonly users?: number;
  readonly stored?: boolean;
}

async function list(flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  const all = isPrivileged(remote.proof);
  const rooms = await collect<RoomRow>(remote, all ? "/api/v1/admin/rooms" : "/api/v1/rooms", flags);
  answer(flags, rooms, (paint) =>
    rooms.items.length === 0
      ? "no rooms yet; make one: dragoman room create channel:9"
      : table(
          [
            ["ROOM", ({ room }) => room],
            ["WORKSPACE", ({ workspace_id }) => workspace_id ?? "–"],
            ...(all
              ? ([
                  ["USERS", ({ users }) => users],
                  ["SOCKETS", ({ sockets }) => sockets],
                  ["STORED", ({ stored }) => stored],
                ] satisfies Parameters<typeof table<RoomRow>>[0])
              : []),
          ],
          rooms.items,
          paint,
        ),
  );
}

async function create(room: string, flags: Flags): Promise<void> {
  const { workspace } = flags;
  const stored = await remoteFor(flags).put<RoomRow>(roomPath(room), { workspace_id: workspace ?? null });
  answer(flags, stored, () =>
    stored.workspace_id === null
      ? `${stored.room} is stored; let somebody in: dragoman room members add ${stored.room} USER`
      : `${stored.room} is stored; members of workspace ${stored.workspace_id} may enter`,
  );
}

async function add(room: string, user: string, flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  const { id } = userNamed(user, remote.dev);
  const role = typeof flags["role"] === "string" ? flags["role"] : "member";
  await remote.put(memberPath(room, id), { role });
  answer(flags, { room, user_id: id, role }, () => `user ${id} is ${role} of ${room}`);
}

async function remove(room: string, user: string, flags: Flags): Promise<void> {
  const remote = remoteFor(flags);
  const { id } = userNamed(user, remote.dev);
  await remote.delete(memberPath(room, id));
  answer(flags, { room, user_id: id, removed: true }, () => `user ${id} is no member of ${room}`);
}

const memberPath = (room: string, user: string): string =>
  `${roomPath(room)}/members/${encodeURIComponent(user)}`;

interface MessageRow {
  readonly id: number;
  readonly username: string;
  readonly content: string | null;
  readonly created_at: string;
  readonly edited_at: string | null;
}

async function history(room: string, flags: Flags): Promise<void> {
  const { after } = flags;
  const since = typeof after === "string" ? wholeNumber(after, "--after") : undefined;
  const messages = await collect<MessageRow>(remoteFor(flags), `${roomPath(room)}/messages`, flags, {
    after: since,
  });
  // Newest first, unless they are asked for from a message on.
  const ordered = since === undefined ? messages.items.toReversed() : messages.items;
  answer(flags, messages, (paint) =>
    ordered.length === 0
      ? `nothing was said in ${shown(room)} yet`
      : ordered.map((row) => messageLine(row, paint)).join("\n"),
  );
}

function messageLine({ created_at, username, content, edited_at }: MessageRow, paint: Paint): string {
  const text = content === null ? paint("dim", "(deleted)") : shown(content);
  const edited = edited_at === null ? "" : paint("dim", "  (edited)");
  return `${paint("dim", localTime(created_at))}  ${paint("bold", shown(username))}  ${text}${edited}`;
}

async function presence(room: string, flags: Flags): Promise<void> {
  await tellPresence(remoteFor(flags), room, flags);
}

/** Who is in a room now: each user once. */
export async function tellPresence(remote: Remote, room: string, flags: Flags): Promise<void> {
  const present = await remote.get<{ users: readonly (number | string)[] }>(
    `/api/v1/presence/rooms/${encodeURIComponent(room)}`,
  );
  answer(flags, present, () =>
    present.users.length === 0 ? `nobody is in ${shown(room)} now` : present.users.join("\n"),
  );
}

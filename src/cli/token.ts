import type { Command } from "commander";
import { readFolderSecret, secretIn } from "../app/data-folder.ts";
import { signUserToken } from "../app/offline-token.ts";
import { isIdText, toWireId } from "../core/ids.ts";
import { examples } from "./lib/command.ts";
import { codeOf, EXIT, failure } from "./lib/failure.ts";
import { secondsIn } from "./lib/moments.ts";
import { type Configured, type Flags, readSettings, withSomeSettings } from "./lib/settings.ts";
import { hint, say, tellProblem } from "./lib/terminal.ts";
import { shellWord, shortPath } from "./lib/words.ts";

interface TokenFlags extends Flags {
  readonly id?: string;
  readonly name?: string;
  readonly ttl?: string;
  readonly admin?: true;
  readonly rooms?: string;
  readonly workspaces?: string;
  readonly claim?: readonly string[];
}

export function define(command: Command): void {
  command
    .argument("<user>", "the user's id, or a name with --id")
    .option("--id <id>", "the user's id, where <user> is his name")
    .option("--name <name>", "the user's name, where <user> is his id")
    .option("--ttl <time>", "how long it holds: 30s, 15m, 7d (24h)")
    .option("--admin", "may act for anyone")
    .option("--rooms <rooms>", "rooms it opens, comma-separated: channel:9,channel:*")
    .option("--workspaces <ids>", "workspaces it opens, comma-separated")
    .option("--claim <name=value>", "a further claim; the value is JSON or else text (repeatable)", collect)
    .option("--json", "answer as JSON");
  withSomeSettings(command, [
    "DATA_DIR",
    "JWT_SECRET",
    "JWT_ISSUER",
    "JWT_AUDIENCE",
    "JWT_USER_ID_CLAIM",
  ]).action(run);
  examples(command, [
    ["TOKEN=$(dragoman token alice --id 101)", "only the token goes to stdout"],
    ["dragoman token 102 --name bob --ttl 7d --rooms 'channel:*'", "for a week, with every channel"],
    ["dragoman token admin --admin --ttl 1h", "somebody who may do everything, for an hour"],
  ]);
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function run(user: string, flags: TokenFlags): void {
  const id = flags.id ?? user;
  const username = flags.name ?? user;
  for (const text of [id, username])
    if (!isIdText(text))
      throw failure(
        `${JSON.stringify(text)} is no id or name`,
        "use 1 to 128 characters without control characters",
        EXIT.usage,
      );
  const ttlSeconds = secondsOf(flags.ttl ?? "24h");
  const claims = claimsOf(flags);
  const configured = readSettings("serve", flags);
  for (const warning of configured.warnings) tellProblem(warning, "warn");
  const { secret, from } = secretOf(user, configured);
  const now = Date.now();
  const token = signUserToken(configured.settings, secret, { id, username, ttlSeconds, claims }, now);
  const until = new Date(now + ttlSeconds * 1000).toISOString();
  if (flags["json"] === true)
    return say(JSON.stringify({ token, expires_at: until, user: { id: toWireId(id), username } }));
  say(token);
  hint(
    `user ${id}${id === username ? "" : ` (${username})`}${flags.admin ? ", admin" : ""} · valid until ${until} · signed with ${from}`,
  );
}

/** Where the server would take it from too. */
function secretOf(user: string, { settings, sources }: Configured): { secret: string; from: string } {
  if (settings.jwtSecret !== undefined)
    return { secret: settings.jwtSecret, from: `JWT_SECRET (${sources.JWT_SECRET})` };
  if ((settings.jwtPublicKey ?? settings.jwksUrl) !== undefined)
    throw failure(
      "tokens are checked with a public key here, which signs none",
      "sign them where the private key is, or set JWT_SECRET beside the public key",
      EXIT.config,
    );
  const folder = settings.dataDir ?? "";
  try {
    return { secret: readFolderSecret(folder), from: shortPath(secretIn(folder)) };
  } catch (fault) {
    const file = shortPath(secretIn(folder));
    if (codeOf(fault) === "ENOENT" || codeOf(fault) === "ENOTDIR")
      throw failure(
        `there is no secret to sign with: JWT_SECRET is not set, and there is no ${file}`,
        `name the server's folder: dragoman token ${shellWord(user)} --data-dir FOLDER; or start it once, it makes one: dragoman serve`,
        EXIT.config,
      );
    if (codeOf(fault) === "EACCES")
      throw failure(
        `${file} may not be read by this user`,
        `run it as the user whom the server runs as, for example: sudo -u dragoman dragoman token ${shellWord(user)}`,
      );
    throw fault;
  }
}

function secondsOf(text: string): number {
  const seconds = secondsIn(text);
  if (seconds !== null) return seconds;
  throw failure(
    `"${text}" is no time for --ttl`,
    "write a number with s, m, h or d, up to 3650d, for example 24h",
    EXIT.usage,
  );
}

function claimsOf(flags: TokenFlags): Record<string, unknown> {
  const rooms = listOf(flags.rooms);
  const workspaces = listOf(flags.workspaces).map(toWireId);
  return {
    ...(flags.admin ? { role: "admin" } : {}),
    ...(rooms.length > 0 ? { rooms } : {}),
    ...(workspaces.length > 0 ? { workspaces } : {}),
    ...Object.fromEntries((flags.claim ?? []).map(claimOf)),
  };
}

const listOf = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

function claimOf(text: string): [string, unknown] {
  const equals = text.indexOf("=");
  if (equals < 1)
    throw failure(
      `"${text}" is no claim`,
      "write name=value, for example --claim department=sales",
      EXIT.usage,
    );
  const value = text.slice(equals + 1);
  try {
    return [text.slice(0, equals), JSON.parse(value) as unknown];
  } catch {
    return [text.slice(0, equals), value];
  }
}

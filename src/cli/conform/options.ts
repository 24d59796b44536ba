import type { Command } from "commander";
import { DEMO_USERS } from "../../app/demo.ts";
import { readAddress } from "../lib/address.ts";
import { jsonObject, wholeNumber } from "../lib/choices.ts";
import { devServerAt } from "../lib/dev-file.ts";
import { EXIT, failure } from "../lib/failure.ts";
import type { Suite } from "./check.ts";
import { People } from "./people.ts";
import { type Moved, Place } from "./place.ts";
import type { Names } from "./scene.ts";
import { SUITES } from "./suites.ts";

export interface ConformFlags {
  readonly dialect: string;
  readonly token?: string;
  readonly tokenB?: string;
  readonly key?: string;
  readonly secret?: string;
  readonly claim?: string;
  readonly claims?: string;
  readonly user?: string;
  readonly userB?: string;
  readonly basePath?: string;
  readonly map?: readonly string[];
  readonly trigger?: readonly string[];
  readonly workspace?: string;
  readonly room?: string;
  readonly session?: string;
  readonly forbidden?: string;
  readonly connections: string;
  readonly timeout: string;
  readonly only?: readonly string[];
  readonly strict?: true;
  readonly list?: true;
  readonly json?: true;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const WHO = "Who:";
const WHERE = "Where, and what is there:";

export function addOptions(command: Command): Command {
  const option = (group: string, flags: string, help: string): void => {
    command.addOption(command.createOption(flags, help).helpGroup(group));
  };
  command
    .argument("[url]", "the server: http://127.0.0.1:8000 (env DRAGOMAN_URL)")
    .addOption(
      command
        .createOption("--dialect <name>", "whose contract, or all of them")
        .choices([...SUITES.map(({ dialect }) => dialect), "all"])
        .makeOptionMandatory(),
    )
    .option("--only <name>", "this check, or those whose names begin so (repeatable)", collect)
    .option("--strict", "what only Dragoman's contract says must hold too")
    .option("--timeout <ms>", "how long a frame or an answer is waited for", "2000")
    .option("--list", "show the checks, and run none")
    .option("--json", "answer as JSON");
  option(WHO, "--token <token>", "a user's token (env DRAGOMAN_TOKEN)");
  option(WHO, "--token-b <token>", "another user's, for what one hears of the other");
  option(WHO, "--user <id>", "the first user's id, where his token does not tell it");
  option(WHO, "--user-b <id>", "the second user's");
  option(WHO, "--key <key>", "a service key or admin's token, for what only they may do (env DRAGOMAN_KEY)");
  option(WHO, "--secret <secret>", "instead of tokens: the HS256 secret to sign them with (env JWT_SECRET)");
  option(WHO, "--claim <name>", "the claim with the user's id (sub)");
  option(WHO, "--claims <json>", 'further claims of signed tokens: {"aud":"app"}');
  option(WHERE, "--base-path <path>", "what comes before every path: /realtime");
  command.addOption(
    command
      .createOption(
        "--map <from=to>",
        "where a documented path is instead (repeatable): /ws/tasks=/sockets/tasks",
      )
      .argParser(collect)
      .helpGroup(WHERE),
  );
  option(WHERE, "--workspace <id>", "a workspace that both users may enter (789)");
  option(WHERE, "--room <room>", "a chat room that both users may enter (channel:1)");
  option(WHERE, "--session <id>", "a focus session that both users may enter");
  option(WHERE, "--forbidden <room>", "a room or workspace that the first user may not enter: project:790");
  command.addOption(
    command
      .createOption("--connections <n>", "how many sockets one user may have at one address")
      .default("5")
      .helpGroup(WHERE),
  );
  command.addOption(
    command
      .createOption("--trigger <event=command>", "a command of your backend that makes an event (repeatable)")
      .argParser(collect)
      .helpGroup(WHERE),
  );
  return command;
}

/** The suites of the dialects that are meant. */
export const suitesOf = ({ dialect }: ConformFlags): readonly Suite[] =>
  SUITES.filter((known) => dialect === "all" || dialect === known.dialect);

/** Only those that were asked for, by their whole name or how it begins. */
export function chosen(suite: Suite, { only = [] }: ConformFlags): Suite {
  if (only.length === 0) return suite;
  const checks = suite.checks.filter(({ name }) =>
    only.some((wanted) => name === wanted || name.startsWith(`${wanted}/`) || name.startsWith(`${wanted}.`)),
  );
  return { ...suite, checks };
}

/**
 * Who the users are: those of the given tokens; else signed with the given secret; else, where the
 * server is a `dev` on this machine, its demo users.
 */
export function peopleOf(url: URL, flags: ConformFlags): People {
  const token = flags.token ?? process.env["DRAGOMAN_TOKEN"];
  const secret = flags.secret ?? (token === undefined ? process.env["JWT_SECRET"] : undefined);
  const dev = token === undefined && secret === undefined ? devServerAt(url) : null;
  const { jwtUserIdClaim: devClaim, jwtIssuer: iss, jwtAudience: aud } = dev?.rules ?? {};
  return new People({
    token,
    tokenB: flags.tokenB,
    key: flags.key ?? process.env["DRAGOMAN_KEY"],
    secret: secret ?? dev?.secret,
    claim: flags.claim ?? devClaim ?? "sub",
    claims: {
      ...(iss === undefined ? {} : { iss }),
      ...(aud === undefined ? {} : { aud }),
      ...(flags.claims === undefined ? {} : jsonObject(flags.claims, "--claims")),
    },
    user: flags.user,
    userB: flags.userB,
    usernames: Object.fromEntries((dev?.users ?? DEMO_USERS).map(({ id, username }) => [id, username])),
  });
}

/** The server's address; a path in it comes before all others. */
export function addressOf(given: string | undefined, { basePath }: ConformFlags): URL {
  const text = given ?? process.env["DRAGOMAN_URL"];
  if (text === undefined)
    throw failure(
      "no server was named",
      "write it like: dragoman conform http://127.0.0.1:8000 --dialect chat; or see what is checked: --list",
      EXIT.usage,
    );
  const url = readAddress(text, given === undefined ? "env DRAGOMAN_URL" : "");
  url.search = "";
  if (basePath !== undefined) url.pathname = `/${basePath.replace(/^\/+|\/+$/g, "")}`;
  return url;
}

export const placeOf = (url: URL, { map = [] }: ConformFlags): Place => new Place(url, map.map(movedOf));

function movedOf(text: string): Moved {
  const [, from, to] = /^(\/[^=]*)=(\/.*)$/.exec(text) ?? [];
  if (from === undefined || to === undefined)
    throw failure(
      `"${text}" does not say what is where`,
      "write documented path=its place, for example --map /ws/notifications=/old/notifications",
      EXIT.usage,
    );
  return { from, to };
}

export const namesOf = ({ workspace, room, session, forbidden, connections }: ConformFlags): Names => ({
  workspace: workspace ?? "789",
  workspaceNamed: workspace !== undefined,
  room: room ?? "channel:1",
  roomNamed: room !== undefined,
  session,
  forbidden,
  connections: wholeNumber(connections, "--connections", { min: 1, max: 1000 }),
});

export const timeoutOf = ({ timeout }: ConformFlags): number =>
  wholeNumber(timeout, "--timeout", { min: 50, max: 60_000 });

export function triggersOf({ trigger = [] }: ConformFlags): Readonly<Record<string, string>> {
  return Object.fromEntries(
    trigger.map((text) => {
      const equals = text.indexOf("=");
      if (equals < 1)
        throw failure(
          `"${text}" names no command`,
          "write event=command, for example --trigger 'task.created=python make_task.py'",
          EXIT.usage,
        );
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

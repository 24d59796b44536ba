/** Where the client test runs: a server, whoever speaks, a workspace and a room that he may enter. */
import { createTestServer } from "../../src/app/dragoman.ts";
import { DEMO_USERS, seedDemo } from "../../src/app/demo.ts";
import { type Token, readToken } from "../../src/console/try/tokens.ts";
import { devServerAt } from "../../src/cli/lib/dev-file.ts";
import { type Proof, proofFor } from "../../src/cli/lib/proof.ts";
import type { Options } from "./options.ts";
import { say } from "./print.ts";

export interface Ground {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  /** Who listens. */
  readonly token: Token;
  /** An admin's token or a key; where there is none, some events may be refused. */
  readonly operator: Token | null;
  /** Empty for none. */
  readonly workspace: string;
  readonly room: string;
  readonly leave: () => Promise<void>;
}

/** What is wrong, and the fix. */
export class Obstacle extends Error {
  readonly fix: string;

  constructor(what: string, fix: string) {
    super(what);
    this.fix = fix;
  }
}

/** Those of the demo. */
const WORKSPACE = "789";
const ROOM = "channel:1";

/** Throws an Obstacle or a Failure. */
export async function findGround(
  options: Options,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Ground> {
  const origin = (options.url ?? `http://127.0.0.1:${env["PORT"] ?? "8000"}`)
    .replace(/^ws/, "http")
    .replace(/\/$/, "");
  if (await answers(origin)) return groundAt(origin, options);
  if (options.url !== null || options.token !== null)
    throw new Obstacle(
      `no server answers at ${origin}`,
      "start one: dragoman dev      or name it: --url http://…",
    );
  say(`No server answers at ${origin}; this is one of its own, in memory.`);
  return ownGround(options);
}

async function answers(origin: string): Promise<boolean> {
  try {
    await fetch(`${origin}/healthz`);
    return true;
  } catch {
    return false;
  }
}

/** Throws an Obstacle, or the command line's Failure where nobody can be spoken as. */
function groundAt(origin: string, options: Options): Ground {
  const url = new URL(origin);
  const given = readToken(options.token ?? "");
  const key = readToken(options.key ?? "");
  const leave = async (): Promise<void> => {};
  if (given !== null) {
    const { workspace, room } = options;
    const operator = key ?? (given.admin ? given : null);
    return { origin, token: given, operator, workspace: workspace ?? "", room: room ?? "", leave };
  }
  const { as } = options;
  const token = tokenOf(proofFor(url, { as }));
  const isDemo = devServerAt(url) !== null;
  const places = isDemo
    ? demoPlaces(options)
    : { workspace: options.workspace ?? "", room: options.room ?? "" };
  return { origin, token, operator: key ?? tokenOf(proofFor(url, {})), ...places, leave };
}

/** Throws an Obstacle where it is a key, which opens no socket of a user. */
function tokenOf({ token, userId }: Proof): Token {
  const read = readToken(token?.() ?? "");
  if (read === null)
    throw new Obstacle("no token could be made", "give one: scripts/websocket-client-test TOKEN");
  return userId === undefined ? read : { ...read, userId };
}

async function ownGround(options: Options): Promise<Ground> {
  const server = await createTestServer();
  await seedDemo(server.assembly.hub);
  const [alice] = DEMO_USERS;
  const token = readToken(server.token({ id: alice.id, username: alice.username }));
  const operator = readToken(server.token({ id: "admin", claims: { role: "admin" } }));
  if (token === null) throw new Obstacle("no token could be made", "set JWT_SECRET");
  return { origin: server.url, token, operator, ...demoPlaces(options), leave: () => server.stop() };
}

const demoPlaces = ({ workspace, room }: Options): Pick<Ground, "workspace" | "room"> => ({
  workspace: workspace ?? WORKSPACE,
  room: room ?? ROOM,
});

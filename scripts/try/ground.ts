/** Where the client test runs: a server, whoever speaks, a workspace and a room that he may enter. */
import { createTestServer } from "../../src/app/dragoman.ts";
import { DEMO_USERS, seedDemo } from "../../src/app/demo.ts";
import { demoTokens } from "../../src/console/try/demo.ts";
import { type Token, readToken } from "../../src/console/try/tokens.ts";
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

/** Throws an Obstacle. */
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

async function groundAt(origin: string, options: Options): Promise<Ground> {
  const key = readToken(options.key ?? "");
  const leave = async (): Promise<void> => {};
  const given = readToken(options.token ?? "");
  if (given !== null)
    return {
      origin,
      token: given,
      operator: key ?? (given.admin ? given : null),
      workspace: options.workspace ?? "",
      room: options.room ?? "",
      leave,
    };
  const tokens = await demoTokens(origin).catch((fault: unknown) => {
    const why = fault instanceof Error ? fault.message : String(fault);
    throw new Obstacle(
      `${origin} gives no demo users (${why})`,
      "give a token: scripts/websocket-client-test TOKEN [WORKSPACE_ID]",
    );
  });
  const [token] = tokens;
  if (token === undefined)
    throw new Obstacle(`${origin} knows no users yet`, "give a token: dragoman token 101 --name alice");
  return {
    origin,
    token,
    operator: key ?? tokens.find(({ admin }) => admin) ?? null,
    ...demoPlaces(options),
    leave,
  };
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

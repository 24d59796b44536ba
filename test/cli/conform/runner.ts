/** Runs the checks of `dragoman conform` in this process, against any server. */
import { People } from "../../../src/cli/conform/people.ts";
import { Place } from "../../../src/cli/conform/place.ts";
import { play } from "../../../src/cli/conform/player.ts";
import type { Outcome, Result } from "../../../src/cli/conform/result.ts";
import { type Names, sceneOf } from "../../../src/cli/conform/scene.ts";
import { schemasOf, SUITES, typesOf } from "../../../src/cli/conform/suites.ts";
import { seedDemo } from "../../../src/app/demo.ts";
import type { Settings } from "../../../src/app/dragoman.ts";
import { http } from "../../support/http.ts";
import { ADMIN } from "../../support/people.ts";
import { type StartedServer, startServer } from "../../support/server.ts";

export const SECRET = "a secret of thirty-two characters";

export interface Options {
  /** Only these checks; all where it is left out. */
  readonly only?: readonly string[];
  readonly strict?: boolean;
  readonly timeoutMs?: number;
  readonly names?: Partial<Names>;
  readonly triggers?: Readonly<Record<string, string>>;
  readonly secret?: string | null;
}

/** What each check found, by its name, in the order of the suite. */
export async function conform(
  url: string,
  dialect: string,
  options: Options = {},
): Promise<ReadonlyMap<string, Result>> {
  const { only, strict = false, timeoutMs = 4000, names, triggers = {}, secret = SECRET } = options;
  const suite = SUITES.find((known) => known.dialect === dialect);
  if (suite === undefined) throw new Error(`no suite ${dialect}`);
  const run = {
    place: new Place(new URL(url), []),
    access: {},
    people: new People({
      secret: secret ?? undefined,
      claim: "sub",
      claims: {},
      usernames: { "101": "alice", "102": "bob" },
    }),
    names: new Map<string, unknown>(),
    given: {
      workspace: "789",
      workspaceNamed: false,
      room: "channel:1",
      roomNamed: false,
      connections: 5,
      ...names,
    },
    timeoutMs,
    waitMs: timeoutMs,
    additionMs: strict ? timeoutMs : timeoutMs / 4,
    strict,
    triggers,
    schemas: schemasOf(suite),
    types: typesOf(suite),
    noise: new Set<string>(),
  };
  const unknown = only?.filter((name) => !suite.checks.some((check) => check.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`no checks ${unknown.join(", ")}`);
  const results = new Map<string, Result>();
  for (const check of suite.checks)
    if (only?.includes(check.name) !== false)
      results.set(check.name, await play(suite, check, sceneOf(run.people, run.given), run));
  return results;
}

/** The names of the checks that ended so. */
export const namesWith = (results: ReadonlyMap<string, Result>, outcome: Outcome): string[] =>
  [...results].filter(([, result]) => result.outcome === outcome).map(([name]) => name);

/** Of all that is not ok what was found, as lines, for the message of a failing test. */
export const notOk = (results: ReadonlyMap<string, Result>): string[] =>
  [...results.values()]
    .filter(({ outcome }) => outcome !== "ok")
    .map(({ check, outcome, why, findings, transcript }) =>
      [check.name, outcome, why ?? "", Bun.inspect(findings, { depth: 6 }), ...transcript].join("\n"),
    );

/** Every difference that a check found: `data.content renamed documented`. */
export const differencesOf = (result: Result | undefined): string[] =>
  result?.findings.flatMap(({ differences }) =>
    differences.map(({ path, problem, level }) => `${path} ${problem} ${level}`),
  ) ?? [];

/** What was found, each in one line. */
export const findingsOf = (result: Result | undefined): string[] =>
  result?.findings.map(({ what }) => what) ?? [];

/** A server as `dev` has it, with its demo users, and workspace 790 that they may not enter. */
export async function startDemo(settings: Partial<Settings> = {}): Promise<StartedServer> {
  const server = await startServer({ jwtSecret: SECRET, ...settings });
  await seedDemo(server.assembly.hub);
  await http(server, ADMIN).post("/api/v1/workspaces", { id: 790, name: "Closed" });
  await http(server, "key").post("/api/v1/focus-sessions", { id: "s1", workspace_id: 789 });
  return server;
}

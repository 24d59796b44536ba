/** Every line that a help shows as an example is pasted into bash, beside a running server. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { knock } from "../support/raw-socket.ts";
import { bearer, dragoman, type Program, shell, start, startShell, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

/** They go on until they are stopped: what each has done once it is at work. */
const LASTING: readonly (readonly [line: RegExp, working: Work])[] = [
  [/^dragoman (dev|serve)/, (program) => program.listening()],
  [/^dragoman tail/, async (_, before) => connected(before)],
  [/^dragoman log .*--follow/, (program) => program.stdout.match(/refused/)],
  [/^dragoman record/, recordsSomething],
];
/** Resolves once it is at work; `before`: how many sockets there were before it. */
type Work = (program: Program, before: number) => Promise<unknown>;
/** What another command has made must be there. */
const LATER = /^dragoman replay/;
/** The server must not run. */
const STOPPED = /^dragoman restore/;
/** Other servers that are not here: that the line can be read is all that is tried. */
const ELSEWHERE = /^dragoman conform/;
/** As many as there are likely to be processors. */
const LANES = 2;

const folder = tempFolder();
let server: Program;
let url: string;
let token: string;
const env = (): Record<string, string> => ({ DRAGOMAN_URL: url, PORT: new URL(url).port });

beforeAll(async () => {
  server = start(["dev", "--port", "0", "--data-dir", "dragoman_data"], { cwd: folder.path });
  url = await server.listening();
  await server.stdout.match(/dragoman send/);
  token = (await dragoman(["token", "admin", "--admin"], { cwd: folder.path })).stdout.trim();
  await Bun.write(`${folder.path}/dragoman.toml`, "");
  // Something for the log.
  await knock(`${url}/ws/notifications?token=a.b.c`);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** The examples of a command, as its help shows them. */
async function examplesOf(command: string): Promise<string[]> {
  const { stdout } = await dragoman([command, "--help"]);
  const [, shown = ""] = stdout.split("\nExamples:\n");
  return [...shown.matchAll(/^ {2}(\S.*)$/gm)].map(([, line = ""]) => line);
}

const commands = async (): Promise<string[]> =>
  [...(await dragoman(["--help"])).stdout.matchAll(/^ {2}([a-z][a-z-]*) {2,}\S/gm)].map(
    ([, name = ""]) => name,
  );

async function connections(): Promise<number> {
  const answer = await fetch(`${url}/api/v1/admin/connections`, bearer(token));
  return ((await answer.json()) as { items: unknown[] }).items.length;
}

/** A recording of nothing could not be replayed. */
async function recordsSomething(program: Program): Promise<void> {
  const [, proxy = ""] = await program.stderr.match(/connect to (\S+) instead/);
  expect((await fetch(`${proxy}/api/v1/presence/users/101`, bearer(token))).status).toBe(200);
}

/** Until one more socket is there. */
async function connected(before: number): Promise<void> {
  while ((await connections()) <= before) await Bun.sleep(5);
}

async function goesOn(line: string, working: Work): Promise<void> {
  using own = tempFolder();
  await Bun.write(`${own.path}/dragoman.toml`, "");
  const isServer = /^dragoman (dev|serve)/.test(line);
  // A server of its own, on a free port, in a folder that its user may write to.
  const here = isServer ? { cwd: own.path, env: { PORT: "0" } } : { cwd: folder.path, env: env() };
  const before = await connections();
  const pasted = line.startsWith("dragoman record")
    ? `${line.replace(/ --(listen|url) \S+/g, "")} --listen 0`
    : line.replace(/--port \d+/, "--port 0").replace("/var/lib/dragoman", "data");
  await using program = startShell(`exec ${pasted}`, here);
  await working(program, before);
  expect(await program.end("SIGINT"), line).toBe(0);
}

async function works(line: string): Promise<void> {
  const lasting = LASTING.find(([pattern]) => pattern.test(line));
  if (lasting !== undefined) return goesOn(line, lasting[1]);
  // The doctor looks at this server, and only for a moment.
  const near = line.replace("--patient", "--patient 1").replace("https://rt.example.com", url);
  const pasted = ELSEWHERE.test(line) ? `${line} --list` : near;
  expect({ line, ...(await shell(pasted, { cwd: folder.path, env: env() })) }).toMatchObject({
    line,
    code: 0,
  });
}

/** The examples of one command build on each other; the commands do not. */
async function work(names: string[], later: string[], last: string[]): Promise<void> {
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const lines = await examplesOf(name);
    expect(lines.length, `${name} --help shows examples`).toBeGreaterThan(0);
    last.push(...lines.filter((line) => STOPPED.test(line)));
    later.push(...lines.filter((line) => LATER.test(line)));
    for (const line of lines.filter((one) => !STOPPED.test(one) && !LATER.test(one))) await works(line);
  }
}

test("every example of every command works as it is", async () => {
  const names = await commands();
  expect(names.length).toBeGreaterThan(15);
  const later: string[] = [];
  const last: string[] = [];
  await Promise.all(Array.from({ length: LANES }, () => work(names, later, last)));
  for (const line of later) await works(line);
  expect(await server.end()).toBe(0);
  for (const line of last)
    expect({ line, ...(await shell(line, { cwd: folder.path })) }).toMatchObject({ line, code: 0 });
}, 120_000);

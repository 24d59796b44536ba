/** On a real terminal, from source, in an empty folder: what is printed can be pasted, and works. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { bearer, ENV, type Program, shell, startShell, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

const MAIN = resolve(import.meta.dir, "../../src/main.ts");
/** `bun` as somebody has installed it, also where the tests themselves were started by npx. */
const installed = tempFolder();
symlinkSync(process.execPath, join(installed.path, "bun"));
afterAll(() => installed[Symbol.dispose]());
/** Where `dragoman` is not on the path, as after `git clone`. */
const PATH = [
  installed.path,
  ...ENV.PATH.split(delimiter).filter((folder) => !folder.includes("dragoman-tests")),
].join(delimiter);
const HAS_SCRIPT = process.platform === "linux" && Bun.which("script") !== null;

/** Runs the program at a terminal of its own; what it writes comes out here. */
const atTerminal = (args: string, cwd: string): Program =>
  startShell(`exec script -qec 'bun ${MAIN} ${args}' /dev/null`, {
    cwd,
    env: { PATH, NO_COLOR: "", TERM: "xterm" },
  });

const plain = (program: Program): string =>
  stripVTControlCharacters(program.stdout.text).replaceAll("\r\n", "\n");

test.skipIf(!HAS_SCRIPT)("serve's commands and its link to the console", async () => {
  using folder = tempFolder();
  await using server = atTerminal("serve --port 0", folder.path);
  await server.stdout.match(/setup\/\S+/);
  const banner = plain(server);
  expect(server.stdout.text).toContain("\u001b[1mdragoman");
  const commands = [...banner.matchAll(/^ {2}(bun .*)$/gm)].map(([, line = ""]) => line);
  expect(commands).toHaveLength(2);
  for (const line of commands) {
    const { code, stdout } = await shell(line, { cwd: folder.path, env: { PATH } });
    expect({ line, code }).toEqual({ line, code: 0 });
    expect(stdout).toMatch(/^(eyJ|dgk_)\S+\n/m);
  }
  const [, url = "", code = ""] = /(http:\S+)\/console\/#\/setup\/(\S+)/.exec(banner) ?? [];
  const setup = (): Promise<Response> =>
    fetch(`${url}/api/v1/admin/setup`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code }),
    });
  const signedIn = await setup();
  expect(signedIn.status).toBe(201);
  const { token } = (await signedIn.json()) as { token: string };
  expect((await fetch(`${url}/api/v1/admin/stats`, bearer(token))).status).toBe(200);
  expect((await setup()).status).toBe(401);
  for (const path of ["/console/", "/docs", "/openapi.json", "/asyncapi.json", "/healthz", "/readyz"])
    expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 200]);
});

test.skipIf(!HAS_SCRIPT)("dev's two lines for those without wscat", async () => {
  using folder = tempFolder();
  await using server = atTerminal("dev --port 0", folder.path);
  await server.stdout.match(/send channel:1 .*\r?\n/);
  const [tail = "", send = ""] = [...plain(server).matchAll(/^ {4}(bun .*)$/gm)].map(([, line = ""]) => line);
  await using tailing = startShell(`exec ${tail}`, { cwd: folder.path, env: { PATH } });
  await tailing.stdout.match(/user\.joined/);
  expect(await shell(send, { cwd: folder.path, env: { PATH } })).toMatchObject({ code: 0 });
  await tailing.stdout.match(/bob +Hello/);
});

test.skipIf(!HAS_SCRIPT)("an error has its fix, with a command that can be pasted", async () => {
  using folder = tempFolder();
  await using wrong = atTerminal("sevre", folder.path);
  expect(await wrong.exited()).toBe(2);
  expect(plain(wrong)).toMatch(
    /^error {2}unknown command "sevre"\nfix {4}did you mean: bun \S+main\.ts serve\? /,
  );
});

/** The link to the console, for the eyes of whoever starts a server at a terminal. */
import { resolve } from "node:path";
import { expect, setDefaultTimeout, test } from "bun:test";
import { testKey } from "../auth/support.ts";
import { bearer, claimsIn, start, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

const MAIN = resolve(import.meta.dir, "../../src/main.ts");

/** Runs the program at a terminal until what it writes there matches, and ends it. */
async function atTerminal(
  args: readonly string[],
  cwd: string,
  pattern: RegExp,
  act: (found: RegExpExecArray, page: string) => Promise<void> = async () => {},
): Promise<string> {
  let page = "";
  const { promise, resolve: found } = Promise.withResolvers<RegExpExecArray>();
  const decoder = new TextDecoder();
  const child = Bun.spawn([process.execPath, MAIN, ...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1" },
    terminal: {
      cols: 200,
      data(_, bytes) {
        page += decoder.decode(bytes, { stream: true }).replaceAll("\r\n", "\n");
        const match = pattern.exec(page);
        if (match !== null) found(match);
      },
    },
  });
  const ended = child.exited.then(() => {
    throw new Error(`${pattern} was not written: ${page}`);
  });
  try {
    await act(await Promise.race([promise, ended]), page);
  } finally {
    child.kill("SIGTERM");
    ended.catch(() => {});
    await child.exited;
  }
  return page;
}

const LINK = /^ {2}(http:\/\/127\.0\.0\.1:\d+)\/console\/#\/setup\/([\w-]{43})$/m;

const signIn = (url: string, code: string): Promise<Response> =>
  fetch(`${url}/api/v1/admin/setup`, { method: "POST", body: JSON.stringify({ code }) });

test("serve shows at a terminal a link that makes its first admin, once", async () => {
  using folder = tempFolder();
  const page = await atTerminal(
    ["serve", "--port", "0"],
    folder.path,
    LINK,
    async ([, url = "", code = ""]) => {
      const { token } = (await (await signIn(url, code)).json()) as { token: string };
      expect(claimsIn(token)).toMatchObject({ sub: "admin", role: "admin" });
      expect((await fetch(`${url}/api/v1/admin/stats`, bearer(token))).status).toBe(200);
      expect((await signIn(url, code)).status).toBe(401);
      expect((await fetch(`${url}/console/`)).status).toBe(200);
    },
  );
  expect(page).toContain("Open the console as its first admin (works once, 30 min):\n");
  expect(page).toMatch(/ {2}console {2}http:\/\/127\.0\.0\.1:\d+\/console\/\n/);
  expect(page).toMatch(/ {2}docs {5}http:\/\/127\.0\.0\.1:\d+\/docs · \/openapi\.json · \/asyncapi\.json\n/);
});

test("where its page goes into a file or its log is JSON, there is no link", async () => {
  using folder = tempFolder();
  await using server = start(["serve", "--port", "0", "--log-format", "pretty"], { cwd: folder.path });
  await server.stdout.match(/key create backend\n/);
  expect(await server.end()).toBe(0);
  expect(server.stdout.text).toContain("/console/\n");
  expect(server.stdout.text).not.toContain("/setup/");
  const page = await atTerminal(
    ["serve", "--port", "0", "--log-format", "json"],
    folder.path,
    /SERVER_STARTED.*\n/,
  );
  expect(page).not.toContain("/setup/");
});

test("a server that only has public keys shows none, and says what opens the console", async () => {
  using folder = tempFolder();
  const { pem } = await testKey("ES256");
  const args = ["serve", "--port", "0", "--jwt-public-key", pem];
  const page = await atTerminal(args, folder.path, /key create backend/);
  expect(page).not.toContain("/setup/");
  expect(page).toContain("A key for a backend, which opens the console too:\n");
});

test("dev says that its console is open on this machine, and it is", async () => {
  using folder = tempFolder();
  const line = / {2}console {2}(\S+)\/console\/ · open on this machine, without a token\n/;
  await atTerminal(["dev", "--port", "0"], folder.path, line, async ([, url = ""]) => {
    const answer = await fetch(`${url}/api/v1/admin/setup`, { method: "POST" });
    expect(answer.status).toBe(201);
  });
});

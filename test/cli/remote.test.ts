import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { statSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { dragoman, type Options, type Outcome, type Program, start, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

let server: Program;
let url: string;

beforeAll(async () => {
  server = start(["dev", "--port", "0"]);
  url = await server.listening();
  await server.stdout.match(/dragoman send/);
});
afterAll(() => server[Symbol.asyncDispose]());

const send = (more: readonly string[], options: Options = {}): Promise<Outcome> =>
  dragoman(["send", "channel:1", "Hello", ...more], options);
const failed = (what: string | RegExp, fix: string): object => ({
  code: expect.any(Number),
  stdout: "",
  stderr: expect.stringMatching(
    new RegExp(`^error {2}${typeof what === "string" ? what : what.source}.*\nfix {4}.*${fix}`),
  ),
});

test("where no server runs, the fix is the line that starts one", async () => {
  const gone = "http://127.0.0.1:1";
  expect(await send(["--url", gone, "--token", "x"], { env: { TMPDIR: "/nowhere" } })).toMatchObject(
    failed("http://127.0.0.1:1 does not answer: connection refused", "start one: dragoman dev\n"),
  );
  // A dev on another port is found.
  expect((await send(["--url", gone, "--token", "x"])).stderr).toContain(
    `a dev runs elsewhere: --url ${url}\n`,
  );
  expect(await send(["--url", gone])).toMatchObject(
    failed("no token or key was given, and there is no secret", "dragoman dev"),
  );
  expect(await send(["--url", "rt.example.com"])).toMatchObject(
    failed("no token or key was given", "--token TOKEN"),
  );
  expect(await send(["--url", "ftp://x"])).toMatchObject(
    failed('--url {2}"ftp://x" is no address', "like http://"),
  );
});

test("a program that is not Dragoman is told from one that is", async () => {
  using other = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => new Response("<h1>Hi</h1>", { headers: { server: "nginx" } }),
  });
  expect(await send(["--url", other.url.origin, "--token", "x"])).toMatchObject(
    failed(`${other.url.origin} \\(nginx\\) answers 200, but not as Dragoman does`, "check the address"),
  );
});

test("a bad proof is told with the way to a good one", async () => {
  const at = ["--url", url];
  expect(await send([...at, "--token", "a.b.c"])).toMatchObject(failed("The token", "dragoman token USER"));
  expect(await send([...at, "--key", "dgk_wrong"])).toMatchObject(
    failed("The service key is not known here", "dragoman key create backend"),
  );
  const secret = { JWT_SECRET: "another secret of thirty-two bytes" };
  expect(await send(["--as", "bob", ...at], { env: { ...secret, TMPDIR: "/nowhere" } })).toMatchObject(
    failed("The token", "the server has another secret than JWT_SECRET \\(env\\)"),
  );
  const { stdout: old } = await dragoman(["token", "alice", "--claim", "exp=1000000000"], { env: secret });
  expect(await send([...at, "--token", old.trim()])).toMatchObject(failed("The token", "dragoman token"));
  expect(await dragoman(["notify", "user:5", "x", "--as", "bob", ...at])).toMatchObject(
    failed("Only admins can notify others", "act as an admin: without --as"),
  );
});

test("an expired token is told with its age", async () => {
  using folder = tempFolder();
  const secret = { JWT_SECRET: "the secret of this server, 32 bytes" };
  await using own = start(["serve", "--port", "0"], { cwd: folder.path, env: secret });
  const at = ["--url", await own.listening()];
  const two = Math.floor(Date.now() / 1000) - 7300;
  const { stdout: old } = await dragoman(["token", "alice", "--claim", `exp=${two}`], { env: secret });
  const told = failed(
    "the token of env DRAGOMAN_TOKEN expired 2 h ago \\(exp .*Z, now .*Z\\)",
    "dragoman token alice --ttl 24h\n",
  );
  expect(await send(at, { env: { DRAGOMAN_TOKEN: old.trim() } })).toMatchObject(told);
  expect(
    await dragoman(["tail", "--dialect", "chat", ...at], { env: { DRAGOMAN_TOKEN: old.trim() } }),
  ).toMatchObject(told);
});

test("with --json an error is one JSON document on stderr", async () => {
  const { code, stdout, stderr } = await send(["--json", "--url", url, "--key", "dgk_wrong"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(JSON.parse(stderr)).toEqual({
    error: { what: expect.any(String), where: "", fix: expect.any(String) },
  });
});

test("what dev leaves for the other commands is readable by its user alone, and gone with it", async () => {
  using folder = tempFolder();
  const env = { TMPDIR: folder.path };
  await using own = start(["dev", "--port", "0"], { env });
  await own.stdout.match(/dragoman send/);
  const name = readdirSync(folder.path).find((entry) => entry.startsWith("dragoman-")) ?? "";
  const left = join(folder.path, name);
  const [file = ""] = readdirSync(left);
  expect([statSync(left).mode & 0o777, statSync(join(left, file)).mode & 0o777]).toEqual([0o700, 0o600]);
  expect(await own.end()).toBe(0);
  expect(readdirSync(left)).toEqual([]);
});

test("a folder that others may write to is not believed", async () => {
  using folder = tempFolder();
  const env = { TMPDIR: folder.path, DRAGOMAN_URL: url };
  const { mkdirSync, writeFileSync, chmodSync } = await import("node:fs");
  const planted = join(folder.path, `dragoman-${process.getuid?.()}`);
  mkdirSync(planted);
  chmodSync(planted, 0o777);
  writeFileSync(
    join(planted, `dev-${new URL(url).port}.json`),
    JSON.stringify({
      pid: process.pid,
      url,
      secret: "x".repeat(32),
      rules: { jwtUserIdClaim: "sub" },
      users: [],
    }),
  );
  expect((await send(["--as", "bob"], { env })).stderr).toContain("there is no secret to sign with");
});

test("serve's own secret signs for --as, and opens what its user may", async () => {
  using folder = tempFolder();
  await using own = start(["serve", "--port", "0"], { cwd: folder.path });
  const at = { cwd: folder.path, env: { DRAGOMAN_URL: await own.listening() } };
  expect(await send(["--as", "bob"], at)).toMatchObject(
    failed("You don't have access to this", "room members add ROOM USER"),
  );
  expect((await send([], at)).stderr).toContain("as an admin, signed with ./dragoman_data/jwt.key");
});

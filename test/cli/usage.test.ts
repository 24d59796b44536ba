import { join } from "node:path";
import { expect, setDefaultTimeout, test } from "bun:test";
import { version } from "../../package.json";
import { SETTING_NAMES, flagOf } from "../../src/app/settings.ts";
import { dragoman, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

test("--version is the version alone, --help names every command", async () => {
  expect(await dragoman(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  const { code, stdout } = await dragoman(["--help"]);
  expect(code).toBe(0);
  for (const name of ["dev", "serve", "token", "key", "check-config", "healthcheck"])
    expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
});

test("without a command a few lines say where to start, and the exit code is 2", async () => {
  const { code, stdout, stderr } = await dragoman([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("\n  dragoman dev ");
  expect(stderr.split("\n").length).toBeLessThan(8);
});

test("help <command> is the command's --help", async () => {
  expect(await dragoman(["help", "key", "create"])).toEqual(await dragoman(["key", "create", "--help"]));
  expect((await dragoman(["help", "sevre"])).stderr).toContain("did you mean: dragoman serve?");
});

const WITHOUT = (process.env["PATH"] ?? "")
  .split(":")
  .filter((folder) => !folder.includes("dragoman"))
  .join(":");

test("without the program on the path, what it prints names its file", async () => {
  const { stderr } = await dragoman([], { env: { PATH: WITHOUT } });
  expect(stderr).toMatch(/\n {2}(bun|npx -y bun@\S+) \S+src\/main\.ts dev /);
});

test.each(["serve", "dev", "check-config"])("%s --help tells of every setting, by group", async (command) => {
  const { code, stdout } = await dragoman([command, "--help"]);
  expect(code).toBe(0);
  for (const name of SETTING_NAMES) expect(stdout).toContain(`  ${flagOf(name)} <`);
  expect(stdout).toContain("\nLimits\n");
});

test.each([
  [["sevre"], 'unknown command "sevre"', "did you mean: dragoman serve? all commands: dragoman --help"],
  [
    ["key", "lst"],
    'unknown command "lst"',
    "did you mean: dragoman key list? all commands: dragoman key --help",
  ],
  [
    ["serve", "--prot", "1"],
    'unknown option "--prot"',
    "did you mean --port? all options: dragoman serve --help",
  ],
  [
    ["dev", "--max-conections", "1"],
    'unknown option "--max-conections"',
    "did you mean --max-connections? all options: dragoman dev --help",
  ],
  [
    ["notify", "everyone", "x", "--level", "warnng"],
    '--level  "warnng" is not known here',
    "did you mean warning? one of: info, success, warning, error",
  ],
  [
    ["tail", "--kinds", "tsk.created"],
    '--kinds  "tsk.created" is not known here',
    "did you mean task.created? one of: notification, announcement, task, message, workspace, member, room, focus, user, notification.created, announcement.created, notification.read, …",
  ],
  [["serve", "--port"], 'option "--port <port>" argument missing', "all options: dragoman serve --help"],
  [
    ["--port", "1", "serve"],
    'unknown option "--port"',
    "options go behind the command, like: dragoman serve --port 8001; all commands: dragoman --help",
  ],
  [
    ["token"],
    'missing required argument "user"',
    "write: dragoman token <user>; all options: dragoman token --help",
  ],
  [
    ["serve", "now"],
    'too many arguments for "serve". Expected 0 arguments but got 1: now',
    "all options: dragoman serve --help",
  ],
])("what was typed wrong is told with what was probably meant: %p", async (args, what, fix) => {
  expect(await dragoman(args)).toEqual({ code: 2, stdout: "", stderr: `error  ${what}\nfix    ${fix}\n` });
});

test("check-config shows every setting with its source, and no secret", async () => {
  using folder = tempFolder();
  await Bun.write(join(folder.path, "own.toml"), "max_connections = 7\n");
  const env = { JWT_SECRET: "a secret of thirty-two characters" };
  const args = ["check-config", "--config", "own.toml", "--port", "9000"];
  const told = await dragoman(args, { cwd: folder.path, env });
  expect(told).toMatchObject({ code: 0, stderr: "" });
  expect(told.stdout).toMatch(/^ {2}PORT +9000 +flag$/m);
  expect(told.stdout).toMatch(/^ {2}MAX_CONNECTIONS +7 +toml:own\.toml:1$/m);
  expect(told.stdout).toMatch(/^ {2}JWT_SECRET +\(set\) +env$/m);
  expect(told.stdout).not.toContain(env.JWT_SECRET);

  const json = await dragoman([...args, "--json"], { cwd: folder.path, env });
  const { ok, settings } = JSON.parse(json.stdout) as { ok: boolean; settings: { name: string }[] };
  expect(ok).toBe(true);
  expect(settings.map((row) => row.name)).toEqual([...SETTING_NAMES]);
});

test("check-config ends with 78 and all problems, also those of keys", async () => {
  const wrong = await dragoman(["check-config"], { env: { PORT: "none", ACCESS: "opne" } });
  expect(wrong.code).toBe(78);
  expect(wrong.stderr.match(/^error /gm)).toHaveLength(2);
  const key = await dragoman(["check-config", "--json"], {
    env: { JWT_PUBLIC_KEY: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----" },
  });
  expect(key.code).toBe(78);
  expect(JSON.parse(key.stdout)).toMatchObject({ ok: false, problems: [{ where: "JWT_PUBLIC_KEY" }] });
});

test("healthcheck asks this machine's server whatever proxy is set, and ends with 0 or 1", async () => {
  using folder = tempFolder();
  using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => new Response(null, { status: request.url.endsWith("/healthz") ? 200 : 500 }),
  });
  const proxy = "http://127.0.0.1:1";
  const env = { PORT: String(server.port), HTTP_PROXY: proxy, http_proxy: proxy };
  expect(await dragoman(["healthcheck"], { cwd: folder.path, env })).toEqual({
    code: 0,
    stdout: `ok  http://127.0.0.1:${server.port}/healthz\n`,
    stderr: "",
  });
  expect(
    (await dragoman(["healthcheck", "--url", `127.0.0.1:${server.port}`], { cwd: folder.path })).code,
  ).toBe(0);
  await server.stop(true);
  const gone = await dragoman(["healthcheck"], { cwd: folder.path, env });
  expect(gone.code).toBe(1);
  expect(gone.stderr).toContain("does not answer: connection refused\nfix    start the server");
  expect((await dragoman(["healthcheck"], { cwd: folder.path, env: { PORT: "none" } })).code).toBe(1);
});

test("healthcheck gives up on a server that is silent, within 3 s", async () => {
  using folder = tempFolder();
  using silent = Bun.listen({ port: 0, hostname: "127.0.0.1", socket: { data: () => {} } });
  const began = performance.now();
  const { code, stderr } = await dragoman(["healthcheck", "--port", String(silent.port)], {
    cwd: folder.path,
  });
  expect(code).toBe(1);
  expect(stderr).toContain("nothing came within 2.5 s");
  expect(performance.now() - began).toBeLessThan(4000);
});

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, setDefaultTimeout, test } from "bun:test";
import { bearer, dragoman, listen, start, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

interface Entry {
  readonly level: string;
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
}
const entriesOf = (text: string): Entry[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Entry);

test("without any configuration serve makes a folder and a secret for the owner alone, and keeps them", async () => {
  using folder = tempFolder();
  const options = { cwd: folder.path, env: { LOG_FORMAT: "pretty", PORT: "0" } };
  const secretFile = join(folder.path, "dragoman_data/jwt.key");
  const secrets: string[] = [];
  const banners: string[] = [];
  for (const _ of [1, 2]) {
    await using server = start(["serve"], options);
    await server.stdout.match(/dragoman key create backend\n/);
    banners.push(server.stdout.text);
    secrets.push(readFileSync(secretFile, "utf8"));
    expect(await server.end()).toBe(0);
  }
  expect(secrets[0]).toMatch(/^[0-9a-f]{64}\n$/);
  expect(secrets[1]).toBe(secrets[0] ?? "");
  expect(modeOf(join(folder.path, "dragoman_data"))).toBe("700");
  for (const file of ["jwt.key", "dragoman.db", "lock.db"])
    expect(modeOf(join(folder.path, "dragoman_data", file))).toBe("600");

  const [first = "", second = ""] = banners;
  expect(first).toContain("  data     ./dragoman_data (created)\n");
  expect(first).toContain(
    "  secret   ./dragoman_data/jwt.key (generated, 0600); set JWT_SECRET to use your own\n",
  );
  expect(first).toMatch(/ {2}migrate {2}0 → \d+ applied\n/);
  expect(first).toMatch(
    / {2}listen {3}http:\/\/127\.0\.0\.1:\d+, on all addresses of this machine \(HOST 0\.0\.0\.0\)\n/,
  );
  expect(first).toContain("  dragoman token alice\n");
  expect(second).toContain("  data     ./dragoman_data\n  secret   ./dragoman_data/jwt.key\n  listen");
});

test("without a terminal there is no banner but one log entry, and nothing on stdout", async () => {
  using folder = tempFolder();
  await using server = start(["serve", "--port", "0"], { cwd: folder.path });
  const url = await server.listening();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await server.end()).toBe(0);
  expect(server.stdout.text).toBe("");
  expect(entriesOf(server.stderr.text).map((entry) => entry.code)).toEqual([
    "SERVER_STARTED",
    "STORE_MIGRATED",
    "SERVER_STOPPING",
    "SERVER_STOPPED",
  ]);
});

test("two servers never share a folder: the second one is told who has it and what to do", async () => {
  using folder = tempFolder();
  await using server = start(["serve", "--port", "0", "--data-dir", "d"], { cwd: folder.path });
  await server.listening();
  const { code, stderr } = await dragoman(["serve", "--port", "0", "--data-dir", "d"], { cwd: folder.path });
  expect(code).toBe(1);
  const owner = process.platform === "linux" ? ` (pid ${server.child.pid}, "` : "";
  expect(stderr).toStartWith(`error  another dragoman is using ${join(folder.path, "d")}${owner}`);
  expect(stderr).toContain(
    "\nfix    stop it, or give this one a folder of its own: --data-dir FOLDER (env DATA_DIR)\n",
  );
});

test("a folder is free again after SIGKILL", async () => {
  using folder = tempFolder();
  for (const _ of [1, 2]) {
    await using server = start(["serve", "--port", "0"], { cwd: folder.path });
    await server.listening();
    server.child.kill("SIGKILL");
    await server.exited();
  }
});

test("a port in use ends serve with 1, and as a log entry where JSON was asked for", async () => {
  using folder = tempFolder();
  using taken = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("mine") });
  const args = ["serve", "--host", "127.0.0.1", "--port", String(taken.port)];
  const told = await dragoman(args, { cwd: folder.path });
  expect(told.code).toBe(1);
  expect(told.stderr).toMatch(
    /^error {2}port \d+ is in use.*\nfix {4}stop it, or: dragoman serve --port \d+ {6}\(env PORT\)\n$/,
  );
  const logged = await dragoman(args, { cwd: folder.path, env: { LOG_FORMAT: "json" } });
  expect(logged.code).toBe(1);
  expect(entriesOf(logged.stderr)).toMatchObject([
    {
      level: "error",
      code: "START_FAILED",
      message: expect.stringContaining("is in use"),
      fix: expect.stringContaining("--port"),
    },
  ]);
});

// Bun shares the port among servers whose `development` is false, unless told `reusePort: false` (runtime/bun.ts).
test("two dragomans never share a port", async () => {
  using folder = tempFolder();
  await using first = start(["serve", "--port", "0", "--data-dir", "a"], { cwd: folder.path });
  const { port } = new URL(await first.listening());
  await using second = start(["serve", "--port", port, "--data-dir", "b"], { cwd: folder.path });
  await second.stderr.match(new RegExp(`port ${port} is in use`));
});

test("an address that this machine does not have is told as such", async () => {
  using folder = tempFolder();
  const { code, stderr } = await dragoman(["serve", "--host", "192.0.2.1"], { cwd: folder.path });
  expect(code).toBe(1);
  expect(stderr).toStartWith('error  this machine has no address "192.0.2.1" to listen on\nfix    ');
});

test("a data folder that cannot be one, and a secret that is none, end it with the fix", async () => {
  using folder = tempFolder();
  await Bun.write(join(folder.path, "file"), "x");
  const file = await dragoman(["serve", "--data-dir", "file"], { cwd: folder.path });
  expect(file.code).toBe(1);
  expect(file.stderr).toContain("it is a file, not a folder\nfix    ");

  await Bun.write(join(folder.path, "empty/jwt.key"), "");
  const empty = await dragoman(["serve", "--data-dir", "empty"], { cwd: folder.path });
  expect(empty.code).toBe(1);
  expect(empty.stderr).toContain("jwt.key holds no secret");

  await Bun.write(join(folder.path, "damaged/dragoman.db"), "this is no database at all. ".repeat(40));
  const damaged = await dragoman(["serve", "--data-dir", "damaged"], { cwd: folder.path });
  expect(damaged.code).toBe(1);
  expect(damaged.stderr).toContain("\nfix    restore it from a backup");
  expect(damaged.stderr).not.toContain("    at ");
});

test("wrong settings end serve with 78, all of them told at once", async () => {
  using folder = tempFolder();
  await Bun.write(join(folder.path, "dragoman.toml"), 'server.prot = 1\nmax_connections = "many"\n');
  const { code, stderr } = await dragoman(["serve", "--diary", "opn"], { cwd: folder.path });
  expect(code).toBe(78);
  expect(stderr).toContain('error  dragoman.toml:1  unknown key "server.prot"\nfix    did you mean "port"?');
  expect(stderr).toContain("error  dragoman.toml:2  max_connections:");
  expect(stderr).toContain('error  --diary  "opn" is none of its values\nfix    did you mean "open"?');
  expect(existsSync(join(folder.path, "dragoman_data"))).toBe(false);
});

test("a public key that is none ends it with 78", async () => {
  using folder = tempFolder();
  const env = { JWT_PUBLIC_KEY: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----" };
  const { code, stderr } = await dragoman(["serve", "--port", "0"], { cwd: folder.path, env });
  expect(code).toBe(78);
  expect(stderr).toStartWith("error  JWT_PUBLIC_KEY  cannot be read\nfix    give a PEM public key");
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} closes every socket with 1012 and ends with 0`, async () => {
    using folder = tempFolder();
    const secret = "a secret of thirty-two characters";
    await using server = start(["serve", "--port", "0"], { cwd: folder.path, env: { JWT_SECRET: secret } });
    const url = await server.listening();
    const { stdout: token } = await dragoman(["token", "101"], {
      cwd: folder.path,
      env: { JWT_SECRET: secret },
    });
    const socket = await listen(`${url.replace("http", "ws")}/ws/notifications?token=${token.trim()}`);
    expect(await server.end(signal)).toBe(0);
    expect(await socket.closed).toBe(1012);
    expect(entriesOf(server.stderr.text).slice(-2)).toMatchObject([
      { code: "SERVER_STOPPING", message: `stopping: ${signal}`, sockets: 1 },
      { code: "SERVER_STOPPED" },
    ]);
  });
}

test("a second signal ends it at once with 1", async () => {
  using folder = tempFolder();
  await using server = start(["serve", "--port", "0", "--diary", "open"], { cwd: folder.path });
  const { host, hostname, port } = new URL(await server.listening());
  // A request whose body never comes keeps the clean end waiting.
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const client = await Bun.connect({ hostname, port: Number(port), socket: { data: () => resolve() } });
  client.write(
    `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\nPOST /api/v1/ws/notification HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 9\r\n\r\n{`,
  );
  await answered;
  server.child.kill("SIGTERM");
  await server.stderr.match(/SERVER_STOPPING/);
  expect(await server.end("SIGTERM")).toBe(1);
  expect(server.stderr.text).not.toContain("SERVER_STOPPED");
  client.end();
});

test.each(["throw new Error('boom')", "void Promise.reject(new Error('boom'))"])(
  "an error that nobody caught is logged, sockets are closed cleanly, and the exit code is 1: %s",
  async (fault) => {
    using folder = tempFolder();
    const preload = join(folder.path, "fault.ts");
    await Bun.write(preload, `process.on("SIGUSR2", () => { ${fault}; });`);
    await using server = start(["serve", "--port", "0", "--diary", "open"], {
      cwd: folder.path,
      bun: ["--preload", preload],
    });
    const url = await server.listening();
    const socket = await listen(`${url.replace("http", "ws")}/api/v1/ws/5`);
    server.child.kill("SIGUSR2");
    expect(await socket.closed).toBe(1012);
    expect(await server.exited()).toBe(1);
    const unhandled = entriesOf(server.stderr.text).find((entry) => entry.code === "UNHANDLED");
    expect(unhandled).toMatchObject({
      level: "error",
      fault: { message: "boom" },
      stack: expect.stringContaining("fault.ts"),
    });
  },
);

test("a log of JSON is JSON throughout and holds no token, even at the level debug", async () => {
  using folder = tempFolder();
  const env = { LOG_FORMAT: "json", LOG_LEVEL: "debug", JWT_SECRET: "short but good enough" };
  await using server = start(["serve", "--port", "0"], { cwd: folder.path, env });
  const url = await server.listening();
  const token = (
    await dragoman(["token", "101", "--name", "alice"], { cwd: folder.path, env })
  ).stdout.trim();
  const forged = `${token.slice(0, -8)}AAAAAAAA`;
  const ws = url.replace("http", "ws");
  const socket = await listen(`${ws}/api/v1/stream?token=${token}`);
  await expect(listen(`${ws}/ws/notifications?token=${forged}`)).rejects.toThrow();
  const refused = await listen(`${ws}/api/v1/ws/connect?token=${forged}`);
  expect(await refused.closed).toBe(4401);
  expect((await fetch(`${url}/api/v1/presence/users`, bearer(token))).status).toBe(200);
  expect((await fetch(`${url}/api/v1/presence/users?token=${forged}`)).status).toBe(401);
  expect(await server.end()).toBe(0);
  expect(await socket.closed).toBe(1012);

  const codes = entriesOf(server.stderr.text).map((entry) => entry.code);
  expect(codes).toContain("SOCKET_OPENED");
  expect(codes).toContain("SOCKET_REFUSED");
  for (const secret of [token.split(".")[2], "AAAAAAAA", "eyJ", env.JWT_SECRET])
    expect(server.stderr.text).not.toContain(secret as string);
});

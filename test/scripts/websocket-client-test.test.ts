/** `scripts/websocket-client-test`: the same as the page to try sockets with, in a terminal. */
import { expect, test } from "bun:test";
import { resolve } from "node:path";
import { seedDemo } from "../../src/app/demo.ts";
import { KEY, type StartedServer, startServer } from "../support/server.ts";

const SCRIPT = resolve(import.meta.dir, "../../scripts/websocket-client-test.ts");

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const child = Bun.spawn([process.execPath, SCRIPT, ...args], {
    env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, out, err };
}

async function demo(): Promise<StartedServer> {
  const server = await startServer();
  await seedDemo(server.assembly.hub);
  return server;
}

test("every documented event arrives in every dialect that has a frame for it", async () => {
  await using server = await demo();
  const token = server.token({ id: 101, username: "alice", ttlSeconds: 600 });
  const { code, out, err } = await run("--url", server.url, "--token", token, "--key", KEY);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^ok {2}\d+ events arrived in every dialect that has a frame for them$/m);
  // A task event, in five dialects' words.
  for (const dialect of ["onetask", "onetask-v1", "chat", "diary", "notifier", "native"])
    expect(out).toMatch(new RegExp(`^\\d\\d:\\d\\d:\\d\\d\\.\\d+ ${dialect} .*↓`, "m"));
  expect(out).not.toContain(token);
});

test("one dialect alone is tried, and a server that is not there is said with what to do", async () => {
  await using server = await demo();
  const token = server.token({ id: 101, username: "alice", ttlSeconds: 600 });
  const one = await run("--url", server.url, "--token", token, "--key", KEY, "--dialect", "chat");
  expect(one.code).toBe(0);
  expect(one.out).not.toMatch(/\bonetask notifications/);
  const none = await run("--url", "http://127.0.0.1:1", "--token", token);
  expect(none.code).toBe(1);
  expect(none.err + none.out).toContain("http://127.0.0.1:1");
  const unknown = await run("--url", server.url, "--token", token, "--dialect", "esperanto");
  expect([unknown.code, unknown.err]).toEqual([
    1,
    expect.stringContaining("one of onetask, onetask-v1, chat"),
  ]);
  expect((await run("--socket", "tasks")).code).toBe(2);
});

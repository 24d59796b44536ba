/** The command itself, as a newcomer runs it: what it says, and what it ends with. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { startFaulty } from "./conform/faulty.ts";
import { startOldChat } from "./conform/old-chat.ts";
import { SECRET, startDemo } from "./conform/runner.ts";
import { NO_RATES, type StartedServer } from "../support/server.ts";
import { dragoman, type Outcome } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

setDefaultTimeout(TEST_MS);

let server: StartedServer;
beforeAll(async () => {
  server = await startDemo(NO_RATES);
});
afterAll(() => server[Symbol.asyncDispose]());

const conform = (url: string, ...args: readonly string[]): Promise<Outcome> =>
  dragoman(["conform", url, ...args], { env: { JWT_SECRET: SECRET } });

test("on Dragoman all is ok; what was left out is told with what it needs", async () => {
  const { code, stdout, stderr } = await conform(
    server.url,
    "--dialect",
    "chat",
    "--only",
    "connect",
    "--only",
    "join",
    "--only",
    "forbidden",
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toStartWith(`chat · ${server.url} · a is user 101, b is user 102\n`);
  expect(stdout).toContain("\nWebSocket API Documentation · 1. Join Room\n  ok        join ");
  expect(stdout).toContain("\nLeft out\n  1 check: needs --forbidden ROOM");
  expect(stdout).toEndWith("\n7 ok, 0 differ, 1 skipped\n");
});

test("a difference is shown with what was expected, what came, and what went before", async () => {
  await using faulty = startFaulty(server.url, {
    frame: (frame) => [frame["type"] === "pong" ? { ...frame, type: "PONG" } : frame],
  });
  const { code, stdout } = await conform(faulty.url, "--dialect", "chat", "--only", "ping");
  expect(code).toBe(1);
  expect(stdout).toContain("  differs   ping ping is answered with pong");
  expect(stdout).toMatch(/\nDifferences\n {2}chat ping · WebSocket API Documentation · 4\. Ping/);
  expect(stdout).toMatch(
    /\n {6}expected \{"type":"pong".*\n {6}received \{"type":"PONG".*\n {6}- type is "PONG"; the document has "pong"\n/,
  );
  expect(stdout).toMatch(/\n {4}what went before\n {6}a opens \/api\/v1\/ws\/connect\n/);
  expect(stdout).toEndWith("\n0 ok, 1 differs, 0 skipped\n");
});

test("for programs it answers one document", async () => {
  const { code, stdout } = await conform(server.url, "--dialect", "diary", "--only", "status", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    url: server.url,
    summary: { ok: 1, differs: 0, skipped: 0, addition: 0 },
    checks: [{ dialect: "diary", name: "status", outcome: "ok" }],
  });
});

test("an old backend's own choices are no differences, and what Dragoman adds is told apart", async () => {
  await using old = startOldChat();
  const { code, stdout } = await conform(
    old.url,
    "--dialect",
    "chat",
    "--only",
    "join",
    "--only",
    "message.edited",
  );
  expect(code).toBe(0);
  expect(stdout).toContain("join_room is answered with joined_room (without what Dragoman adds)");
  expect(stdout).toMatch(
    /Dragoman adds it\n {2}chat "user_joined" is not told where Dragoman tells it too: /,
  );
  expect(stdout).toMatch(/than by Dragoman\n {2}chat "connected": timestamp is "/);
  expect(stdout).toContain("--trigger 'message.edited=COMMAND'");
  expect(stdout).toEndWith("\n2 ok (2 without what Dragoman adds), 0 differ, 1 skipped\n");
});

test("a server that is not there, does not speak the dialect or takes no such token is told of once", async () => {
  expect(await conform("127.0.0.1:9", "--dialect", "chat")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("http://127.0.0.1:9 does not answer: connection refused"),
  });
  await using old = startOldChat();
  expect(await conform(old.url, "--dialect", "onetask")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/does not speak onetask: .*\nfix {4}.*--map \/ws\/notifications=/),
  });
  for (const dialect of ["chat", "onetask"])
    expect(
      await conform(server.url, "--dialect", dialect, "--secret", "another secret of 32 characters!"),
    ).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/does not take the token of user a \(101\): .*\nfix {4}.*--token TOKEN/),
    });
});

test("what was typed wrong is told with what was meant", async () => {
  expect((await dragoman(["conform"])).stderr).toMatch(
    /--dialect <name>.*\nfix {4}write --dialect <name>, one of: onetask,/,
  );
  expect((await conform(server.url, "--dialect", "chatt")).stderr).toContain("did you mean chat?");
  expect(await conform(server.url, "--dialect", "chat", "--only", "joyn")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/no check is called "joyn"\nfix {4}did you mean join\? see them all: /),
  });
});

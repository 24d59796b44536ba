import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { dragoman, ENV, type Outcome, type Program, start, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

let server: Program;
let env: Record<string, string>;

beforeAll(async () => {
  server = start(["dev", "--port", "0"]);
  env = { DRAGOMAN_URL: await server.listening() };
  await server.stdout.match(/dragoman send/);
});
afterAll(() => server[Symbol.asyncDispose]());

const run = (...args: readonly string[]): Promise<Outcome> => dragoman(args, { env });

/** A tail that listens already: what is sent from now on, it shows. */
async function tailing(...args: readonly string[]): Promise<Program> {
  const program = start(["tail", ...args], { env });
  // Whoever joins is told to the room, himself included.
  await program.stdout.match(/user[._]joined/);
  return program;
}

test("what one sends, another one's tail shows in one line: time, kind, topic, who, text", async () => {
  await using tail = await tailing("channel:1", "--as", "alice");
  const sent = await run("send", "channel:1", "Hello", "there", "--as", "bob");
  expect(sent).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^message \d+ in channel:1\n$/),
    stderr: "",
  });
  await tail.stdout.match(/^\d\d:\d\d:\d\d {2}message\.created +channel:1 +bob +Hello there$/m);
  expect(await tail.end("SIGINT")).toBe(0);
});

test("an admin of the machine's own server hears everything, and is told that he is one", async () => {
  await using tail = start(["tail", "--since", "all"], { env });
  await tail.stderr.match(/as an admin, signed with the running dev/);
  const told = await run(
    ...[
      "notify",
      "user:alice",
      "it is done",
      "--title",
      "Report",
      "--level",
      "success",
      "--link",
      "/reports/7",
    ],
  );
  expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining("user 101 (alice)") });
  await tail.stdout.match(
    /notification\.created +user:101 .*\[success\] {2}Report: it is done {2}\/reports\/7/,
  );
});

test("--since, --kinds, --count and --no-follow read what is kept, as lines of JSON", async () => {
  const room = "channel:kept";
  for (const text of ["one", "two", "three"]) await run("send", room, text, "--as", "bob");
  const kept = await run("tail", room, "--no-follow", "--json", "--kinds", "message", "--as", "bob");
  expect({ code: kept.code, stderr: kept.stderr }).toEqual({ code: 0, stderr: "" });
  const events = kept.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event_id: number; data: { content: string } });
  expect(events.map(({ data }) => data.content)).toEqual(["one", "two", "three"]);
  const later = await run(
    "tail",
    room,
    "--since",
    String(events[0]?.event_id),
    "--count",
    "1",
    "--kinds",
    "message",
    "--as",
    "bob",
  );
  expect(later.stdout).toMatch(/ two\n$/);
  expect(later.stdout.trim().split("\n")).toHaveLength(1);
});

test("each line of the input is a message", async () => {
  const piped = Bun.spawn(
    ["bash", "-c", `printf 'first\\n\\nsecond\\n' | dragoman send channel:lines - --as bob`],
    { env: { ...ENV, ...env }, stdout: "ignore", stderr: "ignore" },
  );
  expect(await piped.exited).toBe(0);
  const { stdout } = await run("tail", "channel:lines", "--no-follow", "--kinds", "message", "--as", "bob");
  expect(stdout.match(/(first|second)$/gm)).toEqual(["first", "second"]);
});

test("another dialect's frames are shown as its clients see them", async () => {
  await using tail = await tailing("channel:1", "--dialect", "chat", "--as", "bob");
  await run("send", "channel:1", "in chat's own words", "--as", "alice");
  const [frame] = await tail.stdout.match(/^\{"type":"message".*\}$/m);
  expect(JSON.parse(frame)).toMatchObject({
    room: "channel:1",
    sender: "alice",
    data: { content: "in chat's own words" },
  });
});

test("a tail comes back after a restart, and goes on where it was", async () => {
  using folder = tempFolder();
  await using first = start(["dev", "--port", "0", "--data-dir", "kept"], { cwd: folder.path });
  const url = await first.listening();
  const at = { env: { DRAGOMAN_URL: url } };
  await using tail = start(["tail", "channel:1", "--as", "alice"], at);
  await tail.stdout.match(/user\.joined/);
  await dragoman(["send", "channel:1", "before", "--as", "bob"], at);
  await tail.stdout.match(/before/);
  expect(await first.end()).toBe(0);
  await tail.stderr.match(/the connection is lost \(1012 Service restart\); trying again/);
  await using again = start(["dev", "--port", new URL(url).port, "--data-dir", "kept"], { cwd: folder.path });
  await again.listening();
  await dragoman(["send", "channel:1", "after", "--as", "bob"], at);
  await tail.stdout.match(/after/);
  expect(tail.stdout.text.match(/before|after/g)).toEqual(["before", "after"]);
});

test("a tail ends when nobody reads it any more", async () => {
  await run("send", "channel:1", "something to read", "--as", "bob");
  const shell = Bun.spawn(["bash", "-c", "dragoman tail --since all --as alice | head -1"], {
    env: { ...ENV, ...env },
    stdout: "ignore",
    stderr: "ignore",
  });
  await run("notify", "user:101", "one");
  await run("notify", "user:101", "two");
  expect(await shell.exited).toBe(0);
});

test("notify tells how many heard of it, and what to do where nobody did", async () => {
  expect((await run("notify", "user:nobody", "Hi")).stdout).toMatch(
    /^user nobody is not connected; notification \d+ waits in the inbox\n$/,
  );
  expect((await run("notify", "channel:empty", "Hi")).stdout).toContain(
    "nobody is in channel:empty now; for one user",
  );
  expect((await run("notify", "user:101", "Hi", "--at", "10m")).stdout).toMatch(
    /^user 101 will be told at \d{4}-/,
  );
  expect(JSON.parse((await run("notify", "everyone", "Hi", "--json")).stdout)).toEqual({
    count: expect.any(Number),
  });
});

test("a room or a user that is nearly one is told with the one that was meant", async () => {
  expect((await run("notify", "usr:101", "Hi")).stdout).toBe(
    "nobody is in usr:101 now; did you mean user:101?\n",
  );
  expect(await run("send", "", "Hi")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"" is no room\nfix    write it like channel:1'),
  });
  await run("send", "channel:1", "I was here", "--as", "bob");
  expect((await run("user", "show", "boob")).stderr).toContain(
    "\nfix    did you mean bob? see who was here: ",
  );
});

/** Every check of every dialect holds on Dragoman itself, and none is skipped that could be run. */
import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { SUITES } from "../../src/cli/conform/suites.ts";
import { conform, namesWith, notOk, startDemo } from "./conform/runner.ts";
import { TEST_MS } from "../support/patience.ts";

setDefaultTimeout(TEST_MS);

const NAMES = SUITES.map(({ dialect }) => dialect);

/** All at once, each on a server of its own: most of the time passes in waiting for an expiry. */
const runs = new Map<string, Promise<readonly string[]>>();
beforeAll(() => {
  for (const dialect of NAMES) runs.set(dialect, strictly(dialect));
});

async function strictly(dialect: string): Promise<readonly string[]> {
  await using server = await startDemo({ access: "members" });
  const names = { forbidden: "790", session: "s1" };
  return notOk(await conform(server.url, dialect, { strict: true, names }));
}

test.each(NAMES)("%s: all ok, strictly, where access is by membership", async (dialect) => {
  expect(await runs.get(dialect)).toEqual([]);
});

test("on a server as dev starts it only what needs a closed room is skipped", async () => {
  await using server = await startDemo();
  const results = await conform(server.url, "chat");
  expect(namesWith(results, "skipped")).toEqual(["forbidden"]);
  expect(namesWith(results, "differs")).toEqual([]);
  expect(namesWith(results, "addition")).toEqual([]);
});

test("without any proof what needs none is run, and the rest is skipped with what it needs", async () => {
  await using server = await startDemo();
  const results = await conform(server.url, "notifier", { secret: null });
  expect(namesWith(results, "ok")).toEqual(["connect/no-token", "connect/bad-token"]);
  expect(results.get("text")?.why).toBe("needs a user: --token TOKEN, or --secret SECRET to sign one");
  expect(results.get("connect/expired-token")?.why).toBe(
    "needs --secret SECRET, to sign a token that must be refused or runs out",
  );
});

test("a session or a room that was not named, and may not be entered, is to be named", async () => {
  await using server = await startDemo({ access: "members" });
  const focus = await conform(server.url, "onetask", { only: ["focus/relay"] });
  expect(focus.get("focus/relay")).toMatchObject({
    outcome: "skipped",
    why: expect.stringContaining("--session"),
  });
  const named = await conform(server.url, "onetask", {
    only: ["focus/relay"],
    names: { session: "nobody-knows-it" },
  });
  expect(named.get("focus/relay")?.outcome).toBe("differs");
  const join = await conform(server.url, "chat", { only: ["join"], names: { room: "channel:2" } });
  expect(join.get("join")).toMatchObject({ outcome: "skipped", why: expect.stringContaining("--room") });
});

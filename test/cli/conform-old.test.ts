/** Old backends that do as their documents say are not blamed for what Dragoman adds. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { OldBackend } from "./conform/old-backend.ts";
import { INTERNAL, startOldChat } from "./conform/old-chat.ts";
import { startOldOnetask } from "./conform/old-onetask.ts";
import { conform, namesWith, notOk } from "./conform/runner.ts";
import type { Result } from "../../src/cli/conform/result.ts";
import { TEST_MS } from "../support/patience.ts";

setDefaultTimeout(TEST_MS);

/** What is missing of Dragoman's is waited for in vain. */
const BRIEF = { timeoutMs: 1000 } as const;

/** Both at once: most of the time passes in waiting. */
let onetask: Promise<ReadonlyMap<string, Result>>;
let chat: Promise<ReadonlyMap<string, Result>>;
const backends = new AsyncDisposableStack();
beforeAll(() => {
  const run = (dialect: string, { url }: OldBackend) =>
    conform(url, dialect, { ...BRIEF, names: { forbidden: "790" } });
  onetask = run("onetask", backends.use(startOldOnetask()));
  chat = run("chat", backends.use(startOldChat()));
});
afterAll(() => backends.disposeAsync());

const documented = (results: ReadonlyMap<string, Result>): ReadonlyMap<string, Result> =>
  new Map([...results].filter(([, { check }]) => check.level === "documented"));

test("OneTask's: nothing differs, and what is missing is told as additions", async () => {
  const results = await onetask;
  expect(notOk(new Map([...results].filter(([, { outcome }]) => outcome === "differs")))).toEqual([]);
  expect(namesWith(documented(results), "skipped")).toEqual([]);
  // Its own words and statuses are where the document leaves them open.
  expect(namesWith(documented(results), "ok")).toContain("notifications/own");
  expect(results.get("events/task")?.findings.map(({ level }) => level)).toContain("choice");
  for (const name of ["focus/echo", "events/missing", "resume/missed", "token/header", "too-many"])
    expect([name, results.get(name)?.outcome]).toEqual([name, "addition"]);
});

test("the chat's: nothing differs; what the document gives no address for is skipped, and says so", async () => {
  const results = await chat;
  expect(notOk(new Map([...results].filter(([, { outcome }]) => outcome === "differs")))).toEqual([]);
  const skipped = namesWith(documented(results), "skipped");
  expect(skipped).toEqual([
    "message.edited",
    "message.deleted",
    "task.created",
    "task.status_changed",
    "task.updated",
    "task.assigned",
    "task.deleted",
    "project.updated",
    "project.archived",
    "notification.new",
  ]);
  for (const name of skipped) expect(results.get(name)?.why).toMatch(/no address .* --trigger '/);
  for (const name of ["forbidden", "too-many", "connect/expired-token", "join/told", "ping"])
    expect([name, results.get(name)?.outcome]).not.toEqual([name, "differs"]);
});

test("strictly, what is missing differs", async () => {
  await using old = startOldChat();
  const results = await conform(old.url, "chat", { ...BRIEF, only: ["join", "metadata"], strict: true });
  expect(namesWith(results, "differs")).toEqual(["join", "metadata"]);
});

test("a command of the backend makes an event for which there is no address, in its own words", async () => {
  await using old = startOldChat();
  const only = ["notification.new"];
  const body = `{"user_id": $CONFORM_USER, "data": {"title":"Hi","message":"There","link":null,"priority":"low"}}`;
  const command = `curl -sf ${old.url}${INTERNAL} -d '${body.replace("$CONFORM_USER", `'$CONFORM_USER'`)}'`;
  const made = await conform(old.url, "chat", { ...BRIEF, only, triggers: { "notification.new": command } });
  expect(notOk(made)).toEqual([]);
  const failing = await conform(old.url, "chat", {
    ...BRIEF,
    only,
    triggers: { "notification.new": "exit 3" },
  });
  expect(failing.get("notification.new")).toMatchObject({
    outcome: "skipped",
    why: "the command for notification.new ended with 3: exit 3",
  });
});

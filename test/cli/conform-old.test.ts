/** Old backends that do as their documents say are not blamed for what Dragoman adds. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { startOldChat } from "./conform/old-chat.ts";
import { startOldOnetask } from "./conform/old-onetask.ts";
import { conform, namesWith, notOk } from "./conform/runner.ts";
import { dragoman } from "./program.ts";
import { SECRET } from "./conform/runner.ts";
import type { Result } from "../../src/cli/conform/result.ts";

setDefaultTimeout(60_000);

/** What is missing of Dragoman's is waited for in vain. */
const BRIEF = { timeoutMs: 1000 } as const;

const documented = (results: ReadonlyMap<string, Result>): ReadonlyMap<string, Result> =>
  new Map([...results].filter(([, { check }]) => check.level === "documented"));

test("OneTask's: nothing differs, and what is missing is told as additions", async () => {
  await using old = startOldOnetask();
  const results = await conform(old.url, "onetask", { ...BRIEF, names: { forbidden: "790" } });
  expect(notOk(new Map([...results].filter(([, { outcome }]) => outcome === "differs")))).toEqual([]);
  expect(namesWith(documented(results), "skipped")).toEqual([]);
  // Its own words and statuses are where the document leaves them open.
  expect(namesWith(documented(results), "ok")).toContain("notifications/own");
  expect(results.get("events/task")?.findings.map(({ level }) => level)).toContain("addition");
  for (const name of ["focus/echo", "events/missing", "resume/missed", "token/header", "too-many"])
    expect([name, results.get(name)?.outcome]).toEqual([name, "addition"]);
});

test("the chat's: nothing differs; what the document gives no address for is skipped, and says so", async () => {
  await using old = startOldChat();
  const results = await conform(old.url, "chat", { ...BRIEF, names: { forbidden: "790" } });
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

test("a command of the backend makes an event for which there is no address", async () => {
  await using old = startOldOnetask();
  // What OneTask's own code would do: here by its HTTP address.
  const token = (await dragoman(["token", "alice", "--id", "101", "--jwt-secret", SECRET])).stdout.trim();
  const address = `${old.url}/api/v1/realtime/events/system`;
  const command = `curl -s -X POST ${address} -H "Authorization: Bearer ${token}" -H "Content-Type: application/json" -d "$CONFORM_BODY"`;
  const failing = await conform(old.url, "onetask-v1", {
    ...BRIEF,
    only: ["notifications/frame"],
    triggers: { notification: "exit 3" },
  });
  expect(failing.get("notifications/frame")?.outcome).toBe("differs");
  expect(command).toContain(address);
});

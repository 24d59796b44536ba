import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, setDefaultTimeout, test } from "bun:test";
import { bearer, dragoman, start, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

const inbox = async (url: string, token: string): Promise<string[]> => {
  const answer = await fetch(`${url}/api/v1/notifications`, bearer(token));
  return ((await answer.json()) as { items: { content: string }[] }).items.map(({ content }) => content);
};

test("a backup of a running server is restored: what came after it is gone, and old cursors are not recovered", async () => {
  using folder = tempFolder();
  const at = { cwd: folder.path };
  const first = start(["serve", "--port", "0"], at);
  const url = await first.listening();
  const token = (await dragoman(["token", "101", "--admin"], at)).stdout.trim();
  const tell = async (message: string): Promise<number> => {
    const { headers } = bearer(token);
    const body = JSON.stringify({ message });
    const init = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body };
    const answer = await fetch(`${url}/api/v1/notify/users/101`, init);
    return ((await answer.json()) as { notification_id: number }).notification_id;
  };
  await tell("kept");
  const copied = await dragoman(["backup", "copy.db", "--verify"], at);
  expect(copied).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\.\/copy\.db {2}.* 1 events, .*verified\n$/),
  });
  expect(statSync(join(folder.path, "copy.db")).mode & 0o777).toBe(0o600);
  const lost = await tell("after the backup");

  expect(await dragoman(["restore", "copy.db"], at)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("another dragoman is using"),
  });
  expect(await first.end()).toBe(0);
  const restored = await dragoman(["restore", "copy.db", "--json"], at);
  expect(restored.code).toBe(0);
  const { kept } = JSON.parse(restored.stdout) as { kept: string };
  expect(existsSync(kept)).toBe(true);

  await using second = start(["serve", "--port", "0"], at);
  const again = await second.listening();
  expect(await inbox(again, token)).toEqual(["kept"]);
  const polled = await fetch(`${again}/api/v1/events?after=${lost}&wait=0`, {
    headers: { ...bearer(token).headers, accept: "application/json" },
  });
  expect(await polled.json()).toMatchObject({ events: [], recovered: false });
});

test("what is no backup is refused, and changes nothing", async () => {
  using folder = tempFolder();
  writeFileSync(join(folder.path, "text.db"), "hello ".repeat(1000));
  const { code, stderr } = await dragoman(["restore", "text.db", "--data-dir", "data"], { cwd: folder.path });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error {2}.*text\.db cannot be read as a database.*\nfix {4}/);
  expect(existsSync(join(folder.path, "data/dragoman.db"))).toBe(false);
});

test("a backup never overwrites a file, and names a folder without a database", async () => {
  using folder = tempFolder();
  const none = await dragoman(["backup", "copy.db"], { cwd: folder.path });
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("there is no database in")]);
});

test("prune answers how many rows went", async () => {
  using folder = tempFolder();
  const at = { cwd: folder.path };
  await using server = start(["serve", "--port", "0"], at);
  await server.listening();
  expect(await dragoman(["prune", "--json"], at)).toEqual({ code: 0, stdout: '{"removed":0}\n', stderr: "" });
});

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, setDefaultTimeout, test } from "bun:test";
import { bearer, dragoman, start, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

test("a key made while the server runs is good at once, and refused at once when it is revoked", async () => {
  using folder = tempFolder();
  await using server = start(["serve", "--port", "0"], { cwd: folder.path });
  const url = await server.listening();
  const status = async (key: string): Promise<number> =>
    (await fetch(`${url}/api/v1/presence/users`, bearer(key))).status;

  const created = await dragoman(["key", "create", "backend"], { cwd: folder.path });
  expect(created.code).toBe(0);
  expect(created.stdout).toMatch(/^dgk_[\w-]{43}\n$/);
  const key = created.stdout.trim();
  expect(await status(key)).toBe(200);
  expect(await status(`${key.slice(0, -1)}!`)).toBe(401);

  const revoked = await dragoman(["key", "revoke", "backend"], { cwd: folder.path });
  expect(revoked).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^key [0-9a-f]{8} \(backend\) is revoked\n$/),
    stderr: "",
  });
  expect(await status(key)).toBe(401);
  expect(await server.end()).toBe(0);
});

test("keys are listed without themselves, for people and as JSON", async () => {
  using folder = tempFolder();
  const at = { cwd: folder.path };
  mkdirSync(join(folder.path, "dragoman_data"));
  expect(await dragoman(["key", "list"], at)).toEqual({
    code: 0,
    stdout: "",
    stderr: "no keys yet; make one: dragoman key create backend\n",
  });

  const made = JSON.parse((await dragoman(["key", "create", "one", "--json"], at)).stdout) as {
    id: string;
    key: string;
  };
  expect(made).toEqual({ id: expect.any(String), name: "one", key: expect.stringMatching(/^dgk_/) } as never);
  await dragoman(["key", "create", "two"], at);
  expect((await dragoman(["key", "revoke", made.id], at)).code).toBe(0);

  const table = (await dragoman(["key", "list"], at)).stdout.trim().split("\n");
  expect(table.map((row) => row.split(/ {2,}/))).toEqual([
    ["ID", "NAME", "CREATED", "STATE"],
    [made.id, "one", expect.any(String), expect.stringContaining("revoked 2")],
    [expect.any(String), "two", expect.any(String), "active"],
  ] as never);
  const { stdout } = await dragoman(["key", "list", "--json"], at);
  expect(JSON.parse(stdout)).toMatchObject([
    { id: made.id, name: "one" },
    { name: "two", revoked_at: null },
  ]);
  expect(stdout).not.toContain("dgk_");
});

test("what cannot be revoked is told: unknown, revoked before, or several of that name", async () => {
  using folder = tempFolder();
  const at = { cwd: folder.path };
  mkdirSync(join(folder.path, "dragoman_data"));
  expect(await dragoman(["key", "revoke", "nobody"], at)).toEqual({
    code: 1,
    stdout: "",
    stderr: 'error  there is no key "nobody"\nfix    see them all: dragoman key list\n',
  });
  for (const _ of [1, 2]) await dragoman(["key", "create", "twin"], at);
  const several = await dragoman(["key", "revoke", "twin"], at);
  expect(several.code).toBe(1);
  expect(several.stderr).toMatch(
    /^error {2}2 keys have the name "twin"\nfix {4}name one by its id: [0-9a-f]{8} \(created .*\), [0-9a-f]{8} \(/,
  );
  const id = /by its id: (\w+)/.exec(several.stderr)?.[1] ?? "";
  expect((await dragoman(["key", "revoke", id], at)).code).toBe(0);
  expect((await dragoman(["key", "revoke", id], at)).stderr).toContain("was revoked before");
});

test("a folder that is not there is not made by mistake", async () => {
  using folder = tempFolder();
  const { code, stdout, stderr } = await dragoman(["key", "create", "backend", "--data-dir", "typo"], {
    cwd: folder.path,
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toStartWith(`error  there is no data folder at ${join(folder.path, "typo")}\nfix    `);
  expect(existsSync(join(folder.path, "typo"))).toBe(false);
});

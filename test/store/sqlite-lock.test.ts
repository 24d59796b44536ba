import { expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { lockFolder } from "../../src/store/sqlite/lock.ts";
import { testFolder } from "./support.ts";

const { folder } = testFolder();

/** Takes the folder and keeps it until it is killed. */
const KEEPER = `
  const { lockFolder } = await import(${JSON.stringify(join(import.meta.dir, "../../src/store/sqlite/lock.ts"))});
  globalThis.lock = lockFolder(process.argv.at(-1));
  console.log(globalThis.lock === null ? "taken" : "locked");
  setInterval(() => {}, 1_000);
`;

test("one process at a time has a folder, and SIGKILL frees it", async () => {
  const keeper = Bun.spawn([process.execPath, "-e", KEEPER, folder], { stdout: "pipe" });
  const reader = keeper.stdout.getReader();
  expect(new TextDecoder().decode((await reader.read()).value).trim()).toBe("locked");
  expect(lockFolder(folder)).toBeNull();
  keeper.kill("SIGKILL");
  await keeper.exited;
  const lock = lockFolder(folder);
  expect(lock).not.toBeNull();
  lock?.release();
});

test("a released folder can be taken again, by the same process too", () => {
  const first = lockFolder(folder);
  expect(lockFolder(folder)).toBeNull();
  first?.release();
  const second = lockFolder(folder);
  expect(second).not.toBeNull();
  second?.release();
  expect(statSync(join(folder, "lock.db")).mode & 0o777).toBe(0o600);
});

test("a folder that is not there is an error, not a lock", () => {
  expect(() => lockFolder("/no/such/folder")).toThrow("ENOENT");
});

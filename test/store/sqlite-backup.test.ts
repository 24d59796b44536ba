import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "../../src/core/clock.ts";
import { backupDatabase, restoreDatabase, verifyDatabase } from "../../src/store/sqlite/backup.ts";
import { openSqliteStore, type SqliteStore } from "../../src/store/sqlite/open.ts";

const clock = new ManualClock();
const MIGRATIONS = join(import.meta.dir, "../../src/store/sqlite/migrations");
let folder: string;
let database: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dragoman-backup-"));
  database = join(folder, "dragoman.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (path = database): SqliteStore => openSqliteStore({ path, durability: "normal", clock });

function write(store: SqliteStore, ...contents: string[]): void {
  const actor = { id: "1", username: "one" };
  store.commit(
    contents.map((content) => ({
      op: "message.send",
      args: { topic: "channel:1", content, metadata: {}, actor },
    })),
  );
}

const contentsOf = (store: SqliteStore): unknown[] =>
  store.events(0, Number.MAX_SAFE_INTEGER, 1000).map(({ data }) => (data as { content?: string }).content);

/** Says which modes a file had while it was made. */
const LOOK_ON = `
  const { statSync } = require("node:fs");
  const file = process.argv.at(-1);
  const modes = new Set();
  const look = (path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined) modes.add((found.mode & 0o777).toString(8));
    return found !== undefined;
  };
  console.log("looking");
  while (!look(file)) look(file + ".partial");
  console.log([...modes].join());
`;

describe("a backup", () => {
  test("is whole while the database is in use, and may be verified", () => {
    const store = open();
    write(store, "a", "b");
    const copy = backupDatabase(database, join(folder, "copy.db"));
    write(store, "c");
    expect(copy).toMatchObject({ events: 2, lastEventId: store.ends().last - 1 });
    expect(verifyDatabase(copy.path)).toEqual(copy);
    expect(statSync(copy.path).mode & 0o777).toBe(0o600);
    store.close();
    const other = open(copy.path);
    expect(contentsOf(other)).toEqual(["a", "b"]);
    other.close();
  });

  test("is its owner's alone while it is written, too", async () => {
    const store = open();
    for (let n = 0; n < 20; n++) write(store, ...Array.from({ length: 20 }, () => "x".repeat(60_000)));
    store.close();
    const file = join(folder, "copy.db");
    const onlooker = Bun.spawn([process.execPath, "-e", LOOK_ON, file], { stdout: "pipe" });
    const output = onlooker.stdout.getReader();
    await output.read();
    backupDatabase(database, file);
    const seen = new TextDecoder().decode((await output.read()).value);
    expect(seen.trim().split(",")).toEqual(["600"]);
    await onlooker.exited;
  });

  test("never overwrites a file, and leaves none behind where it fails", () => {
    open().close();
    const file = join(folder, "copy.db");
    writeFileSync(file, "mine");
    expect(() => backupDatabase(database, file)).toThrow("is there already");
    expect(() => backupDatabase(database, join(folder, "no/such/folder.db"))).toThrow("could not be copied");
    expect(() => backupDatabase(join(folder, "none.db"), join(folder, "x.db"))).toThrow("There is no file");
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
  });

  test("that is damaged, or no backup at all, is told apart", () => {
    const file = join(folder, "other.db");
    new Database(file).run("CREATE TABLE t (x)");
    expect(() => verifyDatabase(file)).toThrow("no database of Dragoman");
    writeFileSync(join(folder, "text.db"), "hello".repeat(1000));
    expect(() => verifyDatabase(join(folder, "text.db"))).toThrow("cannot be read");
  });
});

describe("a restore", () => {
  test("brings back what the copy holds, and keeps what was there", () => {
    const store = open();
    write(store, "a");
    backupDatabase(database, join(folder, "copy.db"));
    write(store, "b");
    store.close();
    const { restored, kept } = restoreDatabase(join(folder, "copy.db"), database, clock.now());
    expect(restored.events).toBe(1);
    const back = open();
    expect(contentsOf(back)).toEqual(["a"]);
    back.close();
    const old = open(kept as string);
    expect(contentsOf(old)).toEqual(["a", "b"]);
    old.close();
  });

  test("starts the log anew, so that no cursor from before is recovered", () => {
    const store = open();
    write(store, "a", "b");
    const before = store.ends().last;
    backupDatabase(database, join(folder, "copy.db"));
    store.close();
    clock.advance(5000);
    restoreDatabase(join(folder, "copy.db"), database, clock.now());
    const back = open();
    expect(back.ends().last).toBeGreaterThan(before);
    expect(back.floor(["channel:1"], null)).toBe(back.ends().last);
    const next = back.ends().last + 1;
    write(back, "c");
    expect(back.ends().last).toBe(next);
    back.close();
  });

  test("of a damaged file changes nothing", () => {
    const store = open();
    write(store, "a");
    store.close();
    writeFileSync(join(folder, "copy.db"), "hello".repeat(1000));
    expect(() => restoreDatabase(join(folder, "copy.db"), database, clock.now())).toThrow();
    const back = open();
    expect(contentsOf(back)).toEqual(["a"]);
    back.close();
  });
});

describe("a migration", () => {
  const saved = (): string[] => readdirSync(folder).filter((name) => name.includes("before-migration"));

  test("of existing data is preceded by a copy of it", () => {
    const older = join(folder, "migrations");
    cpSync(MIGRATIONS, older, { recursive: true });
    const journalFile = join(older, "meta/_journal.json");
    const journal = require(journalFile) as { entries: { idx: number; when: number; tag: string }[] };
    const store = open();
    write(store, "a");
    store.close();
    const last = journal.entries.at(-1) as { idx: number; when: number };
    journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: "9999_later" });
    writeFileSync(journalFile, JSON.stringify(journal));
    writeFileSync(
      join(older, "9999_later.sql"),
      "CREATE TABLE later (x) STRICT;".replace("(x)", "(x INTEGER)"),
    );
    openSqliteStore({ path: database, durability: "normal", clock, migrationsFolder: older }).close();
    const [name] = saved();
    expect(statSync(join(folder, name as string)).mode & 0o777).toBe(0o600);
    const copy = open(join(folder, name as string));
    expect(contentsOf(copy)).toEqual(["a"]);
    copy.close();
  });

  test("of a new file, or with nothing to do, copies nothing", () => {
    open().close();
    open().close();
    expect(saved()).toEqual([]);
    expect(existsSync(database)).toBe(true);
  });
});

import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import type { Disk } from "../../src/store/sqlite/log-sync.ts";
import type { SqliteStore } from "../../src/store/sqlite/open.ts";
import { told } from "../suites/store-support.ts";
import { openStore, testFolder } from "./support.ts";

const { file } = testFolder();

/** A disk that takes as long as it is told, and does what it is told. */
class FakeDisk implements Disk {
  takesMs = 0;
  broken = false;
  readonly done: ("at once" | "behind")[] = [];
  #nowMs = 0;
  now(): number {
    return this.#nowMs;
  }
  sync(): void {
    this.#work("at once");
  }
  async syncBehind(): Promise<void> {
    this.#work("behind");
  }
  #work(how: "at once" | "behind"): void {
    this.#nowMs += this.takesMs;
    this.done.push(how);
    if (this.broken) throw new Error("EIO");
  }
}

const open = (path: string, disk: Disk): SqliteStore =>
  openStore(path, { durability: "full", syncs: "after", disk });
const say = async (store: SqliteStore): Promise<void> => {
  store.commit([told("channel:9", "x")]);
  await store.durable();
};

test("a quick disk is waited for at once, a slow one behind the loop, until a probe finds it quick again", async () => {
  const disk = new FakeDisk();
  const store = open(file(), disk);
  for (let i = 0; i < 20; i++) await say(store);
  expect(new Set(disk.done)).toEqual(new Set(["at once"]));

  disk.takesMs = 5;
  for (let i = 0; i < 200; i++) await say(store);
  expect(disk.done.slice(20).filter((how) => how === "behind").length).toBeGreaterThan(190);

  disk.takesMs = 0.1;
  disk.done.length = 0;
  for (let i = 0; i < 200; i++) await say(store);
  expect(disk.done.slice(100)).toEqual(Array.from({ length: 100 }, () => "at once"));
  store.close();
});

for (const slow of [false, true])
  test(`what the disk refuses is moved into the database file before it counts as stored (${slow ? "behind" : "at once"})`, async () => {
    const path = file();
    const disk = new FakeDisk();
    const store = open(path, disk);
    if (slow) {
      disk.takesMs = 50;
      for (let i = 0; i < 3; i++) await say(store);
    }
    disk.broken = true;
    await say(store);
    const last = store.client
      .query<{ last: number }, []>("SELECT last_event_id AS last FROM counter")
      .get()?.last;

    // Read past the log: what is in the file itself.
    const copy = `${path}.copy`;
    await Bun.write(copy, Bun.file(path));
    const other = new Database(copy);
    expect(other.query<{ last: number }, []>("SELECT last_event_id AS last FROM counter").get()?.last).toBe(
      last as number,
    );
    other.close();
    store.close();
  });

test("where neither the log nor the file can take it, it is said, and nothing counts until the file has all", async () => {
  const path = file();
  const disk = new FakeDisk();
  const store = open(path, disk);
  store.client.run("PRAGMA busy_timeout = 0");
  await say(store);
  // A reader who stays holds up the checkpoint.
  const reader = new Database(path);
  reader.run("BEGIN");
  reader.query("SELECT count(*) FROM events").get();
  disk.broken = true;
  store.commit([told("channel:9", "x")]);
  expect(() => store.durable()).toThrow(expect.objectContaining({ name: "StoreFault" }));

  disk.broken = false;
  disk.done.length = 0;
  store.commit([told("channel:9", "y")]);
  expect(() => store.durable()).toThrow();
  // A disk that says yes again is not believed before that.
  expect(disk.done).toEqual([]);

  reader.run("ROLLBACK");
  await say(store);
  await say(store);
  expect(disk.done).toEqual(["at once"]);
  reader.close();
  store.close();
});

test("nothing is waited for in memory, at DURABILITY=normal, and where commit waits itself", () => {
  const disk = new FakeDisk();
  for (const store of [
    openStore(":memory:", { durability: "full", syncs: "after", disk }),
    openStore(file(), { durability: "normal", syncs: "after", disk }),
    openStore(file(), { durability: "full", disk }),
  ]) {
    store.commit([told("channel:9", "x")]);
    expect(store.durable()).toBeNull();
    store.close();
  }
  expect(disk.done).toEqual([]);
});

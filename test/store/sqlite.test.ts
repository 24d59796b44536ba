import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { isoTime, ManualClock } from "../../src/core/clock.ts";
import { EVE, NOTHING, notice, resultOf, told, write } from "../suites/store-support.ts";
import { storeSuite } from "../suites/store.ts";
import { openStore, testFolder, underTest } from "./support.ts";

const { file } = testFolder();

storeSuite("SQLite in memory", (clock) => underTest(":memory:", clock));
storeSuite("SQLite in a file", (clock) => underTest(file(), clock));
storeSuite("SQLite that places messages soon", (clock) => underTest(":memory:", clock, { maxUnplaced: 3 }));

describe("a file", () => {
  test("a reopened store has kept everything and goes on with the next id and no earlier time", () => {
    const path = file();
    const clock = new ManualClock();
    const before = openStore(path, { clock });
    const results = before.commit([
      write("workspace.create", { id: "W", name: "Home", owner: EVE }),
      told("channel:9", "hello"),
    ]);
    const events = results.flatMap((result) => resultOf(result).events);
    const ends = before.ends();
    before.close();

    clock.advance(-3_600_000);
    const after = openStore(path, { clock });
    expect(after.ends()).toEqual(ends);
    expect(after.events(0, ends.last, 10)).toEqual([...events]);
    expect(after.membership("5", "workspace:W")).toBe("workspace:W");
    const next = resultOf(after.commit([told("channel:9", "again")])[0]).events[0];
    expect(next?.id).toBe(ends.last + 1);
    expect(next?.at).toBe(events[0]?.at as string);
    after.close();
  });

  test("only its owner can read it and what lies beside it", () => {
    const path = file();
    const store = openStore(path);
    store.commit([told("channel:9", "secret")]);
    for (const name of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600);
    store.close();
  });

  test("closing empties the write-ahead log and lets go of the file", () => {
    const path = file();
    const store = openStore(path);
    store.commit([told("channel:9", "x")]);
    store.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(() => store.commit([told("channel:9", "x")])).toThrow();
  });

  test.each([
    ["full", 2],
    ["normal", 1],
  ] as const)("durability %s is synchronous = %d over a write-ahead log", (durability, level) => {
    const store = openStore(file(), { durability });
    expect(store.client.query("PRAGMA synchronous").get()).toEqual({ synchronous: level });
    expect(store.client.query("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    store.close();
  });

  test("what another connection changed is noticed once, and its events are counted on", () => {
    const path = file();
    const server = openStore(path);
    const other = openStore(path);
    expect(server.changedOutside()).toBe(false);
    other.commit([write("key.create", { id: "k", name: "backend", hash: "aa" })]);
    expect(server.changedOutside()).toBe(true);
    expect(server.changedOutside()).toBe(false);
    expect(server.key("aa")?.id).toBe("k");

    const [theirs] = other.commit([told("channel:9", "theirs")]);
    const [ours] = server.commit([told("channel:9", "ours")]);
    expect(resultOf(ours).events[0]?.id).toBe((resultOf(theirs).events[0]?.id as number) + 1);
    other.close();
    server.close();
  });

  test.each([
    ["a file that is no database", (path: string) => writeFileSync(path, "not a database, ".repeat(100))],
    ["another program's database", (path: string) => new Database(path).run("CREATE TABLE cats (name TEXT)")],
  ])("%s is refused and left alone", (_, make) => {
    const path = file();
    make(path);
    expect(() => openStore(path)).toThrow(expect.objectContaining({ code: "STORE_UNUSABLE" }));
  });

  test("a folder that is not there is named", () => {
    expect(() => openStore("/no/such/folder/store.db")).toThrow(
      expect.objectContaining({
        code: "STORE_UNUSABLE",
        message: expect.stringContaining("/no/such/folder/store.db"),
      }),
    );
  });
});

describe("rows", () => {
  test("inboxes hold notifications and announcements for those seen before, and no memberships", () => {
    const store = openStore(":memory:");
    store.commit([
      write("user.seen", { users: [EVE] }),
      write("user.seen", { users: [{ id: "7", username: "Ada" }] }),
      write("notification.add", {
        topics: ["channel:9"],
        recipients: ["7", "9"],
        actor: null,
        data: notice(),
      }),
      write("announcement.add", { actor: null, data: notice(), inbox: true }),
      write("announcement.add", { actor: null, data: notice(), inbox: false }),
      write("member.put", { topic: "channel:9", user_id: "7", role: "member", actor: null }),
    ]);
    const rows =
      "SELECT user_id, kind FROM recipients JOIN events ON id = event_id ORDER BY event_id, user_id";
    expect(store.client.query(rows).all()).toEqual([
      { user_id: "7", kind: "notification.created" },
      { user_id: "9", kind: "notification.created" },
      { user_id: "5", kind: "announcement.created" },
      { user_id: "7", kind: "announcement.created" },
    ]);
    store.close();
  });

  test("a deleted message has no content left in its row", () => {
    const store = openStore(":memory:");
    const sent = resultOf(store.commit([told("channel:9", "oops")])[0]).value as { message_id: number };
    store.commit([write("message.delete", { ...sent, editor: { actor: EVE, privileged: false } })]);
    expect(store.client.query("SELECT content FROM message_changes").all()).toEqual([{ content: null }]);
    expect(store.client.query("SELECT id FROM events WHERE data LIKE '%oops%'").all()).toEqual([]);
    store.close();
  });

  test("what an edited message said before goes with the log", () => {
    const store = openStore(":memory:");
    const { message_id } = resultOf(store.commit([told("channel:9", "first words")])[0]).value as {
      message_id: number;
    };
    const editor = { actor: EVE, privileged: false };
    store.commit([write("message.edit", { message_id, content: "hello", editor })]);
    const rows = () =>
      store.client.query("SELECT id FROM events WHERE data LIKE '%first words%'").values().flat();
    expect(rows()).toEqual([message_id]);
    store.prune({ ...NOTHING, now: isoTime(0), eventsMax: 1 }, 10);
    expect(rows()).toEqual([]);
    store.close();
  });
});

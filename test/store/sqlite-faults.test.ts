import { describe, expect, test } from "bun:test";
import type { NotificationData } from "../../src/core/event.ts";
import type { SqliteStore } from "../../src/store/sqlite/open.ts";
import type { Write } from "../../src/store/store.ts";
import { ALL, EVE, notice, resultOf, told, write } from "../suites/store-support.ts";
import { openStore, testFolder } from "./support.ts";

const { file } = testFolder();

const pages = (store: SqliteStore): number =>
  store.client.query<{ page_count: number }, []>("PRAGMA page_count").get()?.page_count ?? 0;
/** A disk with so many pages left. */
const leave = (store: SqliteStore, free: number): void => {
  store.client.run(`PRAGMA max_page_count = ${pages(store) + free}`);
};
const firstIds = (store: SqliteStore, writes: Write[]) =>
  store.commit(writes).map((result) => ("fault" in result ? result : result.events[0]?.id));

const crowd = Array.from({ length: 200 }, (_, place) => `user-${place}-${"x".repeat(50)}`);
const toCrowd = (data: NotificationData = notice()) =>
  write("notification.add", { topics: [], recipients: crowd, actor: null, data });
const big = told("channel:9", "x".repeat(100_000));

describe.each([
  ["in memory", () => ":memory:"],
  ["in a file", () => file()],
])("a full disk %s", (_, place) => {
  test("where SQLite undoes everything, the batch throws, nothing is stored, and the ids go on when there is space", () => {
    const store = openStore(place());
    const [first] = store.commit([told("channel:9", "before")]);
    const kept = resultOf(first).events;
    const before = store.ends();
    leave(store, 2);
    expect(() => store.commit([told("channel:9", "a"), big, told("channel:9", "b")])).toThrow(
      expect.objectContaining({ code: "STORE_FULL" }),
    );
    expect(store.ends()).toEqual(before);
    expect(store.events(0, ALL.upTo, 10)).toEqual([...kept]);
    expect(store.client.inTransaction).toBe(false);

    leave(store, 1_000);
    expect(firstIds(store, [told("channel:9", "a"), big, told("channel:9", "b")])).toEqual(
      [1, 2, 3].map((more) => before.last + more),
    );
    store.close();
  });

  test("where SQLite undoes the statement alone, only that op fails, as full, and takes no id", () => {
    const store = openStore(place());
    store.commit([told("channel:9", "before")]);
    const { last } = store.ends();
    leave(store, 4);
    const results = firstIds(store, [told("channel:9", "a"), toCrowd(), told("channel:9", "b")]);
    expect(results).toEqual([
      last + 1,
      { fault: expect.objectContaining({ code: "SQLITE_FULL" }), full: true },
      last + 2,
    ]);
    expect(store.replay([], crowd[0] as string, ALL)).toEqual([]);

    leave(store, 1_000);
    expect(firstIds(store, [toCrowd()])).toEqual([last + 3]);
    expect(store.replay([], crowd[199] as string, ALL).map((event) => event.id)).toEqual([last + 3]);
    store.close();
  });
});

test("a store that another process is writing to for too long throws for the whole batch", () => {
  const path = file();
  const store = openStore(path);
  const other = openStore(path);
  store.client.run("PRAGMA busy_timeout = 0");
  other.client.run("BEGIN IMMEDIATE");
  expect(() => store.commit([told("channel:9", "x")])).toThrow(
    expect.objectContaining({ code: "STORE_FULL" }),
  );
  other.client.run("ROLLBACK");
  expect(store.commit([told("channel:9", "x")])).toHaveLength(1);
  other.close();
  store.close();
});

test("where the end of the log cannot be written, the batch throws and nothing is stored", () => {
  const store = openStore(":memory:");
  const before = store.ends();
  store.client.run("CREATE TEMP TRIGGER no BEFORE UPDATE ON counter BEGIN SELECT RAISE(ABORT, 'no'); END");
  expect(() => store.commit([told("channel:9", "x")])).toThrow(
    expect.objectContaining({ code: "STORE_LOST" }),
  );
  expect(store.client.inTransaction).toBe(false);
  expect(store.ends()).toEqual(before);
  store.client.run("DROP TRIGGER no");
  expect(firstIds(store, [told("channel:9", "x")])).toEqual([before.last + 1]);
  store.close();
});

test("a lone surrogate in a name is told as it is kept", () => {
  const store = openStore(":memory:");
  const [result] = store.commit([told("channel:9", "x", { id: EVE.id, username: "E\ud800" })]);
  const { events } = resultOf(result);
  expect(events[0]?.actor).toEqual({ id: "5", username: "E\ufffd" });
  expect(store.events(0, ALL.upTo, 10)).toEqual([...events]);
  store.close();
});

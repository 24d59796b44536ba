import { expect, test } from "bun:test";
import * as fc from "fast-check";
import type { Topic } from "../../src/core/topic.ts";
import type { SqliteStore } from "../../src/store/sqlite/open.ts";
import { TEST_MS } from "../support/patience.ts";
import { ALL, EVE, POISON, resultOf, told, write } from "../suites/store-support.ts";
import { openStore, testFolder } from "./support.ts";

const { file } = testFolder();

const listed = (store: SqliteStore, room: Topic): number[] =>
  store.messages(room, { limit: 1000 }).items.map(({ id }) => id);
const placed = (store: SqliteStore): number[] =>
  store.client
    .query<{ id: number }, []>("SELECT message_id AS id FROM room_messages ORDER BY 1")
    .all()
    .map(({ id }) => id);

const FAULTY = write("message.send", { topic: "channel:0", content: "", metadata: POISON, actor: EVE });
/** An event that is no message. */
const other = (n: number) => write("workspace.create", { id: `${n}`, name: "W", owner: EVE });

type Said = ReadonlyMap<Topic, readonly number[]>;

/** Ways to the messages of rooms: each must find them by itself. */
const READS = {
  listed(store: SqliteStore, said: Said) {
    for (const [room, ids] of said) expect(listed(store, room)).toEqual(ids.toReversed());
  },
  listedOnwards(store: SqliteStore, said: Said) {
    for (const [room, [first = 0, ...ids]] of said) {
      const page = store.messages(room, { limit: 2, after: first });
      expect(page.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    }
  },
  replayed(store: SqliteStore, said: Said) {
    const all = [...said.values()].flat().toSorted((a, b) => a - b);
    expect(store.replay([...said.keys()], null, ALL).map(({ id }) => id)).toEqual(all);
  },
  named(store: SqliteStore, said: Said) {
    expect(store.roomNames("", 3)).toEqual([...said.keys()].toSorted().slice(0, 3));
  },
};

const process = fc.nat(1);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      process,
      rooms: fc.array(fc.nat(5), { minLength: 1, maxLength: 40 }),
      faulty: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ process, read: fc.constantFrom(...Object.values(READS)) }),
  },
  { weight: 1, arbitrary: fc.record({ process, reopen: fc.constant(true) }) },
  { weight: 2, arbitrary: fc.record({ process, others: fc.integer({ min: 1, max: 30 }) }) },
);

test(
  "of two processes with the same file each finds every message of a room, once and in order",
  () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 25 }),
        fc.integer({ min: 1, max: 30 }),
        (steps, maxUnplaced) => {
          const path = file();
          const open = () => openStore(path, { maxUnplaced });
          const stores = [open(), open()];
          const said = new Map<Topic, number[]>();
          let made = 0;
          for (const one of steps) {
            const store = stores[one.process] as SqliteStore;
            if ("read" in one) one.read(store, said);
            else if ("others" in one) store.commit(Array.from({ length: one.others }, () => other(made++)));
            else if ("reopen" in one) {
              store.close();
              stores[one.process] = open();
            } else {
              const writes = one.rooms.map((room) => told(`channel:${room}`, "x"));
              const results = store.commit(one.faulty ? [...writes, FAULTY] : writes);
              one.rooms.forEach((room, place) => {
                const topic: Topic = `channel:${room}`;
                const { message_id } = resultOf(results[place]).value as { message_id: number };
                said.set(topic, [...(said.get(topic) ?? []), message_id]);
              });
            }
          }
          for (const store of stores) {
            for (const read of Object.values(READS)) read(store, said);
            store.close();
          }
        },
      ),
      { numRuns: 100 },
    );
  },
  TEST_MS,
);

test("messages are placed by and by, sorted by room, and none is left behind when a round is over", () => {
  const store = openStore(":memory:", { maxUnplaced: 100 });
  const rooms = Array.from({ length: 10 }, (_, room): Topic => `channel:${room}`);
  const say = (times: number) => {
    for (let i = 0; i < times; i++) store.commit(rooms.map((room) => told(room, "x")));
  };
  say(10);
  expect(placed(store)).toEqual([]);
  const { last } = store.ends();
  say(1);
  expect(placed(store).length).toBeGreaterThan(0);
  expect(placed(store).length).toBeLessThan(100);
  say(9);
  expect(placed(store)).toEqual(Array.from({ length: 100 }, (_, n) => last - 99 + n));
  expect(store.client.query("SELECT placed_id FROM counter").values()).toEqual([[last]]);
  store.close();
});

test("what a batch that failed had placed is placed again", () => {
  const store = openStore(":memory:", { maxUnplaced: 4 });
  const batch = () => store.commit(Array.from({ length: 4 }, () => told("channel:9", "x")));
  batch();
  store.client.run(
    "CREATE TEMP TRIGGER full BEFORE UPDATE ON counter BEGIN SELECT RAISE(ABORT, 'full'); END",
  );
  expect(batch).toThrow();
  expect(placed(store)).toEqual([]);
  store.client.run("DROP TRIGGER full");
  batch();
  expect(placed(store)).toHaveLength(4);
  expect(listed(store, "channel:9")).toHaveLength(8);
  store.close();
});

test("a log that goes on without messages is not searched for them at the next start", () => {
  const path = file();
  const store = openStore(path, { maxUnplaced: 10 });
  store.commit([told("channel:9", "x")]);
  for (let i = 0; i < 60; i++) store.commit([other(i)]);
  const { last } = store.ends();
  const row = store.client.query<{ placed: number }, []>("SELECT placed_id AS placed FROM counter").get();
  expect(last - (row?.placed ?? 0)).toBeLessThan(41);
  store.close();
});

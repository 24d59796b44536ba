/** What an event costs, counted and never timed: encodings, publishes, bytes on the wire, statements of SQL. */
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { openSqliteStore, type SqliteStore } from "../../src/store/sqlite/open.ts";
import type { Write } from "../../src/store/store.ts";
import { type Client, connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { ALICE } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const TEXT = "x".repeat(100);

/** One socket a dialect that hears announcements, and the bytes of one with a text of 100. */
const HEARERS = {
  chat: { path: "/api/v1/ws/connect", bytes: 243 },
  onetask: { path: "/ws/notifications", bytes: 322 },
  "onetask-v1": { path: "/api/v1/ws/notifications", bytes: 292 },
  notifier: { path: "/api/v1/ws", bytes: 189 },
  native: { path: "/api/v1/stream", bytes: 424 },
  diary: { path: `/api/v1/ws/${ALICE.id}`, bytes: 114 },
} as const;

const start = (): Promise<StartedServer> =>
  startServer({ ...NO_RATES, tokenExpiry: "ignore" }, { clock: new ManualClock(Date.UTC(2026, 0, 31)) });

interface Cost {
  readonly encodings: number;
  readonly publishes: number;
  readonly publishedBytes: number;
}

/** Of an announcement, until all of them have heard it. */
async function announced(server: StartedServer, listeners: readonly Client[]): Promise<Cost> {
  const { meters } = server.assembly;
  for (const client of listeners) await client.drain();
  const { encodings, publishes, publishedBytes } = meters;
  await http(server, "key").post("/api/v1/notify/broadcast", { message: TEXT });
  await Promise.all(listeners.map((client) => client.next()));
  return {
    encodings: meters.encodings - encodings,
    publishes: meters.publishes - publishes,
    publishedBytes: meters.publishedBytes - publishedBytes,
  };
}

test("nobody hears it: nothing is encoded or published", async () => {
  await using server = await start();
  expect(await announced(server, [])).toEqual({ encodings: 0, publishes: 0, publishedBytes: 0 });
});

for (const [dialect, { path, bytes }] of Object.entries(HEARERS))
  test(`two listeners of ${dialect}: one encoding, one publish, ${bytes} bytes`, async () => {
    await using server = await start();
    const listeners = [
      await connect(server, path, { as: ALICE }),
      await connect(server, path, { as: ALICE }),
    ];
    expect(await announced(server, listeners)).toEqual({ encodings: 1, publishes: 1, publishedBytes: bytes });
  });

test("six dialects: six of each, and no byte more than theirs", async () => {
  await using server = await start();
  const listeners: Client[] = [];
  for (const { path } of Object.values(HEARERS)) listeners.push(await connect(server, path, { as: ALICE }));
  const publishedBytes = Object.values(HEARERS).reduce((sum, { bytes }) => sum + bytes, 0);
  expect(await announced(server, listeners)).toEqual({ encodings: 6, publishes: 6, publishedBytes });
});

/** A store whose statements are counted as they run. */
function countingStore(): {
  readonly store: SqliteStore;
  readonly statements: (act: () => unknown) => number;
} {
  let count = 0;
  // Called with the database that it is of.
  // oxlint-disable-next-line typescript/unbound-method
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function counting(this: Database, ...args: Parameters<typeof prepare>) {
    const statement = prepare.apply(this, args) as unknown as Record<
      string,
      (...given: unknown[]) => unknown
    >;
    for (const name of ["run", "get", "all", "values"]) {
      const original = statement[name];
      if (original === undefined) continue;
      statement[name] = (...given) => {
        count++;
        return original.apply(statement, given);
      };
    }
    return statement;
  } as never;
  try {
    const clock = new ManualClock(Date.UTC(2026, 0, 31));
    const store = openSqliteStore({ path: ":memory:", durability: "full", clock });
    return {
      store,
      statements(act) {
        const before = count;
        act();
        return count - before;
      },
    };
  } finally {
    Database.prototype.prepare = prepare;
  }
}

test("messages cost four statements each, and the batch four more; nothing is asked for twice", () => {
  const { store, statements } = countingStore();
  const message: Write = {
    op: "message.send",
    args: { topic: "channel:9", content: TEXT, metadata: {}, actor: { id: "1", username: "a" } },
  };
  const costOf = (count: number): number =>
    statements(() => store.commit(Array.from({ length: count }, () => message)));
  expect(costOf(1)).toBe(4 + 4);
  expect(costOf(100)).toBe(400 + 4);
  const users = Array.from({ length: 1000 }, (_, id) => ({ id: `${id}`, username: "x" }));
  expect(statements(() => store.commit([{ op: "user.seen", args: { users } }]))).toBe(3 + 3);
  store.ends();
  store.floor(["channel:9"], null, 1);
  expect(
    statements(() => {
      for (let resume = 0; resume < 1000; resume++) {
        store.ends();
        store.floor(["channel:9"], `${resume}`, 1);
      }
    }),
  ).toBe(0);
  store.close();
});

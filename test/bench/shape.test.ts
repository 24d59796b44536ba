/** What an event costs, counted and never timed: encodings, publishes, bytes on the wire, statements of SQL, objects. */
import { heapStats } from "bun:jsc";
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { openSqliteStore, type SqliteStore } from "../../src/store/sqlite/open.ts";
import { DIALECTS } from "../../src/dialects/all.ts";
import { Connection } from "../../src/hub/connection.ts";
import type { Socket } from "../../src/runtime/runtime.ts";
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

test("messages cost three statements each, and the batch four more; nothing is asked for twice", () => {
  const { store, statements } = countingStore();
  const message: Write = {
    op: "message.send",
    args: { topic: "channel:9", content: TEXT, metadata: {}, actor: { id: "1", username: "a" } },
  };
  const costOf = (count: number): number =>
    statements(() => store.commit(Array.from({ length: count }, () => message)));
  expect(costOf(1)).toBe(3 + 4);
  expect(costOf(100)).toBe(300 + 4);
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

/** A socket that takes everything and keeps nothing. */
const NOWHERE: Socket = {
  send: () => 1,
  close: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  getBufferedAmount: () => 0,
  cork: (callback) => callback(),
};

/** Somebody connected by a path, without a network: what is allocated for his frames is the hub's. */
async function seat({ assembly: { hub } }: StartedServer, path: string, params: Record<string, string> = {}) {
  const dialect = DIALECTS.find(({ sockets }) => sockets.some((at) => at.path === path));
  const at = dialect?.sockets.find((socket) => socket.path === path);
  if (dialect === undefined || at === undefined) throw new Error(`no socket at ${path}`);
  const connection = await hub.admit({
    dialect,
    at,
    params,
    who: { kind: "user", id: "1", username: "a", admin: false, rooms: [], workspaces: [], expiresAt: 4e9 },
    address: "127.0.0.1",
    cursor: undefined,
  });
  if (!(connection instanceof Connection)) throw new Error("not admitted");
  hub.sockets.open(connection, NOWHERE);
  return (frame: unknown): void => hub.sockets.message(connection, JSON.stringify(frame));
}

/** As many as the ring of what was told last holds, and some. */
const ENOUGH = 5000;
/** Objects that come and go by themselves: timers, compiled code. */
const OTHERS = 200;

test("frames leave no object behind: neither pings, relays nor stored messages", async () => {
  await using server = await start();
  const chat = await seat(server, "/api/v1/ws/connect");
  const focus = await seat(server, "/ws/focus-session/:session_id", { session_id: "s1" });
  chat({ type: "join_room", room: "channel:9" });
  await stored(server.assembly.hub);
  const frames: Readonly<Record<string, () => void>> = {
    ping: () => chat({ type: "ping" }),
    relay: () => focus({ action: "note", text: TEXT }),
    message: () => chat({ type: "send_message", room: "channel:9", data: { content: TEXT } }),
  };
  const { hub, meters, store } = server.assembly;
  const objectsAfter = async (send: () => void): Promise<number> => {
    const { framesIn } = meters;
    const { last } = await store.ends();
    for (let frame = 0; frame < ENOUGH; frame++) {
      send();
      // As many as a socket may have under way.
      if (frame % 500 === 499) await stored(hub);
    }
    await stored(hub);
    expect(meters.framesIn - framesIn).toBe(ENOUGH);
    // Events, not writes: the server itself writes now and then who was seen, who came.
    if (send === frames["message"]) expect((await store.ends()).last - last).toBe(ENOUGH);
    Bun.gc(true);
    return heapStats().objectCount;
  };
  for (const send of Object.values(frames)) {
    const before = await objectsAfter(send);
    expect((await objectsAfter(send)) - before).toBeLessThan(OTHERS);
  }
});

async function stored(hub: StartedServer["assembly"]["hub"]): Promise<void> {
  while (hub.stats().queuedWrites > 0) await new Promise((resolve) => setImmediate(resolve));
}

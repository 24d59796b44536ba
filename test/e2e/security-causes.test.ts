/** Whatever ends a socket is in the security log with its code, its cause and what to do. */
import { describe, expect, test } from "bun:test";
import type { Settings } from "../../src/app/dragoman.ts";
import { CLOSES, type CloseCause, ENDS } from "../../src/core/closes.ts";
import { ManualClock } from "../../src/core/clock.ts";
import type { SecurityKind, SecurityView } from "../../src/core/security.ts";
import { addressOf, connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, CAROL, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { RawSocket } from "../support/raw-socket.ts";
import { KEY, NO_RATES, type StartedServer, startServer } from "../support/server.ts";

interface Story {
  readonly settings?: Partial<Settings>;
  /** Makes it happen once, and waits until it has. */
  readonly tell: (server: StartedServer, clock: ManualClock) => Promise<unknown>;
  readonly kind?: SecurityKind;
  readonly code: number;
  /** Where it is no CloseCause but the code of the refusal. */
  readonly cause?: string;
}

const STORIES: Readonly<Record<CloseCause | keyof typeof ENDS, Story>> = {
  expired: {
    async tell(server, clock) {
      const alice = await chatIn(server, { ...ALICE, ttlSeconds: 60 });
      clock.advance(61_000);
      await server.assembly.tick();
      await alice.closed();
    },
    code: 4401,
  },
  unauthenticated: {
    tell: async (server) => (await connect(server, PATHS.chat, { token: "nonsense" })).closed(),
    kind: "refused",
    code: 4401,
    cause: "TOKEN_INVALID",
  },
  forbidden: {
    settings: { access: "members" },
    async tell(server) {
      const alice = await chatIn(server, ALICE);
      alice.send({ type: "join_room", room: "project:789" });
      await alice.closed();
    },
    code: 4403,
  },
  revoked: {
    settings: { access: "members" },
    async tell(server) {
      await http(server, ALICE).post("/api/v1/workspaces", { id: 789, name: "W" });
      await http(server, ALICE).put(`/api/v1/workspaces/789/members/${BOB.id}`);
      const bob = await connect(server, PATHS.tasks, { as: BOB });
      await http(server, ALICE).delete(`/api/v1/workspaces/789/members/${BOB.id}`);
      await bob.closed();
    },
    code: 1008,
  },
  keyRevoked: {
    async tell(server) {
      const admin = http(server, ADMIN);
      const { id, key } = (await admin.post("/api/v1/admin/keys", { name: "backend" })).body as {
        id: string;
        key: string;
      };
      const socket = await connect(server, PATHS.native, { headers: { "x-api-key": key } });
      await admin.delete(`/api/v1/admin/keys/${id}`);
      await socket.closed();
    },
    code: 1008,
  },
  tooMany: {
    settings: { maxConnectionsPerUser: 1 },
    async tell(server) {
      await chatIn(server, ALICE);
      await (await connect(server, PATHS.chat, { as: ALICE })).closed();
    },
    kind: "refused",
    code: 4429,
    cause: "TOO_MANY_CONNECTIONS",
  },
  flooding: {
    settings: { rateLimitFrames: 1 },
    async tell(server) {
      const alice = await chatIn(server, ALICE);
      for (let n = 0; n < 300; n++) alice.send({ type: "ping" });
      await alice.closed();
    },
    code: 1008,
  },
  tooLarge: {
    async tell(server) {
      const alice = await notifierIn(server, ALICE);
      alice.sendText("x".repeat(100_000));
      await alice.closed();
    },
    code: 1009,
  },
  slow: {
    async tell(server) {
      const bob = await chatIn(server, BOB, ["channel:9"]);
      const slow = await RawSocket.open(addressOf(server, PATHS.chat, { as: CAROL }));
      slow.sendText(JSON.stringify({ type: "join_room", room: "channel:9" }));
      await bob.next({ type: "user_joined", data: { username: "carol" } });
      slow.stopReading();
      const alice = await nativeIn(server, ALICE);
      const content = "x".repeat(60_000);
      for (let id = 0; id < 420; id++)
        alice.send({ type: "publish", id, data: { topic: "channel:9", content } });
      await bob.ever({ type: "user_left", data: { username: "carol" } });
      slow.destroy();
    },
    code: 1013,
  },
  restart: {
    async tell(server) {
      const alice = await chatIn(server, ALICE);
      await server.assembly.hub.drain();
      await alice.closed();
    },
    code: 1012,
  },
  disconnected: {
    async tell(server) {
      const alice = await chatIn(server, ALICE);
      await http(server, "key").post(`/api/v1/admin/users/${ALICE.id}/disconnect`);
      await alice.closed();
    },
    code: 1008,
  },
  internal: {
    async tell(server) {
      await http(server, "key").post(`/api/v1/notify/users/${ALICE.id}`, { message: "missed" });
      const broken = (): never => {
        throw new Error("disk I/O error");
      };
      Object.assign(server.assembly.store, { ends: broken });
      await (await connect(server, PATHS.chat, { as: ALICE, query: { last_event_id: 0 } })).closed();
    },
    code: 4500,
  },
  client: {
    tell: async (server) => (await chatIn(server, ALICE)).close(),
    code: 1005,
  },
  lost: {
    async tell(server) {
      const bob = await chatIn(server, BOB, ["channel:9"]);
      const carol = await RawSocket.open(addressOf(server, PATHS.chat, { as: CAROL }));
      carol.sendText(JSON.stringify({ type: "join_room", room: "channel:9" }));
      await bob.next({ type: "user_joined", data: { username: "carol" } });
      carol.destroy();
      await bob.next({ type: "user_left", data: { username: "carol" } });
    },
    code: 1006,
  },
};

/** What is written down by now. */
async function entriesOf(server: StartedServer): Promise<readonly SecurityView[]> {
  await server.assembly.tick();
  const { store } = server.assembly;
  const written = await store.securityLog({ limit: 500 });
  return written.items as readonly SecurityView[];
}

describe("in the log with code, cause and remedy:", () => {
  for (const [cause, { settings, tell, kind = "closed", code, cause: told = cause }] of Object.entries(
    STORIES,
  ))
    test(cause, async () => {
      const clock = new ManualClock(Date.now());
      const options = { clock, faults: "expected" } as const;
      await using server = await startServer({ ...NO_RATES, ...settings }, options);
      await tell(server, clock);
      const found = async () =>
        (await entriesOf(server)).find((entry) => entry.kind === kind && entry.cause === told);
      let entry = await found();
      // The write of the tick comes with a later turn of the loop.
      for (let n = 0; n < 100 && entry === undefined; n++) {
        await http(server).get("/healthz");
        entry = await found();
      }
      expect(entry).toMatchObject({ close_code: code, dialect: expect.any(String), address: "127.0.0.1" });
      if (cause === "restart") return;
      const { body } = await http(server, ADMIN).get(`/api/v1/admin/security-log?cause=${told}`);
      const { items } = body as { items: readonly SecurityView[] };
      expect(items.length).toBeGreaterThan(0);
      for (const item of items) {
        expect(item.cause).toBe(told);
        expect(item.remedy?.length).toBeGreaterThan(20);
      }
    });

  test("every cause that there is", () => {
    expect(Object.keys(STORIES).toSorted()).toEqual(
      [...Object.keys(CLOSES), ...Object.keys(ENDS)].toSorted(),
    );
  });
});

test("a key that is used is noted once an hour for each address, and not of each request", async () => {
  const clock = new ManualClock(Date.now());
  await using server = await startServer(NO_RATES, { clock });
  const use = () => http(server, "key").get("/api/v1/presence/users");
  for (let n = 0; n < 3; n++) await use();
  clock.advance(3_600_000);
  await use();
  await server.assembly.tick();
  // Its answer comes behind the write of the tick.
  await http(server, "key").post(`/api/v1/notify/users/${BOB.id}`, { message: "now" });
  const { body } = await http(server, ADMIN).get(
    "/api/v1/admin/security-log?kind=key_used&address=127.0.0.1",
  );
  const { items } = body as { items: readonly SecurityView[] };
  expect(items.map(({ endpoint, detail }) => [endpoint, detail])).toEqual([
    ["GET /api/v1/presence/users", "service key api-key-1"],
    ["GET /api/v1/presence/users", "service key api-key-1"],
  ]);
  expect(JSON.stringify(items)).not.toContain(KEY);
});

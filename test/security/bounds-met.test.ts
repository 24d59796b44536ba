/** Each bound, met through the real door: /metrics tells which one it was, once for each time, and no other. */
import { describe, expect, test } from "bun:test";
import { defaultOf, type SettingName, type Settings } from "../../src/app/settings.ts";
import { LIMITS } from "../../src/app/settings-rules.ts";
import { type Bound, BOUNDS } from "../../src/core/bounds.ts";
import { ManualClock } from "../../src/core/clock.ts";
import { addressOf, connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { ALICE, chatIn, nativeIn, PATHS } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";
import { silentWebhook } from "../support/silent-webhook.ts";
import { unread } from "../support/unread.ts";

interface Story {
  readonly settings: Partial<Settings>;
  /** Meets the bound; answers how often. */
  readonly meet: (server: StartedServer, webhook: ReturnType<typeof silentWebhook>) => Promise<number>;
}

const from = (address: string) => ({ "x-forwarded-for": address });
const BAD = { authorization: "Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA" };
const WATCHERS = 32;

/** Meets the rate of four for three. */
async function four(ask: (n: number) => Promise<{ readonly status: number }>): Promise<number> {
  for (let n = 0; n < 3; n++) expect((await ask(n)).status).not.toBe(429);
  expect((await ask(3)).status).toBe(429);
  return 1;
}

/** Keeps frames waiting behind one that asks the webhook. */
async function waiting(server: StartedServer, webhook: ReturnType<typeof silentWebhook>, frames: string[]) {
  const client = await nativeIn(server, ALICE);
  const asked = webhook.asked();
  client.send({ type: "subscribe", data: { topics: ["channel:9"] } });
  await asked;
  for (const frame of frames) client.sendText(frame);
  expect((await client.closed()).code).toBe(1008);
  return 1;
}

async function framesOf(server: StartedServer, id: number): Promise<void> {
  const client = await nativeIn(server, { id });
  for (let n = 0; n < 4; n++) client.send({ type: "ping" });
  await client.next({ error: { code: "TOO_MANY_REQUESTS" } });
}

const STORIES: Readonly<Record<Exclude<Bound, "body_seconds">, Story>> = {
  connections: {
    settings: { maxConnections: 1 },
    async meet(server) {
      await nativeIn(server, ALICE);
      expect((await knock(addressOf(server, PATHS.native, { as: { id: 2 } }))).status).toBe(429);
      return 1;
    },
  },
  connections_user: {
    settings: { maxConnectionsPerUser: 1 },
    async meet(server) {
      await chatIn(server, ALICE);
      expect((await (await connect(server, PATHS.chat, { as: ALICE })).closed()).code).toBe(4429);
      await nativeIn(server, ALICE);
      expect((await knock(addressOf(server, PATHS.native, { as: ALICE }))).status).toBe(429);
      return 2;
    },
  },
  connects_user: {
    settings: { rateLimitConnects: 1, trustedProxies: ["127.0.0.1"] },
    meet: (server) =>
      four((n) => knock(addressOf(server, PATHS.native, { as: ALICE }), from(`198.51.100.${n}`))),
  },
  connects_address: {
    settings: { rateLimitConnects: 1 },
    meet: (server) => four((n) => knock(addressOf(server, PATHS.native, { as: { id: n } }))),
  },
  handshakes: {
    settings: { maxHandshakes: 2, access: "members" },
    async meet(server, webhook) {
      const asked = webhook.asked();
      const pending = knock(addressOf(server, PATHS.tasks, { as: ALICE }));
      await asked;
      expect((await knock(addressOf(server, PATHS.tasks, { as: ALICE }))).status).toBe(429);
      await pending;
      return 1;
    },
  },
  logins: {
    settings: { rateLimitLogins: 1 },
    async meet(server) {
      const { get } = http(server);
      const statuses = [
        (await get("/api/v1/presence/users", BAD)).status,
        (await get("/api/v1/presence/users", BAD)).status,
        (await knock(addressOf(server, PATHS.native, {}), BAD)).status,
      ];
      expect(statuses).toEqual([401, 429, 429]);
      return 2;
    },
  },
  knocks: {
    settings: {},
    meet: (server) => four(() => knock(addressOf(server, PATHS.chat, { token: "nonsense" }))),
  },
  http_user: {
    settings: { rateLimitHttp: 1 },
    meet: (server) => four(() => http(server, ALICE).get("/api/v1/presence/users")),
  },
  http_anonymous: {
    settings: { rateLimitHttp: 1 },
    meet: (server) => four(() => http(server).get("/api/v1/presence/users")),
  },
  http_address: {
    settings: { rateLimitHttp: 1 },
    async meet(server) {
      for (let n = 0; n < 60; n++) await http(server).get("/nowhere");
      expect((await http(server).get("/nowhere")).status).toBe(429);
      return 1;
    },
  },
  frames_user: {
    settings: { rateLimitFrames: 1 },
    async meet(server) {
      await framesOf(server, 1);
      return 1;
    },
  },
  frames_address: {
    settings: { rateLimitFrames: 1, maxConnectionsPerUser: 0 },
    async meet(server) {
      for (let id = 0; id < 20; id++) {
        const client = await nativeIn(server, { id });
        for (let n = 0; n < 3; n++) client.send({ type: "ping" });
        for (let n = 0; n < 3; n++) await client.next("pong");
      }
      const client = await nativeIn(server, { id: 20 });
      for (let n = 0; n < 3; n++) client.send({ type: "ping" });
      await client.next({ error: { code: "TOO_MANY_REQUESTS" } });
      await client.silent();
      // Told once, refused thrice.
      return 3;
    },
  },
  frame_bytes: {
    settings: { maxMessageBytes: 1024 },
    async meet(server) {
      const alice = await chatIn(server, ALICE);
      alice.sendText("x".repeat(1025));
      expect((await alice.closed()).code).toBe(1009);
      return 1;
    },
  },
  queued_frames: {
    settings: { maxQueuedFrames: 2, access: "members" },
    meet: (server, webhook) =>
      waiting(
        server,
        webhook,
        Array.from({ length: 3 }, () => `{"type":"ping"}`),
      ),
  },
  queued_bytes: {
    settings: { maxQueuedFrames: 0, access: "members" },
    meet: (server, webhook) =>
      waiting(
        server,
        webhook,
        Array.from({ length: 150 }, () => JSON.stringify("x".repeat(60_000))),
      ),
  },
  unread_bytes: {
    settings: { maxUnreadBytes: 262_144 },
    async meet(server) {
      const greedy = await unread(server);
      greedy.readOn();
      expect((await greedy.ended).code).toBe(1013);
      return 1;
    },
  },
  rooms: {
    settings: { maxRoomsPerSocket: 2 },
    async meet(server) {
      const chat = await chatIn(server, ALICE);
      chat.send({ type: "join_room", room: "channel:1" });
      await chat.next("error");
      return 1;
    },
  },
  body_bytes: {
    settings: { maxBodyBytes: 1024 },
    async meet(server) {
      const answer = await http(server, "key").post("/api/v1/notify/users/1", { message: "x".repeat(1025) });
      expect(answer.status).toBe(413);
      return 1;
    },
  },
  watchers: {
    settings: {},
    async meet(server) {
      await nativeIn(server, ALICE);
      const admin = http(server, "key");
      const { items } = (await admin.get("/api/v1/admin/connections")).body as { items: { id: number }[] };
      const look = () => admin.fetch("GET", `/api/v1/admin/connections/${items[0]?.id}/frames`);
      const looking: Response[] = [];
      for (let n = 0; n < WATCHERS; n++) looking.push(await look());
      expect((await look()).status).toBe(429);
      await Promise.all(looking.map((answer) => answer.body?.cancel()));
      return 1;
    },
  },
};

/** What the page has of those that were met. */
async function metBy(server: StartedServer): Promise<Record<string, number>> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const met = [...text.matchAll(/^dragoman_bounds_met_total\{bound="(\w+)"\} (\d+)$/gm)];
  expect(met.map(([, bound]) => bound)).toEqual(Object.keys(BOUNDS));
  return Object.fromEntries(
    met.map(([, bound = "", count]) => [bound, Number(count)] as const).filter(([, count]) => count > 0),
  );
}

describe("whoever looks at the metrics knows which bound was met:", () => {
  test.each(Object.entries(STORIES))("%s", async (bound, { settings, meet }) => {
    await using webhook = silentWebhook();
    const asks = settings.access === "members" ? { accessWebhookUrl: webhook.url } : {};
    await using server = await startServer(
      { ...NO_RATES, ...settings, ...asks },
      { clock: new ManualClock() },
    );
    expect(await metBy(server)).toEqual({});
    const times = await meet(server, webhook);
    expect(await metBy(server)).toEqual({ [bound]: times });
  });
});

test("every setting that bounds what somebody may take is one of them, and each names a setting", () => {
  const held: readonly (string | null)[] = Object.values(BOUNDS).map(({ setting }) => setting);
  expect(Object.keys(LIMITS).filter((name) => !held.includes(name))).toEqual([]);
  for (const name of held) if (name !== null) expect(defaultOf(name as SettingName, "serve")).toBeNumber();
});

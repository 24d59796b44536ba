/** The figures of the server, its settings, and what it warned of. */
import { expect, test } from "bun:test";
import { loadConfig } from "../../src/app/config.ts";
import type { SettingGroup, SettingView, StatsView } from "../../src/core/admin.ts";
import { ManualClock } from "../../src/core/clock.ts";
import { expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, chatIn, nativeIn, notifierIn } from "../support/people.ts";
import { KEY, NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const STATS = "/api/v1/admin/stats";
const SETTINGS = "/api/v1/admin/settings";

async function statsOf(server: StartedServer, query = ""): Promise<StatsView> {
  const { status, body } = await http(server, ADMIN).get(`${STATS}${query}`);
  expect(status).toBe(200);
  return body as StatsView;
}

test("figures of now, and of each second", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 31, 9));
  await using server = await startServer(NO_RATES, { clock });
  const second = async (): Promise<void> => {
    clock.advance(1000);
    await server.assembly.tick();
  };
  expect((await statsOf(server)).series.connections).toEqual([]);
  await second();
  const alice = await chatIn(server, ALICE, ["channel:1"]);
  await notifierIn(server, BOB, ["channel_1", "lobby"]);
  alice.send({ type: "send_message", room: "channel:1", data: { content: "hello" } });
  await alice.next("message");
  await second();
  await second();

  const stats = await statsOf(server);
  expect(stats).toMatchObject({
    version: expect.any(String),
    bun: Bun.version,
    platform: `${process.platform}-${process.arch}`,
    started_at: "2026-01-31T09:00:00.000Z",
    now: "2026-01-31T09:00:03.000Z",
    uptime_seconds: 3,
    connections: 2,
    users: 2,
    rooms: 2,
    by_dialect: { chat: 1, notifier: 1, native: 0, diary: 0, onetask: 0, "onetask-v1": 0 },
    first_event_id: stats.last_event_id,
    last_event_id: server.assembly.hub.stats().lastEventId,
    queued_writes: 0,
    totals: { opened: 2, closed: 0, frames_in: 4, slow_closes: 0, refusals: 0 },
    warnings: [],
  });
  expect(stats.memory_bytes).toBeGreaterThan(1 << 20);
  expect(stats.store.bytes).toBeGreaterThan(1 << 12);
  expect(stats.totals.writes).toBeGreaterThanOrEqual(stats.totals.commits);
  expect(stats.store.wal_bytes).toBe(0);
  const { series } = stats;
  expect(series).toMatchObject({
    step_seconds: 1,
    until: "2026-01-31T09:00:03.000Z",
    connections: [0, 2, 2],
    frames_in: [0, 4, 0],
    latency_ms: [null, expect.any(Number), null],
    // Who asked first was written down as seen, in the first second or just before it.
    commit_ms: [series.commit_ms[0], expect.any(Number), null],
  });
  // Two welcomes; joined and user_joined to the joiner; two answers of the notifier; the message to both.
  expect(series.frames_out).toEqual([0, stats.totals.frames_out, 0]);
  expect(stats.totals.frames_out).toBeGreaterThanOrEqual(8);
  expect((await statsOf(server, "?seconds=1")).series.connections).toEqual([2]);
});

test("a request that changes something counts as latency, one that only asks does not", async () => {
  const clock = new ManualClock();
  await using server = await startServer(NO_RATES, { clock });
  const last = async () => {
    clock.advance(1000);
    await server.assembly.tick();
    return (await statsOf(server)).series.latency_ms.at(-1);
  };
  await http(server, "key").get("/api/v1/presence/users");
  expect(await last()).toBeNull();
  await http(server, "key").post("/api/v1/rooms/channel:1/messages", { content: "hello" });
  expect(await last()).toBeGreaterThan(0);
});

test("the last warnings and errors, without what they held", async () => {
  await using server = await startServer(
    { ...NO_RATES, corsOrigins: ["https://good.example"] },
    { faults: "expected" },
  );
  const originOf = (n: number): string => `https://${n}.evil.example`;
  const url = `${server.wsUrl}/api/v1/stream`.replace("ws:", "http:");
  for (let n = 0; n < 60; n++)
    await fetch(url, { headers: { origin: originOf(n), upgrade: "websocket", connection: "upgrade" } });
  const { warnings } = await statsOf(server);
  expect(warnings).toHaveLength(50);
  expect(warnings[0]).toEqual({
    at: expect.any(String),
    level: "warn",
    code: "ORIGIN_REFUSED",
    message: expect.stringContaining("CORS_ORIGINS"),
  });
  expect(JSON.stringify(warnings)).not.toContain("evil");
});

const settingsOf = async (server: StartedServer): Promise<Map<string, SettingView>> => {
  const { body } = await http(server, ADMIN).get(SETTINGS);
  const { groups } = body as { groups: SettingGroup[] };
  return new Map(groups.flatMap(({ settings }) => settings).map((setting) => [setting.name, setting]));
};

test("settings as a program gave them", async () => {
  await using server = await startServer({
    maxConnectionsPerUser: 9,
    jwtSecret: "a-secret-of-thirty-two-bytes-or-so",
  });
  const settings = await settingsOf(server);
  expect(settings.get("MAX_CONNECTIONS_PER_USER")).toEqual({
    name: "MAX_CONNECTIONS_PER_USER",
    value: 9,
    source: "program",
    default: 5,
    help: "Sockets of one user for each endpoint and path id.",
    secret: false,
    set: true,
  });
  expect(settings.get("ACCESS")).toMatchObject({ value: "open", source: "default", default: "open" });
  expect(settings.get("JWT_SECRET")).toMatchObject({ value: null, secret: true, set: true, default: null });
  expect(settings.get("API_KEYS")).toMatchObject({ value: null, secret: true, set: true });
  expect(settings.get("METRICS_TOKEN")).toMatchObject({ value: null, secret: true, set: false });
  expect(settings.get("DATA_DIR")).toMatchObject({ value: null, set: false });
  expect(settings.get("CORS_ORIGINS")).toMatchObject({ value: [], set: false });
});

test("settings with the sources that check-config names, and no secret among them", async () => {
  const secrets = [
    "a-secret-of-thirty-two-bytes-or-so",
    "pass-of-the-hook",
    "in-the-query",
    "a-given-service-key",
  ];
  const [secret = "", password = "", query = "", key = ""] = secrets;
  const loaded = loadConfig({
    command: "serve",
    flags: { port: "0", host: "127.0.0.1" },
    env: {
      JWT_SECRET_FILE: "secret.txt",
      ACCESS_WEBHOOK_URL: `https://hook:${password}@example.com/?token=${query}`,
      API_KEYS: `${key},${KEY}`,
    },
    configFile: "dragoman.toml",
    cwd: "/",
    readFile: (path) => (path.endsWith(".toml") ? '\nlog_level = "warn"\n' : secret),
  });
  if (!("settings" in loaded)) throw new Error(JSON.stringify(loaded.problems));
  const { settings: given, sources } = loaded;
  await using server = await startServer(
    { ...given, dataDir: undefined as never },
    { defaults: "serve", sources },
  );
  const settings = await settingsOf(server);
  const shown = (name: string) => [settings.get(name)?.value, settings.get(name)?.source];
  expect(shown("PORT")).toEqual([0, "flag"]);
  expect(shown("LOG_LEVEL")).toEqual(["warn", "toml:dragoman.toml:2"]);
  expect(shown("JWT_SECRET")).toEqual([null, "file:secret.txt"]);
  expect(shown("ACCESS_WEBHOOK_URL")).toEqual(["https://[redacted]@example.com/?token=[redacted]", "env"]);
  expect(shown("DURABILITY")).toEqual(["full", "default"]);
  const text = JSON.stringify([...settings.values()]);
  for (const one of secrets) expect(text).not.toContain(one);
});

test("nobody but admins and keys", async () => {
  await using server = await startServer(NO_RATES);
  await nativeIn(server, ALICE);
  for (const path of [STATS, SETTINGS]) {
    expectProblem(await http(server).get(path), 401);
    expectProblem(await http(server, ALICE).get(path), 403);
    expect((await http(server, "key").get(path)).status).toBe(200);
  }
  for (const seconds of [0, 901, "x"])
    expectProblem(await http(server, ADMIN).get(`${STATS}?seconds=${seconds}`), 400);
});

/** What anybody may take, attacked through real sockets: rates, places, queues, names. */
import { describe, expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { DIALECTS } from "../../src/dialects/all.ts";
import { addressOf, connect } from "../support/client.ts";
import { expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, chatIn, diaryPath, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { KEY, NO_RATES, startServer } from "../support/server.ts";
import { silentWebhook } from "../support/silent-webhook.ts";
import { unread } from "../support/unread.ts";

const PROXIES = { trustedProxies: ["127.0.0.1"] } as const;
const from = (address: string) => ({ "x-forwarded-for": address });

describe("RATE_LIMIT_HTTP", () => {
  const RATE = { rateLimitHttp: 1 } as const;

  test.each(["a user", "a key", "nobody"])("of %s, with Retry-After; others are answered", async (who) => {
    const clock = new ManualClock();
    await using server = await startServer({ ...RATE, ...PROXIES, diary: "open" }, { clock });
    const asker = who === "a user" ? ALICE : who === "a key" ? "key" : "nobody";
    const ask = http(server, asker);
    const path = who === "nobody" ? "/api/v1/ws/status" : "/api/v1/presence/users/1";
    // From a new address each time: who shows a proof is counted by it.
    const get = (n: number) => ask.get(path, from(who === "nobody" ? "192.0.2.1" : `198.51.100.${n}`));
    for (let n = 0; n < 3; n++) expect((await get(n)).status).toBe(200);
    const slow = await get(4);
    expectProblem(slow, 429, /Retry-After/);
    expect(slow.headers.get("retry-after")).toBe("1");
    expect((await http(server, BOB).get("/api/v1/presence/users/1", from("192.0.2.1"))).status).toBe(200);
    clock.advance(1000);
    expect((await get(5)).status).toBe(200);
  });

  test("requests without any proof are counted by their address, also where one is needed", async () => {
    await using server = await startServer({ ...RATE, ...PROXIES }, { clock: new ManualClock() });
    const { post } = http(server);
    const send = (address: string) => post("/api/v1/notify/broadcast", { message: "x" }, from(address));
    for (let n = 0; n < 3; n++) expectProblem(await send("192.0.2.1"), 401);
    const slow = await send("192.0.2.1");
    expectProblem(slow, 429);
    expect(slow.headers.get("retry-after")).toBe("1");
    expectProblem(await send("192.0.2.2"), 401);
    const proven = await http(server, ALICE).get("/api/v1/presence/users/1", from("192.0.2.1"));
    expect(proven.status).toBe(200);
  });
});

describe("RATE_LIMIT_CONNECTS", () => {
  test.each(["a user's token", "a key"])("%s is counted, wherever it comes from", async (what) => {
    const settings = { ...PROXIES, rateLimitConnects: 1, maxConnectionsPerUser: 0 };
    await using server = await startServer(settings, { clock: new ManualClock() });
    const proof: Record<string, string> = what === "a key" ? { "x-api-key": KEY } : {};
    const address = addressOf(server, PATHS.notifier, what === "a key" ? {} : { as: ALICE });
    const ask = (n: number) => knock(address, { ...proof, ...from(`198.51.100.${n}`) });
    for (let n = 0; n < 3; n++) expect((await ask(n)).status).toBe(101);
    const slow = await ask(4);
    expectProblem(slow, 429);
    expect(slow.headers.get("retry-after")).toBe("1");
    const other = addressOf(server, PATHS.notifier, { as: BOB });
    expect((await knock(other, from("198.51.100.9"))).status).toBe(101);
  });
});

describe("RATE_LIMIT_LOGINS", () => {
  const bad: Readonly<Record<string, Record<string, string>>> = {
    "a token": { authorization: "Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA" },
    "a key": { "x-api-key": "a-guessed-key-of-somebody" },
    "a ticket": {},
  };
  test.each(Object.keys(bad))("%s that is guessed, over HTTP and at sockets together", async (what) => {
    await using server = await startServer({ ...PROXIES, rateLimitLogins: 4 }, { clock: new ManualClock() });
    const query: Record<string, string> = what === "a ticket" ? { ticket: "guessed" } : {};
    const { get } = http(server);
    const site = (address: string) =>
      get(`/api/v1/presence/users?${new URLSearchParams(query)}`, { ...bad[what]!, ...from(address) });
    const door = (address: string) =>
      knock(addressOf(server, PATHS.native, { query }), { ...bad[what]!, ...from(address) });
    for (const ask of [site, door, site, door]) expectProblem(await ask("192.0.2.1"), 401);
    for (const ask of [site, door]) {
      const slow = await ask("192.0.2.1");
      expectProblem(slow, 429);
      // One more in 15 s.
      expect(slow.headers.get("retry-after")).toBe("15");
    }
    expectProblem(await site("192.0.2.2"), 401);
    // The right one always passes, from the very same address.
    expect((await http(server, ALICE).get("/api/v1/presence/users", from("192.0.2.1"))).status).toBe(200);
  });
});

describe("MAX_HANDSHAKES", () => {
  test("who waits for the webhook holds a place; beyond, 429, and one address never takes all", async () => {
    await using webhook = silentWebhook();
    const settings = { ...NO_RATES, ...PROXIES, maxHandshakes: 4, accessWebhookUrl: webhook.url };
    await using server = await startServer({ ...settings, access: "members" });
    const ask = (id: number, address: string) =>
      knock(addressOf(server, PATHS.tasks, { as: { id } }), from(address));
    const pending = [];
    for (const [id, address] of [
      [1, "192.0.2.1"],
      [2, "192.0.2.1"],
      [3, "192.0.2.2"],
    ] as const) {
      const asked = webhook.asked();
      pending.push(ask(id, address));
      await asked;
    }
    for (const [id, address] of [
      [4, "192.0.2.1"],
      [5, "192.0.2.1"],
    ] as const) {
      const answer = await ask(id, address);
      expectProblem(answer, 429, /MAX_HANDSHAKES/);
      expect(answer.headers.get("retry-after")).toBe("1");
    }
    const asked = webhook.asked();
    pending.push(ask(6, "192.0.2.3"));
    await asked;
    expectProblem(await ask(7, "192.0.2.4"), 429, /MAX_HANDSHAKES/);
    expect(webhook.count()).toBe(4);
    // The webhook's time is up: its places are free again.
    for (const answer of await Promise.all(pending)) expectProblem(answer, 403);
    expect((await knock(addressOf(server, PATHS.native, { as: ALICE }))).status).toBe(101);
  });
});

describe("MAX_ROOMS_PER_SOCKET", () => {
  test("on every dialect whose sockets join: told in its own form, and the socket stays", async () => {
    await using server = await startServer({ ...NO_RATES, maxRoomsPerSocket: 3 });
    const chat = await chatIn(server, ALICE);
    const notifier = await notifierIn(server, ALICE);
    const native = await nativeIn(server, ALICE);
    for (let n = 0; n < 4; n++) {
      chat.send({ type: "join_room", room: `channel:${n}` });
      notifier.send({ type: "join_room", room: `channel_${n}` });
      native.send({ type: "subscribe", id: n, data: { topics: [`channel:${n}`] } });
    }
    expect(await chat.next("error")).toMatchObject({
      data: { error: "A socket can be in 3 rooms at once. Leave some first." },
    });
    expect(await notifier.next("error")).toMatchObject({ data: { level: "error" } });
    expect(await native.next({ to: 3 })).toMatchObject({ error: { code: "TOO_MANY_REQUESTS" } });
    chat.send({ type: "ping" });
    await chat.next("pong");
    notifier.send({ type: "text", data: "still here" });
    await notifier.next({ message: "Echo: still here" });
  });
});

describe("MAX_QUEUED_FRAMES", () => {
  test("frames behind one that waits are kept up to the limit; then the socket is closed", async () => {
    await using webhook = silentWebhook();
    const settings = { ...NO_RATES, maxQueuedFrames: 10, accessWebhookUrl: webhook.url };
    await using server = await startServer({ ...settings, access: "members" });
    const client = await nativeIn(server, ALICE);
    const asked = webhook.asked();
    client.send({ type: "subscribe", data: { topics: ["channel:9"] } });
    await asked;
    for (let n = 0; n < 10; n++) client.send({ type: "ping" });
    await client.silent();
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    client.send({ type: "ping" });
    expect(await client.closed()).toEqual({ code: 1008, reason: "Too many frames" });
  });
});

test("replies that are not read are bounded: the asker is closed with 1013, and his memory is given back", async () => {
  await using server = await startServer(NO_RATES);
  const greedy = await unread(server);
  expect(server.assembly.meters.slowCloses).toBe(1);
  greedy.readOn();
  expect((await greedy.ended).code).toBe(1013);
});

describe("names of rooms", () => {
  const LONG = `channel:${"x".repeat(120)}`;
  const bad = [
    `${LONG}x`,
    `channel:${"x".repeat(60_000)}`,
    "channel:\u0000",
    "channel:a\nb",
    "channel:\ud800",
  ];

  test("128 characters are a name; longer ones, control characters and half letters are none", async () => {
    await using server = await startServer(NO_RATES);
    const chat = await chatIn(server, ALICE);
    const notifier = await notifierIn(server, ALICE);
    const native = await nativeIn(server, ALICE);
    chat.send({ type: "join_room", room: LONG });
    await chat.next({ type: "joined_room", room: LONG });
    notifier.send({ type: "join_room", room: LONG });
    await notifier.next({ room: LONG.replace(":", "_") });
    native.send({ type: "subscribe", id: 1, data: { topics: [LONG] } });
    expect(await native.next({ to: 1 })).toMatchObject({ data: { topics: [LONG] } });
    for (const room of bad) {
      chat.send({ type: "join_room", room });
      await chat.next("error");
      notifier.send({ type: "join_room", room });
      await notifier.next("error");
      native.send({ type: "subscribe", id: 2, data: { topics: [room] } });
      expect(await native.next({ to: 2 })).toMatchObject({ error: {} });
    }
    const { items } = (await http(server, ADMIN).get("/api/v1/admin/rooms")).body as {
      items: { room: string }[];
    };
    expect(items.map(({ room }) => room).filter((room) => !room.startsWith("user:"))).toEqual([LONG]);
  });
});

test("compression is not spoken, so nothing small unfolds into something large", async () => {
  await using server = await startServer({ ...NO_RATES, diary: "open" });
  const paths = [...Object.values(PATHS), diaryPath(ALICE)];
  expect(paths.length).toBe(DIALECTS.flatMap(({ sockets }) => sockets).length);
  for (const path of paths) {
    const offers = { "sec-websocket-extensions": "permessage-deflate; client_max_window_bits" };
    const answer = await knock(addressOf(server, path, { as: ALICE }), offers);
    expect([path, answer.status, answer.headers.get("sec-websocket-extensions")]).toEqual([path, 101, null]);
  }
  const bomb = Bun.gzipSync(new Uint8Array(64 << 20));
  const answer = await fetch(new URL(`/api/v1/notify/users/${ALICE.id}`, server.url), {
    method: "POST",
    headers: {
      authorization: `Bearer ${KEY}`,
      "content-type": "application/json",
      "content-encoding": "gzip",
    },
    body: bomb,
  });
  expect(answer.status).toBe(400);
});

test("too many streams over HTTP are refused with Retry-After, as sockets are", async () => {
  await using server = await startServer({ ...NO_RATES, maxConnectionsPerUser: 1 });
  const first = await http(server, ALICE).fetch("GET", "/api/v1/events");
  const second = await http(server, ALICE).get("/api/v1/events");
  expectProblem(second, 429, /MAX_CONNECTIONS_PER_USER/);
  expect(second.headers.get("retry-after")).toBe("5");
  await first.body?.cancel();
});

test("MAX_CONNECTIONS holds while hundreds connect at once", async () => {
  await using server = await startServer({ ...NO_RATES, maxConnections: 7, maxConnectionsPerUser: 0 });
  const knocks = Array.from({ length: 120 }, (_, n) =>
    connect(server, PATHS.native, { as: { id: n } }).then(
      () => true,
      () => false,
    ),
  );
  const entered = (await Promise.all(knocks)).filter(Boolean);
  expect(entered).toHaveLength(7);
  expect(server.assembly.hub.stats().connections).toBe(7);
});

/** Every socket's door: who is refused, with which status or close code, and what the answer says. */
import { describe, expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { addressOf, connect, type ConnectOptions } from "../support/client.ts";
import { type Answer, expectProblem } from "../support/http.ts";
import { ALICE, BOB, diaryPath, PATHS } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { KEY, NO_RATES, type StartedServer, startServer } from "../support/server.ts";

/** How a socket tells that a token is missing or bad: an HTTP status, or accept and close. */
const SOCKETS: readonly (readonly [name: string, path: string, unauthenticated: number])[] = [
  ["onetask notifications", PATHS.notifications, 403],
  ["onetask tasks", PATHS.tasks, 403],
  ["onetask focus", PATHS.focus, 403],
  ["onetask-v1 notifications", PATHS.v1Notifications, 403],
  ["onetask-v1 tasks", PATHS.v1Tasks, 403],
  ["onetask-v1 focus", PATHS.v1Focus, 403],
  ["chat", PATHS.chat, 4401],
  ["diary", diaryPath(ALICE), 403],
  ["notifier", PATHS.notifier, 403],
  ["native", PATHS.native, 401],
];
const WITH_TOPIC = SOCKETS.filter(([, path]) => /789|s1/.test(path));
const isChat = (path: string): boolean => path === PATHS.chat;

const ask = (server: StartedServer, path: string, options: ConnectOptions = {}): Promise<Answer> =>
  knock(addressOf(server, path, options), options.headers);

/** Refused as the dialect does it. */
async function expectUnauthenticated(
  server: StartedServer,
  path: string,
  how: number,
  options: ConnectOptions,
): Promise<void> {
  if (how < 1000) return void expectProblem(await ask(server, path, options), how);
  const client = await connect(server, path, options);
  expect(await client.closed()).toEqual({ code: 4401, reason: "Authentication Failed" });
}

describe.each(SOCKETS)("%s", (_name, path, unauthenticated) => {
  test("a good token is let in: in the address, in a header, as subprotocol, or for a ticket", async () => {
    await using server = await startServer();
    const token = server.token(ALICE);
    const { ticket } = server.assembly.auth.tickets.issue({
      kind: "user",
      id: String(ALICE.id),
      username: "alice",
      admin: false,
      rooms: [],
      workspaces: [],
      expiresAt: Date.now() / 1000 + 60,
    });
    for (const options of [
      { token },
      { headers: { authorization: `Bearer ${token}` } },
      { protocols: ["bearer", token] },
      { query: { ticket } },
    ]) {
      const client = await connect(server, path, options);
      await client.drain();
      expect(client.socket.readyState).toBe(WebSocket.OPEN);
    }
  });

  test("no token", async () => {
    await using server = await startServer();
    // Without a token a diary socket hears announcements only.
    if (path === diaryPath(ALICE)) return void (await connect(server, path));
    await expectUnauthenticated(server, path, unauthenticated, {});
  });

  test("a bad token, one of another secret, an unsigned one, an expired one, one for refreshing", async () => {
    const clock = new ManualClock();
    await using server = await startServer({}, { clock });
    await using other = await startServer({}, { clock });
    const [head, body] = server.token(ALICE).split(".");
    const unsigned = `${btoa('{"alg":"none"}').replace(/=+$/, "")}.${body}.`;
    const expired = server.token({ ...ALICE, ttlSeconds: -1 });
    const refreshing = server.token({ ...ALICE, claims: { type: "refresh" } });
    for (const token of ["bad", `${head}.${body}.AAAA`, other.token(ALICE), unsigned, expired, refreshing]) {
      await expectUnauthenticated(server, path, unauthenticated, { token });
    }
  });

  test("a foreign Origin, where CORS_ORIGINS is set", async () => {
    await using server = await startServer({ corsOrigins: ["https://app.example.com"] });
    const from = (origin: string): ConnectOptions => ({ as: ALICE, headers: { origin } });
    for (const origin of [
      "https://evil.example.com",
      "https://app.example.com.evil.com",
      "http://app.example.com",
      "null",
    ]) {
      expectProblem(await ask(server, path, from(origin)), 403, /CORS_ORIGINS/);
    }
    expect((await ask(server, path, from("https://app.example.com"))).status).toBe(101);
    // No browser: no Origin.
    expect((await ask(server, path, { as: ALICE })).status).toBe(101);
  });

  test("any Origin, where CORS_ORIGINS is not set", async () => {
    await using server = await startServer();
    expect(
      (await ask(server, path, { as: ALICE, headers: { origin: "https://anywhere.example.com" } })).status,
    ).toBe(101);
  });

  test("a sixth connection of one user; another user is let in", async () => {
    await using server = await startServer();
    for (let n = 1; n <= 5; n++) await connect(server, path, { as: ALICE });
    if (isChat(path)) {
      const sixth = await connect(server, path, { as: ALICE });
      expect(await sixth.closed()).toEqual({ code: 4429, reason: "Too Many Connections" });
    } else {
      const answer = await ask(server, path, { as: ALICE });
      expectProblem(answer, 429, /MAX_CONNECTIONS_PER_USER/);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    const asBob = path === diaryPath(ALICE) ? diaryPath(BOB) : path;
    expect((await ask(server, asBob, { as: BOB })).status).toBe(101);
  });

  test("an address that connects too often", async () => {
    await using server = await startServer({ rateLimitConnects: 1 }, { clock: new ManualClock() });
    for (let n = 1; n <= 3; n++) expect((await ask(server, path, { as: ALICE })).status).toBe(101);
    const answer = await ask(server, path, { as: ALICE });
    expectProblem(answer, 429);
    expect(answer.headers.get("retry-after")).toBe("1");
  });

  test("last_event_id that is no number", async () => {
    await using server = await startServer();
    expectProblem(
      await ask(server, path, { as: ALICE, query: { last_event_id: "soon" } }),
      400,
      /last_event_id/,
    );
  });
});

describe.each(WITH_TOPIC)("%s", (_name, path) => {
  test("no access to what the path names", async () => {
    await using server = await startServer({ access: "members" });
    expectProblem(await ask(server, path, { as: ALICE }), 403);
    expect((await ask(server, path, { as: { ...ALICE, claims: { role: "admin" } } })).status).toBe(101);
    expect((await ask(server, path, { headers: { "x-api-key": KEY } })).status).toBe(101);
  });

  test("the limit counts per path: another room of the same kind is open", async () => {
    await using server = await startServer();
    for (let n = 1; n <= 5; n++) await connect(server, path, { as: ALICE });
    const other = path.replace("789", "790").replace("s1", "s2");
    expect((await ask(server, other, { as: ALICE })).status).toBe(101);
  });
});

describe("diary", () => {
  test("another user's token", async () => {
    await using server = await startServer();
    expectProblem(await ask(server, diaryPath(ALICE), { as: BOB }), 403);
  });

  test("sockets without proof are counted per client address, whatever ids they claim", async () => {
    await using server = await startServer();
    for (let n = 1; n <= 5; n++) await connect(server, `/api/v1/ws/${n}`);
    const answer = await ask(server, "/api/v1/ws/6");
    expectProblem(answer, 429);
    expect(answer.headers.has("retry-after")).toBe(true);
    // Whoever has a token is not counted with them.
    expect((await ask(server, diaryPath(ALICE), { as: ALICE })).status).toBe(101);
  });
});

test("MAX_CONNECTIONS_PER_USER counts per endpoint: five on each of all of them", async () => {
  await using server = await startServer(NO_RATES);
  for (const [, path] of SOCKETS) for (let n = 1; n <= 5; n++) await connect(server, path, { as: ALICE });
  expect(server.assembly.hub.stats().connections).toBe(50);
});

test("MAX_CONNECTIONS_PER_USER=0 is off", async () => {
  await using server = await startServer({ maxConnectionsPerUser: 0 });
  for (let n = 1; n <= 12; n++) await connect(server, PATHS.notifier, { as: ALICE });
});

test("the knock guard: a chat token that was refused three times within a minute gets HTTP 429, until the minute is over", async () => {
  const clock = new ManualClock();
  await using server = await startServer(NO_RATES, { clock });
  const refused = (): Promise<void> => expectUnauthenticated(server, PATHS.chat, 4401, { token: "bad" });
  for (let n = 1; n <= 3; n++) {
    await refused();
    clock.advance(10_000);
  }
  const answer = await ask(server, PATHS.chat, { token: "bad" });
  expectProblem(answer, 429);
  // The oldest of the three was 30 s ago.
  expect(answer.headers.get("retry-after")).toBe("30");
  // Another bad token, and a good one, are told as ever.
  await expectUnauthenticated(server, PATHS.chat, 4401, { token: "worse" });
  await (await connect(server, PATHS.chat, { as: ALICE })).next("connected");
  clock.advance(30_000);
  await refused();
});

test("the knock guard: so does an address that was refused thirty times, but not its good tokens", async () => {
  await using server = await startServer(NO_RATES, { clock: new ManualClock() });
  for (let n = 1; n <= 30; n++) await expectUnauthenticated(server, PATHS.chat, 4401, { token: `bad-${n}` });
  expectProblem(await ask(server, PATHS.chat, { token: "bad-31" }), 429);
  expectProblem(await ask(server, PATHS.chat), 429);
  await (await connect(server, PATHS.chat, { as: ALICE })).next("connected");
});

test("the knock guard: a user with too many chat sockets is told three times", async () => {
  await using server = await startServer({}, { clock: new ManualClock() });
  const token = server.token(ALICE);
  for (let n = 1; n <= 5; n++) await connect(server, PATHS.chat, { token });
  for (let n = 1; n <= 3; n++) {
    const client = await connect(server, PATHS.chat, { token });
    expect((await client.closed()).code).toBe(4429);
  }
  expectProblem(await ask(server, PATHS.chat, { token }), 429);
});

test("failed logins of an address are limited, and only they", async () => {
  await using server = await startServer({ rateLimitLogins: 3 }, { clock: new ManualClock() });
  for (let n = 1; n <= 3; n++) expectProblem(await ask(server, PATHS.native, { token: "bad" }), 401);
  const answer = await ask(server, PATHS.native, { token: "bad" });
  expectProblem(answer, 429);
  expect(answer.headers.has("retry-after")).toBe(true);
  await (await connect(server, PATHS.native, { as: ALICE })).next("welcome");
});

test("no refusal repeats the token, and nothing logged holds it", async () => {
  await using server = await startServer();
  const token = `${server.token(ALICE)}x`;
  for (const [, path] of SOCKETS) {
    if (isChat(path)) await expectUnauthenticated(server, path, 4401, { token });
    else expect(JSON.stringify((await ask(server, path, { token })).body)).not.toContain(token);
  }
  await connect(server, PATHS.native, { token: token.slice(0, -1) });
  expect(Bun.inspect(server.logs.entries)).not.toContain(token.slice(0, -1));
  expect(server.logs.entries.length).toBeGreaterThan(0);
});

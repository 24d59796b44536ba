/** Tokens on sockets: how they are shown, when they end, and how they are renewed. */
import { describe, expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { addressOf, type Client, connect } from "../support/client.ts";
import { TIME } from "../support/frames.ts";
import { expectAnswer, expectProblem, http } from "../support/http.ts";
import { ALICE, BOB, chatIn, diaryPath, nativeIn, PATHS } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { KEY, NO_RATES, type StartedServer, startServer, type User } from "../support/server.ts";

const SOCKETS = [...Object.values(PATHS), diaryPath(ALICE)];
const SHORT: User = { ...ALICE, ttlSeconds: 60 };

const startStill = async (settings: object = {}) => {
  const clock = new ManualClock();
  const server = await startServer({ ...NO_RATES, ...settings }, { clock });
  /** What the server does each second. */
  const pass = (seconds: number): void => {
    clock.advance(seconds * 1000);
    server.assembly.hub.tick();
  };
  return { server, pass };
};

describe("expiry", () => {
  test.each(SOCKETS)("%s is closed when its token expires, and not before", async (path) => {
    const { server, pass } = await startStill();
    await using _ = server;
    const client = await connect(server, path, { as: SHORT });
    const other = await connect(server, path === diaryPath(ALICE) ? diaryPath(BOB) : path, { as: BOB });
    pass(59);
    await client.drain();
    pass(1);
    const close =
      path === PATHS.chat
        ? { code: 4401, reason: "Authentication Failed" }
        : { code: 1008, reason: "Token expired" };
    expect(await client.closed()).toEqual(close);
    await other.drain();
  });

  test("TOKEN_EXPIRY=ignore lets sockets live on; a new one needs a valid token all the same", async () => {
    const { server, pass } = await startStill({ tokenExpiry: "ignore" });
    await using _ = server;
    const token = server.token(SHORT);
    const clients = await Promise.all(SOCKETS.map((path) => connect(server, path, { token })));
    pass(3600);
    for (const client of clients) await client.drain();
    expectProblem(await knock(addressOf(server, PATHS.native, { token })), 401);
  });

  test("a service key and an anonymous diary socket do not expire", async () => {
    const { server, pass } = await startStill();
    await using _ = server;
    const clients = [
      await connect(server, PATHS.tasks, { headers: { authorization: `Bearer ${KEY}` } }),
      await connect(server, diaryPath(ALICE)),
    ];
    pass(1e9);
    for (const client of clients) await client.silent();
  });

  test("a token that lives for a month does not expire at once", async () => {
    const { server, pass } = await startStill();
    await using _ = server;
    const client = await connect(server, PATHS.notifications, { as: { ...ALICE, ttlSeconds: 31 * 86_400 } });
    pass(30 * 86_400);
    await client.silent();
    pass(86_400);
    expect((await client.closed()).code).toBe(1008);
  });

  test("many sockets of one second all end", async () => {
    const { server, pass } = await startStill({ maxConnectionsPerUser: 0 });
    await using _ = server;
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => connect(server, PATHS.notifications, { as: SHORT })),
    );
    pass(61);
    for (const client of clients) expect((await client.closed()).code).toBe(1008);
    expect(server.assembly.hub.stats().connections).toBe(0);
  });
});

describe("refresh", () => {
  /** Each with the user's short token. */
  const CLIENTS: Readonly<Record<string, (server: StartedServer) => Promise<Client>>> = {
    chat: (server) => chatIn(server, SHORT),
    native: (server) => nativeIn(server, SHORT),
  };
  const refresh = (token: string) => ({ type: "refresh", data: { token } });

  test.each(Object.entries(CLIENTS))("%s: a fresh token prolongs the socket", async (name, enter) => {
    const { server, pass } = await startStill();
    await using _ = server;
    const client = await enter(server);
    pass(50);
    client.send(refresh(server.token(SHORT)));
    const data = { expires_at: "2026-01-01T00:01:50.000Z" };
    await client.expect(
      name === "chat" ? { type: "refreshed", data, timestamp: TIME } : { type: "reply", to: "refresh", data },
    );
    pass(20);
    await client.silent();
    pass(39);
    await client.silent();
    pass(1);
    expect((await client.closed()).code).toBe(name === "chat" ? 4401 : 1008);
  });

  test.each(Object.entries(CLIENTS))(
    "%s: another user's token, a bad one, an expired one are refused",
    async (name, enter) => {
      const { server, pass } = await startStill();
      await using _ = server;
      const client = await enter(server);
      const expired = server.token({ ...ALICE, ttlSeconds: -1 });
      for (const token of [server.token(BOB), "bad", expired]) {
        client.send(refresh(token));
        const answer = await client.next();
        expect(answer).toMatchObject(
          name === "chat" ? { type: "error" } : { type: "reply", to: "refresh", error: {} },
        );
        expect(JSON.stringify(answer)).not.toContain(token.length > 10 ? token : '"bad"');
      }
      client.send({ type: "refresh", data: {} });
      await client.next(name === "chat" ? "error" : "reply");
      // The old token still counts.
      pass(60);
      expect((await client.closed()).code).toBe(name === "chat" ? 4401 : 1008);
    },
  );

  test("a shorter token shortens", async () => {
    const { server, pass } = await startStill();
    await using _ = server;
    const client = await chatIn(server, ALICE);
    client.send(refresh(server.token(SHORT)));
    await client.next("refreshed");
    pass(60);
    expect((await client.closed()).code).toBe(4401);
  });
});

describe("subprotocol", () => {
  test("bearer is echoed, never the token nor another offer", async () => {
    await using server = await startServer();
    const token = server.token(ALICE);
    for (const protocols of [
      ["bearer", token],
      ["mqtt", "bearer", token],
    ]) {
      const client = await connect(server, PATHS.notifier, { protocols });
      expect(client.socket.protocol).toBe("bearer");
      await client.next("info");
    }
  });

  test("is echoed where the handshake is refused by accepting and closing, too", async () => {
    await using server = await startServer();
    const client = await connect(server, PATHS.chat, { protocols: ["bearer", "bad"] });
    expect(client.socket.protocol).toBe("bearer");
    expect((await client.closed()).code).toBe(4401);
  });

  test("without an offer none is chosen", async () => {
    await using server = await startServer();
    expect(
      (await knock(addressOf(server, PATHS.notifier, { as: ALICE }))).headers.has("sec-websocket-protocol"),
    ).toBe(false);
  });
});

describe("claims", () => {
  const welcomed = async (server: StartedServer, claims: object): Promise<unknown> => {
    const token = server.token({ id: 1, username: "set", claims: { ...claims } });
    const client = await connect(server, PATHS.chat, { token });
    const { data } = await client.next("connected");
    await client.close();
    return data;
  };

  test("the user id is a number where it is one, and the name is the best one there is", async () => {
    await using server = await startServer(NO_RATES);
    for (const [claims, user_id, username] of [
      [{ sub: 7, username: "u", preferred_username: "p", name: "n" }, 7, "u"],
      [{ sub: "7", username: undefined, preferred_username: "p", name: "n" }, 7, "p"],
      [{ sub: "007", username: undefined, name: "n" }, "007", "n"],
      [{ sub: "9007199254740993", username: undefined }, "9007199254740993", "9007199254740993"],
      [{ sub: "eve", username: undefined }, "eve", "eve"],
    ] as const) {
      expect(await welcomed(server, claims)).toEqual({
        message: "Connected successfully",
        user_id,
        username,
      });
    }
  });

  test("JWT_USER_ID_CLAIM names the claim that holds the id", async () => {
    await using server = await startServer({ jwtUserIdClaim: "user_id" });
    expect(await welcomed(server, { sub: "other", user_id: 42 })).toMatchObject({ user_id: 42 });
  });
});

describe("tickets", () => {
  test("a ticket is good once, within 30 s", async () => {
    const { server, pass } = await startStill();
    await using _ = server;
    const { post } = http(server, ALICE);
    const answer = await post("/api/v1/tickets");
    const { ticket } = answer.body as { ticket: string };
    expectAnswer(answer, 201, { ticket, expires_at: "2026-01-01T00:00:30.000Z" });
    const client = await connect(server, PATHS.chat, { query: { ticket } });
    expect((await client.next("connected")).data).toMatchObject({ user_id: ALICE.id, username: "alice" });
    expectProblem(await knock(addressOf(server, PATHS.native, { query: { ticket } })), 401, /tickets/);

    const { ticket: late } = (await post("/api/v1/tickets")).body as { ticket: string };
    pass(30);
    expectProblem(await knock(addressOf(server, PATHS.native, { query: { ticket: late } })), 401);
  });

  test("a socket opened by ticket ends with the token that it was issued for", async () => {
    const { server, pass } = await startStill();
    await using _ = server;
    const { ticket } = (await http(server, SHORT).post("/api/v1/tickets")).body as { ticket: string };
    const client = await connect(server, PATHS.notifications, { query: { ticket } });
    pass(60);
    expect((await client.closed()).code).toBe(1008);
  });

  test("only for whoever has a token or key", async () => {
    await using server = await startServer();
    expectProblem(await http(server).post("/api/v1/tickets"), 401);
  });
});

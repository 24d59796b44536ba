/** Forged, stale and foreign tokens at every door: none is let in, and no address in one is ever asked. */
import { afterAll, describe, expect, test } from "bun:test";
import { DIALECTS } from "../../src/dialects/all.ts";
import { forgeHs, type Claims, SECRET, serveJwks, testKey } from "../auth/support.ts";
import { addressOf, connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { nativeIn, chatIn } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";
import { FORGED, type Forgers } from "./forged-tokens.ts";

const USER = { id: "12345" } as const;
const ISSUER = "https://id.example.com";
const AUDIENCE = "realtime";
const CLAIMS: Claims = {
  sub: USER.id,
  exp: Math.floor(Date.now() / 1000) + 3600,
  iss: ISSUER,
  aud: AUDIENCE,
};

const [issuer, stranger] = await Promise.all([testKey("RS256", "k1"), testKey("RS256", "k1")]);

/** Answers everything with the stranger's key: whoever asks here lets the stranger in. */
const trapped: string[] = [];
const trap = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    trapped.push(request.url);
    return Response.json({ keys: [stranger.jwk], ...stranger.jwk });
  },
});
afterAll(() => trap.stop(true));

const forgers: Forgers = { issuer, stranger, claims: CLAIMS, trap: `http://127.0.0.1:${trap.port}` };
const tokens = await Promise.all(
  Object.entries(FORGED).map(async ([name, forge]) => [name, await forge(forgers)] as const),
);

/** Every socket, with the user's own id where the path has one: nothing but the token keeps him out. */
const DOORS = DIALECTS.flatMap(({ name, sockets }) =>
  sockets.map((at) => [`${name} ${at.name}`, at.path.replace(/:\w+/, USER.id)] as const),
);

const SETTINGS = { ...NO_RATES, jwtSecret: SECRET, jwtIssuer: ISSUER, jwtAudience: AUDIENCE } as const;

/** What a door does with a token: `in`, or how it refuses. */
async function atSocket(server: StartedServer, path: string, how: object): Promise<"in" | number> {
  const answer = await knock(
    addressOf(server, path, how),
    (how as { headers?: Record<string, string> }).headers,
  );
  if (answer.status !== 101) return answer.status;
  const client = await connect(server, path, how);
  const first = await Promise.race([
    client.closed().then(({ code }) => code),
    client.drain().then(() => "in" as const),
  ]);
  return first === 4401 ? first : "in";
}

const REFUSED: readonly (string | number)[] = [401, 403, 4401, 429];

describe.each([
  ["JWT_SECRET and JWT_PUBLIC_KEY", () => ({ jwtPublicKey: issuer.pem })],
  ["JWT_SECRET and JWKS_URL", (url: string) => ({ jwksUrl: url })],
] as const)("%s", (_name, more) => {
  test.each(tokens)("%s is refused everywhere", async (_what, token) => {
    await using jwks = serveJwks([issuer.jwk]);
    await using server = await startServer({ ...SETTINGS, ...more(jwks.url) });
    const sendable = /^[\x21-\x7e]*$/.test(token);
    for (const [door, path] of DOORS)
      expect([door, REFUSED.includes(await atSocket(server, path, { token }))]).toEqual([door, true]);
    for (const headers of sendable ? [{ authorization: `Bearer ${token}` }, { "x-api-key": token }] : []) {
      const answer = await http(server).get("/api/v1/presence/users", headers);
      expect([answer.status, JSON.stringify(answer.body).includes(token)]).toEqual([401, false]);
    }
    const query = await http(server).get(`/api/v1/presence/users?token=${encodeURIComponent(token)}`);
    expect(query.status).toBe(401);
    expect(trapped).toEqual([]);
    expect(jwks.state.requests).toBeLessThanOrEqual(2);
    expect(Bun.inspect(server.logs.entries)).not.toContain(token);
  });

  test("what is refused is refused for what is wrong with it: the same without is let in", async () => {
    await using jwks = serveJwks([issuer.jwk]);
    await using server = await startServer({ ...SETTINGS, ...more(jwks.url) });
    for (const token of [forgeHs({ alg: "HS256", typ: "JWT" }, CLAIMS), await issuer.sign(CLAIMS)])
      for (const [door, path] of DOORS)
        expect([door, await atSocket(server, path, { token })]).toEqual([door, "in"]);
  });

  test("nor does a refresh frame take any, and the socket keeps what it had", async () => {
    await using jwks = serveJwks([issuer.jwk]);
    await using server = await startServer({ ...SETTINGS, ...more(jwks.url) });
    const token = forgeHs({ alg: "HS256" }, CLAIMS);
    const native = await connect(server, "/api/v1/stream", { token });
    await native.next("welcome");
    const chat = await connect(server, "/api/v1/ws/connect", { token });
    await chat.next("connected");
    for (const [name, forged] of tokens) {
      native.send({ type: "refresh", id: name, data: { token: forged } });
      expect(await native.next({ to: name })).toMatchObject({ error: {} });
      chat.send({ type: "refresh", data: { token: forged } });
      expect((await chat.next()).type).toBe("error");
    }
    // Of somebody else, though good.
    native.send({
      type: "refresh",
      id: "other",
      data: { token: forgeHs({ alg: "HS256" }, { ...CLAIMS, sub: "root" }) },
    });
    expect(await native.next({ to: "other" })).toMatchObject({ error: {} });
    expect(trapped).toEqual([]);
    native.send({ type: "ping" });
    await native.next("pong");
  });
});

test("a key that two issuers share a kid with is only ever the configured issuer's", async () => {
  await using jwks = serveJwks([issuer.jwk]);
  await using server = await startServer({ ...NO_RATES, jwksUrl: jwks.url, jwtIssuer: ISSUER });
  const ask = async (token: string): Promise<number> =>
    (await http(server).get("/api/v1/presence/users", { authorization: `Bearer ${token}` })).status;
  expect(await ask(await issuer.sign(CLAIMS))).toBe(200);
  expect(await ask(await stranger.sign(CLAIMS))).toBe(401);
  expect(await ask(await stranger.sign({ ...CLAIMS, iss: "https://other.example" }))).toBe(401);
  expect(await ask(await issuer.sign({ ...CLAIMS, iss: "https://other.example" }))).toBe(401);
  // Seen again it is no better.
  expect(await ask(await stranger.sign(CLAIMS))).toBe(401);
  expect(await ask(await issuer.sign(CLAIMS))).toBe(200);
  // Unknown kids do not make it ask the issuer again and again.
  for (let n = 0; n < 20; n++)
    expect(await ask(await stranger.sign(CLAIMS, { kid: `made-up-${n}` }))).toBe(401);
  expect(jwks.state.requests).toBeLessThanOrEqual(2);
});

test("a token in an address, a frame or a subprotocol is never answered with its own text", async () => {
  await using server = await startServer({ ...SETTINGS });
  const token = forgeHs({ alg: "HS256" }, { ...CLAIMS, aud: "another" });
  const good = { token: forgeHs({ alg: "HS256" }, CLAIMS) };
  const clients = [await nativeIn(server, USER, [], good), await chatIn(server, USER, [], good)];
  for (const client of clients) {
    client.send({ type: "refresh", data: { token } });
    client.send({ type: token, data: { token } });
    client.sendText(token);
    await client.drain();
    expect(JSON.stringify(client.received)).not.toContain(token);
  }
});

/** How somebody without a token becomes the console's first admin. */
import { expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { expectAnswer, expectProblem, http } from "../support/http.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";
import { claimsIn } from "../cli/program.ts";
import { testKey } from "../auth/support.ts";

const SETUP = "/api/v1/admin/setup";

const serve = (settings = {}, clock?: ManualClock): Promise<StartedServer> =>
  startServer({ ...NO_RATES, ...settings }, { defaults: "serve", ...(clock === undefined ? {} : { clock }) });

const codeOf = (server: StartedServer): string => {
  const code = server.assembly.setupCode();
  if (code === null) throw new Error("this server has no code");
  return code;
};

test("the code makes an admin of 12 hours, once", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 31, 9));
  await using server = await serve({}, clock);
  const code = codeOf(server);
  expect(code).toMatch(/^[\w-]{43}$/);
  const { post } = http(server);
  const answer = await post(SETUP, { code });
  const { token } = answer.body as { token: string };
  expectAnswer(answer, 201, {
    token,
    expires_at: "2026-01-31T21:00:00.000Z",
    user: { id: "admin", username: "admin" },
  });
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(claimsIn(token)).toMatchObject({ sub: "admin", role: "admin" });
  const stats = await fetch(`${server.url}/api/v1/admin/stats`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(stats.status).toBe(200);

  expectProblem(await post(SETUP, { code }), 401, /once.*dragoman token admin --admin$/);
  await server.assembly.tick();
  await http(server, "key").post("/api/v1/notify/users/1", { message: "now" });
  const log = await http(server, "key").get("/api/v1/admin/security-log");
  expect(log.body).toMatchObject({
    items: [
      { kind: "login_failed", cause: "SETUP_INVALID", endpoint: `POST ${SETUP}`, user_id: null },
      { kind: "admin", cause: "console.sign_in", user_id: "admin", detail: "with the code" },
    ],
  });
  const written = JSON.stringify([log.body, server.logs.entries]);
  for (const secret of [code, token, token.split(".")[2] ?? ""]) expect(written).not.toContain(secret);
});

test("a code ends after 30 minutes, and with the next one", async () => {
  const clock = new ManualClock();
  await using server = await serve({}, clock);
  const { post } = http(server);
  const first = codeOf(server);
  const second = codeOf(server);
  expectProblem(await post(SETUP, { code: first }), 401);
  clock.advance(30 * 60_000);
  expectProblem(await post(SETUP, { code: second }), 401);
  const third = codeOf(server);
  clock.advance(30 * 60_000 - 1);
  expect((await post(SETUP, { code: third })).status).toBe(201);
});

test("wrong codes are counted as failed logins, and the right one passes still", async () => {
  await using server = await serve({ rateLimitLogins: 3 });
  const { post } = http(server);
  for (const code of ["wrong", "x".repeat(43), ""]) {
    const answer = await post(SETUP, { code });
    expectProblem(answer, code === "" ? 400 : 401);
  }
  const code = codeOf(server);
  expectProblem(await post(SETUP, { code: "wrong" }), 401);
  const slow = await post(SETUP, { code: "wrong" });
  expectProblem(slow, 429);
  expect(Number(slow.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await post(SETUP, { code })).status).toBe(201);
});

test("serve wants a code of everybody, on this machine too", async () => {
  await using server = await serve();
  const { post } = http(server);
  expectProblem(await post(SETUP, {}), 401, /^Send the code of the link/);
  expectProblem(await post(SETUP), 401);
  expectProblem(await post(SETUP, "{"), 400);
  expectProblem(await post(SETUP, { code: 7 }), 400);
  expectProblem(await http(server).get(SETUP), 405);
});

test("dev lets in whoever is on this machine, but no page or proxy that speaks for others", async () => {
  await using server = await startServer(NO_RATES);
  const setUp = (headers: Record<string, string>) => http(server).post(SETUP, {}, headers);
  for (const headers of [
    {},
    { origin: server.url },
    { host: `localhost:${server.port}` },
    { host: `localhost:${server.port}`, origin: `http://localhost:${server.port}` },
    { host: `[::1]:${server.port}` },
  ] as Record<string, string>[])
    expect([headers, (await setUp(headers)).status]).toEqual([headers, 201]);
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: `http://127.0.0.1:${server.port + 1}` },
    { host: "evil.example" },
    { host: "evil.example", origin: "http://evil.example" },
    { host: `127.0.0.1.evil.example:${server.port}` },
    { "x-forwarded-for": "203.0.113.9" },
    { "x-forwarded-for": "127.0.0.1" },
    { forwarded: "for=127.0.0.1" },
    { via: "1.1 proxy" },
  ] as Record<string, string>[])
    expect([headers, (await setUp(headers)).status]).toEqual([headers, 401]);
});

test("in dev a code works as often as it is needed", async () => {
  const clock = new ManualClock();
  await using server = await startServer(NO_RATES, { clock });
  const code = codeOf(server);
  const far = { "x-forwarded-for": "203.0.113.9" };
  for (const hours of [0, 1, 100]) {
    clock.advance(hours * 3_600_000);
    expect((await http(server).post(SETUP, { code }, far)).status).toBe(201);
  }
  expectProblem(await http(server).post(SETUP, { code: "wrong" }), 401);
});

test("a server that only has public keys has no code, and says how to sign in", async () => {
  await using server = await startServer({ ...NO_RATES, jwtPublicKey: (await testKey("ES256")).pem });
  expect(server.assembly.setupCode()).toBeNull();
  expectProblem(await http(server).post(SETUP, {}), 409, /public keys.*service key/);
  expectProblem(await http(server).post(SETUP, { code: "any" }), 409);
});

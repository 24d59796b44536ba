/** The security log: what happened at the doors, for admins and keys, and never a secret in it. */
import { expect, test } from "bun:test";
import type { SecurityView } from "../../src/core/security.ts";
import { addressOf, connect } from "../support/client.ts";
import { expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, diaryPath, PATHS } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { KEY, NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const LOG = "/api/v1/admin/security-log";

/** Oldest first, everything up to now. */
async function logOf(server: StartedServer, query = ""): Promise<SecurityView[]> {
  await server.assembly.tick();
  // A write of ours comes after that of the tick, and so does its answer.
  await http(server, "key").post(`/api/v1/notify/users/${BOB.id}`, { message: "now" });
  const { status, body } = await http(server, ADMIN).get(`${LOG}?limit=500${query}`);
  expect(status).toBe(200);
  return (body as { items: SecurityView[] }).items.toReversed();
}

test("who connected, who was refused and why sockets ended, with what can be done", async () => {
  await using server = await startServer({ ...NO_RATES, rateLimitFrames: 1, access: "members" });
  const alice = await connect(server, PATHS.chat, { as: ALICE });
  await alice.next("connected");
  for (let n = 0; n < 500; n++) alice.send({ type: "ping" });
  expect((await alice.closed()).code).toBe(1008);
  const bob = await connect(server, PATHS.notifier, { as: BOB });
  await bob.next("info");
  await bob.close();

  expectProblem(await knock(addressOf(server, PATHS.native, { token: "nonsense" })), 401);
  expectProblem(await knock(addressOf(server, PATHS.tasks, { as: ALICE })), 403);
  expectProblem(await knock(addressOf(server, diaryPath(BOB), { as: ALICE })), 403);

  const log = await logOf(server);
  const gist = log.map(({ kind, user_id, dialect, endpoint, close_code, cause }): unknown[] => [
    kind,
    user_id,
    `${dialect} ${endpoint}`,
    close_code,
    cause,
  ]);
  const socketOf = (dialect: string) => log.find((entry) => entry.dialect === dialect)?.endpoint;
  expect(gist).toEqual([
    ["connected", ALICE.id, `chat ${socketOf("chat")}`, null, null],
    ["closed", ALICE.id, `chat ${socketOf("chat")}`, 1008, "flooding"],
    ["connected", BOB.id, `notifier ${socketOf("notifier")}`, null, null],
    ["closed", BOB.id, `notifier ${socketOf("notifier")}`, 1005, "client"],
    ["refused", null, `native ${socketOf("native")}`, null, "TOKEN_INVALID"],
    ["refused", ALICE.id, `onetask ${socketOf("onetask")}`, null, "FORBIDDEN"],
    ["refused", null, `diary ${socketOf("diary")}`, null, "FORBIDDEN"],
  ]);
  expect(log[1]?.remedy).toContain("RATE_LIMIT_FRAMES");
  expect(log[4]?.remedy).toBe("The token is not valid here.");
  expect(log.map(({ address }) => address)).toEqual(log.map(() => "127.0.0.1"));

  expect((await logOf(server, "&kind=refused")).map(({ dialect }) => dialect)).toEqual([
    "native",
    "onetask",
    "diary",
  ]);
  expect(await logOf(server, `&user_id=${BOB.id}`)).toHaveLength(2);
});

test("bad proofs over HTTP are noted under the endpoint's name", async () => {
  await using server = await startServer(NO_RATES);
  const path = `/api/v1/presence/users/${ALICE.id}`;
  await fetch(new URL(`${path}?token=eyJhbGciOi`, server.url));
  await fetch(new URL(path, server.url), { headers: { "x-api-key": "a-wrong-service-key" } });
  await fetch(new URL(path, server.url));
  const log = await logOf(server);
  expect(log.map(({ kind, endpoint, cause }) => [kind, endpoint, cause])).toEqual([
    ["login_failed", "GET /api/v1/presence/users/:id", expect.any(String)],
    ["login_failed", "GET /api/v1/presence/users/:id", "KEY_INVALID"],
  ]);
});

test("frames too large and a restart are causes, too", async () => {
  await using server = await startServer(NO_RATES);
  const alice = await connect(server, PATHS.notifier, { as: ALICE });
  alice.sendText("x".repeat(100_000));
  await alice.closed();
  expect((await logOf(server)).at(-1)).toMatchObject({ kind: "closed", cause: "tooLarge" });
  const bob = await connect(server, PATHS.notifier, { as: BOB });
  await bob.next("info");
  await server.assembly.hub.drain();
  const { items } = await server.assembly.store.securityLog({ limit: 1 });
  expect(items).toMatchObject([{ kind: "closed", cause: "restart", close_code: 1012 }]);
});

test("is for admins and keys alone", async () => {
  await using server = await startServer();
  expectProblem(await http(server, ALICE).get(LOG), 403);
  expectProblem(await http(server).get(LOG), 401);
  expect((await http(server, "key").get(LOG)).status).toBe(200);
  expectProblem(await http(server, ADMIN).get(`${LOG}?kind=cats`), 400);
});

test("holds no token, key or ticket, whatever way they came", async () => {
  await using server = await startServer(NO_RATES);
  const good = server.token(ALICE);
  const { ticket } = (await http(server, ALICE).post("/api/v1/tickets")).body as { ticket: string };
  const bad = `${good.slice(0, -6)}AAAAAA`;
  const secrets = [good, bad, ticket, KEY, "dgk_0123456789abcdef", "stolen-ticket-0123"];
  await connect(server, PATHS.notifier, { token: good });
  await connect(server, PATHS.notifier, { query: { ticket } });
  await connect(server, PATHS.native, { headers: { "x-api-key": KEY } });
  await connect(server, PATHS.chat, { protocols: ["bearer", bad] });
  await knock(addressOf(server, PATHS.native, { token: bad }));
  await knock(addressOf(server, PATHS.native, { query: { ticket: "stolen-ticket-0123" } }));
  await knock(addressOf(server, PATHS.native, {}), { "x-api-key": "dgk_0123456789abcdef" });
  for (const token of [bad, "dgk_0123456789abcdef"])
    await fetch(new URL(`/api/v1/rooms?token=${token}`, server.url), {
      headers: { authorization: `Bearer ${bad}` },
    });

  const text = JSON.stringify(await logOf(server));
  expect(text).toContain("login_failed");
  expect(text).toContain("service key api-key-1");
  for (const secret of secrets) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(secret.split(".").at(-1) ?? "");
  }
});

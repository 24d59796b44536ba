/** Service keys and tokens, handed out over HTTP: shown once, refused at once, and nowhere written down. */
import { expect, test } from "bun:test";
import { openKeys } from "../../src/app/offline.ts";
import { ManualClock, systemClock } from "../../src/core/clock.ts";
import type { SecurityView } from "../../src/core/security.ts";
import { testKey } from "../auth/support.ts";
import { claimsIn, tempFolder } from "../cli/program.ts";
import { connect } from "../support/client.ts";
import { expectAnswer, expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, PATHS } from "../support/people.ts";
import { KEY, NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const KEYS = "/api/v1/admin/keys";
const TOKENS = "/api/v1/admin/tokens";

interface NewKey {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly created_at: string;
}

const askWith = async (server: StartedServer, proof: string): Promise<number> =>
  (await fetch(`${server.url}/api/v1/presence/users`, { headers: { authorization: `Bearer ${proof}` } }))
    .status;

async function actsOf(server: StartedServer): Promise<SecurityView[]> {
  await server.assembly.tick();
  // A write of ours comes after that of the tick, and so does its answer.
  await http(server, "key").post("/api/v1/notify/users/1", { message: "now" });
  const { body } = await http(server, ADMIN).get("/api/v1/admin/security-log?kind=admin");
  return (body as { items: SecurityView[] }).items.toReversed();
}

test("a key works from the moment it is made until the moment it is revoked", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 31, 9));
  await using server = await startServer(NO_RATES, { clock });
  const { get, post, delete: remove } = http(server, ADMIN);
  const made = await post(KEYS, { name: "backend" });
  const { id, key } = made.body as NewKey;
  expectAnswer(made, 201, { id, name: "backend", key, created_at: "2026-01-31T09:00:00.000Z" });
  expect(made.headers.get("cache-control")).toBe("no-store");
  expect(await askWith(server, key)).toBe(200);
  clock.advance(1000);
  const { id: second } = (await post(KEYS, { name: "worker" })).body as NewKey;
  const listed = (revoked_at: string | null) => ({
    items: [
      { id: second, name: "worker", created_at: "2026-01-31T09:00:01.000Z", revoked_at: null },
      { id, name: "backend", created_at: "2026-01-31T09:00:00.000Z", revoked_at },
    ],
    next: null,
  });
  expectAnswer(await get(KEYS), 200, listed(null));

  expectAnswer(await remove(`${KEYS}/${id}`), 204);
  expect(await askWith(server, key)).toBe(401);
  expectAnswer(await get(KEYS), 200, listed("2026-01-31T09:00:01.000Z"));
  expectAnswer(await remove(`${KEYS}/${id}`), 204);
  expectProblem(await remove(`${KEYS}/unknown`), 404);

  const acts = await actsOf(server);
  expect(acts.map(({ user_id, cause, detail }) => [user_id, cause, detail] as unknown[])).toEqual([
    [ADMIN.id, "key.create", `key ${id} (backend)`],
    [ADMIN.id, "key.create", `key ${second} (worker)`],
    [ADMIN.id, "key.revoke", `key ${id} (backend)`],
  ]);
  expect(JSON.stringify([acts, server.logs.entries])).not.toContain(key);
});

test("what is connected with a key ends with it, and nothing of another key of the same name", async () => {
  await using server = await startServer(NO_RATES);
  const { post, delete: remove } = http(server, ADMIN);
  const make = async (name: string) => (await post(KEYS, { name })).body as NewKey;
  const [first, second, other] = [await make("backend"), await make("backend"), await make("other")];
  const open = ({ key }: NewKey) => connect(server, PATHS.native, { headers: { "x-api-key": key } });
  const [socket, foreign] = [await open(first), await open(other)];
  await socket.next("welcome");
  await foreign.next("welcome");
  const namesake = await open(second);
  await namesake.next("welcome");
  const { ticket } = (await http(server).post("/api/v1/tickets", {}, { "x-api-key": first.key })).body as {
    ticket: string;
  };
  await remove(`${KEYS}/${first.id}`);
  expect(await socket.closed()).toEqual({ code: 1008, reason: "Key revoked" });
  await foreign.silent();
  await namesake.silent();
  // What was bought with it is worth nothing any more.
  expectProblem(await http(server).get(`/api/v1/presence/users?ticket=${ticket}`), 401, /service key/);
});

test("a key that another process revokes ends within a tick, with what is connected by it", async () => {
  using folder = tempFolder();
  await using server = await startServer({ ...NO_RATES, dataDir: folder.path });
  const { id, key } = (await http(server, ADMIN).post(KEYS, { name: "backend" })).body as NewKey;
  const open = (proof: string) => connect(server, PATHS.native, { headers: { "x-api-key": proof } });
  const [socket, setting] = [await open(key), await open(KEY)];
  await socket.next("welcome");
  await setting.next("welcome");
  const keys = openKeys(folder.path, systemClock);
  keys.revoke(id);
  keys.close();
  await server.assembly.tick();
  expect(await socket.closed()).toEqual({ code: 1008, reason: "Key revoked" });
  expect(await askWith(server, key)).toBe(401);
  await setting.silent();
});

test("a repeated request makes no second key, and cannot show the first again", async () => {
  await using server = await startServer(NO_RATES);
  const { get, post } = http(server, ADMIN);
  const once = { "idempotency-key": "k1" };
  const { id, key } = (await post(KEYS, { name: "backend" }, once)).body as NewKey;
  expectProblem(await post(KEYS, { name: "backend" }, once), 409, new RegExp(`^Key ${id} .*revoke it`));
  expect(((await get(KEYS)).body as { items: unknown[] }).items).toHaveLength(1);
  expect(await askWith(server, key)).toBe(200);
  expect(await actsOf(server)).toHaveLength(1);
});

test("keys have names that can be shown", async () => {
  await using server = await startServer(NO_RATES);
  const { post } = http(server, ADMIN);
  expectProblem(await post(KEYS, {}), 400, /^Missing required fields: name/);
  for (const name of ["a\nb", "x".repeat(129), 7]) expectProblem(await post(KEYS, { name }), 400);
});

test("a token opens what it says, as long as it says", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 31, 9));
  await using server = await startServer({ ...NO_RATES, access: "members" }, { clock });
  const { post } = http(server, "key");
  const made = await post(TOKENS, {
    user_id: 101,
    username: "alice",
    rooms: ["channel:*"],
    workspaces: [789],
  });
  const { token } = made.body as { token: string };
  expectAnswer(made, 201, { token, expires_at: "2026-02-01T09:00:00.000Z" });
  expect(claimsIn(token)).toMatchObject({
    sub: "101",
    username: "alice",
    rooms: ["channel:*"],
    workspaces: [789],
  });
  const alice = await connect(server, PATHS.native, { token });
  await alice.next("welcome");
  alice.send({ type: "subscribe", id: 1, data: { topics: ["channel:5", "project:789"] } });
  expect(await alice.next({ type: "reply", to: 1 })).toMatchObject({ data: {} });
  const stats = await fetch(`${server.url}/api/v1/admin/stats`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(stats.status).toBe(403);

  const admin = (await post(TOKENS, { user_id: "boss", admin: true, ttl_seconds: 60 })).body as {
    token: string;
  };
  expect(await askWith(server, admin.token)).toBe(200);
  const acts = await actsOf(server);
  expect(acts.map(({ cause, detail }) => [cause, detail])).toEqual([
    ["token.create", "service key api-key-1: for user 101, until 2026-02-01T09:00:00.000Z"],
    ["token.create", "service key api-key-1: for user boss, admin, until 2026-01-31T09:01:00.000Z"],
  ]);
  const written = JSON.stringify([acts, server.logs.entries]);
  for (const secret of [token, admin.token]) expect(written).not.toContain(secret.split(".")[2] ?? "");
  clock.advance(60_000);
  expect(await askWith(server, admin.token)).toBe(401);
});

test("a token follows the server's own claims, and none is made that it would refuse", async () => {
  await using server = await startServer({ ...NO_RATES, jwtIssuer: "https://me", jwtUserIdClaim: "uid" });
  const { post } = http(server, "key");
  const { token } = (await post(TOKENS, { user_id: "7" })).body as { token: string };
  expect(claimsIn(token)).toMatchObject({ uid: "7", iss: "https://me" });
  expect(await askWith(server, token)).toBe(200);
  expectProblem(await post(TOKENS, { user_id: "system" }), 400, /server's own/);
  expectProblem(await post(TOKENS, {}), 400, /^Missing required fields: user_id/);
  for (const bad of [{ ttl_seconds: 0 }, { ttl_seconds: 1e10 }, { rooms: "all" }, { admin: "yes" }])
    expectProblem(await post(TOKENS, { user_id: 7, ...bad }), 400);
});

test("a server that only has public keys makes no tokens", async () => {
  await using server = await startServer({ ...NO_RATES, jwtPublicKey: (await testKey("ES256")).pem });
  expectProblem(await http(server, "key").post(TOKENS, { user_id: 7 }), 409, /public keys/);
});

test("nobody but admins and keys", async () => {
  await using server = await startServer(NO_RATES);
  for (const [asker, status] of [
    ["nobody", 401],
    [ALICE, 403],
  ] as const) {
    const { get, post, delete: remove } = http(server, asker);
    expectProblem(await get(KEYS), status);
    expectProblem(await post(KEYS, { name: "mine" }), status);
    expectProblem(await remove(`${KEYS}/x`), status);
    expectProblem(await post(TOKENS, { user_id: 1, admin: true }), status);
  }
  expect((await http(server, "key").get(KEYS)).body).toEqual({ items: [], next: null });
});

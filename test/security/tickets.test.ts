/** One-time tickets at every door: once, for thirty seconds, for the one who bought it. */
import { describe, expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { DIALECTS } from "../../src/dialects/all.ts";
import { addressOf, connect } from "../support/client.ts";
import { type Asker, expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const DOORS = DIALECTS.flatMap(({ name, sockets }) =>
  sockets.map((at) => [`${name} ${at.name}`, at.path.replace(/:\w+/, String(ALICE.id))] as const),
);

async function buy(server: StartedServer, asker: Asker): Promise<string> {
  const { status, body } = await http(server, asker).post("/api/v1/tickets", {});
  expect(status).toBe(201);
  return (body as { ticket: string }).ticket;
}

/** Whether a ticket opens a socket that stays open. */
async function opens(server: StartedServer, path: string, ticket: string): Promise<boolean> {
  try {
    const client = await connect(server, path, { query: { ticket } });
    return await Promise.race([client.closed().then(() => false), client.drain().then(() => true)]);
  } catch {
    return false;
  }
}

describe.each(DOORS)("%s", (_name, path) => {
  test("a ticket opens it once, whoever comes first of fifty", async () => {
    await using server = await startServer({ ...NO_RATES, maxConnectionsPerUser: 0 });
    const ticket = await buy(server, ALICE);
    const entered = await Promise.all(Array.from({ length: 50 }, () => opens(server, path, ticket)));
    expect(entered.filter(Boolean)).toHaveLength(1);
    expect(await opens(server, path, ticket)).toBe(false);
  });

  test("not after thirty seconds, nor after the token that bought it", async () => {
    const clock = new ManualClock();
    await using server = await startServer(NO_RATES, { clock });
    const late = await buy(server, ALICE);
    clock.advance(30_000);
    expect(await opens(server, path, late)).toBe(false);
    const short = await buy(server, { ...ALICE, ttlSeconds: 5 });
    clock.advance(5000);
    expect(await opens(server, path, short)).toBe(false);
  });
});

test("whoever comes with a ticket is who bought it, and no more; the socket ends with the token", async () => {
  const clock = new ManualClock();
  await using server = await startServer(NO_RATES, { clock });
  const ticket = await buy(server, { ...ALICE, ttlSeconds: 60 });
  const client = await connect(server, "/api/v1/stream", { query: { ticket, user_id: "1" } });
  expect(await client.next("welcome")).toMatchObject({ data: { user_id: ALICE.id } });
  client.send({ type: "subscribe", id: 1, data: { topics: [`user:${BOB.id}`] } });
  expect(await client.next({ to: 1 })).toMatchObject({ error: { code: "FORBIDDEN" } });
  clock.advance(61_000);
  await server.assembly.tick();
  expect(await client.closed()).toEqual({ code: 1008, reason: "Token expired" });
});

test("no ticket buys another one, over HTTP it is good for one request", async () => {
  await using server = await startServer(NO_RATES);
  const { get, post } = http(server);
  const ticket = await buy(server, ADMIN);
  expectProblem(await post(`/api/v1/tickets?ticket=${ticket}`, {}), 403, /ticket/);
  expect((await get(`/api/v1/admin/stats?ticket=${ticket}`)).status).toBe(200);
  expectProblem(await get(`/api/v1/admin/stats?ticket=${ticket}`), 401, /tickets/);
  // Neither guessed ones, nor names of things.
  for (const guess of ["", "x", "__proto__", "constructor", "null", ticket.slice(0, -1), `${ticket}x`])
    expectProblem(await get(`/api/v1/admin/stats?ticket=${guess}`), 401);
});

test("a ticket is no token, and a token no ticket", async () => {
  await using server = await startServer(NO_RATES);
  const { get } = http(server);
  const ticket = await buy(server, ALICE);
  expectProblem(await get(`/api/v1/presence/users?token=${ticket}`), 401);
  expectProblem(await get("/api/v1/presence/users", { authorization: `Bearer ${ticket}` }), 401);
  expectProblem(await get(`/api/v1/presence/users?ticket=${server.token(ALICE)}`), 401);
  const address = new URL(addressOf(server, "/api/v1/presence/users", { query: { ticket } }));
  address.protocol = "http:";
  expect((await fetch(address)).status).toBe(200);
});

/** Who is connected: listed, looked at, closed; and who did it. */
import { expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import type { ConnectionInfo } from "../../src/core/admin.ts";
import type { SecurityView } from "../../src/core/security.ts";
import { connect } from "../support/client.ts";
import { expectAnswer, expectProblem, http } from "../support/http.ts";
import {
  ADMIN,
  ALICE,
  BOB,
  CAROL,
  chatIn,
  diaryPath,
  nativeIn,
  notifierIn,
  PATHS,
} from "../support/people.ts";
import { KEY, NO_RATES, type StartedServer, startServer } from "../support/server.ts";
import { blocks } from "../support/sse.ts";

const CONNECTIONS = "/api/v1/admin/connections";

interface ConnectionPage {
  readonly items: ConnectionInfo[];
  readonly next: string | null;
}

async function list(server: StartedServer, query = ""): Promise<ConnectionPage> {
  const { status, body } = await http(server, ADMIN).get(`${CONNECTIONS}${query}`);
  expect(status).toBe(200);
  return body as ConnectionPage;
}

/** What is written down, oldest first. */
async function securityLog(server: StartedServer, query = ""): Promise<SecurityView[]> {
  await server.assembly.tick();
  // A write of ours comes after that of the tick, and so does its answer.
  await http(server, "key").post(`/api/v1/notify/users/${BOB.id}`, { message: "now" });
  const { body } = await http(server, ADMIN).get(`/api/v1/admin/security-log?limit=500${query}`);
  return (body as { items: SecurityView[] }).items.toReversed();
}

test("a connection shows who it is, where, since when and what it listens to", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 31, 9));
  await using server = await startServer(NO_RATES, { clock });
  const alice = await chatIn(server, ALICE, ["project:789"]);
  alice.send({ type: "ping" });
  await alice.next("pong");
  const [chat] = (await list(server)).items;
  expectAnswer(await http(server, ADMIN).get(`${CONNECTIONS}/${chat?.id}`), 200, {
    id: chat?.id,
    dialect: "chat",
    endpoint: "connect",
    path: null,
    kind: "user",
    user_id: ALICE.id,
    username: "alice",
    address: "127.0.0.1",
    opened_at: "2026-01-31T09:00:00.000Z",
    expires_at: "2026-01-31T10:00:00.000Z",
    topics: [`user:${ALICE.id}`, "everyone", "workspace:789"],
    topic_count: 3,
    frames_in: 2,
    buffered_bytes: 0,
    resumes: false,
  });

  await connect(server, PATHS.tasks, { as: BOB, query: { last_event_id: "latest" } });
  await connect(server, PATHS.native, { headers: { "x-api-key": KEY } });
  await connect(server, "/api/v1/ws/nobody-knows");
  const gist = (await list(server)).items.map(
    ({ dialect, endpoint, path, kind, user_id, username, expires_at, resumes }) => [
      dialect,
      endpoint,
      path,
      kind,
      user_id,
      username,
      expires_at !== null,
      resumes,
    ],
  );
  expect(gist.slice(0, 3)).toEqual([
    ["diary", expect.any(String), null, "anonymous", null, "nobody-knows", false, false],
    ["native", "stream", null, "key", null, "api-key-1", false, false],
    ["onetask", "tasks", "workspace:789", "user", BOB.id, "bob", true, true],
  ]);
});

test("newest first, in pages, by dialect and by user", async () => {
  await using server = await startServer({ ...NO_RATES, maxConnectionsPerUser: 0 });
  for (const user of [ALICE, BOB, ALICE, BOB, ALICE]) await notifierIn(server, user);
  await chatIn(server, ALICE);
  const all = (await list(server)).items;
  const ids = all.map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  expect(ids).toHaveLength(6);

  const seen: number[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const { items, next }: ConnectionPage = await list(server, `?limit=4${cursor && `&cursor=${cursor}`}`);
    seen.push(...items.map(({ id }) => id));
    cursor = next;
  }
  expect(seen).toEqual(ids);
  expect((await list(server, "?dialect=chat")).items).toHaveLength(1);
  expect((await list(server, `?user_id=${ALICE.id}`)).items).toHaveLength(4);
  expect((await list(server, `?user_id=${ALICE.id}&dialect=notifier`)).items).toHaveLength(3);
  expect((await list(server, "?dialect=klingon")).items).toEqual([]);
  expectProblem(await http(server, ADMIN).get(`${CONNECTIONS}?limit=501`), 400);
  expectProblem(await http(server, ADMIN).get(`${CONNECTIONS}?cursor=x`), 400);
});

test("one connection is closed, or all of a user, and the log says by whom", async () => {
  await using server = await startServer(NO_RATES);
  const chat = await chatIn(server, ALICE);
  const native = await nativeIn(server, ALICE);
  const bob = await chatIn(server, BOB);
  const stream = await fetch(`${server.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${server.token(ALICE)}` },
  });
  const told = { code: 1008, reason: "Disconnected by an admin" };
  const [{ id } = { id: 0 }] = (await list(server, `?user_id=${ALICE.id}&dialect=chat`)).items;
  const { post } = http(server, ADMIN);
  expectAnswer(await post(`${CONNECTIONS}/${id}/close`), 200, { closed: true });
  expect(await chat.closed()).toEqual(told);
  expectProblem(await post(`${CONNECTIONS}/${id}/close`), 404);
  expectProblem(await http(server, ADMIN).get(`${CONNECTIONS}/${id}`), 404);

  expectAnswer(await http(server, "key").post(`/api/v1/admin/users/${ALICE.id}/disconnect`), 200, {
    count: 2,
  });
  expect(await native.closed()).toEqual(told);
  const heard: unknown[] = [];
  for await (const block of blocks(stream)) heard.push(block["event"]);
  expect(heard.at(-1)).toBe("close");
  await bob.silent();
  expectAnswer(await post(`/api/v1/admin/users/${CAROL.id}/disconnect`), 200, { count: 0 });

  const acts = await securityLog(server, "&kind=admin");
  expect(
    acts.map(({ user_id, address, cause, detail }) => [user_id, address, cause, detail] as unknown[]),
  ).toEqual([
    [ADMIN.id, "127.0.0.1", "connection.close", `connection ${id} (chat connect) of user alice`],
    [null, "127.0.0.1", "user.disconnect", `service key api-key-1: user ${ALICE.id}: 2 connections`],
    [ADMIN.id, "127.0.0.1", "user.disconnect", `user ${CAROL.id}: 0 connections`],
  ]);
  const closes = await securityLog(server, `&kind=closed&user_id=${ALICE.id}`);
  expect(closes.map(({ dialect, close_code, cause }) => [dialect, close_code, cause])).toEqual([
    ["chat", 1008, "disconnected"],
    ["native", 1008, "disconnected"],
    ["native", 1000, "disconnected"],
  ]);
});

test("a stream over HTTP is in the security log, a long-poll is not", async () => {
  await using server = await startServer(NO_RATES);
  const authorization = `Bearer ${server.token(ALICE)}`;
  const stream = await fetch(`${server.url}/api/v1/events`, { headers: { authorization } });
  const accept = "application/json";
  await fetch(`${server.url}/api/v1/events?wait=0`, { headers: { authorization, accept } });
  const [open] = (await list(server)).items;
  expect(open).toMatchObject({ dialect: "native", endpoint: "events", resumes: true });
  await http(server, ADMIN).post(`${CONNECTIONS}/${open?.id}/close`);
  await stream.text();
  const log = await securityLog(server, `&user_id=${ALICE.id}`);
  expect(log.map(({ kind, endpoint, cause }) => [kind, endpoint, cause])).toEqual([
    ["connected", "events", null],
    ["closed", "events", "disconnected"],
  ]);
});

test("nobody but admins and keys", async () => {
  await using server = await startServer(NO_RATES);
  await nativeIn(server, BOB);
  await connect(server, diaryPath(BOB));
  const [{ id } = { id: 0 }] = (await list(server)).items;
  const get = [CONNECTIONS, `${CONNECTIONS}/${id}`];
  const post = [`${CONNECTIONS}/${id}/close`, `/api/v1/admin/users/${BOB.id}/disconnect`];
  for (const path of get) {
    expectProblem(await http(server).get(path), 401);
    expectProblem(await http(server, ALICE).get(path), 403);
    expect((await http(server, "key").get(path)).status).toBe(200);
  }
  for (const path of post) {
    expectProblem(await http(server).post(path), 401);
    expectProblem(await http(server, ALICE).post(path), 403);
  }
  expect((await list(server)).items).toHaveLength(2);
});

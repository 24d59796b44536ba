/** Rooms and users as an admin sees them: who is where, who was ever here. */
import { expect, test } from "bun:test";
import type { RoomSurvey } from "../../src/core/admin.ts";
import { ManualClock } from "../../src/core/clock.ts";
import { connect } from "../support/client.ts";
import { expectAnswer, expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, CAROL, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer, type User } from "../support/server.ts";

const ROOMS = "/api/v1/admin/rooms";
const USERS = "/api/v1/admin/users";

interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

async function page<T>(server: StartedServer, path: string): Promise<Page<T>> {
  const { status, body } = await http(server, "key").get(path);
  expect(status).toBe(200);
  return body as Page<T>;
}

/** Every page, one after another, as a client that does not look into cursors. */
async function all<T>(server: StartedServer, path: string, limit: number): Promise<T[]> {
  const items: T[] = [];
  for (let next: string | null = ""; next !== null;) {
    const got: Page<T> = await page(server, `${path}limit=${limit}${next === "" ? "" : `&cursor=${next}`}`);
    expect(got.items.length).toBeLessThanOrEqual(limit);
    items.push(...got.items);
    next = got.next;
  }
  return items;
}

test("rooms that somebody is in come first, counted in sockets and users of all dialects", async () => {
  await using server = await startServer({ ...NO_RATES, access: "open" });
  const { post, put } = http(server, ADMIN);
  await post("/api/v1/workspaces", { id: 789, name: "Home" });
  await put("/api/v1/rooms/channel:1", { workspace_id: 789 });
  await put("/api/v1/rooms/channel:2", { workspace_id: 789 });
  await post("/api/v1/rooms/lobby/messages", { content: "hello" });
  await post("/api/v1/workspaces/789/tasks", { id: 7, title: "T" });
  await chatIn(server, ALICE, ["channel:1", "project:789", "task:7"]);
  await notifierIn(server, ALICE, ["channel_1", "ünïcode room"]);
  await nativeIn(server, BOB, ["channel:1"]);
  await nativeIn(server, ADMIN, ["*"]);
  await connect(server, PATHS.tasks, { as: CAROL });
  const expected: RoomSurvey[] = [
    { room: "channel:1", sockets: 3, users: 2, stored: true, workspace_id: 789 as never },
    { room: "room:ünïcode room", sockets: 1, users: 1, stored: false, workspace_id: null },
    { room: "task:7", sockets: 1, users: 1, stored: true, workspace_id: 789 as never },
    { room: "workspace:789", sockets: 2, users: 2, stored: true, workspace_id: 789 as never },
    { room: "channel:2", sockets: 0, users: 0, stored: true, workspace_id: 789 as never },
    { room: "room:lobby", sockets: 0, users: 0, stored: true, workspace_id: null },
  ];
  const rooms = (await page<RoomSurvey>(server, ROOMS)).items;
  expect(rooms).toEqual(expected);
  for (const limit of [1, 2, 3, 4, 5, 500])
    expect(await all<RoomSurvey>(server, `${ROOMS}?`, limit)).toEqual(rooms);
});

test("many stored rooms that are full do not end the list", async () => {
  await using server = await startServer(NO_RATES);
  const { put } = http(server, ADMIN);
  const names = Array.from({ length: 30 }, (_, n) => `channel:${n}`);
  for (const name of names) await put(`/api/v1/rooms/${name}`, {});
  const busy = names.slice(5);
  await nativeIn(server, ALICE, busy);
  const rooms = await all<RoomSurvey>(server, `${ROOMS}?`, 2);
  expect(rooms.map(({ room }) => room as string)).toEqual([...busy.toSorted(), ...names.slice(0, 5)]);
});

interface Person {
  readonly id: unknown;
  readonly username: string;
}

test("users are found again by when they were here, by id and by name", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 31, 9));
  await using server = await startServer({ ...NO_RATES, tokenExpiry: "ignore" }, { clock });
  const people: User[] = [
    { id: 10, username: "Ann" },
    { id: 100, username: "anna" },
    { id: "bo", username: "1001 nights" },
    { id: 11, username: "Bob 100%" },
    { id: "ann_e", username: "zoe" },
  ];
  for (const user of people) {
    clock.advance(1000);
    await (await notifierIn(server, user)).close();
  }
  const names = async (q: string) =>
    (await all<Person>(server, `${USERS}?${q === "" ? "" : `q=${encodeURIComponent(q)}&`}`, 2)).map(
      ({ username }) => username,
    );
  const seen = people.map(({ username }) => username).toReversed() as string[];
  expect(await names("")).toEqual(seen);
  expect(await names("ann")).toEqual(["zoe", "Ann", "anna"]);
  expect(await names("10")).toEqual(["Ann", "anna", "1001 nights"]);
  expect(await names("bob 100%")).toEqual(["Bob 100%"]);
  for (const nothing of ["%", "_", "x", "nn"]) expect(await names(nothing)).toEqual([]);

  // Who comes again an hour later is seen again; who stays so long is seen when he goes.
  clock.advance(3_600_000);
  const stays = await notifierIn(server, people[0] as User);
  expect((await names(""))[0]).toBe("Ann");
  await (await notifierIn(server, people[1] as User)).close();
  expect((await names("")).slice(0, 2)).toEqual(["anna", "Ann"]);
  clock.advance(3_600_000);
  await stays.close();
  await http(server, "key").post("/api/v1/notify/users/0", { message: "x" });
  expect((await names("")).slice(0, 2)).toEqual(["Ann", "anna"]);
});

test("a user shows what he is a member of, whether he is here and what he has not read", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 31, 9));
  await using server = await startServer(NO_RATES, { clock });
  const { get, post, put } = http(server, ADMIN);
  const alice = await chatIn(server, ALICE);
  await post("/api/v1/workspaces", { id: 789, name: "Home" });
  await put(`/api/v1/workspaces/789/members/${ALICE.id}`, { role: "admin" });
  await put(`/api/v1/rooms/channel:1/members/${ALICE.id}`);
  await post(`/api/v1/notify/users/${ALICE.id}`, { message: "one" });
  await post(`/api/v1/notify/users/${ALICE.id}`, { message: "two", level: "error" });
  const person = {
    id: ALICE.id,
    username: "alice",
    first_seen_at: "2026-01-31T09:00:00.000Z",
    last_seen_at: "2026-01-31T09:00:00.000Z",
    connected: true,
    unread: 2,
  };
  expectAnswer(await get(`${USERS}/${ALICE.id}`), 200, {
    ...person,
    memberships: [
      { topic: "channel:1", role: "member" },
      { topic: "workspace:789", role: "admin" },
    ],
  });
  await alice.close();
  const found = await page<object>(server, `${USERS}?q=ali`);
  expect(found).toEqual({ items: [{ ...person, connected: false }], next: null });

  const own = (await http(server, ALICE).get("/api/v1/notifications")).body as Page<{ id: number }>;
  const [newest] = own.items;
  await http(server, ALICE).post(`/api/v1/notifications/${newest?.id}/read`);
  const inbox = `${USERS}/${ALICE.id}/notifications`;
  expectAnswer(await get(inbox), 200, { items: [{ ...newest, read: true }, own.items[1]], next: null });
  expect((await page(server, `${inbox}?unread=true`)).items).toEqual([own.items[1]]);
  expect((await page(server, `${inbox}?limit=1`)).next).toBe(String(newest?.id));
  expectProblem(await get(`${USERS}/nobody`), 404);
  expect((await page(server, `${USERS}/nobody/notifications`)).items).toEqual([]);
});

test("nobody but admins and keys; foreign cursors lead nowhere", async () => {
  await using server = await startServer(NO_RATES);
  await chatIn(server, BOB, ["channel:1"]);
  for (const path of [ROOMS, USERS, `${USERS}/${BOB.id}`, `${USERS}/${BOB.id}/notifications`]) {
    expectProblem(await http(server).get(path), 401);
    expectProblem(await http(server, BOB).get(path), 403);
    expect((await http(server, "key").get(path)).status).toBe(200);
  }
  for (const cursor of ["7", "e30", "WzFd", "bm90aGluZw", "WyJzZWVuIl0", "WyJpbiIsMV0"])
    for (const path of [USERS, ROOMS])
      expect([cursor, (await http(server, "key").get(`${path}?cursor=${cursor}`)).status]).toEqual([
        cursor,
        200,
      ]);
  expectProblem(await http(server, "key").get(`${USERS}?q=${"x".repeat(129)}`), 400);
});

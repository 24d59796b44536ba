/** `Idempotency-Key`: the same answer for 24 h, and done once. */
import { describe, expect, test } from "bun:test";
import { ManualClock, isoTime } from "../../src/core/clock.ts";
import { type Answer, expectAnswer, expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, nativeIn } from "../support/people.ts";
import { NO_RATES, startServer } from "../support/server.ts";

const DAY_MS = 24 * 3_600_000;
const key = (name: string): Readonly<Record<string, string>> => ({ "idempotency-key": name });
const answers = (all: readonly Answer[]): string[] => [
  ...new Set(all.map(({ status, body }) => JSON.stringify({ status, body }))),
];
const PATH = `/api/v1/notify/users/${ALICE.id}`;

test("twenty at once are one notification and twenty equal answers", async () => {
  await using server = await startServer(NO_RATES);
  const device = await nativeIn(server, ALICE);
  const { post } = http(server, "key");
  const all = await Promise.all(Array.from({ length: 20 }, () => post(PATH, { message: "once" }, key("k1"))));
  expect(answers(all)).toHaveLength(1);
  expect(all[0]?.body).toMatchObject({ delivered: true });
  expect(await device.drain()).toHaveLength(1);

  // And later, when the user is gone and the moment's answer would be another.
  await device.close();
  expect(answers([await post(PATH, { message: "once" }, key("k1"))])).toEqual(answers(all));
  expect((await http(server, ALICE).get("/api/v1/notifications/unread-count")).body).toEqual({ count: 1 });
});

test("another body under the same key is refused", async () => {
  await using server = await startServer();
  const { post } = http(server, "key");
  await post(PATH, { message: "a" }, key("k1"));
  const { type } = expectProblem(await post(PATH, { message: "b" }, key("k1")), 422, /Idempotency-Key/);
  expect(type).toBe("urn:dragoman:error:idempotency-mismatch");
  expect((await post(PATH, { message: "b" }, key("k2"))).status).toBe(200);
});

test("a key belongs to who asks and where", async () => {
  await using server = await startServer(NO_RATES);
  const id = (answer: Answer) => (answer.body as { notification_id: number }).notification_id;
  const ids = [
    await http(server, "key").post(PATH, { message: "a" }, key("k")),
    await http(server, ADMIN).post(PATH, { message: "a" }, key("k")),
    await http(server, ALICE).post(PATH, { message: "a" }, key("k")),
    await http(server, "key").post(`/api/v1/notify/users/${BOB.id}`, { message: "a" }, key("k")),
    await http(server, "key").post(PATH, { message: "a" }),
  ].map(id);
  expect(new Set(ids).size).toBe(5);
  expect(id(await http(server, "key").post(`${PATH}/`, { message: "a" }, key("k")))).toBe(ids[0] as number);
});

test("after 24 h a key is free again", async () => {
  const clock = new ManualClock(Date.now());
  await using server = await startServer(NO_RATES, { clock });
  const ask = async () =>
    ((await http(server, "key").post(PATH, { message: "a" }, key("k"))).body as { notification_id: number })
      .notification_id;
  const first = await ask();
  clock.advance(DAY_MS - 1);
  await server.assembly.tick();
  expect(await ask()).toBe(first);
  clock.advance(1);
  expect(await ask()).toBeGreaterThan(first);
});

test("a key is 1 to 255 printable characters", async () => {
  await using server = await startServer(NO_RATES);
  const { post } = http(server, "key");
  for (const wrong of ["", "a".repeat(256), "käse", "a\tb"])
    expectProblem(await post(PATH, { message: "a" }, key(wrong)), 400, /^Invalid Idempotency-Key/);
  expect((await post(PATH, { message: "a" }, key("~ !".repeat(85)))).status).toBe(200);
});

test("what was refused is not remembered", async () => {
  await using server = await startServer({ diary: "open", ...NO_RATES });
  const { post } = http(server, "key");
  const announce = () => post("/api/v1/ws/notification", { message: "hi" }, key("k"));
  expectProblem(await announce(), 404, "No active WebSocket connections");
  const device = await nativeIn(server, ALICE);
  const first = await announce();
  expect(first.status).toBe(200);
  await device.close();
  expect(answers([first, await announce()])).toHaveLength(1);
});

test("those without a proof are told apart by their address", async () => {
  await using server = await startServer({ diary: "open", trustedProxies: ["127.0.0.1"], ...NO_RATES });
  const device = await nativeIn(server, ALICE);
  const announce = (message: string, address: string) =>
    http(server).post(
      "/api/v1/ws/notification",
      { message },
      {
        "idempotency-key": "1",
        "x-forwarded-for": address,
      },
    );
  expect((await announce("a", "192.0.2.1")).status).toBe(200);
  expect((await announce("b", "192.0.2.2")).status).toBe(200);
  expect((await announce("a", "192.0.2.1")).status).toBe(200);
  expectProblem(await announce("b", "192.0.2.1"), 422);
  expect(await device.drain()).toHaveLength(2);
});

describe("the same answer", () => {
  test("to what is told later, though its time has come", async () => {
    const clock = new ManualClock(Date.now());
    await using server = await startServer(NO_RATES, { clock });
    const body = {
      message: "tea",
      deliver_at: isoTime(clock.now() + 1000),
      expires_at: isoTime(clock.now() + 2000),
    };
    const ask = () => http(server, "key").post(PATH, body, key("k"));
    const first = await ask();
    clock.advance(1000);
    await server.assembly.tick();
    const second = await ask();
    clock.advance(1000);
    expect(answers([first, second, await ask()])).toHaveLength(1);
    expectAnswer(first, 200, { delivered: false, notification_id: null });
  });

  test("to what creates, counts, marks and tells in the five dialects", async () => {
    await using server = await startServer(NO_RATES);
    await nativeIn(server, ALICE);
    const { post } = http(server, ADMIN);
    await post("/api/v1/notify/users/1", { message: "for the admin" });
    const asks: [string, unknown, number][] = [
      ["/api/v1/workspaces", { name: "Home" }, 201],
      ["/api/v1/workspaces", { id: "W", name: "Work" }, 201],
      ["/api/v1/workspaces/W/tasks", { id: "t", title: "T" }, 201],
      ["/api/v1/tasks/t/complete", undefined, 200],
      ["/api/v1/focus-sessions", { id: "s", workspace_id: "W" }, 201],
      ["/api/v1/rooms/channel:9/messages", { content: "hi" }, 201],
      ["/api/v1/workspaces/W/archive", undefined, 200],
      ["/api/v1/notify/broadcast", { message: "hi" }, 200],
      ["/api/v1/notify/rooms/lobby", { message: "hi" }, 200],
      ["/api/v1/notifications/read-all", undefined, 200],
      ["/api/v1/realtime/events/task", { task_id: 1, title: "T", action: "created" }, 202],
      ["/api/v1/realtime/events/workspace", { workspace_id: "W", title: "T", content: "C" }, 202],
      ["/api/v1/realtime/events/system", { title: "T", content: "C" }, 202],
    ];
    for (const [n, [path, body, status]] of asks.entries()) {
      const first = await post(path, body, key(`k${n}`));
      expect([path, first.status]).toEqual([path, status]);
      const ends = server.assembly.hub.stats().lastEventId;
      const others = await Promise.all([1, 2, 3].map(() => post(path, body, key(`k${n}`))));
      expect(answers([first, ...others])).toHaveLength(1);
      expect(server.assembly.hub.stats().lastEventId).toBe(ends);
    }
  });
});

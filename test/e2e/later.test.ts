/** `deliver_at`: stored now, told then, once; whatever happens in between. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock, isoTime } from "../../src/core/clock.ts";
import { ID } from "../support/frames.ts";
import { expectAnswer, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, chatIn, nativeIn, notifierIn } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const HOUR_MS = 3_600_000;

const folder = mkdtempSync(join(tmpdir(), "dragoman-later-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const setUp = async (more: { dataDir?: string } = {}) => {
  const clock = new ManualClock(Date.now());
  const open = () => startServer({ ...NO_RATES, ...more }, { clock });
  return { clock, open, at: (ms: number) => isoTime(clock.now() + ms) };
};

const contents = async (server: StartedServer): Promise<string[]> => {
  const { body } = await http(server, ALICE).get("/api/v1/notifications");
  return (body as { items: { content: string }[] }).items.map(({ content }) => content);
};

describe("a scheduled notification", () => {
  test("is told and put into the inbox when it is due, once", async () => {
    const { clock, open, at } = await setUp();
    await using server = await open();
    const device = await nativeIn(server, { ...ALICE, ttlSeconds: 2 * 3600 });
    expectAnswer(
      await http(server, "key").post(`/api/v1/notify/users/${ALICE.id}`, {
        message: "tea",
        deliver_at: at(HOUR_MS),
      }),
      200,
      { delivered: false, notification_id: null },
    );
    await server.assembly.tick();
    clock.advance(HOUR_MS - 1);
    await server.assembly.tick();
    await device.silent();
    expect(await contents(server)).toEqual([]);

    clock.advance(1);
    await Promise.all([server.assembly.tick(), server.assembly.tick()]);
    await server.assembly.tick();
    expect(await device.next()).toMatchObject({ kind: "notification.created", data: { content: "tea" } });
    await device.silent();
    expect(await contents(server)).toEqual(["tea"]);
  });

  test("for a room reaches who is there then; for all, everybody", async () => {
    const { clock, open, at } = await setUp();
    await using server = await open();
    const { post } = http(server, ADMIN);
    const deliver_at = at(HOUR_MS);
    expectAnswer(await post("/api/v1/notify/rooms/channel:9", { message: "room", deliver_at }), 200, {
      count: 0,
    });
    expectAnswer(await post("/api/v1/notify/rooms/user_67890", { message: "own", deliver_at }), 200, {
      count: 0,
    });
    expectAnswer(await post("/api/v1/notify/broadcast", { message: "all", deliver_at }), 200, { count: 0 });
    clock.advance(HOUR_MS);
    const alice = await chatIn(server, ALICE, ["channel:9"]);
    const bob = await notifierIn(server, BOB);
    await server.assembly.tick();
    expect(await alice.next()).toMatchObject({ type: "notification.new", room: "channel:9" });
    expect(await alice.next()).toMatchObject({ data: { message: "all" } });
    expect(await bob.next()).toMatchObject({ message: "own", room: "user_67890" });
    expect(await bob.next()).toMatchObject({ type: "broadcast", message: "all" });
    expect(await contents(server)).toEqual(["room"]);
  });

  test("survives restarts, and what was due meanwhile is told at the start", async () => {
    const { clock, open, at } = await setUp({ dataDir: join(folder, "restart") });
    {
      await using server = await open();
      const { post } = http(server, "key");
      const path = `/api/v1/notify/users/${ALICE.id}`;
      await post(path, { message: "second", deliver_at: at(2 * HOUR_MS) });
      await post(path, { message: "first", deliver_at: at(HOUR_MS) });
      await post(path, { message: "much later", deliver_at: at(9 * HOUR_MS) });
      await post(path, { message: "over by then", deliver_at: at(HOUR_MS), expires_at: at(HOUR_MS + 1) });
      await server.assembly.tick();
    }
    clock.advance(3 * HOUR_MS);
    {
      await using server = await open();
      const device = await nativeIn(server, ALICE);
      await server.assembly.tick();
      expect((await device.take(2)).map(({ data }) => data.content)).toEqual(["first", "second"]);
      await device.silent();
      expect(server.logs.of("SCHEDULED_DROPPED")).toHaveLength(1);
    }
    {
      await using server = await open();
      await server.assembly.tick();
      expect(await contents(server)).toEqual(["second", "first"]);
    }
  });

  test("is told by itself within a second or so", async () => {
    await using server = await startServer();
    const device = await nativeIn(server, ALICE);
    await server.notifications.notifyUser({
      userId: ALICE.id,
      message: "tea",
      deliverAt: new Date(Date.now() + 50),
    });
    await device.silent();
    expect(await device.next()).toMatchObject({ data: { content: "tea" } });
  });
});

test("a time that has come is now", async () => {
  await using server = await startServer();
  const device = await nativeIn(server, ALICE);
  expectAnswer(
    await http(server, "key").post(`/api/v1/notify/users/${ALICE.id}`, {
      message: "tea",
      deliver_at: "2020-01-31T09:00:00+01:00",
    }),
    200,
    { delivered: true, notification_id: ID },
  );
  expect(await device.next()).toMatchObject({ data: { content: "tea" } });
});

test("the embedding program may say when, too", async () => {
  const { clock, open, at } = await setUp();
  await using server = await open();
  const { notifications } = server;
  const notice = { userId: ALICE.id, message: "tea", title: "Kitchen", level: "success" } as const;
  expect(await notifications.notifyUser({ ...notice, deliverAt: at(HOUR_MS) })).toBe(false);
  expect(await notifications.broadcast({ message: "all", deliverAt: new Date(clock.now() + HOUR_MS) })).toBe(
    0,
  );
  await notifications.notifyUser({ ...notice, message: "short", expiresAt: at(1000) });
  expect(await contents(server)).toEqual(["short"]);
  clock.advance(HOUR_MS);
  await server.assembly.tick();
  expect(await contents(server)).toEqual(["tea"]);
  for (const wrong of ["tomorrow", new Date(Number.NaN)]) {
    expect(notifications.notifyUser({ ...notice, deliverAt: wrong })).rejects.toThrow(
      "deliverAt is a Date or an ISO 8601 time",
    );
  }
});

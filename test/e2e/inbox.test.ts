/** The inbox: what was told is found again, and what is read on one device shows on the others. */
import { describe, expect, test } from "bun:test";
import { ManualClock, isoTime } from "../../src/core/clock.ts";
import { expectExactly, ID, TIME } from "../support/frames.ts";
import { type Answer, expectAnswer, expectProblem, http } from "../support/http.ts";
import { ALICE, BOB, nativeIn } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";

interface List {
  readonly items: readonly { readonly id: number; readonly content: string; readonly read: boolean }[];
  readonly next: string | null;
}

const listOf = (answer: Answer): List => {
  expect(answer.status).toBe(200);
  return answer.body as List;
};

/** Notifies Alice; answers the ids. */
async function notify(server: StartedServer, ...messages: string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const message of messages) {
    const { body } = await http(server, "key").post(`/api/v1/notify/users/${ALICE.id}`, { message });
    ids.push((body as { notification_id: number }).notification_id);
  }
  return ids;
}

describe("an inbox", () => {
  test("has exactly the documented fields", async () => {
    await using server = await startServer();
    await http(server, "key").post(`/api/v1/notify/users/${ALICE.id}`, {
      message: "hello",
      data: { a: 1 },
      link: "/x",
    });
    await http(server, "key").post("/api/v1/realtime/events/task", {
      task_id: 456,
      title: "Plants",
      action: "updated",
      workspace_id: "007",
      user_id: BOB.id,
      target_user_ids: [ALICE.id],
    });
    const [task, plain] = listOf(await http(server, ALICE).get("/api/v1/notifications")).items;
    expectExactly(plain, {
      id: ID,
      title: "Notification",
      content: "hello",
      notification_type: "system",
      level: "info",
      related_entity_type: null,
      related_entity_id: null,
      data: { a: 1, link: "/x" },
      read: false,
      created_at: TIME,
    });
    expectExactly(task, {
      id: ID,
      title: "Task Updated",
      content: "Task 'Plants' was updated.",
      notification_type: "task",
      level: "info",
      related_entity_type: "task",
      related_entity_id: 456,
      data: { task_id: 456, action: "updated", workspace_id: "007", actor_id: BOB.id },
      read: false,
      created_at: TIME,
    });
  });

  test("pages newest first, or oldest first behind an id", async () => {
    await using server = await startServer();
    const ids = await notify(server, "one", "two", "three");
    const { get } = http(server, ALICE);
    const page = async (query: string): Promise<List> => listOf(await get(`/api/v1/notifications?${query}`));
    const first = await page("limit=2");
    expect(first.items.map(({ content }) => content)).toEqual(["three", "two"]);
    const second = await page(`limit=2&cursor=${first.next}`);
    expect([second.items.map(({ content }) => content), second.next]).toEqual([["one"], null]);
    const behind = await page(`after=${ids[0]}`);
    expect(behind.items.map(({ content }) => content)).toEqual(["two", "three"]);
    for (const query of ["limit=0", "limit=501", "after=-1", "after=x", "unread=perhaps"])
      expectProblem(await get(`/api/v1/notifications?${query}`), 400);
  });

  test("counts, marks and forgets; another's is not to be known of", async () => {
    await using server = await startServer();
    const ids = await notify(server, "one", "two", "three");
    const { get, post, delete: remove } = http(server, ALICE);
    const path = (id: number | undefined, act = "") => `/api/v1/notifications/${id}${act}`;

    expectAnswer(await get("/api/v1/notifications/unread-count"), 200, { count: 3 });
    expectAnswer(await post(path(ids[0], "/read")), 200, { count: 2 });
    expectAnswer(await post(path(ids[0], "/read")), 200, { count: 2 });
    const unread = listOf(await get("/api/v1/notifications?unread=true"));
    expect(unread.items.map(({ content, read }) => [content, read])).toEqual([
      ["three", false],
      ["two", false],
    ]);
    expectAnswer(await remove(path(ids[1])), 204);
    expectProblem(await remove(path(ids[1])), 404, "Notification not found");
    expectAnswer(await post("/api/v1/notifications/read-all"), 200, { count: 0 });
    expect(listOf(await get("/api/v1/notifications")).items.map(({ read }) => read)).toEqual([true, true]);

    expectProblem(await http(server, BOB).post(path(ids[0], "/read")), 404, "Notification not found");
    expectProblem(await http(server, BOB).delete(path(ids[0])), 404, "Notification not found");
    expectProblem(await post(path(Number.NaN, "/read")), 400);
    expectProblem(await http(server, "key").get("/api/v1/notifications"), 400, "A service key has no inbox.");
    expectProblem(await http(server).get("/api/v1/notifications"), 401);
  });
});

describe("two devices", () => {
  test("show at once what was read or deleted on one of them, and nothing of it to others", async () => {
    await using server = await startServer();
    const [phone, laptop, bob] = [
      await nativeIn(server, ALICE),
      await nativeIn(server, ALICE),
      await nativeIn(server, BOB),
    ];
    const ids = await notify(server, "one", "two", "three");
    const { post, delete: remove } = http(server, ALICE);
    await post(`/api/v1/notifications/${ids[0]}/read`);
    await post(`/api/v1/notifications/${ids[0]}/read`);
    await remove(`/api/v1/notifications/${ids[1]}`);
    await post("/api/v1/notifications/read-all");
    for (const device of [phone, laptop]) {
      const about = (kind: string, data: object) => ({
        type: "event",
        kind,
        topic: `user:${ALICE.id}`,
        data: { user_id: ALICE.id, ...data },
        actor: null,
        at: TIME,
      });
      await device.take(3);
      await device.expect(
        about("notification.read", { ids: [ids[0]], up_to: ID, unread: 2 }),
        about("notification.deleted", { ids: [ids[1]], unread: 1 }),
        about("notification.read", { ids: null, up_to: ID, unread: 0 }),
      );
      await device.silent();
    }
    await bob.silent();
  });

  test("one of which was away learns it when it comes back", async () => {
    await using server = await startServer();
    const ids = await notify(server, "one", "two");
    const last_event_id = server.assembly.hub.stats().lastEventId;
    await http(server, ALICE).post(`/api/v1/notifications/${ids[1]}/read`);
    await http(server, ALICE).delete(`/api/v1/notifications/${ids[0]}`);
    const device = await nativeIn(server, ALICE, [], { query: { last_event_id } });
    const [read, deleted, resumed] = await device.take(3);
    expect(read).toMatchObject({
      kind: "notification.read",
      data: { ids: [ids[1]], unread: 1 },
      event_id: last_event_id + 1,
    });
    expect(deleted).toMatchObject({ kind: "notification.deleted", data: { ids: [ids[0]], unread: 0 } });
    expect(resumed).toEqual({
      type: "resumed",
      data: { recovered: true, last_event_id: last_event_id + 2 },
    } as never);
  });
});

describe("what has expired", () => {
  test("is in no inbox, no count and no replay", async () => {
    const clock = new ManualClock(Date.now());
    await using server = await startServer(NO_RATES, { clock });
    const { post } = http(server, "key");
    const expires_at = isoTime(clock.now() + 60_000);
    const last_event_id = server.assembly.hub.stats().lastEventId;
    await post(`/api/v1/notify/users/${ALICE.id}`, { message: "soon over", expires_at });
    await post("/api/v1/notify/broadcast", { message: "over for all", expires_at });
    await notify(server, "stays");
    const { get } = http(server, ALICE);
    const contents = async (): Promise<string[]> => {
      const device = await nativeIn(server, ALICE, [], { query: { last_event_id } });
      const frames = await device.drain();
      await device.close();
      expect(frames.at(-1)).toMatchObject({ type: "resumed", data: { recovered: true } });
      return frames.slice(0, -1).map((frame) => frame.data.content);
    };
    expect(await contents()).toEqual(["soon over", "over for all", "stays"]);
    expectAnswer(await get("/api/v1/notifications/unread-count"), 200, { count: 2 });

    clock.advance(60_000);
    expect(await contents()).toEqual(["stays"]);
    expectAnswer(await get("/api/v1/notifications/unread-count"), 200, { count: 1 });
    expect(listOf(await get("/api/v1/notifications")).items.map(({ content }) => content)).toEqual(["stays"]);
  });

  test("before it was told is a bad request", async () => {
    await using server = await startServer();
    const ask = (more: object) =>
      http(server, "key").post("/api/v1/notify/users/5", { message: "x", ...more });
    const now = Date.now();
    const { errors } = expectProblem(await ask({ expires_at: isoTime(now - 1000) }), 400, /expires_at/);
    expect(errors).toEqual([{ path: "expires_at", message: "must be in the future" }]);
    expectProblem(
      await ask({ deliver_at: isoTime(now + 9000), expires_at: isoTime(now + 9000) }),
      400,
      "Invalid expires_at: must be after deliver_at",
    );
    for (const time of [
      "tomorrow",
      "2026-01-31",
      "2026-01-31T09:00:00",
      1_700_000_000,
      "2026-02-30T09:00:00Z",
    ]) {
      expectProblem(await ask({ expires_at: time }), 400, /^Invalid expires_at/);
      expectProblem(await ask({ deliver_at: time }), 400, /^Invalid deliver_at/);
    }
    expectAnswer(await ask({ expires_at: "2999-01-31T09:00:00+05:30", deliver_at: null }), 200, {
      delivered: false,
      notification_id: ID,
    });
  });
});

/** What is older than the retention goes; resuming says so, and inboxes keep what is theirs. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isoTime, ManualClock } from "../../src/core/clock.ts";
import { NOTHING } from "../suites/store-support.ts";
import { http } from "../support/http.ts";
import { ALICE, BOB, nativeIn } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const DAY_MS = 24 * 3_600_000;
const ROOM = "channel:9";

const folder = mkdtempSync(join(tmpdir(), "dragoman-retention-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes so many messages into the room, in one go. */
async function write(server: StartedServer, count: number): Promise<void> {
  const bob = http(server, BOB);
  await Promise.all(
    Array.from({ length: count }, (_, n) =>
      bob.post(`/api/v1/rooms/${ROOM}/messages`, { content: String(n) }),
    ),
  );
}

/** Resumes the room and the user's own topic; what came, and how it ended. */
async function resume(server: StartedServer, cursor: number): Promise<{ ids: number[]; recovered: boolean }> {
  const client = await nativeIn(server, ALICE);
  const topics = [ROOM, `user:${ALICE.id}`];
  client.send({ type: "unsubscribe", data: { topics: [`user:${ALICE.id}`] } });
  await client.next("reply");
  client.send({ type: "subscribe", data: { topics, last_event_id: cursor } });
  const { data } = await client.next("resumed");
  await client.close();
  const ids = client.received.map(({ event_id }) => event_id).filter((id) => id !== undefined);
  return { ids, recovered: data.recovered };
}

const upTo = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);

test("events go by number and age, notifications by their own age", async () => {
  const clock = new ManualClock(Date.now());
  const settings = {
    ...NO_RATES,
    retentionEventsMax: 20,
    retentionEventsDays: 30,
    retentionNotificationsDays: 90,
  };
  await using server = await startServer(settings, { clock });
  const { store, hub } = server.assembly;
  const tick = () => server.assembly.tick();
  const contents = async (): Promise<unknown> =>
    ((await http(server, ALICE).get("/api/v1/notifications")).body as { items: unknown[] }).items;
  await http(server, "key").post(`/api/v1/notify/users/${ALICE.id}`, { message: "kept" });
  const told = hub.stats().lastEventId;
  await write(server, 30);
  clock.advance(60_000);
  await tick();

  const { first, last } = await store.ends();
  expect([first, last]).toEqual([told + 11, told + 30]);
  expect(await resume(server, first - 1)).toEqual({ ids: upTo(first, last), recovered: true });
  expect(await resume(server, told)).toMatchObject({ recovered: false });
  expect(await resume(server, 0)).toMatchObject({ recovered: true });
  expect(await contents()).toMatchObject([{ content: "kept" }]);

  clock.advance(31 * DAY_MS);
  await tick();
  expect(await store.ends()).toEqual({ first: last, last });
  expect(await contents()).toMatchObject([{ content: "kept" }]);

  clock.advance(60 * DAY_MS);
  await tick();
  expect(await contents()).toEqual([]);
});

test("what is pruned under a reader's eyes is not called recovered", async () => {
  const settings = { ...NO_RATES, dataDir: join(folder, "race") };
  const before = await startServer(settings);
  await write(before, 700);
  const { first, last } = await before.assembly.store.ends();
  await before[Symbol.asyncDispose]();

  // Begun anew, nothing of it is in memory: it is read in slices.
  await using server = await startServer(settings);
  const { store } = server.assembly;
  expect(await resume(server, first)).toEqual({ ids: upTo(first + 1, last), recovered: true });

  const read = store.replay.bind(store);
  let slices = 0;
  store.replay = async (...args) => {
    if (++slices === 3) {
      const rules = { ...NOTHING, now: isoTime(Date.now()) };
      await store.prune({ ...rules, eventsMax: 50 }, 10_000);
    }
    return read(...args);
  };
  const cut = await resume(server, first);
  expect(cut.ids.length).toBeLessThan(last - first);
  expect(cut.recovered).toBe(false);
  expect(await resume(server, last - 40)).toEqual({ ids: upTo(last - 39, last), recovered: true });
});

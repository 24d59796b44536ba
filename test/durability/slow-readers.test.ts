import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestServer, createTestServer } from "../../src/app/dragoman.ts";
import { Reader } from "./reader.ts";

/** `READERS=1000 SLOW=100 bun test test/durability/slow-readers.test.ts` is the long variant. */
const READERS = Number(process.env["READERS"] ?? 100);
const SLOW = Number(process.env["SLOW"] ?? 10);
/** More than the kernel takes for a reader that has stopped, and the soft limit on top. */
const MESSAGES = 400;
const CONTENT = "x".repeat(30_000);
const SOFT_LIMIT_BYTES = 512 << 10;

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({
    settings: { maxConnectionsPerUser: 0, rateLimitConnects: 0, rateLimitFrames: 0 },
  });
});
afterAll(() => server.stop());

const urlOf = (cursor: number | "latest"): string =>
  `${server.wsUrl}/api/v1/stream?last_event_id=${cursor}&token=${server.token({ id: 5 })}`;

test(`of ${READERS + SLOW} readers ${SLOW} stop reading: the others miss nothing, each slow one is closed with 1013 and resumes`, async () => {
  const head = server.assembly.hub.stats().lastEventId;
  const expected = Array.from({ length: MESSAGES }, (_, i) => head + 1 + i);
  const last = expected.at(-1) as number;
  let left = READERS;
  let allHeard: () => void = () => {};
  const heard = new Promise<void>((resolve) => (allHeard = resolve));
  const onId = (id: number): void => {
    if (id === last && --left === 0) allHeard();
  };
  const healthy = Array.from({ length: READERS }, () => new Reader(urlOf("latest"), onId));
  const slow = Array.from({ length: SLOW }, () => new Reader(urlOf("latest")));
  await Promise.all([...healthy, ...slow].map((reader) => reader.opened));
  for (const reader of slow) reader.stopReading();

  const { meters, hub } = server.assembly;
  let pending = slow;
  const before = process.memoryUsage.rss();
  for (let i = 0; i < MESSAGES; i += 8) {
    await Promise.all(
      Array.from({ length: 8 }, () => server.notifications.notifyUser({ userId: 5, message: CONTENT })),
    );
    // Once all of them are closed they read on: whoever does not read at all is cut after some seconds.
    hub.tick();
    if (meters.slowCloses < SLOW) continue;
    for (const reader of pending) reader.readOn();
    pending = [];
  }
  await heard;
  for (const reader of pending) reader.readOn();
  for (const reader of healthy) expect(reader.ids).toEqual(expected);
  expect(meters.slowCloses).toBe(SLOW);
  // Each slow one may hold its soft limit and what came in one turn; the rest of the growth is everybody's.
  expect(process.memoryUsage.rss() - before).toBeLessThan((SLOW * 4 * SOFT_LIMIT_BYTES + (256 << 20)) * 2);

  for (const reader of slow) {
    expect(await reader.closed).toBe(1013);
    expect(reader.ids).toEqual(expected.slice(0, reader.ids.length));
    expect(reader.ids.length).toBeLessThan(MESSAGES);
    const resumed = await new Promise<Reader>((resolve) => {
      const again: Reader = new Reader(urlOf(reader.ids.at(-1) ?? head), (id) => {
        if (id === last) resolve(again);
      });
    });
    expect([...reader.ids, ...resumed.ids]).toEqual(expected);
    resumed.end();
  }
  for (const reader of healthy) reader.end();
}, 120_000);

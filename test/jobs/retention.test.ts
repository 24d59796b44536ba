import { expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { createJobs } from "../../src/jobs/jobs.ts";
import { createRetention, rulesAt } from "../../src/jobs/retention.ts";
import type { RetentionRules } from "../../src/store/store.ts";
import { LogBook } from "../support/server.ts";

const settings = {
  retentionEventsDays: 30,
  retentionEventsMax: 1000,
  retentionNotificationsDays: 90,
  retentionNotificationsMax: 2000,
  retentionSecurityLogDays: 30,
  retentionSecurityLogMax: 3000,
};
const OFF = {
  retentionEventsDays: 0,
  retentionEventsMax: 0,
  retentionNotificationsDays: 0,
  retentionNotificationsMax: 0,
  retentionSecurityLogDays: 0,
  retentionSecurityLogMax: 0,
};

/** A store with so many rows to remove. */
function setUp(rows: number) {
  const clock = new ManualClock();
  const asked: RetentionRules[] = [];
  const steps: number[] = [];
  const pauses: number[] = [];
  const meters = { pruned: 0 };
  let stopping = false;
  const run = createRetention({
    store: {
      prune(rules, limit) {
        asked.push(rules);
        const gone = Math.min(rows, limit);
        rows -= gone;
        steps.push(gone);
        return gone;
      },
    },
    settings,
    clock,
    log: new LogBook(),
    meters,
    stopping: () => stopping,
    pause: async (ms) => void pauses.push(ms),
  });
  return { run, clock, asked, steps, pauses, meters, stop: () => (stopping = true) };
}

test("days become times, and 0 keeps for ever", () => {
  const now = Date.UTC(2026, 5, 30, 12);
  expect(rulesAt(now, settings)).toEqual({
    eventsBefore: "2026-05-31T12:00:00.000Z",
    eventsMax: 1000,
    notificationsBefore: "2026-04-01T12:00:00.000Z",
    notificationsMax: 2000,
    securityBefore: "2026-05-31T12:00:00.000Z",
    securityMax: 3000,
    now: "2026-06-30T12:00:00.000Z",
  });
  expect(rulesAt(now, OFF)).toEqual({
    eventsBefore: null,
    eventsMax: null,
    notificationsBefore: null,
    notificationsMax: null,
    securityBefore: null,
    securityMax: null,
    now: "2026-06-30T12:00:00.000Z",
  });
});

test("it prunes in steps of 500 rows with pauses until nothing is left", async () => {
  const { run, steps, pauses, meters } = setUp(1200);
  await run();
  expect(meters.pruned).toBe(1200);
  expect(steps).toEqual([500, 500, 200]);
  expect(pauses).toHaveLength(2);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(20);
});

test("it prunes once a minute, and again where the clock was set back", async () => {
  const { run, clock, asked } = setUp(0);
  await run();
  clock.advance(59_999);
  await run();
  expect(asked).toHaveLength(1);
  clock.advance(1);
  await run();
  expect(asked).toHaveLength(2);
  clock.advance(-3_600_000);
  await run();
  expect(asked.map(({ now }) => now)).toEqual([
    "2026-01-01T00:00:00.000Z",
    "2026-01-01T00:01:00.000Z",
    "2025-12-31T23:01:00.000Z",
  ]);
});

test("it begins no further step when the server stops", async () => {
  const { run, steps, stop } = setUp(5000);
  stop();
  await run();
  expect(steps).toEqual([500]);
});

test("a job that fails is logged and tried again; one that is under way is not begun twice", async () => {
  const clock = new ManualClock();
  const log = new LogBook();
  const waiting: (() => void)[] = [];
  let prunes = 0;
  const jobs = createJobs({
    store: {
      due: async () => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return [];
      },
      prune() {
        prunes++;
        throw new Error("disk gone");
      },
    },
    execute: async () => ({}),
    drop: () => {},
    settings,
    clock,
    log,
    meters: { pruned: 0 },
  });
  const [first, second] = [jobs.tick(), jobs.tick()];
  expect(waiting).toHaveLength(1);
  waiting[0]?.();
  await Promise.all([first, second]);
  clock.advance(60_000);
  const third = jobs.tick();
  expect([waiting.length, prunes]).toEqual([2, 2]);
  const stopped = jobs.stop();
  await jobs.tick();
  expect(waiting).toHaveLength(2);
  waiting[1]?.();
  await Promise.all([third, stopped]);
  expect(log.entries.map(({ code }) => code)).toEqual(["JOB_FAILED", "JOB_FAILED"]);
});

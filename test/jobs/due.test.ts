import { expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { command } from "../../src/core/command.ts";
import { refuse, type ErrorCode } from "../../src/core/errors.ts";
import { createDue } from "../../src/jobs/due.ts";
import { key } from "../features/fakes.ts";
import { LogBook } from "../support/server.ts";

/** A schedule whose commands are answered as a test says; `done` leaves the schedule, as its write would make it. */
function setUp(ids: readonly number[], answer: (id: number) => ErrorCode | "done") {
  const schedule = new Set(ids);
  const executed: number[] = [];
  const dropped: number[] = [];
  const asked: number[] = [];
  const log = new LogBook();
  const run = createDue({
    store: {
      due(_now, limit) {
        asked.push(limit);
        return [...schedule].slice(0, limit).map((scheduled_id) => ({
          scheduled_id,
          command: command("notify.everyone", { notice: { message: "tea" } }),
          who: key(),
        }));
      },
    },
    async execute({ scheduled_id }) {
      executed.push(scheduled_id);
      const what = answer(scheduled_id);
      if (what !== "done") return refuse(what);
      schedule.delete(scheduled_id);
      return { count: 1 };
    },
    drop(id) {
      dropped.push(id);
      schedule.delete(id);
    },
    clock: new ManualClock(),
    log,
  });
  return { run, schedule, executed, dropped, asked, log };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

test("everything due is executed once, the oldest first, a hundred at a time", async () => {
  const { run, executed, schedule, asked } = setUp(upTo(250), () => "done");
  await run();
  expect(executed).toEqual(upTo(250));
  expect(schedule.size).toBe(0);
  expect(asked).toEqual([100, 100, 100]);
});

test("what is refused for good is dropped and named in the log, the others are executed", async () => {
  const { run, executed, dropped, log } = setUp([1, 2, 3], (id) => (id === 2 ? "BAD_FIELDS" : "done"));
  await run();
  expect([executed, dropped]).toEqual([[1, 2, 3], [2]]);
  expect(log.entries.map(({ code }) => code)).toEqual(["SCHEDULED_DROPPED"]);
});

test("what somebody else has done is neither done again nor dropped", async () => {
  const { run, dropped } = setUp([1], () => "CONFLICT");
  await run();
  expect(dropped).toEqual([]);
});

test("while the store is full one try a time is made, and nothing is lost", async () => {
  let full = true;
  const { run, executed, dropped, schedule } = setUp(upTo(150), () => (full ? "STORE_FULL" : "done"));
  await run();
  expect(executed).toHaveLength(100);
  await run();
  await run();
  expect(executed).toHaveLength(102);
  full = false;
  await run();
  await run();
  expect(schedule.size).toBe(0);
  expect(dropped).toEqual([]);
});

test("a fault of ours is tried again, but not for ever", async () => {
  const { run, executed, dropped } = setUp([1], () => "INTERNAL");
  for (let n = 0; n < 4; n++) await run();
  expect(dropped).toEqual([]);
  await run();
  expect([executed, dropped]).toEqual([[1, 1, 1, 1, 1], [1]]);
});

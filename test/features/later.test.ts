/** Notifications that are told later, and those that end by themselves. */
import { expect, test } from "bun:test";
import { isoTime } from "../../src/core/clock.ts";
import { command } from "../../src/core/command.ts";
import { key, person, refusal, settled, setUp, written } from "./fakes.ts";

const MINUTE_MS = 60_000;
const notice = { message: "tea" };

test("what is to be told later is put off, as the caller's own command without its time", async () => {
  const { run, clock, presence } = setUp();
  presence.there.set("5", ["channel:9"]);
  const deliver_at = isoTime(clock.now() + MINUTE_MS);
  const later = { ...notice, deliver_at };

  const user = await run(person("5"), "notify.user", { user_id: "5", inRoom: true, notice: later });
  expect(written(user)).toEqual({
    op: "schedule.add",
    args: {
      due_at: deliver_at,
      command: command("notify.user", { user_id: "5", inRoom: true, notice }),
      who: person("5"),
    },
    note: 0,
  });
  expect(settled(user, { scheduled_id: 1 })).toEqual({ delivered: false, notification_id: null });

  const room = await run(key(), "notify.room", { topic: "channel:9", notice: later });
  expect(written(room)).toMatchObject({ args: { command: { name: "notify.room" }, who: key() } });
  expect(settled(room, { scheduled_id: 1 })).toEqual({ count: 0 });

  const everyone = await run(key(), "notify.everyone", { notice: later });
  expect(written(everyone)).toMatchObject({ args: { command: { name: "notify.everyone" } } });
  expect(settled(everyone, { scheduled_id: 1 })).toEqual({ count: 0 });
});

test("a time that has come is now", async () => {
  const { run, clock } = setUp();
  for (const ms of [0, -MINUTE_MS]) {
    const deliver_at = isoTime(clock.now() + ms);
    const outcome = await run(key(), "notify.user", {
      user_id: "5",
      inRoom: false,
      notice: { ...notice, deliver_at },
    });
    expect(written(outcome)).toMatchObject({ op: "notification.add" });
  }
});

test("putting off needs the same rights as telling now", async () => {
  const { run, clock } = setUp();
  const later = { ...notice, deliver_at: isoTime(clock.now() + MINUTE_MS) };
  const refused = "FORBIDDEN: Only admins can notify others";
  expect(refusal(await run(person("5"), "notify.user", { user_id: "6", inRoom: false, notice: later }))).toBe(
    refused,
  );
  expect(refusal(await run(person("5"), "notify.room", { topic: "channel:9", notice: later }))).toBe(refused);
});

test("the end is kept with the notification, and lies behind its beginning", async () => {
  const { run, clock } = setUp();
  const at = (ms: number) => isoTime(clock.now() + ms);
  const ask = (more: { deliver_at?: string; expires_at?: string }) =>
    run(key(), "notify.user", { user_id: "5", inRoom: false, notice: { ...notice, ...more } });
  expect(written(await ask({ expires_at: at(MINUTE_MS) }))).toMatchObject({
    op: "notification.add",
    args: { data: { expires_at: at(MINUTE_MS) } },
  });
  expect(written(await ask({ deliver_at: at(1000), expires_at: at(1001) }))).toMatchObject({
    args: { command: { args: { notice: { message: "tea", expires_at: at(1001) } } } },
  });
  for (const deliverMs of [1000, -1000]) {
    expect(refusal(await ask({ deliver_at: at(deliverMs), expires_at: at(deliverMs) }))).toBe(
      "BAD_FIELDS: Invalid expires_at: must be after deliver_at",
    );
  }
});

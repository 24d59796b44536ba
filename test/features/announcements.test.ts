import { expect, test } from "bun:test";
import { refuse } from "../../src/core/errors.ts";
import { anonymous, code, key, person, refusal, settled, setUp, written } from "./fakes.ts";

const PLAIN = {
  title: "Notification",
  content: "hello",
  level: null,
  notification_type: "system",
  related_entity_type: null,
  related_entity_id: null,
  data: {},
  link: null,
  priority: null,
  room: null,
  task: null,
};

test("an announcement with nobody connected is left to the store to refuse, and says so", async () => {
  const { run } = setUp();
  const outcome = await run(key(), "announcement.make", { message: "hello" });
  expect(written(outcome)).toMatchObject({ op: "announcement.add", args: { unheard: true } });
  expect(settled(outcome, refuse("NOT_FOUND"))).toEqual({ users: 0, sockets: 0 });
  expect(settled(outcome, refuse("STORE_FULL"))).toEqual(refuse("STORE_FULL"));
  // A repetition of one that was heard.
  expect(settled(outcome, { notification_id: 1 }, { users: 2, sockets: 3 })).toEqual({
    users: 2,
    sockets: 3,
  });
});

test("an announcement is stored with the defaults and counts who is there", async () => {
  const { run, presence } = setUp();
  presence.claimed.push("guest");
  presence.there.set("5", []);
  const outcome = await run(key(), "announcement.make", { message: "hello" });
  expect(written(outcome)).toEqual({
    op: "announcement.add",
    args: { actor: null, data: PLAIN, inbox: false },
    note: { users: 2, sockets: 3 },
  });
  presence.there.clear();
  expect(settled(outcome, { notification_id: 1 })).toEqual({ users: 2, sockets: 3 });
});

test("only admins and keys announce, unless the diary is open", async () => {
  for (const [diary, expected] of [
    ["open", "ok"],
    ["token", "FORBIDDEN"],
    ["off", "FORBIDDEN"],
  ] as const) {
    const { run, presence } = setUp({ diary });
    presence.there.set("5", []);
    expect(code(await run(anonymous(), "announcement.make", { message: "hello" }))).toBe(expected);
    expect(code(await run(person("5"), "announcement.make", { message: "hello" }))).toBe(expected);
    expect(code(await run(person("5", { admin: true }), "announcement.make", { message: "hello" }))).toBe(
      "ok",
    );
  }
});

test("a notification to everyone is stored even with nobody connected, in the inbox where that is set", async () => {
  const { run, presence } = setUp({ announcements: "inbox" });
  const notice = {
    message: "hello",
    title: "News",
    level: "warning",
    data: { a: 1 },
    link: "/news",
    priority: "high",
  } as const;
  const outcome = await run(person("1", { admin: true }), "notify.everyone", { notice });
  expect(written(outcome)).toEqual({
    op: "announcement.add",
    args: {
      actor: { id: "1", username: "name-1" },
      inbox: true,
      data: { ...PLAIN, title: "News", level: "warning", data: { a: 1 }, link: "/news", priority: "high" },
    },
    note: 0,
  });
  expect(settled(outcome, { notification_id: 1 })).toEqual({ count: 0 });
  presence.there.set("5", []);
  const heard = await run(key(), "notify.everyone", { notice });
  expect(settled(heard, { notification_id: 1 })).toEqual({ count: 1 });
});

test("a user's broadcast is live and names the user of the token", async () => {
  const { run } = setUp();
  expect(await run(person("5"), "user.broadcast", { message: "hi" })).toEqual({
    reply: {},
    live: [
      {
        kind: "user.broadcast",
        topics: ["everyone"],
        recipients: null,
        actor: { id: "5", username: "name-5" },
        data: { message: "hi", user_id: "5" },
      },
    ],
  });
  expect(code(await run(anonymous("5"), "user.broadcast", { message: "hi" }))).toBe("FORBIDDEN");
});

test("with BROADCAST=admins only admins and keys broadcast", async () => {
  const { run } = setUp({ broadcast: "admins" });
  expect(refusal(await run(person("5"), "user.broadcast", { message: "hi" }))).toBe(
    "FORBIDDEN: Only admins can broadcast",
  );
  expect(code(await run(person("5", { admin: true }), "user.broadcast", { message: "hi" }))).toBe("ok");
  expect(code(await run(key(), "user.broadcast", { message: "hi" }))).toBe("ok");
});

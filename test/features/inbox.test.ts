import { describe, expect, test } from "bun:test";
import { anonymous, code, key, person, refusal, settled, setUp, written } from "./fakes.ts";

const NOTICE = { message: "hello" };
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

describe("notifying a user", () => {
  test("stores it for the user alone and says whether the user is there", async () => {
    const { run, presence } = setUp();
    const outcome = await run(key(), "notify.user", { user_id: "5", inRoom: false, notice: NOTICE });
    expect(written(outcome)).toEqual({
      op: "notification.add",
      args: { topics: [], recipients: ["5"], actor: null, data: PLAIN },
      note: 0,
    });
    expect(settled(outcome, { notification_id: 3 })).toEqual({ delivered: false, notification_id: 3 });
    presence.there.set("5", []);
    const there = await run(key(), "notify.user", { user_id: "5", inRoom: false, notice: NOTICE });
    expect(settled(there, { notification_id: 3 })).toEqual({ delivered: true, notification_id: 3 });
    // A repetition is answered as the first time was, though the user is here now.
    expect(settled(there, { notification_id: 3 }, 0)).toEqual({ delivered: false, notification_id: 3 });
  });

  test("in its room names the room", async () => {
    const { run } = setUp();
    expect(
      written(await run(key(), "notify.user", { user_id: "5", inRoom: true, notice: NOTICE })),
    ).toMatchObject({ args: { topics: [], recipients: ["5"], data: { room: "user:5" } } });
  });

  test("is for the user himself, admins and keys; the open mode changes nothing", async () => {
    for (const mode of ["members", "open"] as const) {
      const { run } = setUp({ mode });
      const ask = async (who: ReturnType<typeof person>) =>
        refusal(await run(who, "notify.user", { user_id: "5", inRoom: false, notice: NOTICE }));
      expect(await ask(person("5"))).toBe("ok");
      expect(await ask(person("1", { admin: true }))).toBe("ok");
      expect(await ask(person("6", { rooms: ["*"] }))).toBe("FORBIDDEN: Only admins can notify others");
      expect(await ask(anonymous("5"))).toBe("FORBIDDEN: Only admins can notify others");
    }
  });
});

describe("notifying a room", () => {
  test("tells the room and keeps it for whoever is in it now", async () => {
    const { run, presence } = setUp();
    presence.there.set("5", ["channel:9"]).set("6", []).set("7", ["channel:9"]);
    const outcome = await run(person("1", { admin: true }), "notify.room", {
      topic: "channel:9",
      notice: NOTICE,
    });
    expect(written(outcome)).toEqual({
      op: "notification.add",
      args: {
        topics: ["channel:9"],
        recipients: ["5", "7"],
        actor: { id: "1", username: "name-1" },
        data: { ...PLAIN, room: "channel:9" },
      },
      note: 2,
    });
    expect(settled(outcome, { notification_id: 3 })).toEqual({ count: 2 });
  });

  test("with nobody in it is stored all the same", async () => {
    const { run } = setUp();
    const outcome = await run(key(), "notify.room", { topic: "workspace:5", notice: NOTICE });
    expect(settled(outcome, { notification_id: 3 })).toEqual({ count: 0 });
  });

  test("is for admins and keys, even where a member asks", async () => {
    const { run, store } = setUp({ mode: "open" });
    store.addMember("channel:9", "5", "owner");
    expect(refusal(await run(person("5"), "notify.room", { topic: "channel:9", notice: NOTICE }))).toBe(
      "FORBIDDEN: Only admins can notify others",
    );
    expect(code(await run(key(), "notify.room", { topic: "everyone", notice: NOTICE }))).toBe("BAD_ROOM");
  });

  test("that is a user's own notifies the user in his room, connected or not", async () => {
    const { run, presence } = setUp();
    const outcome = await run(person("5"), "notify.room", { topic: "user:5", notice: NOTICE });
    expect(written(outcome)).toMatchObject({
      args: { topics: [], recipients: ["5"], data: { room: "user:5" } },
    });
    expect(settled(outcome, { notification_id: 3 })).toEqual({ count: 0 });
    presence.there.set("5", []);
    const there = await run(person("5"), "notify.room", { topic: "user:5", notice: NOTICE });
    expect(settled(there, { notification_id: 3 })).toEqual({ count: 1 });
    expect(code(await run(person("5"), "notify.room", { topic: "user:6", notice: NOTICE }))).toBe(
      "FORBIDDEN",
    );
  });
});

describe("a system event", () => {
  const event = (user_id: string | null) => ({
    title: "Backup",
    content: "Done",
    user_id,
    data: { took: 3 },
  });

  test("without a user is for the caller", async () => {
    const { run } = setUp();
    expect(written(await run(person("5"), "system.tell", event(null)))).toEqual({
      op: "notification.add",
      args: {
        topics: [],
        recipients: ["5"],
        actor: { id: "5", username: "name-5" },
        data: { ...PLAIN, title: "Backup", content: "Done", data: { took: 3 } },
      },
    });
  });

  test("of a key needs a user, of which it has none of its own", async () => {
    const { run } = setUp();
    expect(code(await run(key("5"), "system.tell", event(null)))).toBe("NO_TARGET");
    expect(written(await run(key(), "system.tell", event("5")))).toMatchObject({
      args: { recipients: ["5"], actor: null },
    });
  });

  test("to somebody else is for admins and keys", async () => {
    const { run } = setUp({ mode: "open" });
    expect(refusal(await run(person("5"), "system.tell", event("6")))).toBe(
      "FORBIDDEN: Only admins can send system notifications to other users",
    );
    expect(code(await run(person("5"), "system.tell", event("5")))).toBe("ok");
    expect(code(await run(person("5", { admin: true }), "system.tell", event("6")))).toBe("ok");
    expect(code(await run(anonymous("5"), "system.tell", event(null)))).toBe("FORBIDDEN");
  });
});

describe("one's own inbox", () => {
  test("is read by its user, admin or not", async () => {
    const { run, store } = setUp();
    store.unreads.set("5", 3);
    const page = { unread: true, limit: 10 };
    expect(await run(person("5"), "inbox.list", page)).toEqual({ reply: { items: [], next: null } });
    expect(store.listedFor).toBe("5");
    expect(await run(person("5", { admin: true }), "inbox.count", {})).toEqual({ reply: { count: 3 } });
  });

  test("is changed by one write, answered with what is left unread", async () => {
    const { run } = setUp();
    const one = await run(person("5"), "inbox.read", { id: 7 });
    expect(written(one)).toEqual({ op: "inbox.read", args: { user_id: "5", ids: [7] } });
    expect(settled(one, { count: 2 })).toEqual({ count: 2 });
    const all = await run(person("5"), "inbox.read_all", {});
    expect(written(all)).toEqual({ op: "inbox.read", args: { user_id: "5", ids: null } });
    expect(settled(all, { count: 0 })).toEqual({ count: 0 });
    const gone = await run(person("5"), "inbox.delete", { id: 7 });
    expect(written(gone)).toEqual({ op: "inbox.delete", args: { user_id: "5", id: 7 } });
    expect(settled(gone, { count: 1 })).toEqual({});
  });

  test("is nothing that a service key or an unknown caller has", async () => {
    const { run } = setUp({ mode: "open" });
    const ask = async (who: ReturnType<typeof person>) => [
      refusal(await run(who, "inbox.list", { unread: false, limit: 10 })),
      refusal(await run(who, "inbox.count", {})),
      refusal(await run(who, "inbox.read", { id: 7 })),
      refusal(await run(who, "inbox.read_all", {})),
      refusal(await run(who, "inbox.delete", { id: 7 })),
    ];
    expect(new Set(await ask(key()))).toEqual(new Set(["NO_TARGET: A service key has no inbox."]));
    expect(new Set(await ask(anonymous("5")))).toEqual(
      new Set(["FORBIDDEN: You don't have access to this."]),
    );
  });
});

import { describe, expect, test } from "bun:test";
import type { Topic } from "../../src/core/topic.ts";
import { anonymous, code, key, person, refusal, setUp, written } from "./fakes.ts";

const say = (topic: Topic, mustBeIn = true) => ({ topic, content: "hello", metadata: { a: 1 }, mustBeIn });

describe("sending", () => {
  test("to a room that the socket is in is written at once, as the sender that the token names", () => {
    const { runAtOnce } = setUp();
    const outcome = runAtOnce(person("5"), "message.send", say("channel:9"), ["channel:9"]);
    expect(outcome).not.toBeInstanceOf(Promise);
    expect(written(outcome as Awaited<typeof outcome>)).toEqual({
      op: "message.send",
      args: {
        topic: "channel:9",
        content: "hello",
        metadata: { a: 1 },
        actor: { id: "5", username: "name-5" },
      },
    });
  });

  test("without being in the room is refused where that is needed, even to a member", async () => {
    const { run, store } = setUp();
    store.addMember("channel:9", "5");
    expect(code(await run(person("5"), "message.send", say("channel:9"), ["channel:8"]))).toBe("NOT_IN_ROOM");
    expect(code(await run(person("5"), "message.send", say("channel:9")))).toBe("NOT_IN_ROOM");
  });

  test("needs access where it needs no join", async () => {
    const { run, store } = setUp();
    store.addMember("channel:9", "5");
    expect(code(await run(person("5"), "message.send", say("channel:9", false)))).toBe("ok");
    expect(code(await run(person("6"), "message.send", say("channel:9", false)))).toBe("FORBIDDEN");
    expect(code(await run(person("6"), "message.send", say("room:lobby", false)))).toBe("ok");
  });

  test("a key sends as the system", async () => {
    const { run } = setUp();
    expect(written(await run(key(), "message.send", say("channel:9", false)))).toMatchObject({
      args: { actor: { id: "system", username: "system" } },
    });
  });

  test("into another user's topic is refused, in the open mode and from a socket that holds it too", async () => {
    for (const mode of ["members", "open"] as const) {
      const { run } = setUp({ mode });
      expect(code(await run(person("5"), "message.send", say("user:6", false)))).toBe("FORBIDDEN");
      expect(code(await run(person("5"), "message.send", say("user:6"), ["user:6"]))).toBe("FORBIDDEN");
      expect(code(await run(person("5"), "message.send", say("user:5"), ["user:5"]))).toBe("ok");
      expect(code(await run(key(), "message.send", say("user:6", false)))).toBe("ok");
    }
  });

  test("to everyone is no message, though every socket holds that topic; nor does anybody unproven send", async () => {
    const { run } = setUp({ mode: "open" });
    expect(code(await run(person("5"), "message.send", say("everyone"), ["everyone"]))).toBe("BAD_ROOM");
    expect(code(await run(person("5", { admin: true }), "message.send", say("everyone", false)))).toBe(
      "BAD_ROOM",
    );
    expect(code(await run(anonymous("5"), "message.send", say("channel:9"), ["channel:9"]))).toBe(
      "FORBIDDEN",
    );
  });
});

describe("changing a message", () => {
  const stored = () => {
    const set = setUp();
    set.store.texts.set(1, { id: 1, topic: "channel:9", user_id: "5", deleted_at: null });
    set.store.addMember("channel:9", "5");
    set.store.addMember("channel:9", "6");
    return set;
  };

  test("is decided by the store: who asks is handed on with what he is", async () => {
    const { run } = stored();
    expect(written(await run(person("6"), "message.edit", { message_id: 1, content: "new" }))).toEqual({
      op: "message.edit",
      args: {
        message_id: 1,
        content: "new",
        editor: { actor: { id: "6", username: "name-6" }, privileged: false },
      },
    });
    expect(written(await run(key(), "message.delete", { message_id: 1 }))).toEqual({
      op: "message.delete",
      args: { message_id: 1, editor: { actor: null, privileged: true } },
    });
  });

  test("of a room without access is answered like one that does not exist", async () => {
    const { run } = stored();
    for (const outcome of [
      await run(person("7"), "message.edit", { message_id: 1, content: "new" }),
      await run(person("7"), "message.delete", { message_id: 1 }),
      await run(person("5"), "message.edit", { message_id: 2, content: "new" }),
      await run(anonymous("5"), "message.delete", { message_id: 1 }),
    ]) {
      expect(refusal(outcome)).toBe("NOT_FOUND: Message not found");
    }
  });
});

import { describe, expect, test } from "bun:test";
import type { Principal } from "../../src/core/principal.ts";
import type { Topic } from "../../src/core/topic.ts";
import { anonymous, code, key, PAGE, person, refusal, setUp, written } from "./fakes.ts";

const admin = person("8", { admin: true });

/** Workspace 5 of user 1 with member 2 holds channel 9 and task 7; channel 10 is stored alone and owned by user 3. */
function stored(mode: "members" | "open" = "members") {
  const set = setUp({ mode });
  set.store.addWorkspace("5", "1", "2");
  set.store.addWorkspace("6", "4");
  set.store.homes.set("channel:9", "5").set("channel:10", null);
  set.store.taskHomes.set("7", "5");
  set.store.addMember("channel:10", "3", "owner");
  set.store.addMember("channel:10", "2");
  return set;
}

describe("members", () => {
  const cases: readonly [string, Principal, Topic, string, string][] = [
    ["the owner of the workspace", person("1"), "workspace:5", "ok", "ok"],
    ["a member of the workspace", person("2"), "workspace:5", "ok", "FORBIDDEN"],
    ["a token for the workspace", person("9", { workspaces: ["5"] }), "workspace:5", "ok", "FORBIDDEN"],
    ["a stranger to the workspace", person("9"), "workspace:5", "NOT_FOUND", "NOT_FOUND"],
    ["an admin", admin, "workspace:5", "ok", "ok"],
    ["a key", key(), "workspace:5", "ok", "ok"],
    ["a key of a workspace that nobody stored", key(), "workspace:77", "NOT_FOUND", "NOT_FOUND"],
    ["somebody unproven", anonymous("1"), "workspace:5", "NOT_FOUND", "NOT_FOUND"],
    ["the workspace's owner of its channel", person("1"), "channel:9", "ok", "ok"],
    ["the workspace's owner of its task", person("1"), "task:7", "ok", "ok"],
    ["a member of the workspace of its channel", person("2"), "channel:9", "ok", "FORBIDDEN"],
    ["the owner of another workspace", person("4"), "channel:9", "NOT_FOUND", "NOT_FOUND"],
    ["the owner of a room of its own", person("3"), "channel:10", "ok", "ok"],
    ["a member of a room of its own", person("2"), "channel:10", "ok", "FORBIDDEN"],
    ["a key of a room that nobody stored", key(), "channel:77", "ok", "ok"],
    ["anybody of a user's topic", admin, "user:5", "BAD_ROOM", "BAD_ROOM"],
    ["anybody of everyone", admin, "everyone", "BAD_ROOM", "BAD_ROOM"],
  ];
  for (const [name, who, topic, list, change] of cases) {
    test(`${name}: listing is ${list}, changing is ${change}`, async () => {
      const { run } = stored();
      expect(code(await run(who, "member.list", { topic, ...PAGE }))).toBe(list);
      expect(code(await run(who, "member.put", { topic, user_id: "6", role: "member" }))).toBe(change);
      expect(code(await run(who, "member.remove", { topic, user_id: "6" }))).toBe(change);
    });
  }

  test("are never opened by the open mode", async () => {
    const { run } = stored("open");
    for (const topic of ["workspace:5", "channel:9", "channel:10", "channel:77"] as const) {
      expect(code(await run(person("9"), "member.list", { topic, ...PAGE }))).toBe("FORBIDDEN");
      expect(code(await run(person("9"), "member.put", { topic, user_id: "9", role: "owner" }))).toBe(
        "FORBIDDEN",
      );
      expect(code(await run(person("9"), "member.remove", { topic, user_id: "2" }))).toBe("FORBIDDEN");
    }
    expect(code(await run(person("2"), "member.list", { topic: "workspace:5", ...PAGE }))).toBe("ok");
  });

  test("may leave for themselves", async () => {
    const { run } = stored();
    expect(written(await run(person("2"), "member.remove", { topic: "workspace:5", user_id: "2" }))).toEqual({
      op: "member.remove",
      args: { topic: "workspace:5", user_id: "2", actor: { id: "2", username: "name-2" } },
    });
    expect(code(await run(anonymous("2"), "member.remove", { topic: "workspace:5", user_id: "2" }))).toBe(
      "NOT_FOUND",
    );
  });

  test("are listed and added as asked", async () => {
    const { run } = stored();
    expect(await run(person("2"), "member.list", { topic: "workspace:5", ...PAGE })).toMatchObject({
      reply: { items: [{ user_id: "1" }, { user_id: "2" }], next: null },
    });
    expect(
      written(await run(key(), "member.put", { topic: "focus:s", user_id: "6", role: "guest" })),
    ).toEqual({
      op: "member.put",
      args: { topic: "focus:s", user_id: "6", role: "guest", actor: null },
    });
  });
});

describe("placing a room", () => {
  const cases: readonly [string, Principal, Topic, string | null, string][] = [
    ["a key places any room", key(), "channel:9", "6", "ok"],
    ["a key places a new room nowhere", key(), "channel:77", null, "ok"],
    [
      "a key cannot place it in a workspace that nobody stored",
      key(),
      "channel:77",
      "404",
      "NOT_FOUND: Workspace not found",
    ],
    ["an owner places a new room in his workspace", person("1"), "channel:77", "5", "ok"],
    [
      "a member does not",
      person("2"),
      "channel:77",
      "5",
      "FORBIDDEN: Only the owner of this workspace, an admin or a service key may do this",
    ],
    [
      "a stranger learns nothing of the workspace",
      person("9"),
      "channel:77",
      "5",
      "NOT_FOUND: Workspace not found",
    ],
    [
      "nobody draws another's room into his workspace",
      person("4"),
      "channel:9",
      "6",
      "NOT_FOUND: Room not found",
    ],
    ["nor another's task", person("4"), "task:7", "6", "NOT_FOUND: Room not found"],
    ["nor a room that stands alone", person("4"), "channel:10", "6", "NOT_FOUND: Room not found"],
    ["an owner takes his room out again", person("1"), "channel:9", null, "ok"],
    [
      "a member does not take it out",
      person("2"),
      "channel:9",
      null,
      "FORBIDDEN: Only the owner of this room, an admin or a service key may do this",
    ],
    ["the owner of a room alone keeps it alone", person("3"), "channel:10", null, "ok"],
    [
      "a user makes no room that belongs nowhere",
      person("1"),
      "channel:77",
      null,
      "NOT_FOUND: Room not found",
    ],
    [
      "a user is no room",
      admin,
      "user:5",
      "5",
      "BAD_ROOM: Invalid room format. Use type:id, for example channel:9.",
    ],
    [
      "a workspace belongs to no workspace",
      admin,
      "workspace:6",
      "5",
      "BAD_ROOM: Invalid room format. Use type:id, for example channel:9.",
    ],
  ];
  for (const [name, who, topic, workspace_id, expected] of cases) {
    test(name, async () => {
      const { run } = stored();
      const outcome = await run(who, "room.put", { topic, workspace_id });
      expect(refusal(outcome)).toBe(expected);
      if (expected === "ok")
        expect(written(outcome)).toEqual({ op: "room.put", args: { topic, workspace_id } });
    });
  }

  test("is not opened by the open mode", async () => {
    const { run } = stored("open");
    expect(code(await run(person("9"), "room.put", { topic: "channel:77", workspace_id: "5" }))).toBe(
      "FORBIDDEN",
    );
    expect(code(await run(person("4"), "room.put", { topic: "channel:9", workspace_id: "6" }))).toBe(
      "FORBIDDEN",
    );
  });
});

describe("presence", () => {
  test("of users is for everybody who is proven", async () => {
    const { run, presence } = stored();
    presence.there.set("5", []);
    expect(await run(person("9"), "presence.users", {})).toEqual({ reply: { users: ["5"] } });
    expect(await run(person("9"), "presence.user", { user_id: "5" })).toEqual({ reply: { connected: true } });
    expect(await run(key(), "presence.user", { user_id: "6" })).toEqual({ reply: { connected: false } });
    expect(code(await run(anonymous("5"), "presence.users", {}))).toBe("FORBIDDEN");
    expect(code(await run(anonymous("5"), "presence.user", { user_id: "5" }))).toBe("FORBIDDEN");
  });

  test("of a room needs access to the room", async () => {
    const { run, presence } = stored();
    presence.there.set("2", ["channel:9"]);
    expect(await run(person("1"), "presence.room", { topic: "channel:9" })).toEqual({
      reply: { users: ["2"] },
    });
    expect(code(await run(person("9"), "presence.room", { topic: "channel:9" }))).toBe("FORBIDDEN");
    expect(code(await run(person("9"), "presence.room", { topic: "user:2" }))).toBe("FORBIDDEN");
  });

  test("of the audience counts claimed ids too; without a proof only where the diary is open", async () => {
    for (const [diary, expected] of [
      ["open", "ok"],
      ["token", "FORBIDDEN"],
    ] as const) {
      const { run, presence } = setUp({ diary });
      presence.there.set("5", []);
      presence.claimed.push("guest");
      expect(await run(person("9"), "presence.audience", {})).toEqual({
        reply: { users: ["5", "guest"], sockets: 3 },
      });
      expect(code(await run(anonymous(), "presence.audience", {}))).toBe(expected);
    }
  });
});

import { describe, expect, test } from "bun:test";
import type { FocusView } from "../../src/core/command.ts";
import type { Principal } from "../../src/core/principal.ts";
import { anonymous, code, key, PAGE, person, refusal, setUp, written } from "./fakes.ts";

const VIEW: FocusView = {
  id: "s",
  title: null,
  workspace_id: "5",
  status: "active",
  current_task_id: null,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
};

/** Workspace 5 of user 1 with members 2 and 3; user 3 created session s in it, user 4 takes part. */
function stored() {
  const set = setUp();
  set.store.addWorkspace("5", "1", "2", "3");
  set.store.homes.set("focus:s", "5");
  set.store.focusViews.set("s", VIEW);
  set.store.addMember("focus:s", "3", "owner");
  set.store.addMember("focus:s", "4");
  return set;
}

describe("focus sessions", () => {
  test("are created by any user, in workspaces that he may enter", async () => {
    const { run } = stored();
    const args = { id: null, title: "Deep work", workspace_id: "5" };
    expect(written(await run(person("2"), "focus.create", args))).toEqual({
      op: "focus.create",
      args: { ...args, actor: { id: "2", username: "name-2" } },
    });
    expect(refusal(await run(person("9"), "focus.create", args))).toBe("NOT_FOUND: Workspace not found");
    expect(code(await run(person("9"), "focus.create", { ...args, workspace_id: null }))).toBe("ok");
    expect(written(await run(key(), "focus.create", args))).toMatchObject({ args: { actor: null } });
    expect(code(await run(anonymous("2"), "focus.create", { ...args, workspace_id: null }))).toBe(
      "FORBIDDEN",
    );
  });

  const cases: readonly [string, Principal, string, string][] = [
    ["its owner", person("3"), "ok", "ok"],
    ["the workspace's owner", person("1"), "ok", "ok"],
    ["a key", key(), "ok", "ok"],
    ["a member of the workspace", person("2"), "ok", "FORBIDDEN"],
    ["a participant", person("4"), "ok", "FORBIDDEN"],
    ["a stranger", person("9"), "NOT_FOUND", "NOT_FOUND"],
    ["somebody unproven", anonymous("3"), "NOT_FOUND", "NOT_FOUND"],
  ];
  for (const [name, who, use, manage] of cases) {
    test(`${name}: using it is ${use}, letting others in is ${manage}`, async () => {
      const { run } = stored();
      expect(code(await run(who, "focus.get", { id: "s" }))).toBe(use);
      expect(code(await run(who, "focus.patch", { id: "s", status: "paused" }))).toBe(use);
      const member = { topic: "focus:s", user_id: "6" } as const;
      expect(code(await run(who, "member.put", { ...member, role: "member" }))).toBe(manage);
      expect(code(await run(who, "member.remove", member))).toBe(manage);
    });
  }

  test("are patched by who asked, a key as the system", async () => {
    const { run } = stored();
    const args = { id: "s", status: "paused", current_task_id: null };
    expect(written(await run(person("4"), "focus.patch", args))).toEqual({
      op: "focus.patch",
      args: { ...args, user: { id: "4", username: "name-4" } },
    });
    expect(written(await run(key(), "focus.patch", args))).toMatchObject({
      args: { user: { id: "system" } },
    });
  });

  test("and rooms are listed to a user as far as memberships go, to the privileged all", async () => {
    const { run, store } = stored();
    for (const name of ["focus.list", "room.list"] as const) {
      await run(person("4"), name, PAGE);
      expect(store.listedFor).toBe("4");
      await run(key(), name, PAGE);
      expect(store.listedFor).toBeNull();
      expect(code(await run(anonymous("4"), name, PAGE))).toBe("FORBIDDEN");
    }
  });

  test("that nobody stored are named so", async () => {
    const { run } = stored();
    expect(refusal(await run(key(), "focus.get", { id: "t" }))).toBe("NOT_FOUND: Focus session not found");
    expect(
      refusal(await run(person("9"), "member.put", { topic: "focus:s", user_id: "6", role: "member" })),
    ).toBe("NOT_FOUND: Focus session not found");
  });
});

test("the history of a room is for those who may read it", async () => {
  const { run } = stored();
  const history = (who: Principal) => run(who, "message.list", { topic: "focus:s", limit: 5 });
  expect(await history(person("4"))).toEqual({ reply: { items: [], next: null } });
  expect(code(await history(person("9")))).toBe("FORBIDDEN");
  expect(code(await history(anonymous("4")))).toBe("FORBIDDEN");
  expect(code(await run(person("9"), "message.list", { topic: "user:4", limit: 5 }))).toBe("FORBIDDEN");
  expect(code(await run(person("4"), "message.list", { topic: "user:4", limit: 5 }))).toBe("ok");
});

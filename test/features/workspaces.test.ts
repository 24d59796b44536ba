import { describe, expect, test } from "bun:test";
import type { CommandArgs } from "../../src/core/command.ts";
import type { Principal } from "../../src/core/principal.ts";
import { anonymous, code, key, PAGE, person, refusal, setUp, written } from "./fakes.ts";

const MISSING = "NOT_FOUND: Workspace not found";
const admin = person("8", { admin: true });

function stored(mode: "members" | "open" = "members") {
  const set = setUp({ mode });
  set.store.addWorkspace("5", "1", "2");
  return set;
}

describe("a workspace", () => {
  test("is created by any user, who owns it, and by a key for nobody", async () => {
    const { run } = stored();
    expect(written(await run(person("9"), "workspace.create", { id: "6", name: "New" }))).toEqual({
      op: "workspace.create",
      args: { id: "6", name: "New", owner: { id: "9", username: "name-9" } },
    });
    expect(written(await run(key(), "workspace.create", { id: null, name: "New" }))).toMatchObject({
      args: { id: null, owner: null },
    });
    expect(code(await run(anonymous(), "workspace.create", { id: null, name: "New" }))).toBe("FORBIDDEN");
  });

  test("is listed to its members; admins and keys see all", async () => {
    const { run, store } = stored();
    for (const [who, listedFor] of [
      [person("2"), "2"],
      [admin, null],
      [key(), null],
    ] as const) {
      expect(await run(who, "workspace.list", PAGE)).toEqual({ reply: { items: [], next: null } });
      expect(store.listedFor).toBe(listedFor);
    }
    expect(code(await run(anonymous("2"), "workspace.list", PAGE))).toBe("FORBIDDEN");
  });

  test("is not to be known of without access", async () => {
    const { run } = stored();
    for (const who of [person("1"), person("2"), person("9", { workspaces: ["5"] }), admin, key()]) {
      expect(await run(who, "workspace.get", { id: "5" })).toMatchObject({ reply: { id: "5" } });
      expect(refusal(await run(who, "workspace.get", { id: "6" }))).toBe(MISSING);
    }
    for (const who of [person("9"), anonymous("2")])
      expect(refusal(await run(who, "workspace.get", { id: "5" }))).toBe(MISSING);
  });

  test("in the open mode can be read by all, and one that nobody stored has nothing to read", async () => {
    const { run } = stored("open");
    expect(await run(person("9"), "workspace.get", { id: "5" })).toMatchObject({ reply: { id: "5" } });
    expect(refusal(await run(person("9"), "workspace.get", { id: "6" }))).toBe(MISSING);
  });

  test("is changed and archived by its owner, admins and keys, whatever else opens it", async () => {
    for (const [mode, stranger] of [
      ["members", MISSING],
      ["open", "FORBIDDEN: Only the owner of this workspace, an admin or a service key may do this"],
    ] as const) {
      const { run } = stored(mode);
      const member = "FORBIDDEN: Only the owner of this workspace, an admin or a service key may do this";
      const cases: readonly [Principal, string][] = [
        [person("1"), "ok"],
        [admin, "ok"],
        [key(), "ok"],
        [person("2"), member],
        [person("9", { workspaces: ["5"] }), member],
        [person("9"), stranger],
        [anonymous("1"), MISSING],
      ];
      for (const [who, expected] of cases) {
        expect(refusal(await run(who, "workspace.update", { id: "5", name: "New" }))).toBe(expected);
        expect(refusal(await run(who, "workspace.archive", { id: "5" }))).toBe(expected);
        expect(refusal(await run(who, "workspace.archive", { id: "6" }))).toBe(MISSING);
      }
    }
  });

  test("hands the change on with its actor", async () => {
    const { run } = stored();
    expect(written(await run(person("1"), "workspace.update", { id: "5", name: "New" }))).toEqual({
      op: "workspace.update",
      args: { id: "5", name: "New", actor: { id: "1", username: "name-1" } },
    });
    expect(written(await run(key(), "workspace.archive", { id: "5" }))).toEqual({
      op: "workspace.archive",
      args: { id: "5", actor: null },
    });
  });
});

describe("a workspace event", () => {
  const event = (workspace_id: string): CommandArgs<"workspace.tell"> => ({
    workspace_id,
    title: "Moved",
    content: "We moved",
    type: "workspace",
    related_entity_type: "office",
    related_entity_id: "3",
    data: { floor: 2 },
    exclude: ["2"],
  });

  test("is told as given to all members but the excluded", async () => {
    const { run } = stored();
    expect(written(await run(person("2"), "workspace.tell", event("5")))).toEqual({
      op: "workspace.tell",
      args: {
        workspace_id: "5",
        exclude: ["2"],
        actor: { id: "2", username: "name-2" },
        mustExist: true,
        data: {
          title: "Moved",
          content: "We moved",
          level: null,
          notification_type: "workspace",
          related_entity_type: "office",
          related_entity_id: "3",
          data: { floor: 2 },
          link: null,
          priority: null,
          room: null,
          task: null,
        },
      },
    });
  });

  test("says first that there is no such workspace, then that it is not yours", async () => {
    const { run } = stored();
    expect(refusal(await run(person("9"), "workspace.tell", event("6")))).toBe(MISSING);
    expect(refusal(await run(key(), "workspace.tell", event("6")))).toBe(MISSING);
    expect(refusal(await run(person("9"), "workspace.tell", event("5")))).toBe(
      "FORBIDDEN: You don't have access to this workspace",
    );
    expect(code(await run(person("9", { workspaces: ["5"] }), "workspace.tell", event("5")))).toBe("ok");
    expect(code(await run(anonymous("1"), "workspace.tell", event("5")))).toBe("FORBIDDEN");
  });

  test("in the open mode may name a workspace that nobody stored, but notifies no stranger's members", async () => {
    const { run } = stored("open");
    expect(written(await run(person("9"), "workspace.tell", event("6")))).toMatchObject({
      args: { mustExist: false },
    });
    expect(refusal(await run(person("9"), "workspace.tell", event("5")))).toBe(
      "FORBIDDEN: You don't have access to this workspace",
    );
    expect(code(await run(person("2"), "workspace.tell", event("5")))).toBe("ok");
    expect(code(await run(key(), "workspace.tell", event("5")))).toBe("ok");
  });
});

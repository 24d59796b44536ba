import { describe, expect, test } from "bun:test";
import type { CommandArgs, TaskView } from "../../src/core/command.ts";
import type { Principal } from "../../src/core/principal.ts";
import { anonymous, key, PAGE, person, refusal, setUp, written } from "./fakes.ts";

const NEW: CommandArgs<"task.create"> = {
  workspace_id: "5",
  id: null,
  title: "Paint",
  description: null,
  status: "todo",
  priority: "normal",
  due_date: null,
  user_id: "3",
};

const VIEW: TaskView = {
  ...NEW,
  id: "7",
  creator_id: "1",
  version: 1,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
  completed_at: null,
};

/** Workspace 5 of user 1 with member 2; task 7 is stored in it, user 4 is a member of the task alone. */
function stored(mode: "members" | "open" = "members") {
  const set = setUp({ mode });
  set.store.addWorkspace("5", "1", "2");
  set.store.taskHomes.set("7", "5");
  set.store.taskViews.set("7", VIEW);
  set.store.addMember("task:7", "4");
  return set;
}

const NO_WORKSPACE = "NOT_FOUND: Workspace not found";
const NO_TASK = "NOT_FOUND: Task not found";

describe("tasks", () => {
  const cases: readonly [string, Principal, string, string][] = [
    ["a member of the workspace", person("2"), "ok", "ok"],
    ["a token for the workspace", person("9", { workspaces: ["5"] }), "ok", "ok"],
    ["a member of the task alone", person("4"), NO_WORKSPACE, "ok"],
    ["a key", key(), "ok", "ok"],
    ["a stranger", person("9"), NO_WORKSPACE, NO_TASK],
    ["somebody unproven", anonymous("1"), NO_WORKSPACE, NO_TASK],
  ];
  for (const [name, who, ofWorkspace, ofTask] of cases) {
    test(`${name}: ${ofWorkspace} for the workspace's, ${ofTask} for one`, async () => {
      const { run } = stored();
      expect(refusal(await run(who, "task.create", NEW))).toBe(ofWorkspace);
      expect(refusal(await run(who, "task.list", { workspace_id: "5", ...PAGE }))).toBe(ofWorkspace);
      expect(refusal(await run(who, "task.get", { id: "7" }))).toBe(ofTask);
      expect(refusal(await run(who, "task.update", { id: "7", changes: {} }))).toBe(ofTask);
      expect(refusal(await run(who, "task.delete", { id: "7" }))).toBe(ofTask);
    });
  }

  test("are written as who asked, with the version that was seen", async () => {
    const { run, store } = stored();
    store.addMember("workspace:5", "3");
    const actor = { id: "2", username: "name-2" };
    expect(written(await run(person("2"), "task.create", NEW))).toEqual({
      op: "task.create",
      args: { ...NEW, actor, strangers: [] },
    });
    expect(written(await run(key(), "task.create", NEW))).toMatchObject({ args: { actor: null } });
    const changes = { status: "completed" };
    expect(written(await run(person("2"), "task.update", { id: "7", changes, version: 3 }))).toEqual({
      op: "task.update",
      args: { id: "7", changes, version: 3, actor, strangers: [] },
    });
    expect(written(await run(person("2"), "task.delete", { id: "7" }))).toEqual({
      op: "task.delete",
      args: { id: "7", version: null, actor, strangers: [] },
    });
  });

  test("are told to nobody who may not know of them, unless an admin or key gives him one", async () => {
    const strangersIn = async (who: Principal, mode?: "open"): Promise<unknown[]> => {
      const { run } = stored(mode);
      const writes = [
        await run(who, "task.create", NEW),
        await run(who, "task.update", { id: "7", changes: { user_id: "9" } }),
        await run(who, "task.delete", { id: "7" }),
      ].map(written);
      return writes.map((one) => (one as { args: { strangers?: readonly string[] } }).args.strangers);
    };
    expect(await strangersIn(person("2"))).toEqual([["3"], ["3", "9"], ["3"]]);
    expect(await strangersIn(key())).toEqual([[], ["3"], ["3"]]);
    expect(await strangersIn(person("2"), "open")).toEqual([[], [], []]);
  });

  test("of a workspace without stored members are told to all concerned: tokens open it", async () => {
    const { run, store } = setUp();
    store.addWorkspace("5", null);
    const granted = person("2", { workspaces: ["5"] });
    expect(written(await run(granted, "task.create", NEW))).toMatchObject({ args: { strangers: [] } });
  });

  test("are read as they are stored", async () => {
    const { run } = stored();
    expect(await run(person("2"), "task.get", { id: "7" })).toEqual({ reply: VIEW });
    expect(await run(person("2"), "task.list", { workspace_id: "5", ...PAGE })).toEqual({
      reply: { items: [VIEW], next: null },
    });
  });

  test("are not made by the open mode, which opens those that are there", async () => {
    const { run } = stored("open");
    expect(refusal(await run(person("9"), "task.get", { id: "8" }))).toBe(NO_TASK);
    expect(refusal(await run(person("9"), "task.list", { workspace_id: "77", ...PAGE }))).toBe(NO_WORKSPACE);
    expect(refusal(await run(person("9"), "task.get", { id: "7" }))).toBe("ok");
    // Whether the workspace is stored is for the store to say.
    expect(refusal(await run(person("9"), "task.create", { ...NEW, workspace_id: "77" }))).toBe("ok");
  });
});

import { describe, expect, test } from "bun:test";
import type { CommandArgs } from "../../src/core/command.ts";
import type { Principal } from "../../src/core/principal.ts";
import { anonymous, code, key, person, refusal, setUp, written } from "./fakes.ts";

const event = (more: Partial<CommandArgs<"task.tell">> = {}): CommandArgs<"task.tell"> => ({
  task_id: "7",
  title: "Paint",
  action: "updated",
  workspace_id: null,
  targets: [],
  as_user: null,
  ...more,
});
const admin = person("1", { admin: true });

/** Workspace 5 of user 1 with members 2 and 3; task 7 is stored in it. User 9 is a stranger. */
function stored(mode: "members" | "open" = "members") {
  const set = setUp({ mode });
  set.store.addWorkspace("5", "1", "2", "3");
  set.store.taskHomes.set("7", "5");
  const tell = (who: Principal, more: Partial<CommandArgs<"task.tell">> = {}) =>
    set.run(who, "task.tell", event(more));
  return { ...set, tell };
}

describe("a task event", () => {
  test("without targets is for the caller alone", async () => {
    const { tell } = stored();
    expect(written(await tell(person("2"), { workspace_id: "5" }))).toEqual({
      op: "task.tell",
      args: {
        task_id: "7",
        title: "Paint",
        action: "updated",
        workspace_id: "5",
        topics: ["workspace:5", "task:7"],
        actor: { id: "2", username: "name-2" },
        recipients: ["2"],
        membersOf: null,
        mustBeMembers: [],
      },
    });
  });

  test("of a task that nobody stored reaches the caller, and no room", async () => {
    const { tell } = stored();
    expect(written(await tell(person("9"), { task_id: "8" }))).toMatchObject({
      args: { workspace_id: null, topics: [], recipients: ["9"] },
    });
  });

  test("takes the workspace of the stored task", async () => {
    const { tell } = stored();
    expect(written(await tell(person("2")))).toMatchObject({
      args: { workspace_id: "5", topics: ["workspace:5", "task:7"] },
    });
  });

  test("of a member of the task alone is not told to the workspace", async () => {
    const { tell, store } = stored();
    store.addMember("task:7", "9");
    expect(written(await tell(person("9")))).toMatchObject({
      args: { workspace_id: "5", topics: ["task:7"], recipients: ["9"] },
    });
  });

  test("needs access to the workspace that it names and to the task that is stored", async () => {
    const { tell, store } = stored();
    expect(refusal(await tell(person("9"), { task_id: "8", workspace_id: "5" }))).toBe(
      "FORBIDDEN: You don't have access to this workspace",
    );
    expect(refusal(await tell(person("9")))).toBe("FORBIDDEN: You don't have access to this task");
    store.addWorkspace("6", "9");
    expect(refusal(await tell(person("9"), { workspace_id: "6" }))).toBe(
      "FORBIDDEN: You don't have access to this task",
    );
    expect(code(await tell(person("9"), { task_id: "8", workspace_id: "6" }))).toBe("ok");
    expect(code(await tell(anonymous("2"), { workspace_id: "5" }))).toBe("FORBIDDEN");
  });

  test("for others leaves it to the store that all are members of the workspace", async () => {
    const { tell } = stored();
    for (const workspace_id of ["5", null]) {
      expect(written(await tell(person("2"), { workspace_id, targets: ["3", "2", "3"] }))).toMatchObject({
        args: { recipients: ["3", "2"], membersOf: "5", mustBeMembers: ["2", "3"] },
      });
    }
  });

  test("for others without any workspace is refused, in the open mode too", async () => {
    for (const mode of ["members", "open"] as const) {
      const { tell } = stored(mode);
      expect(code(await tell(person("2"), { task_id: "8", targets: ["3"] }))).toBe("FORBIDDEN");
      expect(code(await tell(person("2"), { task_id: "8", targets: ["2"] }))).toBe("ok");
    }
  });

  test("in the open mode opens rooms that nobody stored, but not the notifying of others", async () => {
    const { tell } = stored("open");
    expect(
      written(await tell(person("9"), { task_id: "8", workspace_id: "77", targets: ["3"] })),
    ).toMatchObject({
      args: { topics: ["workspace:77", "task:8"], membersOf: "77", mustBeMembers: ["9", "3"] },
    });
  });
});

describe("a task event of an admin or key", () => {
  test("goes to anybody, everywhere", async () => {
    const { tell } = stored();
    expect(
      written(await tell(key(), { task_id: "8", workspace_id: "77", targets: ["3", "4", "3"] })),
    ).toMatchObject({
      args: {
        topics: ["workspace:77", "task:8"],
        actor: null,
        recipients: ["3", "4"],
        membersOf: null,
        mustBeMembers: [],
      },
    });
  });

  test("acts as the user that it names, who is also told where nobody else is", async () => {
    const { tell } = stored();
    expect(written(await tell(key(), { as_user: "3" }))).toMatchObject({
      args: { actor: { id: "3", username: "3" }, recipients: ["3"] },
    });
    expect(written(await tell(admin, { as_user: "1" }))).toMatchObject({
      args: { actor: { id: "1", username: "name-1" }, recipients: ["1"] },
    });
    expect(written(await tell(admin, { as_user: "3", targets: ["2"] }))).toMatchObject({
      args: { actor: { id: "3" }, recipients: ["2"] },
    });
  });

  test("needs somebody: a key with neither targets nor a user is told so", async () => {
    const { tell } = stored();
    expect(code(await tell(key()))).toBe("NO_TARGET");
    expect(written(await tell(admin))).toMatchObject({ args: { recipients: ["1"] } });
  });

  test("is the only one that acts as another: of a user it is ignored", async () => {
    const { tell } = stored();
    expect(written(await tell(person("2"), { as_user: "3" }))).toMatchObject({
      args: { actor: { id: "2", username: "name-2" }, recipients: ["2"] },
    });
  });
});

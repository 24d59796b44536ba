import { describe, expect } from "bun:test";
import { isoTime } from "../../src/core/clock.ts";
import type { TaskChanges } from "../../src/core/command.ts";
import type { TaskEventData } from "../../src/core/event.ts";
import type { OpArgs } from "../../src/store/store.ts";
import { ADA, BOB, EVE, gist, storeTest, taskTold, type OpenStore, type Scene } from "./store-support.ts";

export const newTask = (more: Partial<OpArgs<"task.create">> = {}): OpArgs<"task.create"> => ({
  workspace_id: "W",
  id: "42",
  title: "Water the plants",
  description: null,
  status: "todo",
  priority: "normal",
  due_date: null,
  user_id: null,
  actor: EVE,
  ...more,
});

/** Workspace W of Eve; Ada was seen, Bob was not. */
export async function home({ does }: Scene): Promise<void> {
  await does("workspace.create", { id: "W", name: "Home", owner: EVE });
  await does("user.seen", { users: [ADA] });
}

/** Changes, as Eve, whatever version it has. */
const change = (changes: TaskChanges, version: number | null = null): OpArgs<"task.update"> => ({
  id: "42",
  changes,
  version,
  actor: EVE,
});

export const dataOf = (events: readonly { readonly data: unknown }[]): TaskEventData =>
  events[0]?.data as TaskEventData;

export function storeTaskLifeSuite(open: OpenStore): void {
  describe("the life of a task", () => {
    storeTest("creation is told to its rooms and, once, to the assignee", open, async (scene) => {
      await home(scene);
      const { does, store, clock } = scene;
      const { value, events } = await does(
        "task.create",
        newTask({ user_id: "7", description: "All of them" }),
      );
      const at = isoTime(clock.now());
      expect(value).toEqual({
        id: "42",
        workspace_id: "W",
        title: "Water the plants",
        description: "All of them",
        status: "todo",
        priority: "normal",
        due_date: null,
        user_id: "7",
        creator_id: "5",
        version: 1,
        created_at: at,
        updated_at: at,
        completed_at: null,
      });
      const [told, notified] = events;
      expect(notified?.id).toBe((told?.id ?? 0) + 1);
      expect(events.map(({ actor }) => actor)).toEqual([EVE, EVE]);
      expect(gist(events)).toEqual([
        {
          kind: "task.created",
          topics: ["workspace:W", "task:42"],
          recipients: null,
          data: {
            task_id: "42",
            action: "created",
            title: "Water the plants",
            task: {
              title: "Water the plants",
              description: "All of them",
              status: "todo",
              priority: "normal",
              due_date: null,
              workspace_id: "W",
              user_id: "7",
              assignee: "Ada",
              creator: "Eve",
            },
            changes: {},
            notification_id: notified?.id as number,
          },
        },
        {
          kind: "notification.created",
          topics: [],
          recipients: ["7"],
          data: expect.objectContaining({
            title: "Task Created",
            content: "Task 'Water the plants' was created.",
            task: { task_id: "42", action: "created", workspace_id: "W" },
          }),
        },
      ]);
      expect(await store.taskView("42")).toEqual(value);
      expect(await store.task("42")).toEqual({ id: "42", workspace_id: "W" });
      expect(await store.membership("5", "task:42")).toBe("workspace:W");
    });

    storeTest(
      "without an id it is named after its event; of a key nobody is the creator",
      open,
      async (scene) => {
        await home(scene);
        const { value, events } = await scene.does("task.create", newTask({ id: null, actor: null }));
        expect(value).toMatchObject({ id: String(events[0]?.id), creator_id: null });
        expect(dataOf(events)).toMatchObject({ notification_id: events[0]?.id, task: { creator: null } });
        expect(events).toHaveLength(1);
        const next = (await scene.store.ends()).last + 2;
        await scene.does("task.create", newTask({ id: String(next) }));
        expect((await scene.does("task.create", newTask({ id: null }))).value.id).toBe(`${next}-2`);
      },
    );

    storeTest("an id is given once, also where its task is deleted", open, async (scene) => {
      await home(scene);
      const { does, refuses } = scene;
      await does("task.create", newTask());
      const taken = { refused: "CONFLICT", detail: "A task with this id already exists." } as const;
      expect(await refuses("task.create", newTask())).toEqual(taken);
      await does("task.delete", { id: "42", version: null, actor: EVE });
      expect(await refuses("task.create", newTask())).toEqual(taken);
      expect(await refuses("task.create", newTask({ id: "7", workspace_id: "X" }))).toEqual({
        refused: "NOT_FOUND",
        detail: "Workspace not found",
      });
    });

    storeTest("nobody takes another's room in by creating its task", open, async (scene) => {
      await home(scene);
      const { does, refuses } = scene;
      await does("member.put", { topic: "task:8", user_id: "9", role: "member", actor: null });
      expect((await refuses("task.create", newTask({ id: "8" }))).refused).toBe("CONFLICT");
      await does("room.put", { topic: "task:8", workspace_id: "W" });
      expect((await does("task.create", newTask({ id: "8" }))).value.id).toBe("8");
    });

    storeTest("a change tells old and new, and whom it concerns: once each", open, async (scene) => {
      await home(scene);
      const { does, store, clock } = scene;
      const created = await does(
        "task.create",
        newTask({ user_id: "7", due_date: "2026-02-01T00:00:00.000Z" }),
      );
      clock.advance(1_000);
      const { value, events } = await does(
        "task.update",
        change({ title: "Water the roses", user_id: "9", due_date: null, priority: "normal" }),
      );
      expect(value).toEqual({
        ...created.value,
        title: "Water the roses",
        user_id: "9",
        due_date: null,
        version: 2,
        updated_at: isoTime(clock.now()),
      });
      expect(await store.taskView("42")).toEqual(value);
      expect(events.map(({ kind, recipients }) => [kind, recipients])).toEqual([
        ["task.updated", null],
        ["notification.created", ["7", "9", "5"]],
      ]);
      const { action, title, task, changes, names, notification_id } = dataOf(events);
      expect({ action, title, changes, names, notification_id }).toEqual({
        action: "updated",
        title: "Water the roses",
        changes: {
          title: { old: "Water the plants", new: "Water the roses" },
          due_date: { old: "2026-02-01T00:00:00.000Z", new: null },
          user_id: { old: "7", new: "9" },
        },
        names: { "7": "Ada", "9": "9" },
        notification_id: events[1]?.id as number,
      });
      expect(task).toMatchObject({ title: "Water the roses", user_id: "9", assignee: "9", creator: "Eve" });
      expect(await store.events(created.events[1]?.id ?? 0, Number.MAX_SAFE_INTEGER, 10)).toEqual(events);
    });

    storeTest("a change that changes nothing is no change", open, async (scene) => {
      await home(scene);
      const { does, store } = scene;
      const { value } = await does("task.create", newTask());
      const before = await store.ends();
      for (const changes of [{}, { title: "Water the plants", user_id: null }, { status: "todo" }] as const)
        expect(await does("task.update", change(changes))).toEqual({ value, events: [] });
      expect(await store.ends()).toEqual(before);
    });

    storeTest("completing is a status of its own, and can be taken back", open, async (scene) => {
      await home(scene);
      const { does, clock } = scene;
      await does("task.create", newTask({ user_id: "5" }));
      clock.advance(1_000);
      const done = await does("task.update", change({ status: "completed", title: "Done" }));
      expect(done.value).toMatchObject({
        status: "completed",
        version: 2,
        completed_at: isoTime(clock.now()),
      });
      expect(done.events.map(({ kind, recipients }) => [kind, recipients])).toEqual([
        ["task.completed", null],
        ["notification.created", ["5"]],
      ]);
      expect(dataOf(done.events)).toMatchObject({
        action: "completed",
        changes: {
          status: { old: "todo", new: "completed" },
          title: { old: "Water the plants", new: "Done" },
        },
      });
      clock.advance(1_000);
      const renamed = await does("task.update", change({ title: "Quite done", status: "completed" }));
      expect(renamed.events[0]?.kind).toBe("task.updated");
      expect(renamed.value.completed_at).toBe(done.value.completed_at);
      const again = await does("task.update", change({ status: "todo" }));
      expect(again.value).toMatchObject({ status: "todo", completed_at: null, version: 4 });
      expect(again.events[0]?.kind).toBe("task.updated");
      const born = await does("task.create", newTask({ id: "43", status: "completed" }));
      expect(born.value.completed_at).toBe(isoTime(clock.now()));
      expect(born.events[0]?.kind).toBe("task.created");
    });

    storeTest("another version than the stored one is a conflict that names both", open, async (scene) => {
      await home(scene);
      const { does, refuses } = scene;
      await does("task.create", newTask());
      await does("task.update", change({ title: "a" }, 1));
      const conflict = {
        refused: "CONFLICT",
        detail: "The task is at version 2, not 1. Read it again.",
      } as const;
      expect(await refuses("task.update", change({ title: "b" }, 1))).toEqual(conflict);
      expect(await refuses("task.update", change({}, 1))).toEqual(conflict);
      expect(await refuses("task.delete", { id: "42", version: 1, actor: EVE })).toEqual(conflict);
      await does("task.delete", { id: "42", version: 2, actor: EVE });
    });

    storeTest("a deleted task is told of, and not to be found any more", open, async (scene) => {
      await home(scene);
      const { does, refuses, store } = scene;
      await does("task.create", newTask({ user_id: "7" }));
      const { value, events } = await does("task.delete", { id: "42", version: null, actor: BOB });
      expect(value).toEqual({});
      expect(events.map(({ kind, topics, recipients }) => [kind, topics, recipients])).toEqual([
        ["task.deleted", ["workspace:W", "task:42"], null],
        ["notification.created", [], ["7", "5"]],
      ]);
      expect(dataOf(events)).toMatchObject({ task: { status: "todo", assignee: "Ada" }, changes: {} });
      const gone = { refused: "NOT_FOUND", detail: "Task not found" } as const;
      expect(await refuses("task.update", change({ title: "x" }))).toEqual(gone);
      expect(await refuses("task.delete", { id: "42", version: null, actor: EVE })).toEqual(gone);
      expect(await refuses("task.update", { ...change({}), id: "nope" })).toEqual(gone);
      expect(await store.taskView("42")).toBeNull();
      expect(await store.tasks("W", { limit: 5 })).toEqual({ items: [], next: null });
    });

    storeTest("what is told of a stored task does not change it", open, async (scene) => {
      await home(scene);
      const { does, store } = scene;
      const { value } = await does("task.create", newTask());
      await does("task.tell", taskTold({ action: "completed", title: "Other", workspace_id: "W" }));
      await does("task.tell", taskTold({ action: "deleted" }));
      expect(await store.taskView("42")).toEqual(value);
    });

    storeTest("the tasks of a workspace, newest first", open, async (scene) => {
      await home(scene);
      const { does, store } = scene;
      await does("workspace.create", { id: "X", name: "Elsewhere", owner: EVE });
      for (const id of ["a", "b", "c", "d"]) await does("task.create", newTask({ id }));
      await does("task.create", newTask({ id: "x", workspace_id: "X" }));
      await does("task.delete", { id: "c", version: null, actor: EVE });
      await does("task.update", { ...change({ title: "touched" }), id: "a" });
      const first = await store.tasks("W", { limit: 2 });
      expect(first.items.map(({ id }) => id)).toEqual(["d", "b"]);
      const rest = await store.tasks("W", { limit: 2, cursor: first.next ?? "" });
      expect([rest.items.map(({ id, title }) => [id, title]), rest.next]).toEqual([[["a", "touched"]], null]);
    });
  });
}

import { describe, expect } from "bun:test";
import type { TaskFields } from "../../src/core/event.ts";
import { ADA, EVE, gist, storeTest, taskTold, type OpenStore } from "./store-support.ts";

const UNKNOWN: TaskFields = {
  title: "Water the plants",
  description: null,
  status: null,
  priority: null,
  due_date: null,
  workspace_id: null,
  user_id: null,
  assignee: null,
  creator: null,
};

export function storeTaskSuite(open: OpenStore): void {
  describe("tasks", () => {
    storeTest(
      "a change is one task event and one notification for all its recipients",
      open,
      async ({ does }) => {
        const { value, events } = await does(
          "task.tell",
          taskTold({ workspace_id: "W", topics: ["workspace:W", "task:42"], recipients: ["7", "9", "7"] }),
        );
        expect(value).toEqual({ recipient_count: 2 });
        const [task, notification] = events;
        expect(notification?.id).toBe((task?.id ?? 0) + 1);
        expect(gist(events)).toEqual([
          {
            kind: "task.updated",
            topics: ["workspace:W", "task:42"],
            recipients: null,
            data: {
              task_id: "42",
              action: "updated",
              title: "Water the plants",
              task: { ...UNKNOWN, workspace_id: "W" },
              changes: {},
              notification_id: notification?.id as number,
            },
          },
          {
            kind: "notification.created",
            topics: [],
            recipients: ["7", "9"],
            data: {
              title: "Task Updated",
              content: "Task 'Water the plants' was updated.",
              level: null,
              notification_type: "task",
              related_entity_type: "task",
              related_entity_id: "42",
              data: {},
              link: null,
              priority: null,
              room: null,
              task: { task_id: "42", action: "updated", workspace_id: "W" },
            },
          },
        ]);
        expect(events.map((event) => event.actor)).toEqual([EVE, EVE]);
      },
    );

    storeTest(
      "without recipients or topics the task event stands alone, and its notification id is its own",
      open,
      async ({ does, store }) => {
        const { value, events } = await does("task.tell", taskTold({ action: "deleted" }));
        expect(value).toEqual({ recipient_count: 0 });
        expect(events).toHaveLength(1);
        expect(events[0]).toMatchObject({
          kind: "task.deleted",
          topics: [],
          data: { notification_id: events[0]?.id },
        });
        expect(await store.events(0, Number.MAX_SAFE_INTEGER, 10)).toEqual(events);
      },
    );

    storeTest(
      "of a task that nobody stored, the creator is who created it and completing completes it",
      open,
      async ({ does }) => {
        const created = await does("task.tell", taskTold({ action: "created" }));
        expect(created.events[0]?.data).toMatchObject({ task: { ...UNKNOWN, creator: "Eve" }, changes: {} });
        const byKey = await does("task.tell", taskTold({ action: "created", actor: null }));
        expect(byKey.events[0]?.data).toMatchObject({ task: UNKNOWN });
        const completed = await does("task.tell", taskTold({ action: "completed" }));
        expect(completed.events[0]?.data).toMatchObject({
          task: { ...UNKNOWN, status: "completed" },
          changes: { status: { old: null, new: "completed" } },
        });
      },
    );

    storeTest(
      "a stored task fills in what is known, with names where they are known",
      open,
      async ({ does, task }) => {
        await task({
          id: "42",
          workspaceId: "W",
          title: "Old title",
          status: "doing",
          dueDate: "2026-02-01",
          userId: "7",
          creatorId: "11",
        });
        await does("user.seen", { users: [ADA] });
        const { events } = await does(
          "task.tell",
          taskTold({ action: "completed", workspace_id: "W", recipients: ["7"] }),
        );
        expect(events[0]?.data).toMatchObject({
          task: {
            title: "Water the plants",
            status: "completed",
            priority: "normal",
            due_date: "2026-02-01",
            workspace_id: "W",
            user_id: "7",
            assignee: "Ada",
            creator: "11",
          },
          changes: { status: { old: "doing", new: "completed" } },
        });
      },
    );

    storeTest(
      "fields of a stored task are used only if its workspace is the given one, or none is given",
      open,
      async ({ does, task }) => {
        await task({ id: "42", workspaceId: "W", status: "doing", userId: "7" });
        const elsewhere = await does("task.tell", taskTold({ workspace_id: "X", recipients: ["9"] }));
        expect(elsewhere.events[0]?.data).toMatchObject({ task: { ...UNKNOWN, workspace_id: "X" } });
        const anywhere = await does("task.tell", taskTold({ recipients: ["9"] }));
        expect(anywhere.events[0]?.data).toMatchObject({
          task: { status: "doing", workspace_id: "W", user_id: "7" },
        });
        expect(anywhere.events[1]?.data).toMatchObject({ task: { workspace_id: "W" } });
      },
    );

    storeTest("where others are named, everyone named must be a member", open, async ({ does, refuses }) => {
      await does("workspace.create", { id: "W", name: "W", owner: EVE });
      await does("member.put", { topic: "workspace:W", user_id: "7", role: "member", actor: EVE });
      const args = taskTold({
        workspace_id: "W",
        recipients: ["7"],
        membersOf: "W",
        mustBeMembers: ["5", "7"],
      });
      expect((await does("task.tell", args)).value).toEqual({ recipient_count: 1 });
      expect(await refuses("task.tell", { ...args, mustBeMembers: ["5", "9"] })).toEqual({
        refused: "FORBIDDEN",
        detail: "The caller and every target must be members of the workspace.",
      });
      expect((await refuses("task.tell", { ...args, membersOf: "X" })).refused).toBe("FORBIDDEN");
    });

    storeTest("task() knows the stored tasks that are not deleted", open, async ({ store, task }) => {
      await task({ id: "1", workspaceId: "W" });
      await task({ id: "2", workspaceId: null });
      await task({ id: "3", workspaceId: "W", deleted: true });
      expect(await store.task("1")).toEqual({ id: "1", workspace_id: "W" });
      expect(await store.task("2")).toEqual({ id: "2", workspace_id: null });
      expect(await store.task("3")).toBeNull();
      expect(await store.task("4")).toBeNull();
    });
  });
}

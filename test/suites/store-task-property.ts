import { describe, expect } from "bun:test";
import * as fc from "fast-check";
import type { TaskChanges, TaskView } from "../../src/core/command.ts";
import { isRefusal } from "../../src/core/errors.ts";
import { EVE, resultOf, storeTest, write, type OpenStore } from "./store-support.ts";
import { dataOf, home, newTask } from "./store-task-life.ts";

export function storeTaskPropertySuite(open: OpenStore): void {
  describe("any life of a task", () => {
    storeTest(
      "whatever is changed in whatever order, versions count and events add up",
      open,
      async (scene) => {
        await home(scene);
        const { store } = scene;
        const text = fc.constantFrom("a", "b", "completed");
        const nullable = fc.constantFrom("7", "9", null);
        const changes: fc.Arbitrary<TaskChanges> = fc.record(
          {
            title: text,
            status: text,
            priority: text,
            description: nullable,
            user_id: nullable,
            due_date: nullable,
          },
          { requiredKeys: [] },
        );
        let serial = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(changes, { maxLength: 12 }), async (steps) => {
            const id = `p${++serial}`;
            const commit = async (op: "task.create" | "task.update", args: never) =>
              resultOf((await store.commit([write(op, args)]))[0]);
            let task = (await commit("task.create", newTask({ id }) as never)).value as TaskView;
            for (const step of steps) {
              const args = { id, changes: step, version: task.version, actor: EVE };
              const { value, events } = await commit("task.update", args as never);
              if (isRefusal(value)) throw new Error(value.detail);
              const next = value as TaskView;
              const differing = Object.entries(step).filter(
                ([field, wanted]) => wanted !== task[field as keyof TaskChanges],
              );
              expect(next).toMatchObject(step);
              expect(next.version).toBe(task.version + (differing.length > 0 ? 1 : 0));
              expect(next.completed_at === null).toBe(next.status !== "completed");
              expect(events.length > 0).toBe(differing.length > 0);
              if (events.length > 0) {
                const told = dataOf(events);
                expect(Object.keys(told.changes).toSorted()).toEqual(
                  differing.map(([field]) => field).toSorted(),
                );
                expect(events[0]?.kind === "task.completed").toBe(
                  next.status === "completed" && task.status !== "completed",
                );
              }
              task = next;
            }
            expect(await store.taskView(id)).toEqual(task);
          }),
          { numRuns: 60 },
        );
      },
    );
  });
}

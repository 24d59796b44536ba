import { describe, expect } from "bun:test";
import * as fc from "fast-check";
import { isoTime } from "../../src/core/clock.ts";
import type { Page, PageArgs } from "../../src/core/command.ts";
import type { Topic } from "../../src/core/topic.ts";
import type { OpArgs } from "../../src/store/store.ts";
import { ADA, BOB, EVE, gist, resultOf, storeTest, told, write, type OpenStore } from "./store-support.ts";
import { home, newTask } from "./store-task-life.ts";

const session = (more: Partial<OpArgs<"focus.create">> = {}): OpArgs<"focus.create"> => ({
  id: "s",
  title: "Deep work",
  workspace_id: null,
  actor: EVE,
  ...more,
});

export function storeRoomSuite(open: OpenStore): void {
  describe("rooms", () => {
    storeTest("a room that moves is told of, with the workspace that it left", open, async (scene) => {
      await home(scene);
      const { does, store } = scene;
      await does("workspace.create", { id: "X", name: "Elsewhere", owner: ADA });
      const put = async (workspace_id: string | null) =>
        gist((await does("room.put", { topic: "channel:9", workspace_id })).events);
      const moved = (workspace_id: string | null, old_workspace_id: string) => [
        {
          kind: "room.moved",
          topics: ["channel:9"],
          recipients: null,
          data: { topic: "channel:9", workspace_id, old_workspace_id },
        },
      ];
      expect(await put("W")).toEqual([]);
      expect(await put("W")).toEqual([]);
      expect(await put("X")).toEqual(moved("X", "W"));
      expect(await store.membership("5", "channel:9")).toBeNull();
      expect(await store.membership("7", "channel:9")).toBe("workspace:X");
      expect(await put(null)).toEqual(moved(null, "X"));
      expect(await put("W")).toEqual([]);
    });

    storeTest("a focus session goes with its room, a stored task stays where it is", open, async (scene) => {
      await home(scene);
      const { does, refuses, store } = scene;
      await does("workspace.create", { id: "X", name: "Elsewhere", owner: ADA });
      await does("focus.create", session({ workspace_id: "W" }));
      const { events } = await does("room.put", { topic: "focus:s", workspace_id: "X" });
      expect(events.map(({ kind }) => kind)).toEqual(["room.moved"]);
      expect((await store.focusView("s"))?.workspace_id).toBe("X");
      expect(await store.membership("7", "focus:s")).toBe("workspace:X");
      await does("task.create", newTask());
      for (const workspace_id of ["X", null])
        expect((await refuses("room.put", { topic: "task:42", workspace_id })).refused).toBe("CONFLICT");
      await does("room.put", { topic: "task:42", workspace_id: "W" });
    });

    storeTest(
      "the history of a room, newest first or on from a message",
      open,
      async ({ does, store, clock }) => {
        const ids: number[] = [];
        for (const content of ["a", "b", "c", "d"]) {
          const sent = resultOf(
            (await store.commit([told("channel:9", content), told("channel:8", "x")]))[0],
          );
          ids.push((sent.value as { message_id: number }).message_id);
        }
        const [first = 0, second = 0] = ids;
        clock.advance(1_000);
        const editor = { actor: EVE, privileged: false };
        await does("message.edit", { message_id: first, content: "A", editor });
        await does("message.delete", { message_id: second, editor });
        const newest = await store.messages("channel:9", { limit: 3 });
        expect(newest.items.map(({ content }) => content)).toEqual(["d", "c", null]);
        const rest = await store.messages("channel:9", { limit: 3, cursor: newest.next ?? "" });
        expect(rest).toEqual({
          items: [
            {
              id: first,
              room: "channel:9",
              user_id: "5",
              username: "Eve",
              content: "A",
              metadata: {},
              created_at: isoTime(clock.now() - 1_000),
              edited_at: isoTime(clock.now()),
              deleted_at: null,
            },
          ],
          next: null,
        });
        expect(newest.items[2]).toMatchObject({
          id: second,
          content: null,
          deleted_at: isoTime(clock.now()),
        });
        const onward = await store.messages("channel:9", { limit: 2, after: first });
        expect([onward.items.map(({ id }) => id), onward.next]).toEqual([ids.slice(1, 3), String(ids[2])]);
        const last = await store.messages("channel:9", { limit: 2, after: Number(onward.next) });
        expect([last.items.map(({ id }) => id), last.next]).toEqual([ids.slice(3), null]);
        expect(await store.messages("channel:7", { limit: 2, after: 0 })).toEqual({ items: [], next: null });
      },
    );
  });

  describe("focus sessions as things", () => {
    storeTest("who creates a session owns it, and has not joined it by that", open, async (scene) => {
      await home(scene);
      const { does, refuses, store, clock } = scene;
      const { value, events } = await does("focus.create", session({ workspace_id: "W" }));
      const at = isoTime(clock.now());
      expect(value).toEqual({
        id: "s",
        title: "Deep work",
        workspace_id: "W",
        status: "active",
        current_task_id: null,
        created_at: at,
        updated_at: at,
      });
      expect(gist(events)).toEqual([
        {
          kind: "member.added",
          topics: ["focus:s"],
          recipients: ["5"],
          data: { topic: "focus:s", user_id: "5", role: "owner" },
        },
      ]);
      expect(await store.focusView("s")).toEqual(value);
      expect(await store.room("focus:s")).toEqual({ workspace_id: "W" });
      expect(await store.role("5", "focus:s")).toBe("owner");
      expect((await refuses("focus.create", session())).refused).toBe("CONFLICT");
      expect(await refuses("focus.create", session({ id: "t", workspace_id: "X" }))).toEqual({
        refused: "NOT_FOUND",
        detail: "Workspace not found",
      });
    });

    storeTest(
      "a key's session is nobody's; without ids they are told apart",
      open,
      async ({ does, store }) => {
        const first = await does("focus.create", session({ id: null, actor: null }));
        const second = await does("focus.create", session({ id: null, actor: null }));
        expect(first.events).toEqual([]);
        expect(second.value.id).toBe(`${first.value.id}-2`);
        expect((await store.members(`focus:${first.value.id}`, { limit: 5 })).items).toEqual([]);
      },
    );

    storeTest("nobody becomes the owner of another's session or room by its name", open, async (scene) => {
      await home(scene);
      const { does, refuses, store } = scene;
      await does("focus.update", { session_id: "live", user: BOB, action: "x" });
      await does("member.put", { topic: "focus:mine", user_id: "9", role: "member", actor: null });
      await does("room.put", { topic: "focus:placed", workspace_id: "W" });
      for (const id of ["live", "mine", "placed"])
        expect((await refuses("focus.create", session({ id, actor: ADA }))).refused).toBe("CONFLICT");
      await does("focus.create", session({ id: "placed", workspace_id: "W" }));
      expect(await store.focusView("mine")).toMatchObject({ status: "active", workspace_id: null });
    });

    storeTest("participants are told of by the session's state, with names", open, async (scene) => {
      await home(scene);
      const { does } = scene;
      await does("focus.create", session());
      await does("focus.update", {
        session_id: "s",
        user: EVE,
        action: "x",
        status: "paused",
        current_task_id: "42",
      });
      const member = { topic: "focus:s", user_id: "7", actor: EVE } as const;
      const state = { session_id: "s", status: "paused", current_task_id: "42", user: ADA };
      const added = await does("member.put", { ...member, role: "member" });
      expect(added.events[0]?.data).toEqual({ topic: "focus:s", user_id: "7", role: "member", focus: state });
      const promoted = await does("member.put", { ...member, role: "admin" });
      expect(promoted.events[0]?.data).toEqual({ topic: "focus:s", user_id: "7", role: "admin" });
      const removed = await does("member.remove", member);
      expect(removed.events[0]?.data).toEqual({
        topic: "focus:s",
        user_id: "7",
        covered_by: null,
        focus: state,
      });
      const elsewhere = await does("member.put", { ...member, topic: "channel:9", role: "member" });
      expect(elsewhere.events[0]?.data).toEqual({ topic: "channel:9", user_id: "7", role: "member" });
    });

    storeTest("a patch tells what participants can see, and only what is new", open, async (scene) => {
      const { does, refuses, store, clock } = scene;
      const { value } = await does("focus.create", session());
      clock.advance(1_000);
      const patch = (more: Partial<OpArgs<"focus.patch">>) =>
        does("focus.patch", { id: "s", user: BOB, ...more });
      expect(await patch({})).toEqual({ value, events: [] });
      expect(await patch({ title: "Deep work", status: "active", current_task_id: null })).toEqual({
        value,
        events: [],
      });
      const renamed = await patch({ title: null });
      expect(renamed).toEqual({
        value: { ...value, title: null, updated_at: isoTime(clock.now()) },
        events: [],
      });
      const paused = await patch({ status: "paused", current_task_id: "42" });
      expect(gist(paused.events)).toEqual([
        {
          kind: "focus.updated",
          topics: ["focus:s"],
          recipients: null,
          data: {
            session_id: "s",
            status: "paused",
            current_task_id: "42",
            user: BOB,
            action: "status_change",
            data: undefined,
          },
        },
      ]);
      expect(await store.focusView("s")).toEqual(paused.value);
      expect(await refuses("focus.patch", { id: "t", user: BOB })).toEqual({
        refused: "NOT_FOUND",
        detail: "Focus session not found",
      });
    });
  });

  describe("lists of rooms and sessions", () => {
    storeTest(
      "are what a membership opens, newest first, each once, in pages of any size",
      open,
      async (scene) => {
        await home(scene);
        const { does, store } = scene;
        await does("workspace.create", { id: "X", name: "Elsewhere", owner: ADA });
        const topic = fc
          .tuple(fc.constantFrom("channel", "focus", "room", "task"), fc.constantFrom("a", "b", "c"))
          .map(([type, id]) => `${type}:${id}` as Topic);
        const user_id = fc.constantFrom("5", "7", "9");
        const workspace_id = fc.constantFrom("W", "X", null);
        const step = fc.oneof(
          fc.record({ topic, workspace_id }).map((args) => write("room.put", args)),
          fc
            .record({ topic, user_id })
            .map((args) => write("member.put", { ...args, role: "member", actor: null })),
          fc.record({ topic, user_id }).map((args) => write("member.remove", { ...args, actor: null })),
          fc
            .record({ id: fc.constantFrom("a", "b", "c", null), workspace_id })
            .map((args) => write("focus.create", { ...args, title: null, actor: null })),
          fc
            .constantFrom("a", "b", "c")
            .map((session_id) => write("focus.update", { session_id, user: EVE, action: "x" })),
          fc
            .record({ id: fc.constantFrom("a", "b", null), workspace_id: fc.constantFrom("W", "X") })
            .map((args) => write("task.create", newTask(args))),
        );
        await fc.assert(
          fc.asyncProperty(
            fc.array(step, { maxLength: 8 }),
            fc.integer({ min: 1, max: 4 }),
            async (steps, limit) => {
              for (const result of await store.commit(steps)) resultOf(result);
              const rooms = await walk((page) => store.roomList(null, page), limit);
              const sessions = await walk((page) => store.focusList(null, page), limit);
              expect(new Set(rooms.map(({ room }) => room)).size).toBe(rooms.length);
              for (const user of ["5", "7", "9"]) {
                const opened = async <T>(items: readonly T[], topicOf: (item: T) => Topic): Promise<T[]> => {
                  const grants = await Promise.all(
                    items.map((item) => store.membership(user, topicOf(item))),
                  );
                  return items.filter((_, place) => grants[place] !== null);
                };
                expect(await walk((page) => store.roomList(user, page), limit)).toEqual(
                  await opened(rooms, ({ room }) => room),
                );
                expect(await walk((page) => store.focusList(user, page), limit)).toEqual(
                  await opened(sessions, ({ id }) => `focus:${id}`),
                );
              }
            },
          ),
          { numRuns: 80 },
        );
        for (const cursor of ["", "next", "-1", "1.5"])
          expect(await store.roomList(null, { limit: 5, cursor })).toEqual({ items: [], next: null });
      },
    );
  });
}

async function walk<T>(read: (page: PageArgs) => Page<T> | Promise<Page<T>>, limit: number): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await read({ limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = page.next;
  }
}

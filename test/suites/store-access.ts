import { describe, expect } from "bun:test";
import { isoTime } from "../../src/core/clock.ts";
import type { Topic } from "../../src/core/topic.ts";
import { ADA, EVE, gist, storeTest, type OpenStore } from "./store-support.ts";

export function storeAccessSuite(open: OpenStore): void {
  describe("workspaces", () => {
    storeTest("who creates a workspace owns it and is told", open, async ({ does, store, clock }) => {
      const { value, events } = await does("workspace.create", { id: "W", name: "Home", owner: EVE });
      expect(value).toEqual({
        id: "W",
        name: "Home",
        owner_id: "5",
        archived: false,
        created_at: isoTime(clock.now()),
      });
      expect(gist(events)).toEqual([
        {
          kind: "workspace.created",
          topics: ["workspace:W"],
          recipients: null,
          data: { workspace_id: "W", name: "Home" },
        },
        {
          kind: "member.added",
          topics: ["workspace:W"],
          recipients: ["5"],
          data: { topic: "workspace:W", user_id: "5", role: "owner" },
        },
      ]);
      expect(await store.workspace("W")).toEqual(value);
      expect(await store.role("5", "workspace:W")).toBe("owner");
      expect((await store.members("workspace:W", { limit: 5 })).items).toEqual([
        { user_id: "5", username: "Eve", role: "owner", added_at: value.created_at },
      ]);
    });

    storeTest(
      "a workspace without an id is named after its event; a key's has no owner",
      open,
      async ({ does, store }) => {
        const { value, events } = await does("workspace.create", { id: null, name: "Home", owner: null });
        expect(value).toMatchObject({ id: String(events[0]?.id), owner_id: null });
        expect(events).toHaveLength(1);
        const next = (await store.ends()).last + 2;
        await does("workspace.create", { id: String(next), name: "Squatter", owner: null });
        const other = await does("workspace.create", { id: null, name: "Home", owner: null });
        expect(other.value.id).toBe(`${next}-2`);
      },
    );

    storeTest("an id is given once", open, async ({ does, refuses }) => {
      await does("workspace.create", { id: "W", name: "Home", owner: EVE });
      expect(await refuses("workspace.create", { id: "W", name: "Mine", owner: ADA })).toEqual({
        refused: "CONFLICT",
        detail: "A workspace with this id already exists.",
      });
    });

    storeTest(
      "a new name is told with the old one, the same name is not",
      open,
      async ({ does, refuses, store }) => {
        await does("workspace.create", { id: "W", name: "Home", owner: EVE });
        const { value, events } = await does("workspace.update", { id: "W", name: "House", actor: EVE });
        const data = { workspace_id: "W", name: "House", changes: { name: { old: "Home", new: "House" } } };
        expect(gist(events)).toEqual([
          { kind: "workspace.updated", topics: ["workspace:W"], recipients: null, data },
        ]);
        expect(await store.workspace("W")).toEqual(value);
        expect(await does("workspace.update", { id: "W", name: "House", actor: EVE })).toEqual({
          value,
          events: [],
        });
        expect(await refuses("workspace.update", { id: "X", name: "House", actor: EVE })).toEqual({
          refused: "NOT_FOUND",
          detail: "Workspace not found",
        });
      },
    );

    storeTest("archiving twice is told once", open, async ({ does, refuses, store }) => {
      await does("workspace.create", { id: "W", name: "Home", owner: EVE });
      const { value, events } = await does("workspace.archive", { id: "W", actor: EVE });
      expect(value.archived).toBe(true);
      expect(gist(events)).toEqual([
        {
          kind: "workspace.archived",
          topics: ["workspace:W"],
          recipients: null,
          data: { workspace_id: "W", name: "Home" },
        },
      ]);
      expect(await does("workspace.archive", { id: "W", actor: EVE })).toEqual({ value, events: [] });
      expect(await store.workspace("W")).toEqual(value);
      expect((await refuses("workspace.archive", { id: "X", actor: EVE })).refused).toBe("NOT_FOUND");
    });
  });

  describe("members", () => {
    storeTest(
      "a new member or a new role is told, what is so already is not",
      open,
      async ({ does, refuses, store }) => {
        await does("workspace.create", { id: "W", name: "Home", owner: EVE });
        const put = (role: string) =>
          does("member.put", { topic: "workspace:W", user_id: "7", role, actor: EVE });
        const added = (role: string) => [
          {
            kind: "member.added",
            topics: ["workspace:W"],
            recipients: ["7"],
            data: { topic: "workspace:W", user_id: "7", role },
          },
        ];
        expect(gist((await put("member")).events)).toEqual(added("member"));
        expect((await put("member")).events).toEqual([]);
        expect(gist((await put("guest")).events)).toEqual(added("guest"));
        expect(await store.role("7", "workspace:W")).toBe("guest");
        expect(
          await refuses("member.put", { topic: "workspace:X", user_id: "7", role: "member", actor: EVE }),
        ).toEqual({
          refused: "NOT_FOUND",
          detail: "Workspace not found",
        });
      },
    );

    storeTest("a member of a room that nobody stored makes it exist", open, async ({ does, store }) => {
      await does("member.put", { topic: "channel:9", user_id: "7", role: "member", actor: EVE });
      expect(await store.room("channel:9")).toEqual({ workspace_id: null });
      expect(await store.membership("7", "channel:9")).toBe("channel:9");
    });

    storeTest(
      "who is removed is told, with what still opens the topic",
      open,
      async ({ does, refuses, store }) => {
        await does("workspace.create", { id: "W", name: "Home", owner: EVE });
        await does("room.put", { topic: "channel:9", workspace_id: "W" });
        for (const user_id of ["7", "9"])
          await does("member.put", { topic: "channel:9", user_id, role: "member", actor: EVE });
        await does("member.put", { topic: "workspace:W", user_id: "7", role: "member", actor: EVE });
        const removed = async (topic: Topic, user_id: string) =>
          gist((await does("member.remove", { topic, user_id, actor: EVE })).events);
        const expected = (topic: Topic, user_id: string, covered_by: Topic | null) => [
          {
            kind: "member.removed",
            topics: [topic],
            recipients: [user_id],
            data: { topic, user_id, covered_by },
          },
        ];
        expect(await removed("channel:9", "7")).toEqual(expected("channel:9", "7", "workspace:W"));
        expect(await removed("channel:9", "9")).toEqual(expected("channel:9", "9", null));
        expect(await removed("workspace:W", "7")).toEqual(expected("workspace:W", "7", null));
        expect(await store.membership("7", "channel:9")).toBeNull();
        expect(await refuses("member.remove", { topic: "channel:9", user_id: "7", actor: EVE })).toEqual({
          refused: "NOT_FOUND",
          detail: "Not a member",
        });
      },
    );

    storeTest("the owner of a workspace cannot be removed", open, async ({ does, refuses, store }) => {
      await does("workspace.create", { id: "W", name: "Home", owner: EVE });
      expect(await refuses("member.remove", { topic: "workspace:W", user_id: "5", actor: EVE })).toEqual({
        refused: "CONFLICT",
        detail: "The owner cannot be removed.",
      });
      expect(await store.role("5", "workspace:W")).toBe("owner");
    });

    storeTest("a topic is opened by its own membership, else by its workspace's", open, async (scene) => {
      const { does, store, task, focusIn } = scene;
      await does("workspace.create", { id: "W", name: "Home", owner: EVE });
      await does("room.put", { topic: "channel:9", workspace_id: "W" });
      await task({ id: "1", workspaceId: "W" });
      await task({ id: "2", workspaceId: "W", deleted: true });
      await focusIn("s", "W");
      for (const topic of ["channel:9", "task:1", "focus:s", "workspace:W"] as const) {
        expect(await store.membership("5", topic)).toBe("workspace:W");
        expect(await store.membership("7", topic)).toBeNull();
        await does("member.put", { topic, user_id: "7", role: "member", actor: EVE });
        expect(await store.membership("7", topic)).toBe(topic);
        await does("member.remove", { topic, user_id: "7", actor: EVE });
      }
      for (const topic of [
        "channel:8",
        "task:2",
        "task:3",
        "focus:t",
        "workspace:X",
        "everyone",
        "user:5",
      ] as const) {
        expect(await store.membership("5", topic)).toBeNull();
      }
      expect(await store.role("5", "channel:9")).toBeNull();
    });

    storeTest(
      "a room belongs to a workspace that exists, or to none",
      open,
      async ({ does, refuses, store }) => {
        await does("workspace.create", { id: "W", name: "Home", owner: EVE });
        expect(await store.room("channel:9")).toBeNull();
        expect(await does("room.put", { topic: "channel:9", workspace_id: "W" })).toEqual({
          value: { room: "channel:9", workspace_id: "W" },
          events: [],
        });
        expect(await store.room("channel:9")).toEqual({ workspace_id: "W" });
        expect(await refuses("room.put", { topic: "channel:9", workspace_id: "X" })).toEqual({
          refused: "NOT_FOUND",
          detail: "Workspace not found",
        });
        await does("room.put", { topic: "channel:9", workspace_id: null });
        expect(await store.membership("5", "channel:9")).toBeNull();
      },
    );
  });
}

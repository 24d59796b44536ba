import { describe, expect } from "bun:test";
import { isoTime } from "../../src/core/clock.ts";
import type { Page, PageArgs } from "../../src/core/command.ts";
import { ADA, EVE, storeTest, type OpenStore } from "./store-support.ts";

export function storePagesSuite(open: OpenStore): void {
  describe("users and keys", () => {
    storeTest(
      "a user is called as he was seen last, by his id before that",
      open,
      async ({ does, store }) => {
        await does("member.put", { topic: "channel:9", user_id: "7", role: "member", actor: null });
        const name = async () => (await store.members("channel:9", { limit: 1 })).items[0]?.username;
        expect(await name()).toBe("7");
        await does("user.seen", { users: [ADA] });
        expect(await name()).toBe("Ada");
        await does("user.seen", { users: [{ id: "7", username: "Ada L." }] });
        expect(await name()).toBe("Ada L.");
      },
    );

    storeTest(
      "a key is found by its hash, and stays known when revoked",
      open,
      async ({ does, refuses, store, clock }) => {
        await does("key.create", { id: "k1", name: "backend", hash: "aa" });
        clock.advance(1_000);
        await does("key.create", { id: "k2", name: "backend", hash: "bb" });
        for (const taken of [
          { id: "k3", hash: "aa" },
          { id: "k1", hash: "cc" },
        ]) {
          expect((await refuses("key.create", { ...taken, name: "other" })).refused).toBe("CONFLICT");
        }
        expect((await does("key.revoke", { id: "k1" })).value).toEqual({ revoked: true });
        expect((await does("key.revoke", { id: "k1" })).value).toEqual({ revoked: false });
        expect((await does("key.revoke", { id: "k9" })).value).toEqual({ revoked: false });
        const created = isoTime(clock.now() - 1_000);
        const revoked = { id: "k1", name: "backend", created_at: created, revoked_at: isoTime(clock.now()) };
        expect(await store.key("aa")).toEqual(revoked);
        expect(await store.key("cc")).toBeNull();
        expect(await store.keys()).toEqual([
          revoked,
          { id: "k2", name: "backend", created_at: isoTime(clock.now()), revoked_at: null },
        ]);
      },
    );
  });

  describe("pages", () => {
    storeTest(
      "pages go from the newest to the oldest, each item once, and end",
      open,
      async ({ does, store }) => {
        const ids = ["a", "b", "c", "d", "e"];
        for (const id of ids)
          await does("workspace.create", { id, name: id, owner: id === "c" ? null : EVE });
        for (const user_id of ["7", "9", "11"])
          await does("member.put", { topic: "workspace:a", user_id, role: "member", actor: EVE });
        const all = (page: PageArgs) => store.workspaces(null, page);
        const own = (page: PageArgs) => store.workspaces("5", page);
        const members = (page: PageArgs) => store.members("workspace:a", page);
        for (const limit of [1, 2, 3, 5, 500]) {
          expect((await walk(all, limit)).map((workspace) => workspace.id)).toEqual([
            "e",
            "d",
            "c",
            "b",
            "a",
          ]);
          expect((await walk(own, limit)).map((workspace) => workspace.id)).toEqual(["e", "d", "b", "a"]);
          expect((await walk(members, limit)).map((member) => member.user_id)).toEqual(["11", "9", "7", "5"]);
        }
        expect(await store.workspaces("nobody", { limit: 5 })).toEqual({ items: [], next: null });
      },
    );

    storeTest("a cursor that is none of ours has nothing behind it", open, async ({ does, store }) => {
      await does("workspace.create", { id: "W", name: "W", owner: EVE });
      for (const cursor of ["", "next", "-1", "1.5", "9".repeat(40)]) {
        expect(await store.workspaces(null, { limit: 5, cursor })).toEqual({ items: [], next: null });
      }
    });
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

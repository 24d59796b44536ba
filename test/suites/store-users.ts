import { describe, expect } from "bun:test";
import { isoTime } from "../../src/core/clock.ts";
import type { Topic } from "../../src/core/topic.ts";
import type { Store } from "../../src/store/store.ts";
import { storeTest, type OpenStore } from "./store-support.ts";

/** The ids of all pages, one after another. */
async function idsOf(store: Store, q: string | undefined, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await store.users({ limit, cursor, q });
    expect(items.length).toBeLessThanOrEqual(limit);
    ids.push(...items.map(({ id }) => id));
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

export function storeUsersSuite(open: OpenStore): void {
  describe("whoever was seen", () => {
    storeTest("last seen first, those of one moment too", open, async ({ does, store, clock }) => {
      expect(await store.users({ limit: 10 })).toEqual({ items: [], next: null });
      const firstMs = clock.now();
      for (const id of ["1", "2", "3"]) await does("user.seen", { users: [{ id, username: `user ${id}` }] });
      clock.advance(1000);
      await does("user.seen", { users: [{ id: "0", username: "new" }] });
      await does("user.seen", { users: [{ id: "2", username: "renamed" }] });
      for (const limit of [1, 2, 3, 4, 5])
        expect(await idsOf(store, undefined, limit)).toEqual(["2", "0", "3", "1"]);
      expect(await store.user("2")).toEqual({
        id: "2",
        username: "renamed",
        first_seen_at: isoTime(firstMs),
        last_seen_at: isoTime(clock.now()),
      });
      expect(await store.user("9")).toBeNull();
    });

    storeTest(
      "many at once, each at his own time, by his latest name",
      open,
      async ({ does, store, clock }) => {
        const now = clock.now();
        await does("user.seen", {
          users: [
            { id: "1", username: "one", at_ms: now - 2 },
            { id: "2", username: "two" },
            { id: "3", username: "three", at_ms: now - 1 },
            { id: "1", username: "first", at_ms: now - 1 },
          ],
        });
        expect(await idsOf(store, undefined, 2)).toEqual(["2", "3", "1"]);
        expect(await store.user("1")).toEqual({
          id: "1",
          username: "first",
          first_seen_at: isoTime(now - 2),
          last_seen_at: isoTime(now - 1),
        });
      },
    );

    storeTest("by the beginning of an id, then of a name, each once", open, async ({ does, store }) => {
      const people = {
        a: "b",
        ab: "ab",
        "b%": "Ab c",
        "b\u{10fffd}": "AB",
        c: "ab",
        "d'": "a_b",
        é: "Éva",
      };
      for (const [id, username] of Object.entries(people))
        await does("user.seen", { users: [{ id, username }] });
      for (const limit of [1, 2, 3, 10]) {
        const found = (q: string) => idsOf(store, q, limit);
        expect(await found("a")).toEqual(["a", "ab", "d'", "b\u{10fffd}", "c", "b%"]);
        expect(await found("ab")).toEqual(["ab", "b\u{10fffd}", "c", "b%"]);
        expect(await found("AB C")).toEqual(["b%"]);
        expect(await found("b")).toEqual(["b%", "b\u{10fffd}", "a"]);
        expect(await found("é")).toEqual(["é"]);
        expect(await found("É")).toEqual(["é"]);
        for (const q of ["%", "_", "'", "a%", "zz"]) expect(await found(q)).toEqual([]);
      }
    });

    storeTest(
      "a cursor of another list, or of nobody's, has nothing behind it",
      open,
      async ({ does, store }) => {
        for (const id of ["1", "2", "12"]) await does("user.seen", { users: [{ id, username: id }] });
        const { next: ofAll } = await store.users({ limit: 1 });
        const { next: ofSearch } = await store.users({ limit: 1, q: "1" });
        const nothing = { items: [], next: null };
        expect(await store.users({ limit: 5, cursor: ofAll ?? "", q: "1" })).toEqual(nothing);
        expect(await store.users({ limit: 5, cursor: ofSearch ?? "" })).toEqual(nothing);
        for (const cursor of ["", "x", "1", "W10"])
          expect(await store.users({ limit: 5, cursor })).toEqual(nothing);
      },
    );

    storeTest("what he is a member of, by topic", open, async ({ does, store }) => {
      const put = (topic: "channel:9" | "focus:s" | "workspace:1", user_id: string, role: string) =>
        does("member.put", { topic, user_id, role, actor: null });
      await does("workspace.create", { id: "1", name: "Home", owner: null });
      await put("workspace:1", "7", "editor");
      await put("channel:9", "7", "member");
      await put("channel:9", "8", "member");
      expect(await store.memberships("7")).toEqual([
        { topic: "channel:9", role: "member" },
        { topic: "workspace:1", role: "editor" },
      ]);
      expect(await store.memberships("9")).toEqual([]);
    });

    storeTest("rooms by name, stored or spoken in, but nobody's own topic", open, async ({ does, store }) => {
      const actor = { id: "7", username: "ada" };
      const say = (topic: Topic) => does("message.send", { topic, content: "x", metadata: {}, actor });
      for (let n = 0; n < 3; n++)
        for (const topic of ["channel:9", "room:ü", "user:7"] as const) await say(topic);
      await does("room.put", { topic: "channel:9", workspace_id: null });
      await does("room.put", { topic: "task:7", workspace_id: null });
      await say("workspace:1");
      const all = ["channel:9", "room:ü", "task:7", "workspace:1"];
      expect(await store.roomNames("", 10)).toEqual(all as Topic[]);
      expect(await store.roomNames("", 3)).toEqual(all.slice(0, 3) as Topic[]);
      expect(await store.roomNames("room:a", 2)).toEqual(["room:ü", "task:7"]);
      expect(await store.roomNames("task:7", 2)).toEqual(["workspace:1"]);
      expect(await store.roomNames("workspace:1", 2)).toEqual([]);
    });

    storeTest("a store has a size, and grows", open, async ({ does, store }) => {
      const before = await store.size();
      const data = "x".repeat(60_000);
      for (let n = 0; n < 20; n++) await does("user.seen", { users: [{ id: `${n}`, username: data }] });
      const after = await store.size();
      expect(after.bytes).toBeGreaterThan(before.bytes + 1_000_000);
      expect(after.wal_bytes).toBeGreaterThanOrEqual(0);
    });
  });
}

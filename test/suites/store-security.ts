import { describe, expect } from "bun:test";
import { isoTime, type ManualClock } from "../../src/core/clock.ts";
import type { SecurityEntry } from "../../src/core/security.ts";
import type { Store } from "../../src/store/store.ts";
import { EVE, NOTHING, notice, storeTest, told, write, type OpenStore } from "./store-support.ts";

const HOUR_MS = 3_600_000;

const entry = (clock: ManualClock, more: Partial<SecurityEntry> = {}): SecurityEntry => ({
  at: isoTime(clock.now()),
  kind: "connected",
  user_id: null,
  address: null,
  dialect: null,
  endpoint: null,
  close_code: null,
  cause: null,
  detail: null,
  ...more,
});

const detailsOf = async (store: Store): Promise<(string | null)[]> =>
  (await store.securityLog({ limit: 50 })).items.map(({ detail }) => detail);

export function storeSecuritySuite(open: OpenStore): void {
  describe("the security log", () => {
    storeTest("tells everything that was written, and takes no event id", open, async ({ store, clock }) => {
      const before = await store.ends();
      const whole: SecurityEntry = {
        at: isoTime(clock.now() - 500),
        kind: "closed",
        user_id: "7",
        address: "10.0.0.1",
        dialect: "chat",
        endpoint: "connect",
        close_code: 1008,
        cause: "flooding",
        detail: "too many",
      };
      const entries = [whole, entry(clock)];
      const [result, next] = await store.commit([
        write("security.add", { entries }),
        told("channel:9", "hello"),
      ]);
      expect(result).toMatchObject({ value: {}, events: [] });
      expect(next).toMatchObject({ events: [{ id: before.last + 1 }] });
      const { items } = await store.securityLog({ limit: 50 });
      expect(items).toEqual([
        { id: 2, ...entry(clock) },
        { id: 1, ...whole },
      ]);

      const ends = await store.ends();
      await store.commit([write("security.add", { entries: [entry(clock)] })]);
      expect(await store.ends()).toEqual(ends);
    });

    storeTest("newest first, in pages, of one kind, of one user", open, async ({ does, store, clock }) => {
      await does("security.add", {
        entries: [
          entry(clock, { detail: "a", user_id: "7" }),
          entry(clock, { detail: "b", kind: "refused" }),
          entry(clock, { detail: "c", kind: "closed", user_id: "7" }),
          entry(clock, { detail: "d", kind: "closed", user_id: "8" }),
        ],
      });
      const first = await store.securityLog({ limit: 3 });
      expect(first.items.map(({ detail }) => detail)).toEqual(["d", "c", "b"]);
      const rest = await store.securityLog({ limit: 3, cursor: first.next ?? "" });
      expect([rest.items.map(({ detail }) => detail), rest.next]).toEqual([["a"], null]);

      const told = async (wanted: { kind?: SecurityEntry["kind"]; user_id?: string }) =>
        (await store.securityLog({ limit: 50, ...wanted })).items.map(({ detail }) => detail).join("");
      expect(await told({ kind: "closed" })).toBe("dc");
      expect(await told({ user_id: "7" })).toBe("ca");
      expect(await told({ kind: "closed", user_id: "7" })).toBe("c");
      expect(await told({ kind: "dropped" })).toBe("");
    });

    storeTest("goes by age and by number, in steps", open, async ({ does, store, clock }) => {
      const add = (...details: string[]) =>
        does("security.add", { entries: details.map((detail) => entry(clock, { detail })) });
      const prune = (more: Partial<typeof NOTHING> | object, limit = 500) =>
        store.prune({ ...NOTHING, ...more, now: isoTime(clock.now()) }, limit);
      expect(await prune({ securityMax: 0, securityBefore: isoTime(clock.now()) })).toBe(0);
      await add("a", "b", "c");
      clock.advance(HOUR_MS);
      await add("d", "e", "f");
      expect(await prune({})).toBe(0);
      expect(await prune({ securityMax: 5 })).toBe(1);
      expect(await prune({ securityMax: 5 })).toBe(0);
      const securityBefore = isoTime(clock.now());
      expect(await prune({ securityBefore, securityMax: 5 }, 1)).toBe(1);
      expect(await detailsOf(store)).toEqual(["f", "e", "d", "c"]);
      expect(await prune({ securityBefore, securityMax: 5 })).toBe(1);
      expect(await prune({ securityMax: 1 })).toBe(2);
      expect(await detailsOf(store)).toEqual(["f"]);
    });
  });

  storeTest(
    "of all inboxes together a number of notifications is kept, the newest",
    open,
    async ({ store, clock }) => {
      const { last } = await store.ends();
      const notified = (recipients: string[]) =>
        write("notification.add", { topics: [], recipients, actor: EVE, data: notice() });
      await store.commit([notified(["7", "8"]), notified(["7"]), notified(["8"])]);
      const idsOf = async (user: string) =>
        (await store.inbox(user, { unread: false, limit: 50 })).items.map(({ id }) => id - last);
      const prune = (notificationsMax: number, limit: number) =>
        store.prune({ ...NOTHING, notificationsMax, now: isoTime(clock.now()) }, limit);
      expect(await prune(4, 500)).toBe(0);
      expect(await prune(2, 1)).toBe(1);
      expect(await prune(2, 500)).toBe(1);
      expect(await prune(2, 500)).toBe(0);
      expect([await idsOf("7"), await idsOf("8")]).toEqual([[2], [3]]);
      expect(await store.floor([], "7")).toBe(last + 1);
    },
  );
}

import { describe, expect } from "bun:test";
import { isoTime } from "../../src/core/clock.ts";
import type { InboxItem, Page } from "../../src/core/command.ts";
import type { NotificationData } from "../../src/core/event.ts";
import {
  ADA,
  ALL,
  EVE,
  gist,
  notice,
  storeTest,
  taskTold,
  type OpenStore,
  type Scene,
} from "./store-support.ts";

const FIRST = { unread: false, limit: 50 };

/** Notifies some users; answers the id. */
const notify = async (
  { does }: Pick<Scene, "does">,
  recipients: readonly string[],
  more: Partial<NotificationData> = {},
): Promise<number> =>
  (await does("notification.add", { topics: [], recipients, actor: EVE, data: notice(more) })).value
    .notification_id;

const ids = ({ items }: Page<InboxItem>): number[] => items.map(({ id }) => id);

export function storeInboxSuite(open: OpenStore): void {
  describe("inboxes", () => {
    storeTest("an item is the notification as it was told, unread", open, async (scene) => {
      const { store, clock } = scene;
      const id = await notify(scene, ["7", "9"], {
        title: "News",
        level: null,
        link: "/news",
        related_entity_type: "task",
        related_entity_id: "42",
        data: { a: [1] },
      });
      expect(await store.inbox("7", FIRST)).toEqual({
        items: [
          {
            id,
            title: "News",
            content: "Coffee is ready",
            notification_type: "info",
            level: null,
            related_entity_type: "task",
            related_entity_id: "42",
            data: { a: [1] },
            link: "/news",
            priority: "normal",
            task: null,
            read: false,
            created_at: isoTime(clock.now()),
          },
        ],
        next: null,
      });
      expect([await store.unread("7"), await store.unread("5")]).toEqual([1, 0]);
    });

    storeTest("an item that tells of a task says which, and who did it", open, async ({ does, store }) => {
      await does("task.tell", taskTold({ workspace_id: "W", recipients: ["7"] }));
      expect((await store.inbox("7", FIRST)).items[0]).toMatchObject({
        notification_type: "task",
        task: { task_id: "42", action: "updated", workspace_id: "W", actor_id: "5" },
      });
    });

    storeTest(
      "announcements that are kept lie in the inbox of everybody seen before",
      open,
      async (scene) => {
        const { does, store } = scene;
        await does("user.seen", { users: [ADA] });
        const add = async (inbox: boolean) =>
          (await does("announcement.add", { actor: null, data: notice(), inbox })).value.notification_id;
        await add(false);
        const kept = await add(true);
        expect(ids(await store.inbox("7", FIRST))).toEqual([kept]);
        expect(await store.unread("7")).toBe(1);
        expect(await store.unread("5")).toBe(0);
      },
    );

    storeTest("pages go newest first, or oldest first behind an id", open, async (scene) => {
      const { does, store } = scene;
      const all: number[] = [];
      for (let i = 0; i < 5; i++) all.push(await notify(scene, ["7"]));
      await notify(scene, ["9"]);
      const page = (more: Partial<Parameters<typeof store.inbox>[1]>) =>
        store.inbox("7", { ...FIRST, limit: 2, ...more });
      expect(await page({})).toMatchObject({ items: [{ id: all[4] }, { id: all[3] }], next: String(all[3]) });
      const next = await page({ cursor: String(all[3]) });
      expect([ids(next), next.next]).toEqual([[all[2], all[1]] as number[], String(all[1])]);
      const last = await page({ cursor: next.next as string });
      expect([ids(last), last.next]).toEqual([[all[0] as number], null]);
      const behind = await page({ after: all[0] });
      expect([ids(behind), behind.next]).toEqual([[all[1], all[2]] as number[], String(all[2])]);
      const rest = [all[3], all[4]] as number[];
      expect(ids(await page({ after: all[2] }))).toEqual(rest);
      expect(ids(await page({ after: all[0], cursor: String(all[2]) }))).toEqual(rest);
      await does("inbox.read", { user_id: "7", ids: [all[1] as number, all[3] as number] });
      expect(ids(await page({ unread: true, limit: 10 }))).toEqual([all[4], all[2], all[0]] as number[]);
      expect(ids(await page({ unread: true, limit: 10, after: all[0] }))).toEqual([
        all[2],
        all[4],
      ] as number[]);
    });
  });

  describe("reading", () => {
    storeTest("what is read is told to its user once, with what is left", open, async (scene) => {
      const { does, store } = scene;
      const first = await notify(scene, ["7", "9"]);
      const second = await notify(scene, ["7"]);
      const read = await does("inbox.read", { user_id: "7", ids: [first] });
      expect(read.value).toEqual({ count: 1 });
      expect(gist(read.events)).toEqual([
        {
          kind: "notification.read",
          topics: [],
          recipients: ["7"],
          data: { user_id: "7", ids: [first], up_to: second, unread: 1 },
        },
      ]);
      expect(await does("inbox.read", { user_id: "7", ids: [first] })).toEqual({
        value: { count: 1 },
        events: [],
      });
      expect((await store.inbox("7", FIRST)).items.map(({ read }) => read)).toEqual([false, true]);
      expect(await store.unread("9")).toBe(1);
      expect(await store.replay([], "7", { ...ALL, after: second })).toEqual([...read.events]);
      expect(ids(await store.inbox("7", FIRST))).toEqual([second, first]);
    });

    storeTest("several at once: those that are unread and his are told", open, async (scene) => {
      const { does } = scene;
      const [a, b, c] = [await notify(scene, ["7"]), await notify(scene, ["7"]), await notify(scene, ["9"])];
      await does("inbox.read", { user_id: "7", ids: [a] });
      const { value, events } = await does("inbox.read", { user_id: "7", ids: [c, b, a, b] });
      expect(value).toEqual({ count: 0 });
      expect(events[0]?.data).toMatchObject({ ids: [b] });
      expect((await does("inbox.read", { user_id: "7", ids: [c, 1] })).events).toEqual([]);
    });

    storeTest("everything at once is all up to the end of the log", open, async (scene) => {
      const { does, store } = scene;
      await notify(scene, ["7"]);
      await notify(scene, ["7"]);
      const end = await notify(scene, ["9"]);
      const { value, events } = await does("inbox.read", { user_id: "7", ids: null });
      expect(value).toEqual({ count: 0 });
      expect(events.map(({ data }) => data)).toEqual([{ user_id: "7", ids: null, up_to: end, unread: 0 }]);
      expect([await store.unread("7"), await store.unread("9")]).toEqual([0, 1]);
      expect((await does("inbox.read", { user_id: "7", ids: null })).events).toEqual([]);
    });

    storeTest("what is in another's inbox, or nobody's, is not found", open, async (scene) => {
      const { refuses } = scene;
      const id = await notify(scene, ["9"]);
      const missing = { refused: "NOT_FOUND", detail: "Notification not found" } as const;
      for (const one of [id, id + 1, 0]) {
        expect(await refuses("inbox.read", { user_id: "7", ids: [one] })).toEqual(missing);
        expect(await refuses("inbox.delete", { user_id: "7", id: one })).toEqual(missing);
      }
    });
  });

  describe("deleting", () => {
    storeTest("takes it from one inbox and is told to its user", open, async (scene) => {
      const { does, refuses, store } = scene;
      const id = await notify(scene, ["7", "9"]);
      const other = await notify(scene, ["7"]);
      const { value, events } = await does("inbox.delete", { user_id: "7", id });
      expect(value).toEqual({ count: 1 });
      expect(gist(events)).toEqual([
        {
          kind: "notification.deleted",
          topics: [],
          recipients: ["7"],
          data: { user_id: "7", ids: [id], unread: 1 },
        },
      ]);
      expect(ids(await store.inbox("7", FIRST))).toEqual([other]);
      expect(ids(await store.inbox("9", FIRST))).toEqual([id]);
      for (const op of [
        refuses("inbox.delete", { user_id: "7", id }),
        refuses("inbox.read", { user_id: "7", ids: [id] }),
      ])
        expect((await op).refused).toBe("NOT_FOUND");
    });
  });

  describe("expiry", () => {
    storeTest("what has expired is in no inbox and counts as nothing", open, async (scene) => {
      const { does, refuses, store, clock } = scene;
      await does("user.seen", { users: [ADA] });
      const expires_at = isoTime(clock.now() + 60_000);
      const id = await notify(scene, ["7", "9"], { expires_at });
      await does("announcement.add", { actor: null, data: notice({ expires_at }), inbox: true });
      await does("notification.add", {
        topics: [],
        recipients: ["7"],
        actor: null,
        data: notice({ expires_at: null }),
      });
      clock.advance(59_999);
      expect(await store.unread("7")).toBe(3);
      clock.advance(1);
      expect(await store.unread("7")).toBe(1);
      expect((await store.inbox("7", FIRST)).items).toHaveLength(1);
      expect((await refuses("inbox.read", { user_id: "7", ids: [id] })).refused).toBe("NOT_FOUND");
      expect((await refuses("inbox.delete", { user_id: "7", id })).refused).toBe("NOT_FOUND");
      expect((await does("inbox.read", { user_id: "7", ids: null })).value).toEqual({ count: 0 });
    });

    storeTest("what has expired already is not told at all", open, async ({ refuses, clock }) => {
      const data = notice({ expires_at: isoTime(clock.now()) });
      const refused = { refused: "BAD_FIELDS", detail: "Invalid expires_at: must be in the future" } as const;
      expect(await refuses("notification.add", { topics: [], recipients: ["7"], actor: null, data })).toEqual(
        refused,
      );
      expect(await refuses("announcement.add", { actor: null, data, inbox: false })).toEqual(refused);
    });
  });
}

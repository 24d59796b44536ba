import { describe, expect } from "bun:test";
import { isoTime, ManualClock } from "../../src/core/clock.ts";
import type { NotificationData } from "../../src/core/event.ts";
import type { RetentionRules, Store, Write } from "../../src/store/store.ts";
import { storePrunePropertySuite } from "./store-prune-property.ts";
import {
  ALL,
  EVE,
  NOTHING,
  notice,
  storeTest,
  taskTold,
  told,
  write,
  type OpenStore,
} from "./store-support.ts";

const HOUR_MS = 3_600_000;
const LIMIT = 500;

const rulesAt = (clock: ManualClock, more: Partial<RetentionRules> = {}): RetentionRules => ({
  ...NOTHING,
  now: isoTime(clock.now()),
  ...more,
});

const inboxOf = async (store: Store, userId: string): Promise<number[]> =>
  (await store.inbox(userId, { unread: false, limit: 50 })).items.map(({ id }) => id);

const notified = (recipients: string[], data: Partial<NotificationData> = {}): Write =>
  write("notification.add", { topics: ["channel:9"], recipients, actor: EVE, data: notice(data) });

export function storePruneSuite(open: OpenStore): void {
  describe("pruning", () => {
    storeTest(
      "takes what is too old off the front of the log, and says where it begins",
      open,
      async (scene) => {
        const { store, clock } = scene;
        const start = (await store.ends()).last;
        await store.commit([
          told("channel:9", "a"),
          write("task.tell", taskTold({ topics: ["task:1", "task:2"] })),
        ]);
        clock.advance(HOUR_MS);
        await store.commit([told("channel:8", "b"), told("channel:9", "c")]);
        expect(await store.prune(rulesAt(clock, { eventsBefore: isoTime(clock.now()) }), LIMIT)).toBe(3);
        expect(await store.ends()).toEqual({ first: start + 3, last: start + 4 });
        expect((await store.events(0, ALL.upTo, 10)).map(({ id }) => id)).toEqual([start + 3, start + 4]);
        expect(await store.replay(["task:1", "task:2", "channel:9"], null, ALL)).toHaveLength(1);
        expect(await store.floor(["channel:9"], null)).toBe(start + 1);
        expect(await store.floor(["task:2"], null)).toBe(start + 2);
        expect(await store.floor(["channel:8"], null)).toBe(0);
        expect(await store.prune(rulesAt(clock, { eventsBefore: isoTime(clock.now()) }), LIMIT)).toBe(0);
      },
    );

    storeTest("keeps a number of events, and always the newest", open, async ({ store, clock }) => {
      const { last } = await store.ends();
      await store.commit(["a", "b", "c", "d", "e"].map((text) => told("channel:9", text)));
      expect(await store.prune(rulesAt(clock, { eventsMax: 5 }), LIMIT)).toBe(0);
      expect(await store.prune(rulesAt(clock, { eventsMax: 3 }), LIMIT)).toBe(2);
      expect(await store.ends()).toEqual({ first: last + 3, last: last + 5 });
      clock.advance(HOUR_MS);
      await store.prune(rulesAt(clock, { eventsMax: 0, eventsBefore: isoTime(clock.now()) }), LIMIT);
      expect(await store.ends()).toEqual({ first: last + 5, last: last + 5 });
      const [next] = await store.commit([told("channel:9", "f")]);
      expect(next).toMatchObject({ events: [{ id: last + 6 }] });
    });

    storeTest("goes in steps", open, async ({ store, clock }) => {
      await store.commit(Array.from({ length: 10 }, (_, n) => told("channel:9", String(n))));
      const step = () => store.prune(rulesAt(clock, { eventsMax: 2 }), 3);
      expect([await step(), await step(), await step(), await step()]).toEqual([3, 3, 2, 0]);
    });

    storeTest("an empty log and a log to be kept are left alone", open, async ({ store, clock }) => {
      const ends = await store.ends();
      clock.advance(HOUR_MS);
      const now = isoTime(clock.now());
      const everything = rulesAt(clock, { eventsBefore: now, eventsMax: 0, notificationsBefore: now });
      expect(await store.prune(everything, LIMIT)).toBe(0);
      expect(await store.ends()).toEqual(ends);
      await store.commit([told("channel:9", "a"), told("channel:9", "b")]);
      expect(await store.prune(rulesAt(clock), LIMIT)).toBe(0);
    });

    storeTest(
      "a message that has left the log is listed and changed all the same",
      open,
      async ({ store, clock, does }) => {
        const say = async (content: string) =>
          (await does("message.send", { topic: "channel:9", content, metadata: {}, actor: EVE })).value
            .message_id;
        const editor = { actor: EVE, privileged: false };
        const first = await say("helo");
        const second = await say("oops");
        await say("plain");
        await does("message.edit", { message_id: first, content: "hello", editor });
        await say("last");
        clock.advance(HOUR_MS);
        expect(await store.prune(rulesAt(clock, { eventsMax: 1 }), LIMIT)).toBe(4);
        const listed = async () =>
          (await store.messages("channel:9", { limit: 10 })).items.map(({ content }) => content);
        expect(await listed()).toEqual(["last", "plain", "oops", "hello"]);
        expect(await store.replay(["channel:9"], null, ALL)).toHaveLength(1);

        await does("message.edit", { message_id: first, content: "Hello", editor });
        await does("message.delete", { message_id: second, editor });
        expect(await listed()).toEqual(["last", "plain", null, "Hello"]);
        expect(await store.message(second)).toMatchObject({ deleted_at: isoTime(clock.now()) });
        expect(await store.prune(rulesAt(clock, { eventsMax: 1 }), LIMIT)).toBe(2);
        expect(await listed()).toEqual(["last", "plain", null, "Hello"]);
      },
    );

    storeTest(
      "what has left the log stays in the inbox, until its own time",
      open,
      async ({ store, clock }) => {
        const { last } = await store.ends();
        await store.commit([notified(["5", "7"]), told("channel:9", "x")]);
        clock.advance(HOUR_MS);
        const hourAgo = isoTime(clock.now());
        await store.commit([told("channel:9", "y")]);
        await store.prune(rulesAt(clock, { eventsBefore: hourAgo }), LIMIT);

        expect((await store.ends()).first).toBe(last + 3);
        expect(await store.replay(["channel:9"], "7", ALL)).toHaveLength(1);
        expect(await store.floor([], "7")).toBe(last + 1);
        expect(await inboxOf(store, "7")).toEqual([last + 1]);
        expect(await store.unread("7")).toBe(1);
        const read = write("inbox.read", { user_id: "7", ids: [last + 1] });
        expect(await store.commit([read])).toMatchObject([{ value: { count: 0 } }]);

        const rules = rulesAt(clock, { notificationsBefore: hourAgo });
        expect(await store.prune(rules, 1)).toBe(1);
        expect([await inboxOf(store, "5"), await inboxOf(store, "7")].flat()).toHaveLength(1);
        expect(await store.prune(rules, LIMIT)).toBe(1);
        expect([await inboxOf(store, "5"), await inboxOf(store, "7")].flat()).toEqual([]);
        expect(await store.prune(rules, LIMIT)).toBe(0);
      },
    );

    storeTest(
      "what has left the inbox is not promised to its user's resume, though the log has it",
      open,
      async ({ store, clock }) => {
        const { last } = await store.ends();
        await store.commit([notified(["7"]), told("channel:9", "x")]);
        clock.advance(HOUR_MS);
        const notificationsBefore = isoTime(clock.now());
        expect(await store.prune(rulesAt(clock, { notificationsBefore }), LIMIT)).toBe(1);
        expect((await store.ends()).first).toBe(last + 1);
        expect(await store.floor([], "7")).toBe(last + 1);
        expect(await store.floor(["channel:9"], null)).toBe(0);
        expect(await store.replay(["channel:9"], null, ALL)).toHaveLength(2);
      },
    );

    storeTest("what has expired goes, and what was deleted once the log is past it", open, async (scene) => {
      const { does, store, clock } = scene;
      const { last } = await store.ends();
      await store.commit([notified(["7"], { expires_at: isoTime(clock.now() + 1000) }), notified(["7"])]);
      await does("inbox.delete", { user_id: "7", id: last + 2 });
      expect(await store.prune(rulesAt(clock), LIMIT)).toBe(0);
      clock.advance(1000);
      expect(await store.prune(rulesAt(clock), LIMIT)).toBe(1);
      // Two events with a topic and a person each, and the row that was deleted.
      expect(await store.prune(rulesAt(clock, { eventsMax: 1 }), LIMIT)).toBe(5);
      expect(await store.ends()).toEqual({ first: last + 3, last: last + 3 });
    });

    storeTest("answers are kept for a day", open, async ({ store, clock }) => {
      const once = { scope: "s", bodyHash: "aa" };
      const add = { ...notified(["7"]), once } as Write;
      await store.commit([add]);
      clock.advance(24 * HOUR_MS - 1);
      expect(await store.prune(rulesAt(clock), LIMIT)).toBe(0);
      clock.advance(1);
      expect(await store.prune(rulesAt(clock), LIMIT)).toBe(1);
    });

    storeTest("an event for thousands is no longer a step than others", open, async ({ store, clock }) => {
      const people = Array.from({ length: 3000 }, (_, n) => `u${n}`);
      await store.commit([notified(people), notified(people), told("channel:9", "x")]);
      clock.advance(HOUR_MS);
      const now = isoTime(clock.now());
      const rules = rulesAt(clock, { eventsBefore: now, notificationsBefore: now });
      const steps: number[] = [];
      do steps.push(await store.prune(rules, LIMIT));
      while (steps.at(-1) === LIMIT);
      expect(steps).toEqual([...Array<number>(2 + 12).fill(LIMIT), 0]);
      expect(await store.floor([], "u2999")).toBe((await store.ends()).last - 1);
    });

    storePrunePropertySuite(open);
  });
}

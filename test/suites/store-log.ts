import { describe, expect } from "bun:test";
import { isoTime } from "../../src/core/clock.ts";
import type { OpName, Write } from "../../src/store/store.ts";
import {
  EVE,
  notice,
  POISON,
  resultOf,
  storeTest,
  taskTold,
  told,
  write,
  type OpenStore,
} from "./store-support.ts";

export function storeLogSuite(open: OpenStore): void {
  describe("the log", () => {
    storeTest("a new log starts at unix seconds × 1000", open, async ({ store, clock }) => {
      const start = Math.floor(clock.now() / 1000) * 1000;
      expect(await store.ends()).toEqual({ first: start + 1, last: start });
      const [sent] = await store.commit([told("channel:9", "first")]);
      expect(resultOf(sent).events[0]?.id).toBe(start + 1);
      expect(await store.ends()).toEqual({ first: start + 1, last: start + 1 });
    });

    storeTest(
      "ids increase by one, whatever the batches and however many events an op has",
      open,
      async ({ store }) => {
        const { last } = await store.ends();
        const batches: Write[][] = [
          [
            told("channel:9", "a"),
            write("task.tell", taskTold({ recipients: ["7"] })),
            told("channel:9", "b"),
          ],
          [write("user.seen", { users: [EVE] })],
          [],
          [write("workspace.create", { id: null, name: "W", owner: EVE }), told("channel:9", "c")],
        ];
        const ids: number[] = [];
        for (const batch of batches)
          for (const result of await store.commit(batch))
            ids.push(...resultOf(result).events.map((event) => event.id));
        expect(ids).toEqual(ids.map((_, place) => last + 1 + place));
        expect(ids).toHaveLength(7);
        expect((await store.events(0, last + 100, 100)).map((event) => event.id)).toEqual(ids);
      },
    );

    storeTest("a message's and a notification's id is its event's", open, async ({ does }) => {
      const message = await does("message.send", {
        topic: "channel:9",
        content: "x",
        metadata: {},
        actor: EVE,
      });
      expect(message.value.message_id).toBe(message.events[0]?.id as number);
      const notification = await does("notification.add", {
        topics: [],
        recipients: ["7"],
        actor: null,
        data: notice(),
      });
      expect(notification.value.notification_id).toBe(notification.events[0]?.id as number);
    });

    storeTest(
      "a refusal takes no id and leaves the others of its batch standing",
      open,
      async ({ store }) => {
        const { last } = await store.ends();
        const results = await store.commit([
          told("channel:9", "a"),
          write("workspace.update", { id: "nowhere", name: "x", actor: EVE }),
          told("channel:9", "b"),
        ]);
        expect(results.map((result) => resultOf(result).events.map((event) => event.id))).toEqual([
          [last + 1],
          [],
          [last + 2],
        ]);
        expect(resultOf(results[1]).value).toMatchObject({
          refused: "NOT_FOUND",
          detail: "Workspace not found",
        });
      },
    );

    storeTest(
      "a fault takes no id, leaves nothing of its op, and leaves the others of its batch standing",
      open,
      async ({ store }) => {
        const { last } = await store.ends();
        const results = await store.commit([
          told("channel:9", "a"),
          write("focus.update", { session_id: "s", user: EVE, action: "start", data: POISON }),
          told("channel:9", "b"),
          write("task.tell", taskTold({ recipients: ["7"], title: POISON as unknown as string })),
          told("channel:9", "c"),
        ]);
        expect(
          results.map((result) => ("fault" in result ? result.full : result.events.map((event) => event.id))),
        ).toEqual([[last + 1], false, [last + 2], false, [last + 3]]);
        expect(await store.focus("s")).toBeNull();
        expect(await store.events(last, last + 100, 100)).toHaveLength(3);
        expect(await store.replay([], "7", { after: 0, upTo: last + 100, limit: 10 })).toEqual([]);
      },
    );

    storeTest("an op that nobody knows is a fault", open, async ({ store }) => {
      const [result] = await store.commit([write("no.such.op" as OpName, {} as never)]);
      expect(result).toMatchObject({ full: false });
    });

    storeTest("a write sees the writes before it in its batch", open, async ({ store }) => {
      const results = await store.commit([
        write("workspace.create", { id: "W", name: "W", owner: null }),
        write("member.put", { topic: "workspace:W", user_id: "7", role: "member", actor: null }),
        write("workspace.create", { id: "W", name: "again", owner: null }),
      ]);
      expect(results.map((result) => resultOf(result).events.length)).toEqual([1, 1, 0]);
      expect(await store.membership("7", "workspace:W")).toBe("workspace:W");
    });

    storeTest("event times never decrease, though the clock goes back", open, async ({ store, clock }) => {
      const times: string[] = [];
      const times_ = async () =>
        times.push(
          ...(await store.commit([told("channel:9", "x")])).flatMap((r) =>
            resultOf(r).events.map((e) => e.at),
          ),
        );
      const noon = clock.now();
      await times_();
      clock.advance(-60_000);
      await times_();
      clock.advance(61_000);
      await times_();
      expect(times).toEqual([isoTime(noon), isoTime(noon), isoTime(noon + 1_000)]);
      expect((await store.events(0, Number.MAX_SAFE_INTEGER, 10)).map((event) => event.at)).toEqual(times);
    });

    storeTest(
      "events() gives what lies above `after` up to `upTo`, oldest first, at most `limit`",
      open,
      async ({ store }) => {
        const { last } = await store.ends();
        await store.commit(["a", "b", "c", "d", "e"].map((text) => told("channel:9", text)));
        const ids = async (after: number, upTo: number, limit: number) =>
          (await store.events(after, upTo, limit)).map((event) => event.id - last);
        expect(await ids(last + 1, last + 4, 10)).toEqual([2, 3, 4]);
        expect(await ids(0, last + 10, 2)).toEqual([1, 2]);
        expect(await ids(last + 5, last + 9, 10)).toEqual([]);
      },
    );

    storeTest(
      "a floor is the highest of the topics asked for, and of the user's",
      open,
      async ({ store, floor }) => {
        await floor("channel:9", 12);
        await floor("task:3", 15);
        await floor("user:7", 20);
        expect(await store.floor(["channel:9"], null)).toBe(12);
        expect(await store.floor(["channel:9", "task:3", "room:x"], null)).toBe(15);
        expect(await store.floor(["channel:9"], "7")).toBe(20);
        expect(await store.floor(["room:x"], null)).toBe(0);
        expect(await store.floor([], null)).toBe(0);
      },
    );

    storeTest("nobody but this store has changed it", open, async ({ store, does }) => {
      await does("user.seen", { users: [EVE] });
      expect(store.changedOutside()).toBe(false);
    });
  });
}

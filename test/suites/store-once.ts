import { describe, expect } from "bun:test";
import { isoTime } from "../../src/core/clock.ts";
import { command } from "../../src/core/command.ts";
import type { Principal } from "../../src/core/principal.ts";
import type { OpResult, Write } from "../../src/store/store.ts";
import {
  EVE,
  notice,
  POISON,
  resultOf,
  storeTest,
  told,
  write,
  type OpenStore,
  type Scene,
} from "./store-support.ts";

const DAY_MS = 24 * 3_600_000;

const notification = (content = "hello"): Write =>
  write("notification.add", { topics: [], recipients: ["7"], actor: null, data: notice({ content }) });

/** A write with what surrounds it. */
const around = (inner: Write, more: Pick<Write, "once" | "note" | "completes">): Write => ({
  ...inner,
  ...more,
});

const once = (bodyHash = "aa", scope = "user\n5\nPOST /x\nkey") => ({ scope, bodyHash });

async function commit({ store }: Pick<Scene, "store">, ...writes: Write[]): Promise<OpResult[]> {
  return (await store.commit(writes)).map(resultOf);
}

const KEY: Principal = {
  kind: "key",
  id: "backend",
  username: "backend",
  admin: true,
  rooms: [],
  workspaces: [],
  expiresAt: Number.POSITIVE_INFINITY,
};

export function storeOnceSuite(open: OpenStore): void {
  describe("notes", () => {
    storeTest("a write's note comes back with its value", open, async (scene) => {
      const [result] = await commit(scene, around(notification(), { note: { delivered: true } }));
      expect(result?.note).toEqual({ delivered: true });
    });
  });

  describe("once", () => {
    storeTest("a repetition gives back the first value and note, and does nothing", open, async (scene) => {
      const { store } = scene;
      const [first] = await commit(scene, around(notification(), { once: once(), note: { count: 3 } }));
      const ends = await store.ends();
      const [again] = await commit(
        scene,
        around(notification("other"), { once: once(), note: { count: 9 } }),
      );
      expect(again).toEqual({ value: first?.value, events: [], note: { count: 3 } });
      expect(await store.ends()).toEqual(ends);
      expect(await store.unread("7")).toBe(1);
    });

    storeTest("repetitions in one batch are one", open, async (scene) => {
      const results = await commit(
        scene,
        ...Array.from({ length: 20 }, (_, n) => around(notification(), { once: once(), note: n })),
      );
      expect(new Set(results.map(({ value, note }) => JSON.stringify([value, note]))).size).toBe(1);
      expect(results.map(({ events }) => events.length)).toEqual([1, ...Array<number>(19).fill(0)]);
    });

    storeTest("another body under the same key is refused, another key is not", open, async (scene) => {
      await commit(scene, around(notification(), { once: once() }));
      const [mismatch, elsewhere] = await commit(
        scene,
        around(notification(), { once: once("bb") }),
        around(notification(), { once: once("bb", "user\n5\nPOST /x\nother") }),
      );
      expect(mismatch).toMatchObject({ value: { refused: "IDEMPOTENCY_MISMATCH" }, events: [] });
      expect(elsewhere?.events).toHaveLength(1);
    });

    storeTest("what was refused or failed is not kept", open, async (scene) => {
      const { store } = scene;
      const update = write("workspace.update", { id: "W", name: "x", actor: EVE });
      const [refused] = await commit(scene, around(update, { once: once() }));
      expect(refused?.value).toMatchObject({ refused: "NOT_FOUND" });
      const poisoned = write("notification.add", {
        topics: [],
        recipients: ["7"],
        actor: null,
        data: notice({ data: POISON }),
      });
      const [fault] = await store.commit([around(poisoned, { once: once("bb") })]);
      expect(fault).toMatchObject({ full: false });
      const [done] = await commit(scene, around(notification(), { once: once("cc") }));
      expect(done?.events).toHaveLength(1);
    });

    storeTest("after 24 h a key is free again", open, async (scene) => {
      const { clock } = scene;
      const ask = async (bodyHash: string) =>
        (await commit(scene, around(notification(), { once: once(bodyHash) })))[0];
      await ask("aa");
      clock.advance(DAY_MS - 1);
      expect(await ask("bb")).toMatchObject({ value: { refused: "IDEMPOTENCY_MISMATCH" } });
      clock.advance(1);
      expect((await ask("bb"))?.events).toHaveLength(1);
      expect((await ask("bb"))?.events).toEqual([]);
    });

    storeTest(
      "an announcement that nobody would hear is refused, its repetition is not",
      open,
      async (scene) => {
        const add = (unheard: boolean) =>
          around(write("announcement.add", { actor: null, data: notice(), inbox: false, unheard }), {
            once: once(),
            note: { users: 2 },
          });
        const [none, made, again] = await commit(scene, add(true), add(false), add(true));
        expect(none).toMatchObject({ value: { refused: "NOT_FOUND" }, events: [] });
        expect(made?.events).toHaveLength(1);
        expect(again).toEqual({ value: made?.value, events: [], note: { users: 2 } });
      },
    );
  });

  describe("the schedule", () => {
    const later = command("notify.user", { user_id: "7", inRoom: false, notice: { message: "tea" } });
    const dueAt = (ms: number) => ({ due_at: isoTime(ms), command: later, who: KEY });

    storeTest(
      "what is due comes the oldest first, as it was put there",
      open,
      async ({ does, store, clock }) => {
        const now = clock.now();
        const ids: number[] = [];
        for (const ms of [now + 2000, now + 1000, now + 3000, now + 1000])
          ids.push((await does("schedule.add", dueAt(ms))).value.scheduled_id);
        expect(await store.due(now + 999, 10)).toEqual([]);
        expect(await store.due(now + 1000, 10)).toEqual([
          { scheduled_id: ids[1] as number, command: later, who: KEY },
          { scheduled_id: ids[3] as number, command: later, who: KEY },
        ]);
        expect((await store.due(now + 9999, 3)).map((one) => one.scheduled_id)).toEqual([
          ids[1],
          ids[3],
          ids[0],
        ] as number[]);
      },
    );

    storeTest("the write that completes it takes it off, once", open, async (scene) => {
      const { does, store, clock } = scene;
      const { scheduled_id } = (await does("schedule.add", dueAt(clock.now()))).value;
      const complete = around(notification(), { completes: scheduled_id });
      const [done, again] = await commit(scene, complete, complete);
      expect(done?.events).toHaveLength(1);
      expect(again).toMatchObject({ value: { refused: "CONFLICT" }, events: [] });
      expect(await store.due(clock.now(), 10)).toEqual([]);
      expect(await store.unread("7")).toBe(1);
    });

    storeTest("a refused or failed write leaves it there; dropping takes it back", open, async (scene) => {
      const { does, store, clock } = scene;
      const { scheduled_id } = (await does("schedule.add", dueAt(clock.now()))).value;
      const update = write("workspace.update", { id: "W", name: "x", actor: EVE });
      const [refused] = await commit(scene, around(update, { completes: scheduled_id }));
      expect(refused?.value).toMatchObject({ refused: "NOT_FOUND" });
      expect(await store.due(clock.now(), 10)).toHaveLength(1);
      await does("schedule.drop", { scheduled_id });
      await does("schedule.drop", { scheduled_id });
      expect(await store.due(clock.now(), 10)).toEqual([]);
    });

    storeTest("an id is never given twice", open, async ({ does, clock }) => {
      const add = async () => (await does("schedule.add", dueAt(clock.now()))).value.scheduled_id;
      const first = await add();
      await does("schedule.drop", { scheduled_id: first });
      expect(await add()).toBeGreaterThan(first);
    });

    storeTest("scheduling takes no event id", open, async ({ does, store, clock }) => {
      const ends = await store.ends();
      await does("schedule.add", dueAt(clock.now()));
      expect(await store.ends()).toEqual(ends);
      await store.commit([told("channel:9", "x")]);
      expect((await store.ends()).last).toBe(ends.last + 1);
    });
  });
}

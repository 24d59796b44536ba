import { describe, expect } from "bun:test";
import * as fc from "fast-check";
import { isRefusal } from "../../src/core/errors.ts";
import type { Publication } from "../../src/core/event.ts";
import type { Topic } from "../../src/core/topic.ts";
import type { Write } from "../../src/store/store.ts";
import { anyWrite, asJson, from, hears, question } from "./store-any.ts";
import { ALL, EVE, notice, resultOf, storeTest, taskTold, told, type OpenStore } from "./store-support.ts";

export function storeReplaySuite(open: OpenStore): void {
  describe("replay", () => {
    storeTest("what is replayed is what was told, exactly", open, async ({ store }) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(anyWrite, { maxLength: 8 }), { maxLength: 6 }),
          fc.array(question, { maxLength: 6 }),
          async (batches, questions) => {
            const start = (await store.ends()).last;
            const heard: Publication[] = [];
            for (const batch of batches) {
              for (const result of await store.commit(batch.map((write) => from(start, write)))) {
                const { value, events } = resultOf(result);
                if (isRefusal(value)) expect(events).toEqual([]);
                heard.push(...events);
              }
            }
            expect(heard.map((event) => event.id)).toEqual(heard.map((_, place) => start + 1 + place));
            expect(asJson(await store.events(start, ALL.upTo, ALL.limit))).toEqual(asJson(heard));
            for (const { topics, user, after, length, limit } of questions) {
              const range = { after: start + after, upTo: start + after + length, limit };
              const expected = heard.filter(
                (event) => event.id > range.after && event.id <= range.upTo && hears(event, topics, user),
              );
              expect(asJson(await store.replay(topics, user, range))).toEqual(
                asJson(expected.slice(0, limit)),
              );
            }
          },
        ),
        { numRuns: 150 },
      );
    });

    storeTest(
      "an event is replayed once, by however many topics it is heard",
      open,
      async ({ does, store }) => {
        const { events } = await does(
          "task.tell",
          taskTold({ topics: ["workspace:W", "task:42", "channel:9"], recipients: [] }),
        );
        expect(await store.replay(["task:42", "channel:9", "workspace:W"], null, ALL)).toEqual(events);
      },
    );

    storeTest("hundreds of topics are read in one order", open, async ({ store }) => {
      const topics = Array.from({ length: 300 }, (_, place): Topic => `channel:${place}`);
      const writes = Array.from({ length: 600 }, (_, place): Write =>
        told(topics[(place * 7) % 300] as Topic, String(place)),
      );
      const events = (await store.commit(writes)).flatMap((result) => resultOf(result).events);
      expect(await store.replay(topics, EVE.id, ALL)).toEqual(events);
      expect(await store.replay(topics, null, { ...ALL, limit: 10 })).toEqual(events.slice(0, 10));
      expect(await store.replay(topics.slice(0, 70), null, { ...ALL, limit: 1_000 })).toHaveLength(140);
    });

    storeTest(
      "the topics of several users bring what was told to each of them",
      open,
      async ({ does, store }) => {
        const told: Publication[] = [];
        for (const id of ["5", "7", "9"]) {
          told.push(
            ...(await does("notification.add", { topics: [], recipients: [id], actor: null, data: notice() }))
              .events,
          );
        }
        expect(await store.replay(["user:7", "user:9"], "5", ALL)).toEqual(told);
        expect(await store.replay(["user:9", "user:7"], null, ALL)).toEqual(told.slice(1));
      },
    );

    storeTest("who came and went is told to himself, too", open, async ({ does, store }) => {
      const put = await does("member.put", { topic: "channel:9", user_id: "7", role: "member", actor: EVE });
      const removed = await does("member.remove", { topic: "channel:9", user_id: "7", actor: EVE });
      expect(await store.replay([], "7", ALL)).toEqual([...put.events, ...removed.events]);
    });

    storeTest(
      "what was deleted from an inbox is not replayed to its user, but to the others",
      open,
      async ({ does, store, deleteFromInbox }) => {
        const { value, events } = await does("notification.add", {
          topics: [],
          recipients: ["5", "7"],
          actor: null,
          data: notice(),
        });
        await deleteFromInbox("7", value.notification_id);
        expect(await store.replay([], "7", ALL)).toEqual([]);
        expect(await store.replay([], "5", ALL)).toEqual(events);
      },
    );

    storeTest("who asks for nothing gets nothing", open, async ({ does, store }) => {
      await does("message.send", { topic: "channel:9", content: "x", metadata: {}, actor: EVE });
      expect(await store.replay([], null, ALL)).toEqual([]);
    });
  });
}

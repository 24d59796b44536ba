import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { isoTime, ManualClock } from "../../src/core/clock.ts";
import { isRefusal } from "../../src/core/errors.ts";
import type { Publication } from "../../src/core/event.ts";
import { idOf, typeOf, type Topic } from "../../src/core/topic.ts";
import type { Store } from "../../src/store/store.ts";
import { TEST_MS } from "../support/patience.ts";
import { anyWrite, asJson, from, question, USERS } from "./store-any.ts";
import { ALL, NOTHING, resultOf, write, type OpenStore } from "./store-support.ts";

const hours = fc.nat({ max: 6 });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ writes: fc.array(anyWrite, { maxLength: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ wait: hours }) },
  { weight: 2, arbitrary: fc.record({ user: fc.constantFrom(...USERS), remove: fc.nat(20) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      eventHours: orNull(hours),
      eventsMax: orNull(fc.nat({ max: 12 })),
      inboxHours: orNull(hours),
      limit: fc.integer({ min: 1, max: 9 }),
    }),
  },
);

/** What must be there, told by the definitions alone. */
class Model {
  readonly heard: Publication[] = [];
  readonly deleted = new Set<string>();
  /** How many events of `heard` have left the log. */
  pruned = 0;
  inboxFromMs = 0;

  get log(): Publication[] {
    return this.heard.slice(this.pruned);
  }

  prune(eventsFromMs: number, eventsMax: number, inboxFromMs: number): void {
    const kept = () => this.heard.length - this.pruned;
    const goes = (event: Publication) => Date.parse(event.at) < eventsFromMs || kept() > eventsMax;
    while (kept() > 1 && goes(this.heard[this.pruned] as Publication)) this.pruned++;
    this.inboxFromMs = Math.max(this.inboxFromMs, inboxFromMs);
  }

  /** The ids of the user's notifications, announcements aside. */
  inbox(user: string): number[] {
    return this.heard
      .filter(
        ({ kind, recipients, id, at }) =>
          kind === "notification.created" &&
          recipients?.includes(user) === true &&
          !this.deleted.has(`${user} ${id}`) &&
          Date.parse(at) >= this.inboxFromMs,
      )
      .map(({ id }) => id);
  }

  hears(
    { kind, topics, recipients, id }: Publication,
    asked: readonly Topic[],
    userId: string | null,
  ): boolean {
    const people = asked.filter((one) => typeOf(one) === "user").map(idOf);
    if (userId !== null) people.push(userId);
    const personally = (person: string): boolean =>
      recipients?.includes(person) === true &&
      !(kind === "notification.created" && this.deleted.has(`${person} ${id}`));
    return topics.some((one) => asked.includes(one)) || people.some(personally);
  }
}

async function pruneAll(store: Store, rules: Parameters<Store["prune"]>[0], limit: number): Promise<void> {
  for (;;) {
    const gone = await store.prune(rules, limit);
    expect(gone).toBeLessThanOrEqual(limit);
    if (gone < limit) return;
  }
}

/** As the hub decides whether a resume is whole. */
async function isRecovered(store: Store, topics: readonly Topic[], user: string | null, after: number) {
  return after >= (await store.ends()).first - 1 && (await store.floor(topics, user)) <= after;
}

export function storePrunePropertySuite(open: OpenStore): void {
  test(
    "whatever is pruned when, a resume is whole or says that it is not, and inboxes keep their own",
    async () => {
      let whole = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { maxLength: 14 }),
          fc.array(question, { maxLength: 6 }),
          async (steps, questions) => {
            const clock = new ManualClock();
            const { store } = await open(clock);
            const start = (await store.ends()).last;
            const model = new Model();
            const ago = (count: number | null) => (count === null ? 0 : clock.now() - count * 3_600_000);
            const timeAgo = (count: number | null) => (count === null ? null : isoTime(ago(count)));
            const commit = async (writes: Parameters<Store["commit"]>[0]) => {
              const results = (await store.commit(writes)).map(resultOf);
              model.heard.push(...results.flatMap(({ events }) => events));
              return results;
            };
            for (const one of steps) {
              if ("writes" in one) await commit(one.writes.map((write) => from(start, write)));
              else if ("wait" in one) clock.advance(one.wait * 3_600_000);
              else if ("remove" in one) {
                const id = start + 1 + one.remove;
                const [result] = await commit([write("inbox.delete", { user_id: one.user, id })]);
                if (!isRefusal(result?.value)) model.deleted.add(`${one.user} ${id}`);
              } else {
                const { eventHours, eventsMax, inboxHours, limit } = one;
                const rules = {
                  ...NOTHING,
                  eventsBefore: timeAgo(eventHours),
                  eventsMax,
                  notificationsBefore: timeAgo(inboxHours),
                  now: isoTime(clock.now()),
                };
                await pruneAll(store, rules, limit);
                model.prune(ago(eventHours), eventsMax ?? Number.POSITIVE_INFINITY, ago(inboxHours));
              }
            }

            const last = start + model.heard.length;
            expect(await store.ends()).toEqual({ first: model.log[0]?.id ?? last + 1, last });
            expect(asJson(await store.events(0, ALL.upTo, ALL.limit))).toEqual(asJson(model.log));
            for (const user of USERS) {
              const items = (await store.inbox(user, { unread: false, limit: 500 })).items.map(
                ({ id }) => id,
              );
              const kindOf = (id: number) => model.heard[id - start - 1]?.kind;
              const expected = model.inbox(user).toReversed();
              expect(items.filter((id) => kindOf(id) === "notification.created")).toEqual(expected);
            }
            for (const { topics, user, after } of questions) {
              const cursor = start + after;
              const told = await store.replay(topics, user, { after: cursor, upTo: last, limit: ALL.limit });
              const all = model.heard.filter(
                (event) => event.id > cursor && model.hears(event, topics, user),
              );
              if (await isRecovered(store, topics, user, cursor)) {
                expect(asJson(told)).toEqual(asJson(all));
                whole++;
              } else {
                const known = new Set(all.map(({ id }) => id));
                expect(told.filter(({ id }) => !known.has(id))).toEqual([]);
              }
            }
            await store.close();
          },
        ),
        { numRuns: 80 },
      );
      expect(whole).toBeGreaterThan(40);
    },
    // Each run opens a store of its own: on a busy disk that takes its time.
    TEST_MS,
  );
}

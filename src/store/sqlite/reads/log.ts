import { and, asc, gt, lte, max, sql } from "drizzle-orm";
import type { Publication } from "../../../core/event.ts";
import { userTopic, type Topic } from "../../../core/topic.ts";
import type { LogEnds } from "../../store.ts";
import type { Db } from "../database.ts";
import { publicationOf } from "../publication.ts";
import { counter, events, floors } from "../schema.ts";

const p = sql.placeholder;

/** The log as a whole. */
export function prepareLogReads(db: Db) {
  const first = db.select({ id: events.id }).from(events).orderBy(asc(events.id)).limit(1).prepare();
  const last = db.select({ id: counter.lastEventId }).from(counter).prepare();
  const range = db
    .select()
    .from(events)
    .where(and(gt(events.id, p("after")), lte(events.id, p("upTo"))))
    .orderBy(asc(events.id))
    .limit(p("limit"))
    .prepare();
  const highestFloor = db
    .select({ id: max(floors.eventId) })
    .from(floors)
    .where(sql`${floors.topic} in (select value from json_each(${p("topics")}))`)
    .prepare();

  return {
    ends(): LogEnds {
      const end = last.get()?.id ?? 0;
      return { first: first.get()?.id ?? end + 1, last: end };
    },

    events: (after: number, upTo: number, limit: number): Publication[] =>
      range.all({ after, upTo, limit }).map(publicationOf),

    floor(topics: readonly Topic[], userId: string | null): number {
      const all = userId === null ? topics : [...topics, userTopic(userId)];
      return highestFloor.get({ topics: JSON.stringify(all) })?.id ?? 0;
    },
  };
}

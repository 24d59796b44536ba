import { and, asc, gt, lte, max, sql } from "drizzle-orm";
import type { Publication } from "../../../core/event.ts";
import { userTopic, type Topic } from "../../../core/topic.ts";
import type { LogEnds } from "../../store.ts";
import type { Db } from "../database.ts";
import { EVERY_TOPIC } from "../floors.ts";
import { publicationOf } from "../publication.ts";
import { counter, events, floors } from "../schema.ts";

const p = sql.placeholder;

/**
 * The log as a whole: rows up to `prunedId` are not in it. Where it ends and what was pruned is
 * remembered until `changed`: a storm of resumes asks for it with every socket.
 */
export function prepareLogReads(db: Db) {
  const first = db
    .select({ id: events.id })
    .from(events)
    .where(gt(events.id, p("after")))
    .orderBy(asc(events.id))
    .limit(1)
    .prepare();
  const known = db.select({ last: counter.lastEventId, pruned: counter.prunedId }).from(counter).prepare();
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

  const anyFloor = db
    .select({ id: max(floors.eventId) })
    .from(floors)
    .prepare();
  let ends: LogEnds | null = null;
  let floorOfAll: number | null = null;

  return {
    changed: (): void => {
      ends = null;
      floorOfAll = null;
    },

    ends(): LogEnds {
      if (ends !== null) return ends;
      const { last = 0, pruned = 0 } = known.get() ?? {};
      ends = { first: first.get({ after: pruned })?.id ?? last + 1, last };
      return ends;
    },

    events: (after: number, upTo: number, limit: number): Publication[] =>
      range.all({ after: Math.max(after, known.get()?.pruned ?? 0), upTo, limit }).map(publicationOf),

    floor(topics: readonly Topic[], userId: string | null, above = 0): number {
      floorOfAll ??= anyFloor.get()?.id ?? 0;
      if (floorOfAll <= above) return 0;
      const all: string[] = [EVERY_TOPIC, ...topics];
      if (userId !== null) all.push(userTopic(userId));
      return highestFloor.get({ topics: JSON.stringify(all) })?.id ?? 0;
    },
  };
}

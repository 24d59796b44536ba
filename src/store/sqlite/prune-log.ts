import { and, asc, eq, gt, sql } from "drizzle-orm";
import { userTopic } from "../../core/topic.ts";
import type { RetentionRules } from "../store.ts";
import type { Db } from "./database.ts";
import { prepareSettle } from "./messages.ts";
import { personalKey, type EventRow } from "./publication.ts";
import { counter, events, eventTopics, floors, recipients } from "./schema.ts";

const p = sql.placeholder;

/**
 * Takes a prefix off the log: what is too old or beyond the number; never the newest event. Messages
 * keep their rows, as what rooms list.
 */
export function preparePruneLog(db: Db): (rules: RetentionRules, limit: number) => number {
  const log = db.select({ pruned: counter.prunedId, kept: counter.kept }).from(counter).prepare();
  const oldest = db
    .select()
    .from(events)
    .where(gt(events.id, p("after")))
    .orderBy(asc(events.id))
    .limit(p("limit"))
    .prepare();
  const removeTopic = db
    .delete(eventTopics)
    .where(and(eq(eventTopics.topic, p("topic")), eq(eventTopics.eventId, p("id"))))
    .prepare();
  const removeUnheld = prepareRemoveUnheld(db);
  const settle = prepareSettle(db);
  const raiseFloor = prepareRaiseFloor(db);
  const shorten = db
    .update(counter)
    .set({ prunedId: sql`${p("pruned")}`, kept: sql`${counter.kept} - ${p("gone")}` })
    .prepare();

  return ({ eventsBefore, eventsMax }, limit) => {
    const { pruned = 0, kept = 0 } = log.get() ?? {};
    const surplus = eventsMax === null ? 0 : kept - eventsMax;
    const before = eventsBefore === null ? Number.NEGATIVE_INFINITY : Date.parse(eventsBefore);
    const most = Math.min(limit, kept - 1);
    if (most <= 0 || (surplus <= 0 && eventsBefore === null)) return 0;

    const rows = oldest.all({ after: pruned, limit: most });
    const floorOf = new Map<string, number>();
    let touched = 0;
    let last: EventRow | undefined;
    let gone = 0;
    for (const row of rows) {
      if (touched >= limit || (gone >= surplus && row.at >= before)) break;
      const { topics, further } = placesOf(row);
      for (const topic of topics) floorOf.set(topic, row.id);
      for (const topic of further) removeTopic.run({ topic, id: row.id });
      if (row.kind !== "message.created") removeUnheld(row.id);
      // What is told to thousands is thousands of floors: a step stays small all the same.
      touched += Math.max(1, topics.length);
      last = row;
      gone++;
    }
    if (last === undefined) return 0;
    for (const [topic, id] of floorOf) raiseFloor(topic, id);
    shorten.run({ pruned: last.id, gone });
    settle(pruned, last.id);
    return Math.min(touched, limit);
  };
}

/** From now on no cursor below the id is recovered for the topic. */
export function prepareRaiseFloor(db: Db): (topic: string, id: number) => void {
  const raise = db
    .insert(floors)
    .values({ topic: p("topic"), eventId: p("id") })
    .onConflictDoUpdate({
      target: floors.topic,
      set: { eventId: sql`max(${floors.eventId}, excluded.event_id)` },
    })
    .prepare();
  return (topic, id) => {
    raise.run({ topic, id });
  };
}

/** Removes an event that lies in nobody's inbox. */
export function prepareRemoveUnheld(db: Db): (eventId: number) => void {
  const remove = db
    .delete(events)
    .where(
      and(
        eq(events.id, p("id")),
        sql`not exists (select 1 from ${recipients} where ${recipients.eventId} = ${p("id")})`,
      ),
    )
    .prepare();
  return (id) => {
    remove.run({ id });
  };
}

/** The topics whose floor an event raises (`user:x` for what was personal), and its rows in `event_topics`. */
function placesOf({ topic, toldTopics, toldUsers }: EventRow): { topics: string[]; further: string[] } {
  const told = toldTopics !== null ? namesIn(toldTopics) : topic !== null ? [topic] : [];
  const people = toldUsers === null ? [] : namesIn(toldUsers);
  return {
    topics: [...told, ...people.map(userTopic)],
    further: [...told.slice(1), ...people.map(personalKey)],
  };
}

const namesIn = (json: string): string[] => JSON.parse(json) as string[];

import { and, asc, eq, gt, isNotNull, isNull, lte, sql, type SQL, type SQLWrapper } from "drizzle-orm";
import { type SQLiteColumn, type SQLiteTable, union } from "drizzle-orm/sqlite-core";
import type { Publication } from "../../../core/event.ts";
import { idOf, typeOf, type Topic } from "../../../core/topic.ts";
import type { Db } from "../database.ts";
import { IS_NO_MESSAGE } from "../messages.ts";
import { personalKey, publicationOf, type EventRow } from "../publication.ts";
import type { RoomMessages } from "../room-messages.ts";
import { counter, events, eventTopics, recipients, roomMessages } from "../schema.ts";

export interface ReplayRange {
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
}

/** Topics that one statement reads; more take several, merged here. */
const MAX_TOPICS = 64;

const p = sql.placeholder;
const within = (id: SQLWrapper) => and(gt(id, p("after")), lte(id, p("upTo")));

/**
 * `replay`: an event is told where one of its topics is asked for, or where it was told
 * personally to the user, or to the `x` of a topic `user:x`, and lies undeleted.
 *
 * Each way to an event is one branch of a UNION that reads an index in id order. SQLite merges
 * such branches as it goes, so that a slice reads about as many entries as it has events,
 * however many follow. The statements differ by the number of topics only and are kept.
 */
export function prepareReplay(db: Db, rooms: RoomMessages) {
  const statements = new Map<number, ReturnType<typeof prepareSlice>>();
  const sliceOf = (topics: number) => {
    const kept = statements.get(topics) ?? prepareSlice(db, topics);
    statements.set(topics, kept);
    return kept;
  };

  const pruned = db.select({ id: counter.prunedId }).from(counter).prepare();

  return (topics: readonly Topic[], userId: string | null, asked: ReplayRange): Publication[] => {
    const range = { ...asked, after: Math.max(asked.after, pruned.get()?.id ?? 0) };
    const recent = rooms.recent(topics, range.after, range.upTo).slice(0, range.limit);
    const users = personsIn(topics, userId);
    const keys = [...new Set<string>([...topics, ...users.map(personalKey)])];
    const slices = Math.max(Math.ceil(keys.length / MAX_TOPICS), users.length);
    const found: EventRow[][] = [];
    for (let slice = 0; slice < slices; slice++) {
      const some = keys.slice(slice * MAX_TOPICS, (slice + 1) * MAX_TOPICS);
      // Statements for 1, 2, 4 … topics: what is not needed is bound to null, which matches nothing.
      const size = 2 ** Math.ceil(Math.log2(Math.max(1, some.length)));
      const bound = Object.fromEntries(
        Array.from({ length: size }, (_, place) => [`topic${place}`, some[place] ?? null]),
      );
      found.push(
        sliceOf(size).all({
          ...bound,
          ...range,
          user: users[slice] ?? null,
          recent: slice === 0 ? JSON.stringify(recent) : "[]",
        }),
      );
    }
    return merge(found, range.limit).map(publicationOf);
  };
}

/** Everybody whose personal events are asked for. */
function personsIn(topics: readonly Topic[], userId: string | null): string[] {
  const users = new Set(userId === null ? [] : [userId]);
  for (const topic of topics) if (typeOf(topic) === "user") users.add(idOf(topic));
  return [...users];
}

/** The first events of all slices, by id, each once. */
function merge(slices: readonly EventRow[][], limit: number): EventRow[] {
  if (slices.length < 2) return slices[0] ?? [];
  const byId = new Map(slices.flat().map((row) => [row.id, row]));
  return [...byId.values()].toSorted((a, b) => a.id - b.id).slice(0, limit);
}

/** Exported for the test of its query plan. */
export function sliceQuery(db: Db, topics: number) {
  const way = (table: SQLiteTable, topic: SQLiteColumn, id: SQLiteColumn, kinds?: SQL) => (place: number) =>
    db
      .select({ id: sql<number>`${id}` })
      .from(table)
      .where(and(eq(topic, p(`topic${place}`)), kinds, within(id)));
  const ways = [
    way(events, events.topic, events.id, IS_NO_MESSAGE),
    way(roomMessages, roomMessages.topic, roomMessages.messageId),
    way(eventTopics, eventTopics.topic, eventTopics.eventId),
  ];
  // Announcements lie in inboxes too, but are not told personally.
  const personal = db
    .select({ id: sql<number>`${recipients.eventId}` })
    .from(recipients)
    .innerJoin(events, eq(events.id, recipients.eventId))
    .where(
      and(
        eq(recipients.userId, p("user")),
        within(recipients.eventId),
        isNull(recipients.deletedAt),
        isNotNull(events.toldUsers),
      ),
    );
  const recent = db
    .select({ id: sql<number>`value` })
    .from(sql`json_each(${p("recent")})`) as unknown as typeof personal;
  const places = Array.from({ length: topics }, (_, place) => place);
  const [first, ...rest] = places.flatMap((place) => ways.map((one) => one(place)));
  if (first === undefined) throw new RangeError("a slice has at least one topic");
  const ids = union(first, personal, recent, ...rest)
    .orderBy(sql`1`)
    .limit(p("limit"));
  return db
    .select()
    .from(events)
    .where(sql`${events.id} in ${ids}`)
    .orderBy(asc(events.id));
}

const prepareSlice = (db: Db, topics: number) => sliceQuery(db, topics).prepare();

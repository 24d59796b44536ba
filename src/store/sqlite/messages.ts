import { and, eq, sql } from "drizzle-orm";
import type { Db } from "./database.ts";
import { events, messageChanges } from "./schema.ts";

export const IS_MESSAGE = sql`${events.kind} = 'message.created'`;
/** As `events_by_topic` is limited: written out, since SQLite matches no bound value with that. */
export const IS_NO_MESSAGE = sql`${events.kind} <> 'message.created'`;

/** Whose a message is, where it was said, and when it was deleted. */
export const prepareMessageById = (db: Db) =>
  db
    .select({ topic: events.topic, userId: events.actorId, deletedAt: messageChanges.deletedAt })
    .from(events)
    .leftJoin(messageChanges, eq(messageChanges.id, events.id))
    .where(and(eq(events.id, sql.placeholder("id")), IS_MESSAGE))
    .prepare();

/**
 * Once a message's event is out of the log, nobody is replayed what it said before it was edited: its
 * row takes the newest text. For those with `after < id <= upTo`.
 */
export function prepareSettle(db: Db): (after: number, upTo: number) => void {
  const settle = db.$client.prepare(`UPDATE events SET data = json_set(data, '$.content', changed.content)
    FROM message_changes AS changed
    WHERE changed.id > ? AND changed.id <= min(?, (SELECT pruned_id FROM counter))
      AND changed.content IS NOT NULL AND events.id = changed.id`);
  return (after, upTo) => {
    settle.run(after, upTo);
  };
}

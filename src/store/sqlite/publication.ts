import type { Json, Publication } from "../../core/event.ts";
import type { events } from "./schema.ts";
import { isoTime } from "../../core/clock.ts";

export type EventRow = typeof events.$inferSelect;

/** The publication as it was told. */
export const publicationOf = (row: EventRow): Publication =>
  ({
    kind: row.kind,
    topics: topicsOf(row),
    recipients: row.toldUsers === null ? null : fromJson(row.toldUsers),
    actor: row.actorId === null ? null : { id: row.actorId, username: row.actorName ?? row.actorId },
    data: fromJson(row.data),
    id: row.id,
    at: isoTime(row.at),
  }) as unknown as Publication;

function topicsOf({ topic, toldTopics }: EventRow): Json {
  if (toldTopics !== null) return fromJson(toldTopics);
  return topic === null ? [] : [topic];
}

const fromJson = (text: string): Json => JSON.parse(text) as Json;

/** Where events of a user that lie in no inbox are found in `event_topics`; not a topic. */
export const personalKey = (userId: string): string => `personal:${userId}`;

import { z } from "zod";
import { LEVELS } from "../../core/event.ts";
import type { JsonObject } from "../../core/event.ts";
import { idSchema } from "../../core/ids.ts";
import { type Topic, parseRoom } from "../../core/topic.ts";

/** `null` says the same as leaving a field out. */
export const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

export const jsonObject = z.record(z.string(), z.json()).transform((value) => value as JsonObject);

/** A time as it comes in, with its offset; inside it is UTC. */
const moment = z.iso
  .datetime({ offset: true, error: "must be an ISO 8601 time with its offset, as in 2026-01-31T09:00:00Z" })
  .transform((text) => new Date(text).toISOString());

/** What a backend says in a notification. */
export const noticeBody = z
  .object({
    message: z.string().min(1).max(10_000),
    title: optional(z.string().min(1).max(1000)),
    level: optional(z.enum(LEVELS)),
    data: optional(jsonObject),
    link: optional(z.string().max(2000)),
    priority: optional(z.string().min(1).max(64)),
    deliver_at: optional(moment),
    expires_at: optional(moment),
  })
  .meta({ title: "Notice" });

/** A room in any spelling: `project:789`, `project_789`, `workspace:789`, `focus:s`, a free name. */
const roomParam = z
  .string()
  .transform((text, context): Topic => {
    const topic = parseRoom(text);
    if (topic !== null) return topic;
    context.addIssue({ code: "custom", message: "must be 1 to 128 characters without control characters" });
    return z.NEVER;
  })
  .meta({
    description: "In any dialect's spelling: project:789, project_789, channel:9, focus:s, a free name.",
  });

export const idParam = z.object({ id: idSchema });
export const roomParams = z.object({ room: roomParam });
export const roomMemberParams = z.object({ room: roomParam, user_id: idSchema });
export const memberParams = z.object({ id: idSchema, user_id: idSchema });

const NEXT_PAGE = "The `next` of the page before; left out for the first one.";

/** `?limit=` (50, at most 500) and `?cursor=`. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).meta({ description: "How many at most." }),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "must be the `next` of a page")
    .optional()
    .meta({ description: NEXT_PAGE }),
});

/** Pages of what has no number to go on by. */
export const wordedPageQuery = pageQuery.extend({
  cursor: z.string().min(1).max(2000).optional().meta({ description: NEXT_PAGE }),
});

/** A page as it is answered. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item).meta({ description: "What was found, at most `limit`." }),
    next: z
      .string()
      .nullable()
      .meta({ description: "The `cursor` of the page behind this one; null where this is the last." }),
  });

/** The same, and `?after=<id>`: oldest first. Of what has an event id. */
export const historyQuery = pageQuery.extend({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .meta({ description: "Oldest first, from behind the one with this id; 0 for all." }),
});

/** The id of a message or notification, which is its event's. */
export const eventIdParam = z.object({
  id: z
    .string()
    .regex(/^\d{1,15}$/, "must be a whole number")
    .transform(Number),
});

export const name = z.string().trim().min(1).max(200);

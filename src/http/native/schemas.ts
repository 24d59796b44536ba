import { z } from "zod";
import { LEVELS } from "../../core/event.ts";
import type { JsonObject } from "../../core/event.ts";
import { idSchema } from "../../core/ids.ts";
import { type Topic, parseRoom } from "../../core/topic.ts";

/** `null` says the same as leaving a field out. */
const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

const jsonObject = z.record(z.string(), z.json()).transform((value) => value as JsonObject);

/** What a backend says in a notification. */
export const noticeBody = z.object({
  message: z.string().min(1).max(10_000),
  title: optional(z.string().min(1).max(1000)),
  level: optional(z.enum(LEVELS)),
  data: optional(jsonObject),
  link: optional(z.string().max(2000)),
  priority: optional(z.string().min(1).max(64)),
});

/** A room in any spelling: `project:789`, `project_789`, `workspace:789`, `focus:s`, a free name. */
export const roomParam = z.string().transform((text, context): Topic => {
  const topic = parseRoom(text);
  if (topic !== null) return topic;
  context.addIssue({ code: "custom", message: "must be 1 to 128 characters without control characters" });
  return z.NEVER;
});

export const idParam = z.object({ id: idSchema });
export const roomParams = z.object({ room: roomParam });
export const roomMemberParams = z.object({ room: roomParam, user_id: idSchema });
export const memberParams = z.object({ id: idSchema, user_id: idSchema });

/** `?limit=` (50, at most 500) and `?cursor=`. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(200).optional(),
});

export const name = z.string().trim().min(1).max(200);

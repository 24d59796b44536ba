/**
 * What `onetask-v1` sends and reads. Keys in the documented order.
 * Source: WebSocket Integration Guide for OneTask (seed 001).
 */
import { z } from "zod";
import { type Json, TASK_ACTIONS } from "../../core/event.ts";
import { idSchema, timestamp, wireId } from "../../core/ids.ts";

/** Any JSON. It was parsed from text, so its inside needs no look, however deep it goes. */
const json = z.unknown() as z.ZodType<Json>;

/** Source: 1. Notifications WebSocket, Message Format. */
export const notificationFrame = z.object({
  type: z.literal("notification"),
  data: z.object({
    id: z.int(),
    title: z.string(),
    content: z.string(),
    created_at: timestamp,
    read: z.boolean(),
    related_entity_type: z.string().nullable(),
    related_entity_id: wireId.nullable(),
  }),
});
export type NotificationFrame = z.infer<typeof notificationFrame>;

/** Of a task that is not stored, what is unknown is null. Source: 2. Task Updates WebSocket, Message Format. */
export const taskUpdateFrame = z.object({
  type: z.literal("task_update"),
  action: z.enum(TASK_ACTIONS),
  data: z.object({
    id: wireId,
    title: z.string(),
    description: z.string().nullable(),
    status: z.string().nullable(),
    priority: z.string().nullable(),
    due_date: timestamp.nullable(),
    workspace_id: wireId.nullable(),
    user_id: wireId.nullable(),
  }),
});
export type TaskUpdateFrame = z.infer<typeof taskUpdateFrame>;

/** Source: 3. Focus Session WebSocket, Message Format. */
export const focusUpdateFrame = z.object({
  type: z.literal("focus_update"),
  action: z.string().meta({
    description: "participant_joined, participant_left, status_change, or what a participant named.",
  }),
  data: z.object({
    session_id: z.string(),
    user: z.object({ id: wireId, username: z.string() }),
    status: z.string(),
    current_task_id: wireId.nullable(),
    data: json
      .optional()
      .meta({ description: "What the participant sent along; not there where nothing was." }),
  }),
});
export type FocusUpdateFrame = z.infer<typeof focusUpdateFrame>;

const word = z.string().min(1).max(64);

/** What a participant sends to a focus session. `current_task_id: null` clears the task. */
export const focusChangeFrame = z.object({
  action: word.nullish().meta({ description: '"status_change" where left out.' }),
  status: word.nullish(),
  current_task_id: idSchema.nullish(),
  data: json.optional(),
});
export type FocusChangeFrame = z.infer<typeof focusChangeFrame>;

export const frames = {
  client: { focus: focusChangeFrame },
  server: { notification: notificationFrame, task_update: taskUpdateFrame, focus_update: focusUpdateFrame },
} as const;

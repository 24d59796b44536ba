/**
 * What `onetask` sends and reads: frames of its three sockets, bodies of its three endpoints.
 * Keys in the documented order. Source: OneTask Real-time API Documentation (seed 000).
 */
import { z } from "zod";
import { type Json, TASK_ACTIONS } from "../../core/event.ts";
import { idSchema, timestamp, wireId } from "../../core/ids.ts";

/** Any JSON. It was parsed from text, so its inside needs no look, however deep it goes. */
const json = z.unknown() as z.ZodType<Json>;
const jsonObject = z.record(z.string(), json);

/** `data` of a notification that tells of a task. */
export const taskNotice = z.object({
  task_id: wireId,
  action: z.enum(TASK_ACTIONS),
  workspace_id: wireId.nullable(),
  actor_id: wireId.nullable(),
});
export type TaskNotice = z.infer<typeof taskNotice>;

/** Source: Notifications WebSocket, Received Message Format; Workspace Tasks WebSocket. */
export const notificationFrame = z.object({
  type: z.literal("notification"),
  notification_id: z.int(),
  title: z.string(),
  content: z.string(),
  notification_type: z.string(),
  related_entity_type: z.string().nullable(),
  related_entity_id: wireId.nullable(),
  created_at: timestamp,
  data: z.union([jsonObject, taskNotice]).meta({
    description:
      "The given data, with level, link and priority where they were given; of a task event what is known of it.",
  }),
});
export type NotificationFrame = z.infer<typeof notificationFrame>;

/** `data` of a join, a leave or a change of the session. */
export const focusNotice = z.object({
  action: z.string(),
  user: z.object({ id: wireId, username: z.string() }),
  status: z.string(),
  current_task_id: wireId.nullable(),
  data: json.optional(),
});
export type FocusNotice = z.infer<typeof focusNotice>;

/** Source: Focus Session WebSocket, Received Message Format. */
export const focusSessionUpdateFrame = z.object({
  type: z.literal("focus_session_update"),
  session_id: z.string(),
  sender_id: wireId,
  data: z.union([json, focusNotice]).meta({
    description: "The JSON that a participant sent, as it is; or a join, a leave, a change of the session.",
  }),
});
export type FocusSessionUpdateFrame = z.infer<typeof focusSessionUpdateFrame>;

/** What a participant sends to a focus session: any JSON at all. */
export const focusRelayFrame = json;
export type FocusRelayFrame = z.infer<typeof focusRelayFrame>;

export const frames = {
  client: { focus: focusRelayFrame },
  server: { notification: notificationFrame, focus_session_update: focusSessionUpdateFrame },
} as const;

/** The most users that one event names. */
export const MAX_TARGETS = 10_000;

const title = z.string().min(1).max(1000);
const content = z.string().min(1).max(10_000);
const label = z.string().min(1).max(128);
const userIds = z.array(idSchema).max(MAX_TARGETS);

/** Source: Send Task Event. `user_id` is ours: the user for whom an admin or key acts. */
export const taskEventBody = z.object({
  task_id: idSchema,
  title,
  action: z.enum(TASK_ACTIONS),
  workspace_id: idSchema.nullish(),
  target_user_ids: userIds
    .nullish()
    .meta({ description: "Users to notify; empty or left out: only the caller." }),
  user_id: idSchema.nullish().meta({ description: "For admins and service keys: the user who acts." }),
});
export type TaskEventBody = z.infer<typeof taskEventBody>;

export const taskEventAnswer = z.object({
  status: z
    .literal("notifications sent")
    .meta({ description: "It was stored, and told to whoever listens." }),
  recipient_count: z.int().meta({ description: "Users who are told." }),
});
export type TaskEventAnswer = z.infer<typeof taskEventAnswer>;

/** Source: Send Workspace Event. */
export const workspaceEventBody = z.object({
  workspace_id: idSchema,
  title,
  content,
  type: label.nullish().meta({ description: 'Type of notification; "workspace" where left out.' }),
  related_entity_type: label.nullish(),
  related_entity_id: idSchema.nullish(),
  data: jsonObject.nullish(),
  exclude_user_ids: userIds.nullish(),
});
export type WorkspaceEventBody = z.infer<typeof workspaceEventBody>;

export const workspaceEventAnswer = z.object({
  status: z
    .literal("workspace notification sent")
    .meta({ description: "It was stored, and told to whoever listens." }),
});
export type WorkspaceEventAnswer = z.infer<typeof workspaceEventAnswer>;

/** Source: Send System Event. */
export const systemEventBody = z.object({
  title,
  content,
  user_id: idSchema.nullish().meta({ description: "User to notify; left out: the caller." }),
  data: jsonObject.nullish(),
});
export type SystemEventBody = z.infer<typeof systemEventBody>;

export const systemEventAnswer = z.object({
  status: z
    .literal("system notification sent")
    .meta({ description: "It was stored, and told to whoever listens." }),
});
export type SystemEventAnswer = z.infer<typeof systemEventAnswer>;

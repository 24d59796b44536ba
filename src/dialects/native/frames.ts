/** Every frame of the native dialect, the server's own. Source: the wire contract, Native. */
import { z } from "zod";
import { LEVELS, TASK_ACTIONS } from "../../core/event.ts";
import { timestamp, wireId } from "../../core/ids.ts";
import { parseRoom, type Topic } from "../../core/topic.ts";
import { resumedFrame } from "../dialect.ts";

/** What the reply is found again by: anything short; what cannot be one is left out. */
export const reference = z.union([z.string().max(64), z.number()]);
const id = reference.optional().catch(undefined).meta({ description: "Comes back as `to` in the reply." });

/** Everything, for admins; the core understands it. */
export const ALL = "*" as string as Topic;

const NO_ROOM = "must be a room: 1 to 128 characters without control characters, for example channel:9";

const room = z
  .string()
  .refine((text) => parseRoom(text) !== null, { error: NO_ROOM, abort: true })
  .transform((text) => parseRoom(text) as Topic)
  .meta({ description: "A room in any dialect's spelling: workspace:7, project_7, channel:9, lobby." });

const topics = z
  .array(
    z
      .string()
      .refine((text) => parseRoom(text) !== null, { error: NO_ROOM, abort: true })
      .transform((text) => (text === ALL ? ALL : (parseRoom(text) as Topic)))
      .meta({ description: "A room in any dialect's spelling; `*`, for admins: everything." }),
  )
  .min(1)
  .transform((topics) => [...new Set(topics)]);

const BAD_CURSOR = 'must be a whole number from 0 or "latest"';

export const subscribeFrame = z.object({
  type: z.literal("subscribe"),
  id,
  data: z.object({
    topics,
    last_event_id: z
      .union([z.int(BAD_CURSOR).nonnegative(BAD_CURSOR), z.literal("latest"), z.null()], {
        error: BAD_CURSOR,
      })
      .optional()
      .meta({
        description: "Also tell what was published after this event; `latest`: from now on, with event ids.",
      }),
  }),
});

export const unsubscribeFrame = z.object({ type: z.literal("unsubscribe"), id, data: z.object({ topics }) });

/** A message to a room, which is named by `topic` or by `room`. */
export const publishFrame = z.object({
  type: z.literal("publish"),
  id,
  data: z
    .object({
      topic: room.optional(),
      room: room.optional(),
      content: z.string().refine((text) => text.trim() !== "", "must not be empty"),
      metadata: z.looseObject({}).default({}),
      idempotency_key: z
        .string()
        .regex(/^[\x20-\x7e]{1,255}$/, "must be 1 to 255 printable ASCII characters")
        .optional()
        .meta({
          description:
            "The same answer for 24 h, and told once; as Idempotency-Key of POST /rooms/:room/messages.",
        }),
    })
    .transform(({ topic: named, room, content, metadata, idempotency_key }, context) => {
      const topic = named ?? room;
      if (topic !== undefined) return { topic, content, metadata, idempotency_key };
      context.addIssue({ code: "custom", path: ["topic"], message: "name a topic or a room" });
      return z.NEVER;
    }),
});

/** A fresh token before the old one expires. */
export const refreshFrame = z.object({
  type: z.literal("refresh"),
  id,
  data: z.object({ token: z.string().min(1) }),
});

export const pingFrame = z.object({ type: z.literal("ping"), id });

const topicText = z.string();

export const welcomeFrame = z.object({
  type: z.literal("welcome"),
  data: z.object({
    user_id: wireId,
    username: z.string(),
    topics: z.array(topicText),
    server: z.literal("dragoman"),
  }),
});
export type WelcomeFrame = z.infer<typeof welcomeFrame>;

/** `to`: the client's `id` if it gave one, else the frame's type, null where not even that was read. */
const to = z.union([z.string(), z.number()]).nullable();

const reply = <D extends z.ZodType>(data: D) => z.object({ type: z.literal("reply"), to, data });

/** To `subscribe` and `unsubscribe` (also where access was taken away): what came or went, and what is left. */
export const subscriptionsFrame = reply(z.object({ topics: z.array(topicText), rooms: z.array(topicText) }));
export type SubscriptionsFrame = z.infer<typeof subscriptionsFrame>;

export const publishedFrame = reply(z.object({ message_id: z.int(), created_at: timestamp }));
export type PublishedFrame = z.infer<typeof publishedFrame>;

export const refreshedFrame = reply(z.object({ expires_at: timestamp }));
export type RefreshedFrame = z.infer<typeof refreshedFrame>;

export const errorFrame = z.object({
  type: z.literal("reply"),
  to,
  error: z.object({ code: z.string(), detail: z.string() }),
});
export type ErrorFrame = z.infer<typeof errorFrame>;

export const pongFrame = z.object({
  type: z.literal("pong"),
  to: reference.optional(),
  data: z.object({ timestamp }),
});
export type PongFrame = z.infer<typeof pongFrame>;

const textOrNull = z.string().nullable();
const idOrNull = wireId.nullable();
const json = z.unknown();
const user = z.object({ id: wireId, username: z.string() });
const changes = z.record(z.string(), z.object({ old: json, new: json }));

/** `event_id` is added by the core, last, where the subscription was opened with last_event_id. */
const event = <K extends string, D extends z.ZodType>(kind: K, data: D) =>
  z.object({
    type: z.literal("event"),
    kind: z.literal(kind),
    topic: topicText.meta({ description: "Where it is heard; user:<id> or `user` where it is personal." }),
    data,
    actor: user.nullable(),
    at: timestamp,
    event_id: z.int().optional(),
  });

const notification = z.object({
  id: z.int(),
  title: z.string(),
  content: z.string(),
  level: z.enum(LEVELS),
  notification_type: z.string(),
  related_entity_type: textOrNull,
  related_entity_id: idOrNull,
  data: z.looseObject({}),
  link: textOrNull,
  priority: z.string(),
  room: textOrNull,
});

const unread = z.int().meta({ description: "How many are left unread." });

const task = z.object({
  task_id: wireId,
  action: z.enum(TASK_ACTIONS),
  title: z.string(),
  task: z.object({
    title: textOrNull,
    description: textOrNull,
    status: textOrNull,
    priority: textOrNull,
    due_date: textOrNull,
    workspace_id: idOrNull,
    user_id: idOrNull,
    assignee: textOrNull,
    creator: textOrNull,
  }),
  changes,
  notification_id: z.int(),
});

const workspace = z.object({ workspace_id: wireId, name: z.string() });
const member = z.object({ topic: topicText, user_id: wireId });
const focus = z.object({ session_id: z.string(), status: z.string(), current_task_id: idOrNull, user });
const focusAction = focus.extend({ action: z.string(), data: json });
const presence = z.object({ user_id: wireId, username: z.string() });

/** One a kind. */
export const eventFrames = {
  "notification.created": event("notification.created", notification),
  "announcement.created": event("announcement.created", notification),
  "notification.read": event(
    "notification.read",
    z.object({
      user_id: wireId,
      ids: z.array(z.int()).nullable().meta({ description: "Null: all up to `up_to`." }),
      up_to: z.int(),
      unread,
    }),
  ),
  "notification.deleted": event(
    "notification.deleted",
    z.object({ user_id: wireId, ids: z.array(z.int()), unread }),
  ),
  "task.created": event("task.created", task),
  "task.updated": event("task.updated", task),
  "task.completed": event("task.completed", task),
  "task.deleted": event("task.deleted", task),
  "message.created": event(
    "message.created",
    z.object({
      message_id: z.int(),
      content: z.string(),
      user_id: wireId,
      username: z.string(),
      metadata: z.looseObject({}),
    }),
  ),
  "message.edited": event(
    "message.edited",
    z.object({ message_id: z.int(), content: z.string(), edited_at: timestamp }),
  ),
  "message.deleted": event("message.deleted", z.object({ message_id: z.int(), deleted_at: timestamp })),
  "workspace.created": event("workspace.created", workspace),
  "workspace.updated": event("workspace.updated", workspace.extend({ changes })),
  "workspace.archived": event("workspace.archived", workspace),
  "member.added": event("member.added", member.extend({ role: z.string() })),
  "member.removed": event("member.removed", member),
  "room.moved": event(
    "room.moved",
    z.object({ topic: topicText, workspace_id: idOrNull, old_workspace_id: wireId }),
  ),
  "focus.updated": event("focus.updated", focusAction),
  "focus.joined": event("focus.joined", focus),
  "focus.left": event("focus.left", focus),
  "focus.relayed": event("focus.relayed", focusAction),
  "user.joined": event("user.joined", presence),
  "user.left": event("user.left", presence),
} as const;
export type HeardKind = keyof typeof eventFrames;
export type EventFrame<K extends HeardKind> = z.infer<(typeof eventFrames)[K]>;

export const frames = {
  client: {
    subscribe: subscribeFrame,
    unsubscribe: unsubscribeFrame,
    publish: publishFrame,
    refresh: refreshFrame,
    ping: pingFrame,
  },
  server: {
    welcome: welcomeFrame,
    subscriptions: subscriptionsFrame,
    published: publishedFrame,
    refreshed: refreshedFrame,
    error: errorFrame,
    pong: pongFrame,
    resumed: resumedFrame,
    ...eventFrames,
  },
} as const;

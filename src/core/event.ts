import type { Actor } from "./principal.ts";
import type { Topic } from "./topic.ts";

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export const LEVELS = ["info", "success", "warning", "error"] as const;
export type Level = (typeof LEVELS)[number];

export const TASK_ACTIONS = ["created", "updated", "completed", "deleted"] as const;
export type TaskAction = (typeof TASK_ACTIONS)[number];

/** What a notification says, in every dialect. Ids are strings, unknown is null. */
export interface NotificationData {
  readonly title: string;
  readonly content: string;
  readonly level: Level | null;
  readonly notification_type: string;
  readonly related_entity_type: string | null;
  readonly related_entity_id: string | null;
  readonly data: JsonObject;
  readonly link: string | null;
  readonly priority: string | null;
  /** ISO 8601: after this it is in no inbox and in no replay; null where it stays. */
  readonly expires_at?: string | null;
  /** Told to the members of a room: the room; `user:x` for notify_user_in_room. */
  readonly room: Topic | null;
  /** Set where it tells of a task, so that each dialect can spell the ids in its own way. */
  readonly task: {
    readonly task_id: string;
    readonly action: TaskAction;
    readonly workspace_id: string | null;
  } | null;
}

/** What is known of a task; null where nobody stored it. */
export interface TaskFields {
  readonly title: string | null;
  readonly description: string | null;
  readonly status: string | null;
  readonly priority: string | null;
  readonly due_date: string | null;
  readonly workspace_id: string | null;
  readonly user_id: string | null;
  readonly assignee: string | null;
  readonly creator: string | null;
}

export type Change = { readonly old: Json; readonly new: Json };

export interface TaskEventData {
  readonly task_id: string;
  readonly action: TaskAction;
  readonly title: string;
  readonly task: TaskFields;
  /** Field → old and new; empty where only the action is known. */
  readonly changes: { readonly [field: string]: Change };
  /** The id that the recipients see; the task event's own where nobody was notified. */
  readonly notification_id: number;
  /** Usernames behind changed assignees, for dialects that show names. */
  readonly names?: { readonly [userId: string]: string };
}

export interface MessageData {
  readonly message_id: number;
  readonly content: string;
  readonly user_id: string;
  readonly username: string;
  readonly metadata: JsonObject;
}

export interface FocusState {
  readonly session_id: string;
  readonly status: string;
  readonly current_task_id: string | null;
}

export interface FocusMember extends FocusState {
  readonly user: Actor;
}

/** Every kind of event and its data: the language that all dialects translate. */
export interface EventData {
  "notification.created": NotificationData;
  "announcement.created": NotificationData;
  /** Told to one user's sockets: which of his notifications are read now (null: all up to `up_to`). */
  "notification.read": {
    readonly user_id: string;
    readonly ids: readonly number[] | null;
    readonly up_to: number;
    readonly unread: number;
  };
  "notification.deleted": {
    readonly user_id: string;
    readonly ids: readonly number[];
    readonly unread: number;
  };
  "task.created": TaskEventData;
  "task.updated": TaskEventData;
  "task.completed": TaskEventData;
  "task.deleted": TaskEventData;
  "message.created": MessageData;
  "message.edited": { readonly message_id: number; readonly content: string; readonly edited_at: string };
  "message.deleted": { readonly message_id: number; readonly deleted_at: string };
  "workspace.created": { readonly workspace_id: string; readonly name: string };
  "workspace.updated": {
    readonly workspace_id: string;
    readonly name: string;
    readonly changes: { readonly [field: string]: Change };
  };
  "workspace.archived": { readonly workspace_id: string; readonly name: string };
  /** `focus`: of focus sessions, what the participants are told of the newcomer. */
  "member.added": {
    readonly topic: Topic;
    readonly user_id: string;
    readonly role: string;
    readonly focus?: FocusMember | undefined;
  };
  /** `covered_by`: another membership that still opens the topic, if there is one. */
  "member.removed": {
    readonly topic: Topic;
    readonly user_id: string;
    readonly covered_by: Topic | null;
    readonly focus?: FocusMember | undefined;
  };
  /** A room belongs to another workspace now: what the old one opened ends. */
  "room.moved": {
    readonly topic: Topic;
    readonly workspace_id: string | null;
    readonly old_workspace_id: string;
  };
  "focus.updated": FocusMember & { readonly action: string; readonly data: Json | undefined };
  "focus.joined": FocusMember;
  "focus.left": FocusMember;
  "focus.relayed": FocusMember & { readonly action: string; readonly data: Json | undefined };
  "user.joined": { readonly user_id: string; readonly username: string };
  "user.left": { readonly user_id: string; readonly username: string };
  "user.broadcast": { readonly message: string; readonly user_id: string };
}

export type EventKind = keyof EventData;

/** Durable kinds are stored before anybody hears of them and have an event id; live ones are neither. */
export const EVENT_KINDS = {
  "notification.created": { durable: true, summary: "A notification for its recipients." },
  "announcement.created": { durable: true, summary: "A notification for everybody." },
  "notification.read": {
    durable: true,
    summary: "Notifications of one user were read, on one of his devices.",
  },
  "notification.deleted": { durable: true, summary: "Notifications of one user were deleted." },
  "task.created": { durable: true, summary: "A task was created." },
  "task.updated": { durable: true, summary: "Fields of a task changed." },
  "task.completed": { durable: true, summary: "A task was completed." },
  "task.deleted": { durable: true, summary: "A task was (softly) deleted." },
  "message.created": { durable: true, summary: "A message in a room." },
  "message.edited": { durable: true, summary: "A message has new content." },
  "message.deleted": { durable: true, summary: "A message was taken back." },
  "workspace.created": { durable: true, summary: "A workspace was created." },
  "workspace.updated": { durable: true, summary: "A workspace changed." },
  "workspace.archived": { durable: true, summary: "A workspace was archived." },
  "member.added": { durable: true, summary: "A user became a member of a workspace or room." },
  "member.removed": {
    durable: true,
    summary: "A user is no longer a member; subscriptions that it opened end.",
  },
  "room.moved": { durable: true, summary: "A room belongs to another workspace." },
  "focus.updated": { durable: true, summary: "A focus session has a new status or task." },
  "focus.joined": { durable: false, summary: "A user's first socket joined a focus session." },
  "focus.left": { durable: false, summary: "A user's last socket left a focus session." },
  "focus.relayed": { durable: false, summary: "Free-form JSON from one participant to all." },
  "user.joined": { durable: false, summary: "A user's first socket joined a room." },
  "user.left": { durable: false, summary: "A user's last socket left a room." },
  "user.broadcast": { durable: false, summary: "A user's message to every socket of the notifier dialect." },
} as const satisfies Record<EventKind, { durable: boolean; summary: string }>;

export type LiveKind = {
  [K in EventKind]: (typeof EVENT_KINDS)[K]["durable"] extends false ? K : never;
}[EventKind];
export type DurableKind = Exclude<EventKind, LiveKind>;

/** What happened, before it has an id. */
export interface AppEvent<K extends EventKind = EventKind> {
  readonly kind: K;
  /** Rooms and `everyone`; the first one is the event's home. */
  readonly topics: readonly Topic[];
  /** User ids told personally, or null where it is not personal. */
  readonly recipients: readonly string[] | null;
  readonly actor: Actor | null;
  readonly data: EventData[K];
}

/** An event with its place in the log: `id` 0 where it is live. Distributes over the kinds. */
export type Publication<K extends EventKind = EventKind> = K extends EventKind
  ? AppEvent<K> & { readonly id: number; /** ISO 8601. */ readonly at: string }
  : never;

/** Where a listener hears an event: the topic, or null where it is told personally. */
export type Via = Topic | null;

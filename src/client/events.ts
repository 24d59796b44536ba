/** Every kind of event and its data, as the native dialect tells them. Source: /asyncapi.json, channel `stream`. */

/** An id as the server writes it: a number where it is a canonical decimal, else a text. Both are taken. */
export type Id = number | string;

export type Level = "info" | "success" | "warning" | "error";
export type TaskAction = "created" | "updated" | "completed" | "deleted";

/** Who did it. Null in an event where it was a service key or the server itself. */
export interface Actor {
  readonly id: Id;
  readonly username: string;
}

export interface NotificationData {
  readonly id: number;
  readonly title: string;
  readonly content: string;
  readonly level: Level;
  readonly notification_type: string;
  readonly related_entity_type: string | null;
  readonly related_entity_id: Id | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly link: string | null;
  readonly priority: string;
  /** Told to the users in a room: which one. */
  readonly room: string | null;
}

/** What is known of a task; null where nobody stored it. */
export interface TaskFields {
  readonly title: string | null;
  readonly description: string | null;
  readonly status: string | null;
  readonly priority: string | null;
  readonly due_date: string | null;
  readonly workspace_id: Id | null;
  /** The assignee. */
  readonly user_id: Id | null;
  /** The assignee's name. */
  readonly assignee: string | null;
  readonly creator: string | null;
}

export type Changes = Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>;

export interface TaskEventData {
  readonly task_id: Id;
  readonly action: TaskAction;
  readonly title: string;
  readonly task: TaskFields;
  /** Field → old and new; empty where only the action is known. */
  readonly changes: Changes;
  readonly notification_id: number;
}

export interface MessageData {
  readonly message_id: number;
  readonly content: string;
  readonly user_id: Id;
  readonly username: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface FocusData {
  readonly session_id: string;
  readonly status: string;
  readonly current_task_id: Id | null;
  readonly user: Actor;
}

export interface FocusActionData extends FocusData {
  readonly action: string;
  /** Null where the action has none. */
  readonly data: unknown;
}

export interface UserData {
  readonly user_id: Id;
  readonly username: string;
}

export interface WorkspaceData {
  readonly workspace_id: Id;
  readonly name: string;
}

/** Kind → data. */
export interface EventData {
  "notification.created": NotificationData;
  "announcement.created": NotificationData;
  /** Read on one of the user's devices; `ids` null: all up to `up_to`. */
  "notification.read": {
    readonly user_id: Id;
    readonly ids: readonly number[] | null;
    readonly up_to: number;
    readonly unread: number;
  };
  "notification.deleted": {
    readonly user_id: Id;
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
  "workspace.created": WorkspaceData;
  "workspace.updated": WorkspaceData & { readonly changes: Changes };
  "workspace.archived": WorkspaceData;
  "member.added": { readonly topic: string; readonly user_id: Id; readonly role: string };
  "member.removed": { readonly topic: string; readonly user_id: Id };
  "room.moved": {
    readonly topic: string;
    readonly workspace_id: Id | null;
    readonly old_workspace_id: Id;
  };
  "focus.updated": FocusActionData;
  "focus.joined": FocusData;
  "focus.left": FocusData;
  "focus.relayed": FocusActionData;
  "user.joined": UserData;
  "user.left": UserData;
}

export type EventKind = keyof EventData;

/** One event of a kind, as it came. Distributes over the kinds. */
export type EventOf<K extends EventKind> = K extends EventKind
  ? {
      readonly type: "event";
      readonly kind: K;
      /** Where it was heard: a room as the server spells it; `user:<id>`, `user` or `everyone` where it is personal. */
      readonly topic: string;
      readonly data: EventData[K];
      readonly actor: Actor | null;
      /** ISO 8601. */
      readonly at: string;
      /** Its place in the log; not there where the event is live and is not kept (joins, leaves, relays). */
      readonly event_id?: number | undefined;
    }
  : never;

/** Any event; `kind` tells which. */
export type DragomanEvent = EventOf<EventKind>;

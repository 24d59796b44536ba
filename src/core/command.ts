import type {
  ConnectionInfo,
  ConnectionPage,
  KeyView,
  MembershipView,
  MintedToken,
  PersonView,
  RoomSurvey,
  SettingsView,
  StatsView,
  TokenOrder,
} from "./admin.ts";
import type { Json, JsonObject, Level, NotificationData, TaskAction } from "./event.ts";
import type { SecurityPage, SecurityView } from "./security.ts";
import type { Topic } from "./topic.ts";

/** What a backend or user says in a notification; what is left out has the documented default. */
export interface NoticeArgs {
  readonly message: string;
  readonly title?: string | undefined;
  readonly level?: Level | undefined;
  readonly data?: JsonObject | undefined;
  readonly link?: string | undefined;
  readonly priority?: string | undefined;
  /** ISO 8601: told and put into inboxes then, not now. */
  readonly deliver_at?: string | undefined;
  /** ISO 8601: gone from inboxes after this. */
  readonly expires_at?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of the next page, null at the end. */
  readonly next: string | null;
}

export interface PageArgs {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface WorkspaceView {
  readonly id: string;
  readonly name: string;
  readonly owner_id: string | null;
  readonly archived: boolean;
  readonly created_at: string;
}

export interface TaskView {
  readonly id: string;
  readonly workspace_id: string | null;
  readonly title: string;
  readonly description: string | null;
  readonly status: string;
  readonly priority: string;
  readonly due_date: string | null;
  /** The assignee. */
  readonly user_id: string | null;
  readonly creator_id: string | null;
  /** Rises with every change; what `If-Match` names. */
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly completed_at: string | null;
}

/** What a PATCH of a task may name; what is left out stays. */
export interface TaskChanges {
  readonly title?: string | undefined;
  readonly description?: string | null | undefined;
  readonly status?: string | undefined;
  readonly priority?: string | undefined;
  readonly due_date?: string | null | undefined;
  readonly user_id?: string | null | undefined;
}

export interface MessageView {
  readonly id: number;
  readonly room: Topic;
  readonly user_id: string;
  readonly username: string;
  /** Null where it was deleted. */
  readonly content: string | null;
  readonly metadata: JsonObject;
  readonly created_at: string;
  readonly edited_at: string | null;
  readonly deleted_at: string | null;
}

export interface RoomView {
  readonly room: Topic;
  readonly workspace_id: string | null;
}

export interface FocusView {
  readonly id: string;
  readonly title: string | null;
  readonly workspace_id: string | null;
  readonly status: string;
  readonly current_task_id: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface InboxItem {
  readonly id: number;
  readonly title: string;
  readonly content: string;
  readonly notification_type: string;
  readonly level: Level | null;
  readonly related_entity_type: string | null;
  readonly related_entity_id: string | null;
  readonly data: JsonObject;
  readonly link: string | null;
  readonly priority: string | null;
  /** Set where it tells of a task: what its `data` says, ids as they are inside. */
  readonly task: (NonNullable<NotificationData["task"]> & { readonly actor_id: string | null }) | null;
  readonly read: boolean;
  readonly created_at: string;
}

export interface MemberView {
  readonly user_id: string;
  readonly username: string;
  readonly role: string;
  readonly added_at: string;
}

/**
 * Every intent and the answer to it. A dialect decodes its frames and bodies into these; what
 * is refused is a Refusal instead of the reply.
 */
export interface CommandMap {
  "room.join": {
    args: { topics: readonly Topic[]; lastEventId?: number | "latest" | undefined };
    reply: { topics: readonly Topic[]; rooms: readonly Topic[] };
  };
  "room.leave": {
    args: { topics: readonly Topic[] };
    reply: { left: readonly Topic[]; missed: readonly Topic[]; rooms: readonly Topic[] };
  };
  "token.refresh": { args: { token: string }; reply: { expires_at: string } };

  "message.send": {
    args: {
      topic: Topic;
      content: string;
      metadata: JsonObject;
      mustBeIn: boolean;
      /** Of a frame, as `Idempotency-Key` is of a request: 1 to 255 printable ASCII characters. */
      idempotencyKey?: string | undefined;
    };
    reply: { message_id: number; created_at: string };
  };
  "message.edit": {
    args: { message_id: number; content: string };
    reply: { message_id: number; edited_at: string };
  };
  "message.delete": { args: { message_id: number }; reply: { message_id: number; deleted_at: string } };
  "user.broadcast": { args: { message: string }; reply: Record<string, never> };

  "focus.relay": { args: { session_id: string; payload: Json }; reply: Record<string, never> };
  "focus.update": {
    args: {
      session_id: string;
      action: string;
      status?: string | undefined;
      current_task_id?: string | null | undefined;
      data?: Json | undefined;
    };
    reply: { session_id: string; status: string; current_task_id: string | null };
  };

  "task.tell": {
    args: {
      task_id: string;
      title: string;
      action: TaskAction;
      workspace_id: string | null;
      targets: readonly string[];
      as_user: string | null;
    };
    reply: { recipient_count: number };
  };
  "workspace.tell": {
    args: {
      workspace_id: string;
      title: string;
      content: string;
      type: string;
      related_entity_type: string | null;
      related_entity_id: string | null;
      data: JsonObject;
      exclude: readonly string[];
    };
    reply: { recipient_count: number };
  };
  "system.tell": {
    args: { title: string; content: string; user_id: string | null; data: JsonObject };
    reply: { notification_id: number };
  };
  "announcement.make": { args: { message: string }; reply: { users: number; sockets: number } };
  "notify.user": {
    args: { user_id: string; inRoom: boolean; notice: NoticeArgs };
    /** `notification_id` is null where it is told later. */
    reply: { delivered: boolean; notification_id: number | null };
  };
  "notify.room": { args: { topic: Topic; notice: NoticeArgs }; reply: { count: number } };
  "notify.everyone": { args: { notice: NoticeArgs }; reply: { count: number } };

  /** `user_id`: another's, for admins and keys. */
  "inbox.list": {
    args: PageArgs & { unread: boolean; after?: number | undefined; user_id?: string | undefined };
    reply: Page<InboxItem>;
  };
  "inbox.count": { args: Record<string, never>; reply: { count: number } };
  "inbox.read": { args: { id: number }; reply: { count: number } };
  "inbox.read_all": { args: Record<string, never>; reply: { count: number } };
  "inbox.delete": { args: { id: number }; reply: Record<string, never> };

  "task.create": {
    args: {
      workspace_id: string;
      id: string | null;
      title: string;
      description: string | null;
      status: string;
      priority: string;
      due_date: string | null;
      user_id: string | null;
    };
    reply: TaskView;
  };
  "task.list": { args: PageArgs & { workspace_id: string }; reply: Page<TaskView> };
  "task.get": { args: { id: string }; reply: TaskView };
  /** `version`: the one that the caller has seen; another one stored is a CONFLICT. */
  "task.update": {
    args: { id: string; changes: TaskChanges; version?: number | undefined };
    reply: TaskView;
  };
  "task.delete": { args: { id: string; version?: number | undefined }; reply: Record<string, never> };

  /** Newest first by `cursor`, or oldest first behind `after`. */
  "message.list": {
    args: { topic: Topic; limit: number; cursor?: string | undefined; after?: number | undefined };
    reply: Page<MessageView>;
  };
  "room.list": { args: PageArgs; reply: Page<RoomView> };

  "focus.create": {
    args: { id: string | null; title: string | null; workspace_id: string | null };
    reply: FocusView;
  };
  "focus.list": { args: PageArgs; reply: Page<FocusView> };
  "focus.get": { args: { id: string }; reply: FocusView };
  "focus.patch": {
    args: {
      id: string;
      title?: string | null | undefined;
      status?: string | undefined;
      current_task_id?: string | null | undefined;
    };
    reply: FocusView;
  };

  "presence.users": { args: Record<string, never>; reply: { users: readonly string[] } };
  "presence.user": { args: { user_id: string }; reply: { connected: boolean } };
  "presence.room": { args: { topic: Topic }; reply: { users: readonly string[] } };
  "presence.audience": { args: Record<string, never>; reply: { users: readonly string[]; sockets: number } };

  "workspace.create": { args: { id: string | null; name: string }; reply: WorkspaceView };
  "workspace.list": { args: PageArgs; reply: Page<WorkspaceView> };
  "workspace.get": { args: { id: string }; reply: WorkspaceView };
  "workspace.update": { args: { id: string; name: string }; reply: WorkspaceView };
  "workspace.archive": { args: { id: string }; reply: WorkspaceView };
  "member.list": { args: PageArgs & { topic: Topic }; reply: Page<MemberView> };
  "member.put": { args: { topic: Topic; user_id: string; role: string }; reply: Record<string, never> };
  "member.remove": { args: { topic: Topic; user_id: string }; reply: Record<string, never> };
  "room.put": {
    args: { topic: Topic; workspace_id: string | null };
    reply: { room: Topic; workspace_id: string | null };
  };

  "security.list": { args: SecurityPage; reply: Page<SecurityView> };
  "stats.get": { args: { seconds: number }; reply: StatsView };
  "settings.list": { args: Record<string, never>; reply: SettingsView };
  "connection.list": { args: ConnectionPage; reply: Page<ConnectionInfo> };
  "connection.get": { args: { id: number }; reply: ConnectionInfo };
  "connection.close": { args: { id: number }; reply: Record<string, never> };
  "user.list": { args: PageArgs & { q?: string | undefined }; reply: Page<PersonView> };
  "user.get": {
    args: { id: string };
    reply: PersonView & { readonly memberships: readonly MembershipView[] };
  };
  "user.disconnect": { args: { user_id: string }; reply: { count: number } };
  "room.survey": { args: PageArgs; reply: Page<RoomSurvey> };
  "key.list": { args: Record<string, never>; reply: { items: readonly KeyView[] } };
  /** `key` is told this once. */
  "key.create": {
    args: { name: string };
    reply: { id: string; name: string; key: string; created_at: string };
  };
  "key.revoke": { args: { id: string }; reply: Record<string, never> };
  "token.create": { args: TokenOrder; reply: MintedToken };
}

export type CommandName = keyof CommandMap;
export type CommandArgs<N extends CommandName> = CommandMap[N]["args"];
export type CommandReply<N extends CommandName> = CommandMap[N]["reply"];
/** A command as data; distributes over the names. */
export type Command<N extends CommandName = CommandName> = N extends CommandName
  ? { readonly name: N; readonly args: CommandArgs<N> }
  : never;

export const command = <N extends CommandName>(name: N, args: CommandArgs<N>): Command<N> =>
  ({ name, args }) as unknown as Command<N>;

/** Something that may be there at once. */
export type MaybePromise<T> = T | Promise<T>;

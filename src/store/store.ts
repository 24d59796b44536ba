import type { KeyView, MembershipView, StoreSize, UserView } from "../core/admin.ts";
import type {
  Command,
  CommandArgs,
  CommandReply,
  FocusView,
  InboxItem,
  MaybePromise,
  MemberView,
  MessageView,
  Page,
  PageArgs,
  RoomView,
  TaskChanges,
  TaskView,
  WorkspaceView,
} from "../core/command.ts";
import type { Refusal } from "../core/errors.ts";
import type {
  FocusState,
  Json,
  JsonObject,
  NotificationData,
  Publication,
  TaskAction,
} from "../core/event.ts";
import type { Actor, Principal } from "../core/principal.ts";
import type { SecurityEntry, SecurityPage, StoredSecurityEntry } from "../core/security.ts";
import type { Topic } from "../core/topic.ts";

/**
 * DOOR of the store. Everything that is kept goes through `commit`; a command makes at most one
 * write, and a write is data: the name of an op and its arguments.
 *
 * An op MUST decide everything about its write inside (existence, membership, authorship),
 * MUST return an expected refusal as a value, and MUST NOT touch memory outside its
 * transaction. An adapter MUST give event ids that increase by one without holes in commit
 * order, and times that never decrease. test/suites/store.ts holds every adapter to this.
 */
export interface OpMap {
  "notification.add": {
    args: {
      topics: readonly Topic[];
      recipients: readonly string[];
      actor: Actor | null;
      data: NotificationData;
    };
    value: { notification_id: number };
  };
  "announcement.add": {
    args: {
      actor: Actor | null;
      data: NotificationData;
      /** Also for the inbox of everybody seen before. */ inbox: boolean;
      /** Nobody would hear it: NOT_FOUND, unless it was made already and this is a repetition. */
      unheard?: boolean | undefined;
    };
    value: { notification_id: number };
  };
  "task.tell": {
    args: {
      task_id: string;
      title: string;
      action: TaskAction;
      workspace_id: string | null;
      /** Rooms that hear the change; the caller may write to all of them. */
      topics: readonly Topic[];
      actor: Actor | null;
      recipients: readonly string[];
      /** Where others are named: all of these must be members of this workspace. */
      membersOf: string | null;
      mustBeMembers: readonly string[];
    };
    value: { recipient_count: number };
  };
  "workspace.tell": {
    args: {
      workspace_id: string;
      exclude: readonly string[];
      actor: Actor | null;
      data: NotificationData;
      mustExist: boolean;
    };
    value: { recipient_count: number };
  };
  "message.send": {
    args: { topic: Topic; content: string; metadata: JsonObject; actor: Actor };
    value: { message_id: number; created_at: string };
  };
  "message.edit": {
    args: { message_id: number; content: string; editor: Editor };
    value: { message_id: number; edited_at: string };
  };
  "message.delete": {
    args: { message_id: number; editor: Editor };
    value: { message_id: number; deleted_at: string };
  };
  "focus.update": {
    args: {
      session_id: string;
      user: Actor;
      action: string;
      status?: string | undefined;
      current_task_id?: string | null | undefined;
      data?: Json | undefined;
    };
    value: FocusState;
  };
  "workspace.create": {
    args: { id: string | null; name: string; owner: Actor | null };
    value: WorkspaceView;
  };
  "workspace.update": { args: { id: string; name: string; actor: Actor | null }; value: WorkspaceView };
  "workspace.archive": { args: { id: string; actor: Actor | null }; value: WorkspaceView };
  "member.put": {
    args: { topic: Topic; user_id: string; role: string; actor: Actor | null };
    value: Record<string, never>;
  };
  "member.remove": {
    args: { topic: Topic; user_id: string; actor: Actor | null };
    value: Record<string, never>;
  };
  "room.put": { args: { topic: Topic; workspace_id: string | null }; value: CommandReply<"room.put"> };
  "task.create": { args: CommandArgs<"task.create"> & Telling; value: TaskView };
  "task.update": {
    args: { id: string; changes: TaskChanges; version: number | null } & Telling;
    value: TaskView;
  };
  "task.delete": { args: { id: string; version: number | null } & Telling; value: Record<string, never> };
  "focus.create": { args: CommandArgs<"focus.create"> & { actor: Actor | null }; value: FocusView };
  "focus.patch": { args: CommandArgs<"focus.patch"> & { user: Actor }; value: FocusView };
  /** `ids` null: all. The value is what is left unread. */
  "inbox.read": { args: { user_id: string; ids: readonly number[] | null }; value: { count: number } };
  "inbox.delete": { args: { user_id: string; id: number }; value: { count: number } };
  /** A command that is executed when it is due. */
  "schedule.add": {
    args: { due_at: string; command: Command; who: Principal };
    value: { scheduled_id: number };
  };
  /** Takes back what can never be executed. */
  "schedule.drop": { args: { scheduled_id: number }; value: Record<string, never> };
  "user.seen": { args: { users: readonly Sighting[] }; value: Record<string, never> };
  "key.create": { args: { id: string; name: string; hash: string }; value: { created_at: string } };
  /** Makes no event. */
  "security.add": { args: { entries: readonly SecurityEntry[] }; value: Record<string, never> };
  "key.revoke": { args: { id: string }; value: { revoked: boolean } };
}

/** Who was here, and when (milliseconds since the epoch); now where that is left out. */
/** Who changes a task; and whom it concerns who is not to know of it: he is not told, nor is his name. */
interface Telling {
  readonly actor: Actor | null;
  readonly strangers?: readonly string[];
}

export interface Sighting extends Actor {
  readonly at_ms?: number;
}

/** Who changes a message: its author by id, or somebody privileged. */
export interface Editor {
  readonly actor: Actor | null;
  readonly privileged: boolean;
}

export type OpName = keyof OpMap;
export type OpArgs<O extends OpName> = OpMap[O]["args"];
export type OpValue<O extends OpName> = OpMap[O]["value"];
export type Write<O extends OpName = OpName> = O extends OpName
  ? {
      readonly op: O;
      readonly args: OpArgs<O>;
      readonly once?: Once | undefined;
      /** Kept with the value for repetitions: what of the answer the op does not know. */
      readonly note?: Json | undefined;
      /** A scheduled command that this write executes: gone with it, and refused (CONFLICT) where it is gone already. */
      readonly completes?: number | undefined;
    }
  : never;

/**
 * `Idempotency-Key`: the op is done once for a scope; asked again with the same body, its value
 * and note are given back and nothing happens; with another body it is IDEMPOTENCY_MISMATCH.
 */
export interface Once {
  /** Principal, route and key. */
  readonly scope: string;
  readonly bodyHash: string;
}

export interface Scheduled {
  readonly scheduled_id: number;
  readonly command: Command;
  readonly who: Principal;
}

export interface OpResult<V = unknown> {
  readonly value: V | Refusal;
  /** What it made happen, with ids, in order; empty where it was refused. */
  readonly events: readonly Publication[];
  /** The write's note; of an idempotent repetition, the note of the first time. */
  readonly note?: Json | undefined;
}

/** A fault of one op: it was rolled back alone; the others of its batch stand. */
export interface OpFault {
  readonly fault: unknown;
  /** The store is full or unusable: answered 507. */
  readonly full: boolean;
}

export interface StoredMessage {
  readonly id: number;
  readonly topic: Topic;
  readonly user_id: string;
  readonly deleted_at: string | null;
}

export interface StoredTask {
  readonly id: string;
  readonly workspace_id: string | null;
}

/** The ends of the log. `first` is the lowest id kept, `last + 1` where nothing is kept. */
export interface LogEnds {
  readonly first: number;
  readonly last: number;
}

export interface Reads {
  /** The membership that opens a topic to a user: its own or its workspace's; null for none. */
  membership(userId: string, topic: Topic): MaybePromise<Topic | null>;
  /** Role of a direct membership, null for none. */
  role(userId: string, topic: Topic): MaybePromise<string | null>;
  workspace(id: string): MaybePromise<WorkspaceView | null>;
  /** Of one user, or all (null), newest first. */
  workspaces(userId: string | null, page: PageArgs): MaybePromise<Page<WorkspaceView>>;
  members(topic: Topic, page: PageArgs): MaybePromise<Page<MemberView>>;
  room(topic: Topic): MaybePromise<{ workspace_id: string | null } | null>;
  message(id: number): MaybePromise<StoredMessage | null>;
  task(id: string): MaybePromise<StoredTask | null>;
  focus(sessionId: string): MaybePromise<FocusState | null>;
  taskView(id: string): MaybePromise<TaskView | null>;
  /** Not deleted ones, newest first. */
  tasks(workspaceId: string, page: PageArgs): MaybePromise<Page<TaskView>>;
  /** Newest first by `cursor`, or oldest first behind `after`. */
  messages(
    topic: Topic,
    page: { limit: number; cursor?: string | undefined; after?: number | undefined },
  ): MaybePromise<Page<MessageView>>;
  /** Stored rooms that a membership opens to the user, or all (null). */
  roomList(userId: string | null, page: PageArgs): MaybePromise<Page<RoomView>>;
  /** Rooms that are stored or have messages, nobody's own topic among them, by name, behind one of them. */
  roomNames(after: string, limit: number): MaybePromise<readonly Topic[]>;
  focusView(id: string): MaybePromise<FocusView | null>;
  /** Sessions that a membership opens to the user, or all (null); newest first. */
  focusList(userId: string | null, page: PageArgs): MaybePromise<Page<FocusView>>;
  /** Without the deleted and the expired. Newest first by `cursor`, or oldest first behind `after`. */
  inbox(
    userId: string,
    page: { unread: boolean; limit: number; cursor?: string | undefined; after?: number | undefined },
  ): MaybePromise<Page<InboxItem>>;
  unread(userId: string): MaybePromise<number>;
  /** What is due by now, the oldest first. */
  due(nowMs: number, limit: number): MaybePromise<readonly Scheduled[]>;
  key(hash: string): MaybePromise<KeyView | null>;
  securityLog(page: SecurityPage): MaybePromise<Page<StoredSecurityEntry>>;
  keys(): MaybePromise<readonly KeyView[]>;
  /** Whoever was seen, last seen first; with `q` those whose id or name begins with it. */
  users(page: PageArgs & { q?: string | undefined }): MaybePromise<Page<UserView>>;
  user(id: string): MaybePromise<UserView | null>;
  /** A user's own ones, by topic, at most a thousand. */
  memberships(userId: string): MaybePromise<readonly MembershipView[]>;
  size(): MaybePromise<StoreSize>;
  ends(): MaybePromise<LogEnds>;
  /** The log itself, oldest first: `after < id <= upTo`. */
  events(after: number, upTo: number, limit: number): MaybePromise<readonly Publication[]>;
  /** What these topics (and this user personally) published, oldest first: `after < id <= upTo`. */
  replay(
    topics: readonly Topic[],
    userId: string | null,
    range: { after: number; upTo: number; limit: number },
  ): MaybePromise<readonly Publication[]>;
  /** The highest id that pruning removed from any of the topics; 0 where nothing was, or nothing above `above`. */
  floor(topics: readonly Topic[], userId: string | null, above?: number): MaybePromise<number>;
}

/** What may go: everything of a kind that is older (ISO 8601) or beyond a number is pruned. */
export interface RetentionRules {
  readonly eventsBefore: string | null;
  readonly eventsMax: number | null;
  readonly notificationsBefore: string | null;
  /** Rows of all inboxes together. */
  readonly notificationsMax: number | null;
  readonly securityBefore: string | null;
  readonly securityMax: number | null;
  readonly now: string;
}

export interface Store extends Reads {
  /**
   * Removes what may go: a prefix of the log, keeping a floor a topic; old, superfluous and expired inbox rows;
   * the security log's; answers kept for repetitions. Answers how many rows went: fewer than `limit` at the end.
   */
  prune(rules: RetentionRules, limit: number): MaybePromise<number>;
  /** One transaction for all writes, in order; a fault of one leaves the others. Throws only where nothing is stored. */
  commit(writes: readonly Write[]): MaybePromise<readonly (OpResult | OpFault)[]>;
  /**
   * Where `commit` answers before the disk has it all: null, or resolves, when everything committed
   * so far survives a power cut; throws or rejects where that is not sure.
   */
  durable(): Promise<void> | null;
  /** True where another process changed the store since the last call (offline key commands). */
  changedOutside(): boolean;
  /** True where the schema is this version's. Throws where the store cannot be read. */
  current(): MaybePromise<boolean>;
  close(): MaybePromise<void>;
}

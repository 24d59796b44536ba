import type {
  CommandReply,
  MaybePromise,
  MemberView,
  Page,
  PageArgs,
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
import type { Actor } from "../core/principal.ts";
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
  "user.seen": { args: { id: string; username: string }; value: Record<string, never> };
  "key.create": { args: { id: string; name: string; hash: string }; value: Record<string, never> };
  "key.revoke": { args: { id: string }; value: { revoked: boolean } };
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
  ? { readonly op: O; readonly args: OpArgs<O> }
  : never;

export interface OpResult<V = unknown> {
  readonly value: V | Refusal;
  /** What it made happen, with ids, in order; empty where it was refused. */
  readonly events: readonly Publication[];
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

export interface StoredKey {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
  readonly revoked_at: string | null;
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
  key(hash: string): MaybePromise<StoredKey | null>;
  keys(): MaybePromise<readonly StoredKey[]>;
  ends(): MaybePromise<LogEnds>;
  /** The log itself, oldest first: `after < id <= upTo`. */
  events(after: number, upTo: number, limit: number): MaybePromise<readonly Publication[]>;
  /** What these topics (and this user personally) published, oldest first: `after < id <= upTo`. */
  replay(
    topics: readonly Topic[],
    userId: string | null,
    range: { after: number; upTo: number; limit: number },
  ): MaybePromise<readonly Publication[]>;
  /** The highest id that pruning removed from any of the topics, 0 where nothing was. */
  floor(topics: readonly Topic[], userId: string | null): MaybePromise<number>;
}

export interface Store extends Reads {
  /**
   * One transaction for all writes, in order. A fault of one op leaves the others standing.
   * Throws only where nothing of the batch is stored.
   */
  commit(writes: readonly Write[]): MaybePromise<readonly (OpResult | OpFault)[]>;
  /** True where another process changed the store since the last call (offline key commands). */
  changedOutside(): boolean;
  close(): MaybePromise<void>;
}

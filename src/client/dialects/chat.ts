import type { Changes, Id } from "../events.ts";
import type { Cursor } from "../cursors.ts";
import type { DialectClient, DialectOptions, DialectSpec } from "./dialect-client.ts";
import { DialectSocket } from "./dialect-socket.ts";

/** A frame that answers; nobody sent it. */
interface Answer<T extends string, D> {
  readonly type: T;
  readonly data: D;
  readonly timestamp: string;
}

/** What happened in a room. Source: document 002, Event Envelope. */
interface Told<T extends string, D> {
  readonly type: T;
  readonly room: string;
  readonly data: D;
  readonly sender: string;
  readonly timestamp: string;
  readonly event_id?: number | undefined;
}

interface RoomAnswer<T extends string> extends Answer<T, { readonly message: string }> {
  readonly room: string;
}

interface ChatUser {
  readonly username: string;
  readonly user_id: Id;
}

export interface ChatNotification extends Answer<
  "notification.new",
  {
    readonly title: string;
    readonly message: string;
    readonly link: string | null;
    readonly priority: string;
  }
> {
  /** Only where it was told to a room. */
  readonly room?: string | undefined;
  readonly event_id?: number | undefined;
}

/** Every frame that a chat server sends. Source: document 002. */
export type ChatFrame =
  | Answer<"connected", ChatUser & { readonly message: string }>
  | RoomAnswer<"joined_room">
  | RoomAnswer<"left_room">
  | Told<"user_joined", ChatUser>
  | Told<"user_left", ChatUser>
  | Told<
      "message",
      ChatUser & {
        readonly content: string;
        readonly metadata: Readonly<Record<string, unknown>>;
        readonly message_id: number;
      }
    >
  | Told<
      "message.edited",
      {
        readonly message_id: number;
        readonly content: string;
        readonly new_content: string;
        readonly edited_at: string;
      }
    >
  | Told<"message.deleted", { readonly message_id: number; readonly deleted_at: string }>
  | Told<
      "task.created",
      {
        readonly task_id: Id;
        readonly title: string;
        readonly status: string | null;
        readonly priority: string | null;
        readonly assignee: string | null;
        readonly creator: string | null;
      }
    >
  | Told<"task.updated", { readonly task_id: Id; readonly title: string; readonly changes: Changes }>
  | Told<
      "task.status_changed",
      {
        readonly task_id: Id;
        readonly old_status: string | null;
        readonly new_status: string | null;
        readonly changed_by: string;
      }
    >
  | Told<
      "task.assigned",
      {
        readonly task_id: Id;
        readonly title: string;
        readonly assignee: string | null;
        readonly assigned_by: string;
      }
    >
  | Told<"task.deleted", { readonly task_id: Id; readonly title: string }>
  | Told<"project.updated", { readonly project_id: Id; readonly name: string; readonly changes: Changes }>
  | Told<"project.archived", { readonly project_id: Id; readonly name: string }>
  | ChatNotification
  | Answer<"pong", { readonly timestamp: string }>
  | Answer<"refreshed", { readonly expires_at: string }>
  | Answer<"error", { readonly error: string; readonly code?: number | undefined }>;

/** A connection in the chat dialect. Source: document 002. */
export interface Chat extends DialectClient<ChatFrame> {
  /**
   * `project:<id>`, `channel:<id>`, `task:<id>`; joined again after every reconnect. Resolves when
   * the server has joined it. `since`: also tell what the room published after this event.
   */
  join(room: string, options?: { readonly since?: Cursor | undefined }): Promise<void>;
  leave(room: string): void;
  /**
   * Says something in a room that was joined. Waits for the connection, and goes out once at most:
   * this dialect has no answer to it. Where that is not enough, `createClient().publish` repeats.
   */
  send(room: string, content: string, metadata?: Readonly<Record<string, unknown>>): Promise<void>;
  edit(messageId: number, content: string): Promise<void>;
  delete(messageId: number): Promise<void>;
}

/** What the server says to a bad join, among all that it may call an error. */
const BAD_JOIN = /^(Room|Invalid room|Unsupported room|No access to room|Invalid last_event_id|A socket can)/;

const SPEC: DialectSpec<ChatFrame> = {
  path: "/api/v1/ws/connect",
  welcome: ({ type }) => type === "connected",
  join: (room, lastEventId) => ({
    type: "join_room",
    room,
    ...(lastEventId === undefined ? {} : { data: { last_event_id: lastEventId } }),
  }),
  leave: (room) => ({ type: "leave_room", room }),
  joined: (frame) => (frame.type === "joined_room" ? frame.room : null),
  refused: (frame) => (frame.type === "error" && BAD_JOIN.test(frame.data.error) ? frame.data.error : null),
  roomOf: (frame) => ("room" in frame ? (frame.room ?? null) : null),
  ping: { type: "ping" },
  hidden: ({ type }) => type === "pong" || type === "refreshed",
  refresh: (token) => ({ type: "refresh", data: { token } }),
};

class ChatSocket extends DialectSocket<ChatFrame> implements Chat {
  constructor(options: DialectOptions) {
    super(SPEC, options);
  }
  join(room: string, { since }: { readonly since?: Cursor | undefined } = {}): Promise<void> {
    return this.enter(room, since);
  }
  send(room: string, content: string, metadata?: Readonly<Record<string, unknown>>): Promise<void> {
    const data = metadata === undefined ? { content } : { content, metadata };
    return this.say({ type: "send_message", room, data }, room);
  }
  edit(messageId: number, content: string): Promise<void> {
    return this.say({ type: "edit_message", data: { message_id: messageId, content } });
  }
  delete(messageId: number): Promise<void> {
    return this.say({ type: "delete_message", data: { message_id: messageId } });
  }
}

/** `chat({ url, token })`; then `join`, `send`, `on("message", …)`. */
export const chat = (options: DialectOptions): Chat => new ChatSocket(options);

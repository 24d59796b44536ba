import type { Cursor } from "../cursors.ts";
import type { Id, Level, TaskAction } from "../events.ts";
import type { DialectClient, DialectOptions, DialectSpec } from "./dialect-client.ts";
import { DialectSocket } from "./dialect-socket.ts";

/** Every frame has these four. Source: document 004, Response Format. */
interface Response<T extends string, D, R> {
  readonly type: T;
  readonly message: string;
  readonly data: D;
  readonly room: R;
  readonly event_id?: number | undefined;
}

interface FromUser {
  readonly from_user_id: Id;
}

/** What a backend gave, with what only the server says. */
export interface NotifierNotice {
  readonly [field: string]: unknown;
  readonly level: Level;
  readonly notification: true;
}

interface NotifierTask {
  readonly level: "info";
  readonly notification: true;
  readonly task_id: Id;
  readonly action: TaskAction;
}

/** Every frame that a notifier server sends. Source: document 004. */
export type NotifierFrame =
  | Response<"info", { readonly user_id: Id; readonly rooms: readonly string[] }, null>
  | Response<"info", { readonly rooms: readonly string[] }, string>
  | Response<"info", NotifierNotice, string | null>
  | Response<"text", null, null>
  | Response<"room_message", FromUser | NotifierNotice | NotifierTask, string>
  | Response<"broadcast", FromUser | NotifierNotice, null>
  | Response<"error", { readonly level: "error" }, null>;

/** A connection in the notifier dialect. Source: document 004. */
export interface Notifier extends DialectClient<NotifierFrame> {
  /** `project_<id>` or any name; joined again after every reconnect. `since`: also what the room published after this event. */
  join(room: string, options?: { readonly since?: Cursor | undefined }): Promise<void>;
  leave(room: string): void;
  /** To a room, in it or not. Waits for the connection, and goes out once at most. */
  send(room: string, data: unknown): Promise<void>;
  /** To every user of this dialect. */
  broadcast(data: unknown): Promise<void>;
  /** Comes back as `Echo: …`. */
  text(data: string): Promise<void>;
}

const HEARTBEAT = "dragoman heartbeat";

const SPEC: DialectSpec<NotifierFrame> = {
  path: "/api/v1/ws",
  welcome: (frame) => frame.type === "info" && "user_id" in frame.data && "rooms" in frame.data,
  join: (room, lastEventId) => ({
    type: "join_room",
    ...(lastEventId === undefined ? {} : { data: { last_event_id: lastEventId } }),
    room,
  }),
  leave: (room) => ({ type: "leave_room", room }),
  joined: (frame) =>
    frame.type === "info" && frame.message === `Joined room: ${frame.room}` ? frame.room : null,
  refused: (frame) => (frame.type === "error" && /room/i.test(frame.message) ? frame.message : null),
  roomOf: ({ room }) => room,
  // The dialect has no ping, but it has an echo.
  ping: { type: "text", data: HEARTBEAT },
  hidden: ({ type, message }) => type === "text" && message === `Echo: ${HEARTBEAT}`,
};

class NotifierSocket extends DialectSocket<NotifierFrame> implements Notifier {
  constructor(options: DialectOptions) {
    super(SPEC, options);
  }
  join(room: string, { since }: { readonly since?: Cursor | undefined } = {}): Promise<void> {
    return this.enter(room, since);
  }
  send(room: string, data: unknown): Promise<void> {
    return this.say({ type: "room_message", data, room }, room);
  }
  broadcast(data: unknown): Promise<void> {
    return this.say({ type: "broadcast", data });
  }
  text(data: string): Promise<void> {
    return this.say({ type: "text", data });
  }
}

/** `notifier({ url, token })`; then `join`, `send`, `on("room_message", …)`. */
export const notifier = (options: DialectOptions): Notifier => new NotifierSocket(options);

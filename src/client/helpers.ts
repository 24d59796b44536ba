/** The server's acts over HTTP, by their subject. Each rejects with a DragomanError. */
import type { Id } from "./events.ts";
import type { Http, RequestOptions } from "./http.ts";
import type {
  FocusChanges,
  FocusSession,
  HistoryOptions,
  InboxItem,
  Member,
  Message,
  NewTask,
  Notice,
  OnceOptions,
  Page,
  PageOptions,
  Role,
  Room,
  Task,
  TaskChanges,
  VersionOptions,
  Workspace,
} from "./resources.ts";

const API = "/api/v1";

/** `/api/v1/` and the parts, each encoded. */
const at = (...parts: readonly Id[]): string =>
  [API, ...parts.map((part) => encodeURIComponent(part))].join("/");

const paged = ({ limit, cursor }: PageOptions = {}): RequestOptions => ({ query: { limit, cursor } });
const history = ({ limit, cursor, after }: HistoryOptions = {}): RequestOptions => ({
  query: { limit, cursor, after },
});

/** Notify people. A user may notify himself; admins and service keys anyone. */
export const createNotify = (http: Http) => ({
  /** Kept for the inbox, connected or not. `notification_id` is null where it is told later. */
  user: (id: Id, notice: Notice, options?: OnceOptions) =>
    http.post<{ readonly delivered: boolean; readonly notification_id: number | null }>(
      at("notify", "users", id),
      notice,
      options,
    ),
  /** Those who are in a room now; answers how many. */
  room: (room: string, notice: Notice, options?: OnceOptions) =>
    http.post<{ readonly count: number }>(at("notify", "rooms", room), notice, options),
  /** Everybody who is connected; answers how many. For admins and service keys. */
  everyone: (notice: Notice, options?: OnceOptions) =>
    http.post<{ readonly count: number }>(at("notify", "broadcast"), notice, options),
});

/** One's own notifications. */
export const createInbox = (http: Http) => ({
  /** Newest first; oldest first behind `after`. */
  list: (options: HistoryOptions & { readonly unread?: boolean | undefined } = {}) =>
    http.get<Page<InboxItem>>(at("notifications"), {
      query: { ...history(options).query, unread: options.unread },
    }),
  unreadCount: async (): Promise<number> =>
    (await http.get<Count>(at("notifications", "unread-count"))).count,
  /** Answers how many are left unread. */
  read: async (id: number): Promise<number> =>
    (await http.post<Count>(at("notifications", id, "read"))).count,
  /** Answers how many were marked. */
  readAll: async (): Promise<number> => (await http.post<Count>(at("notifications", "read-all"))).count,
  delete: (id: number) => http.delete<undefined>(at("notifications", id)),
});

interface Count {
  readonly count: number;
}
interface Users {
  readonly users: readonly Id[];
}

/** Who is connected, in whatever dialect. */
export const createPresence = (http: Http) => ({
  users: async (): Promise<readonly Id[]> => (await http.get<Users>(at("presence", "users"))).users,
  user: async (id: Id): Promise<boolean> =>
    (await http.get<{ readonly connected: boolean }>(at("presence", "users", id))).connected,
  room: async (room: string): Promise<readonly Id[]> =>
    (await http.get<Users>(at("presence", "rooms", room))).users,
});

/** Rooms, what was said in them, and who belongs to them. */
export const createRooms = (http: Http) => ({
  list: (options?: PageOptions) => http.get<Page<Room>>(at("rooms"), paged(options)),
  /** Says which workspace a room belongs to: its members may enter. */
  put: (room: string, body: { readonly workspace_id?: Id | null | undefined } = {}) =>
    http.put<Room>(at("rooms", room), body),
  /** Newest first; oldest first behind `after`. */
  messages: (room: string, options?: HistoryOptions) =>
    http.get<Page<Message>>(at("rooms", room, "messages"), history(options)),
  /** Says something, over HTTP and at once; `client.publish` waits for a connection and repeats. */
  send: (
    room: string,
    message: { readonly content: string; readonly metadata?: Readonly<Record<string, unknown>> | undefined },
    options?: OnceOptions,
  ) => http.post<Message>(at("rooms", room, "messages"), message, options),
  edit: (messageId: number, content: string) =>
    http.patch<{ readonly id: number; readonly content: string; readonly edited_at: string }>(
      at("messages", messageId),
      { content },
    ),
  deleteMessage: (messageId: number) => http.delete<undefined>(at("messages", messageId)),
  addMember: (room: string, userId: Id, role: Role = "member") =>
    http.put<undefined>(at("rooms", room, "members", userId), { role }),
  removeMember: (room: string, userId: Id) => http.delete<undefined>(at("rooms", room, "members", userId)),
});

export const createTasks = (http: Http) => ({
  list: (workspaceId: Id, options?: PageOptions) =>
    http.get<Page<Task>>(at("workspaces", workspaceId, "tasks"), paged(options)),
  /** Its assignee is notified. */
  create: (workspaceId: Id, task: NewTask, options?: OnceOptions) =>
    http.post<Task>(at("workspaces", workspaceId, "tasks"), task, options),
  get: (id: Id) => http.get<Task>(at("tasks", id)),
  update: (id: Id, changes: TaskChanges, { version }: VersionOptions = {}) =>
    http.patch<Task>(at("tasks", id), { ...changes, version }),
  complete: (id: Id, { version, ...options }: VersionOptions & OnceOptions = {}) =>
    http.post<Task>(at("tasks", id, "complete"), { version }, options),
  delete: (id: Id, { version }: VersionOptions = {}) =>
    http.delete<undefined>(at("tasks", id), { query: { version } }),
});

export const createWorkspaces = (http: Http) => ({
  list: (options?: PageOptions) => http.get<Page<Workspace>>(at("workspaces"), paged(options)),
  /** The creator is owner and member. */
  create: (
    workspace: { readonly id?: Id | null | undefined; readonly name: string },
    options?: OnceOptions,
  ) => http.post<Workspace>(at("workspaces"), workspace, options),
  get: (id: Id) => http.get<Workspace>(at("workspaces", id)),
  update: (id: Id, changes: { readonly name: string }) =>
    http.patch<Workspace>(at("workspaces", id), changes),
  archive: (id: Id) => http.post<Workspace>(at("workspaces", id, "archive")),
  members: (id: Id, options?: PageOptions) =>
    http.get<Page<Member>>(at("workspaces", id, "members"), paged(options)),
  addMember: (id: Id, userId: Id, role: Role = "member") =>
    http.put<undefined>(at("workspaces", id, "members", userId), { role }),
  removeMember: (id: Id, userId: Id) => http.delete<undefined>(at("workspaces", id, "members", userId)),
});

export const createFocus = (http: Http) => ({
  list: (options?: PageOptions) => http.get<Page<FocusSession>>(at("focus-sessions"), paged(options)),
  create: (
    session: {
      readonly id?: Id | null | undefined;
      readonly title?: string | null | undefined;
      readonly workspace_id?: Id | null | undefined;
    } = {},
    options?: OnceOptions,
  ) => http.post<FocusSession>(at("focus-sessions"), session, options),
  get: (id: Id) => http.get<FocusSession>(at("focus-sessions", id)),
  /** The participants hear of a new status or task. */
  update: (id: Id, changes: FocusChanges) => http.patch<FocusSession>(at("focus-sessions", id), changes),
  addParticipant: (id: Id, userId: Id) =>
    http.put<undefined>(at("focus-sessions", id, "participants", userId)),
  removeParticipant: (id: Id, userId: Id) =>
    http.delete<undefined>(at("focus-sessions", id, "participants", userId)),
});

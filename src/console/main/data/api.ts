import type { Http } from "./http.ts";
import { type Parameters, queryOf } from "./router.ts";
import type {
  CommandLine,
  Connection,
  Id,
  Key,
  Member,
  Message,
  NewKey,
  NewToken,
  Notification,
  Page,
  Room,
  SecurityEntry,
  SettingGroup,
  SetUp,
  Stats,
  TokenOrder,
  User,
  UserInFull,
} from "./types.ts";

type Abort = AbortSignal | undefined;

const part = (id: Id): string => encodeURIComponent(id);

/** Every question that the console asks, by what it is about. */
export function createApi(http: Http) {
  const get = <T>(path: string, parameters: Parameters = {}, signal?: Abort): Promise<T> =>
    http.ask<T>("GET", `${path}${queryOf(parameters)}`, { signal });
  const post = <T>(path: string, body: unknown = {}): Promise<T> => http.ask<T>("POST", path, { body });

  return {
    stats: (seconds: number, signal?: Abort) => get<Stats>("/admin/stats", { seconds }, signal),
    /** Whether a proof opens the console; throws where it does not. */
    check: (proof: string) => http.ask<Stats>("GET", "/admin/stats?seconds=1", { proof }),
    /** Without a code: for `dev` on this machine. */
    setUp: (code: string | null) =>
      http.ask<SetUp>("POST", "/admin/setup", { proof: null, body: code === null ? {} : { code } }),

    connections: (page: Parameters, signal?: Abort) =>
      get<Page<Connection>>("/admin/connections", page, signal),
    connection: (id: Id, signal?: Abort) => get<Connection>(`/admin/connections/${part(id)}`, {}, signal),
    closeConnection: (id: Id) => post(`/admin/connections/${part(id)}/close`),
    frames: (id: Id, signal: AbortSignal) => http.stream(`/admin/connections/${part(id)}/frames`, signal),

    rooms: (page: Parameters, signal?: Abort) => get<Page<Room>>("/admin/rooms", page, signal),
    presence: (room: string, signal?: Abort) =>
      get<{ readonly users: readonly Id[] }>(`/presence/rooms/${part(room)}`, {}, signal),
    messages: (room: string, page: Parameters, signal?: Abort) =>
      get<Page<Message>>(`/rooms/${part(room)}/messages`, page, signal),
    say: (room: string, content: string) => post<Message>(`/rooms/${part(room)}/messages`, { content }),
    members: (workspaceId: Id, signal?: Abort) =>
      get<Page<Member>>(`/workspaces/${part(workspaceId)}/members`, { limit: 200 }, signal),

    events: (parameters: Parameters, signal: AbortSignal) =>
      http.stream(`/events${queryOf(parameters)}`, signal),

    users: (page: Parameters, signal?: Abort) => get<Page<User>>("/admin/users", page, signal),
    user: (id: Id, signal?: Abort) => get<UserInFull>(`/admin/users/${part(id)}`, {}, signal),
    disconnect: (id: Id) => post<{ readonly count: number }>(`/admin/users/${part(id)}/disconnect`),
    inbox: (id: Id, page: Parameters, signal?: Abort) =>
      get<Page<Notification>>(`/admin/users/${part(id)}/notifications`, page, signal),
    notify: (id: Id, notice: Readonly<Record<string, unknown>>) =>
      post<{ readonly delivered: boolean; readonly notification_id: number | null }>(
        `/notify/users/${part(id)}`,
        notice,
      ),

    keys: (signal?: Abort) => get<Page<Key>>("/admin/keys", {}, signal),
    createKey: (name: string) => post<NewKey>("/admin/keys", { name }),
    revokeKey: (id: Id) => http.ask<undefined>("DELETE", `/admin/keys/${part(id)}`),
    createToken: (order: TokenOrder) => post<NewToken>("/admin/tokens", order),

    settings: (signal?: Abort) =>
      get<{ readonly groups: readonly SettingGroup[]; readonly commands: CommandLine | null }>(
        "/admin/settings",
        {},
        signal,
      ),
    securityLog: (page: Parameters, signal?: Abort) =>
      get<Page<SecurityEntry>>("/admin/security-log", page, signal),
  };
}

export type Api = ReturnType<typeof createApi>;

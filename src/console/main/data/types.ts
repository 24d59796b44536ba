/** What the server answers, as far as the console reads it. Source: the wire contract, Admin. */
import type { JsonObject, Level } from "../../../core/event.ts";
import type { SecurityKind } from "../../../core/security.ts";

export type Id = string | number;

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface Series {
  readonly step_seconds: number;
  readonly until: string;
  readonly connections: readonly (number | null)[];
  readonly frames_in: readonly (number | null)[];
  readonly frames_out: readonly (number | null)[];
  readonly latency_ms: readonly (number | null)[];
  readonly commit_ms: readonly (number | null)[];
}

export interface Warning {
  readonly at: string;
  readonly level: "warn" | "error";
  readonly code: string;
  readonly message: string;
}

export interface Stats {
  readonly version: string;
  readonly bun: string;
  readonly platform: string;
  readonly started_at: string;
  readonly uptime_seconds: number;
  readonly now: string;
  readonly connections: number;
  readonly users: number;
  readonly rooms: number;
  readonly by_dialect: Readonly<Record<string, number>>;
  readonly last_event_id: number;
  readonly first_event_id: number;
  readonly queued_writes: number;
  readonly memory_bytes: number;
  readonly store: { readonly bytes: number; readonly wal_bytes: number };
  readonly totals: Readonly<
    Record<
      | "opened"
      | "closed"
      | "frames_in"
      | "frames_out"
      | "published"
      | "commits"
      | "writes"
      | "slow_closes"
      | "refusals",
      number
    >
  >;
  readonly series: Series;
  readonly warnings: readonly Warning[];
}

export interface Connection {
  readonly id: Id;
  readonly dialect: string;
  readonly endpoint: string;
  readonly path: string | null;
  readonly kind: "user" | "key" | "anonymous";
  readonly user_id: Id | null;
  readonly username: string;
  readonly address: string;
  readonly opened_at: string;
  readonly expires_at: string | null;
  readonly topics: readonly string[];
  readonly topic_count: number;
  readonly frames_in: number;
  readonly buffered_bytes: number;
  readonly resumes: boolean;
}

export interface SeenFrame {
  readonly direction: "in" | "out";
  readonly at: string;
  readonly bytes: number;
  readonly text: string;
  readonly truncated?: boolean;
}

export interface SeenClose {
  readonly code: number;
  readonly reason: string;
  readonly cause: string | null;
  readonly remedy: string | null;
}

export interface Room {
  readonly room: string;
  readonly sockets: number;
  readonly users: number;
  readonly stored: boolean;
  readonly workspace_id: Id | null;
}

export interface Message {
  readonly id: number;
  readonly room: string;
  readonly user_id: Id;
  readonly username: string;
  readonly content: string | null;
  readonly metadata: JsonObject;
  readonly created_at: string;
  readonly edited_at: string | null;
  readonly deleted_at: string | null;
}

export interface Member {
  readonly user_id: Id;
  readonly username: string;
  readonly role: string;
}

export interface User {
  readonly id: Id;
  readonly username: string;
  readonly first_seen_at: string;
  readonly last_seen_at: string;
  readonly connected: boolean;
  readonly unread: number;
}

export interface UserInFull extends User {
  readonly memberships: readonly { readonly topic: string; readonly role: string }[];
}

export interface Notification {
  readonly id: number;
  readonly title: string;
  readonly content: string;
  readonly notification_type: string;
  readonly level: Level;
  readonly related_entity_type: string | null;
  readonly related_entity_id: Id | null;
  readonly data: JsonObject;
  readonly read: boolean;
  readonly created_at: string;
}

export interface Key {
  readonly id: Id;
  readonly name: string;
  readonly created_at: string;
  readonly revoked_at: string | null;
}

export interface NewKey {
  readonly id: Id;
  readonly name: string;
  readonly key: string;
  readonly created_at: string;
}

export interface TokenOrder {
  readonly user_id: string;
  readonly username?: string;
  readonly admin?: boolean;
  readonly ttl_seconds?: number;
  readonly rooms?: readonly string[];
  readonly workspaces?: readonly string[];
}

export interface NewToken {
  readonly token: string;
  readonly expires_at: string;
}

export interface Setting {
  readonly name: string;
  readonly value: string | number | readonly string[] | null;
  readonly source: string;
  readonly default: string | number | readonly string[] | null;
  readonly help: string;
  readonly secret: boolean;
  readonly set: boolean;
}

export interface SettingGroup {
  readonly title: string;
  readonly settings: readonly Setting[];
}

/** How the command line is typed on the server's machine: `store` behind what opens its folder, `server` behind what speaks to it. */
export interface CommandLine {
  readonly program: string;
  readonly store: string | null;
  readonly server: string;
}

export interface SecurityEntry {
  readonly id: number;
  readonly at: string;
  readonly kind: SecurityKind;
  readonly user_id: Id | null;
  readonly address: string | null;
  readonly dialect: string | null;
  readonly endpoint: string | null;
  readonly close_code: number | null;
  readonly cause: string | null;
  readonly remedy: string | null;
  readonly detail: string | null;
}

export interface SetUp extends NewToken {
  readonly user: { readonly id: Id; readonly username: string };
}

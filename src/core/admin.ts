import type { Topic } from "./topic.ts";

/** What admins and keys are told of the server itself. */

/** A socket, or a stream over HTTP, as it is now. */
export interface ConnectionInfo {
  readonly id: number;
  readonly dialect: string;
  readonly endpoint: string;
  /** The topic that the path names. */
  readonly path: Topic | null;
  readonly kind: "user" | "key" | "anonymous";
  /** Only of a user with a proof. */
  readonly user_id: string | null;
  /** Of a key its name, of an anonymous socket the id that it claims. */
  readonly username: string;
  /** As it is counted: of IPv6 the /64. */
  readonly address: string;
  readonly opened_at: string;
  /** Null where the proof never expires. */
  readonly expires_at: string | null;
  /** The first hundred. */
  readonly topics: readonly Topic[];
  readonly topic_count: number;
  readonly frames_in: number;
  readonly buffered_bytes: number;
  /** Its frames, or those of some rooms, carry `event_id`. */
  readonly resumes: boolean;
}

/** Newest first. */
export interface ConnectionPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly dialect?: string | undefined;
  readonly user_id?: string | undefined;
}

/** A room that somebody is in now, or that is stored or has messages. */
export interface RoomSurvey {
  readonly room: Topic;
  readonly sockets: number;
  readonly users: number;
  readonly stored: boolean;
  readonly workspace_id: string | null;
}

/** One value a second, oldest first; null where there was nothing to measure. */
export interface Series {
  readonly step_seconds: 1;
  /** The end of the last second, ISO 8601. */
  readonly until: string;
  readonly connections: readonly number[];
  readonly frames_in: readonly number[];
  readonly frames_out: readonly number[];
  /** Mean from what came in to its answer. */
  readonly latency_ms: readonly (number | null)[];
  /** Mean a commit. */
  readonly commit_ms: readonly (number | null)[];
}

/** Since the start. */
export interface Totals {
  readonly opened: number;
  readonly closed: number;
  readonly frames_in: number;
  readonly frames_out: number;
  readonly published: number;
  readonly commits: number;
  readonly writes: number;
  readonly slow_closes: number;
  readonly refusals: number;
}

/** An entry of the log at level warn or error, without its fields. */
export interface Warning {
  readonly at: string;
  readonly level: "warn" | "error";
  readonly code: string;
  readonly message: string;
}

/** Of the running program. */
export interface ProgramFacts {
  readonly version: string;
  readonly bun: string;
  readonly platform: string;
  readonly memory_bytes: number;
}

/** Bytes on disk, or in memory where nothing is kept. */
export interface StoreSize {
  readonly bytes: number;
  readonly wal_bytes: number;
}

export interface StatsView extends ProgramFacts {
  readonly started_at: string;
  readonly uptime_seconds: number;
  readonly now: string;
  readonly connections: number;
  readonly users: number;
  /** Rooms that somebody is in. */
  readonly rooms: number;
  readonly by_dialect: Readonly<Record<string, number>>;
  readonly last_event_id: number;
  readonly first_event_id: number;
  readonly queued_writes: number;
  readonly store: StoreSize;
  readonly totals: Totals;
  readonly series: Series;
  readonly warnings: readonly Warning[];
}

/** A frame of a watched connection. */
export interface SeenFrame {
  readonly direction: "in" | "out";
  readonly at: string;
  /** Of the whole frame. */
  readonly bytes: number;
  /** At most 16 Ki characters; tokens are shown as `…`. */
  readonly text: string;
  readonly truncated?: true;
}

/** How a watched connection ended. */
export interface SeenClose {
  readonly code: number;
  readonly reason: string;
  /** A CloseCause; null where the client ended it. */
  readonly cause: string | null;
  readonly remedy: string | null;
}

export interface UserView {
  readonly id: string;
  readonly username: string;
  readonly first_seen_at: string;
  readonly last_seen_at: string;
}

/** A user, and what only a running server knows of him. */
export interface PersonView extends UserView {
  readonly connected: boolean;
  readonly unread: number;
}

export interface MembershipView {
  readonly topic: Topic;
  readonly role: string;
}

export interface KeyView {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
  readonly revoked_at: string | null;
}

/** What a token is to say. */
export interface TokenOrder {
  readonly user_id: string;
  readonly username?: string | undefined;
  readonly admin?: boolean | undefined;
  readonly ttl_seconds: number;
  readonly rooms?: readonly string[] | undefined;
  readonly workspaces?: readonly string[] | undefined;
}

export interface MintedToken {
  readonly token: string;
  readonly expires_at: string;
}

export interface SettingView {
  readonly name: string;
  /** Null where it is unset or not to be shown. */
  readonly value: string | number | readonly string[] | null;
  readonly source: string;
  readonly default: string | number | readonly string[] | null;
  readonly help: string;
  /** Its value appears in no output. */
  readonly secret: boolean;
  readonly set: boolean;
}

export interface SettingGroup {
  readonly title: string;
  readonly settings: readonly SettingView[];
}

/** How the command line is typed on the server's machine, in whatever folder, so that it finds this server. */
export interface CommandLine {
  /** `dragoman`, `/opt/dragoman`, `bun /srv/dragoman/src/main.ts`. */
  readonly program: string;
  /** Behind commands that open the data folder: ` --data-dir /srv/d`. Null where everything is in memory. */
  readonly store: string | null;
  /** Behind commands that speak to a running server: ` --url http://127.0.0.1:8001`. */
  readonly server: string;
}

export interface SettingsView {
  readonly groups: readonly SettingGroup[];
  /** Null where another program embeds the server. */
  readonly commands: CommandLine | null;
}

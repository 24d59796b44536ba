/** The server's resources over HTTP, as they are answered. Source: /openapi.json. */
import type { Id, Level } from "./events.ts";

/** A page of a collection. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The `cursor` of the next page; null at the end. */
  readonly next: string | null;
}

export interface PageOptions {
  /** 50 unless said otherwise, at most 500. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly cursor?: string | null | undefined;
}

/** Of what has an event id: oldest first, behind `after`. */
export interface HistoryOptions extends PageOptions {
  readonly after?: number | undefined;
}

/** Of what creates or notifies: the same key within 24 hours does it once, and answers the same. */
export interface OnceOptions {
  readonly idempotencyKey?: string | undefined;
}

export interface VersionOptions {
  /** The version that was read: where another one is stored, nothing changes and it fails with `CONFLICT`. */
  readonly version?: number | undefined;
}

/** What a notification says. */
export interface Notice {
  readonly message: string;
  readonly title?: string | undefined;
  readonly level?: Level | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  readonly link?: string | undefined;
  readonly priority?: string | undefined;
  /** ISO 8601 with its offset: told then, not now. */
  readonly deliver_at?: string | undefined;
  /** ISO 8601 with its offset: gone from the inbox after this. */
  readonly expires_at?: string | undefined;
}

export interface InboxItem {
  readonly id: number;
  readonly title: string;
  readonly content: string;
  readonly notification_type: string;
  readonly level: Level;
  readonly related_entity_type: string | null;
  readonly related_entity_id: Id | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly read: boolean;
  readonly created_at: string;
}

export interface Room {
  readonly room: string;
  readonly workspace_id: Id | null;
}

export interface Message {
  readonly id: number;
  readonly room: string;
  readonly user_id: Id;
  readonly username: string;
  /** Null where it was deleted. */
  readonly content: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly created_at: string;
  readonly edited_at: string | null;
  readonly deleted_at: string | null;
}

export interface Task {
  readonly id: Id;
  readonly workspace_id: Id | null;
  readonly title: string;
  readonly description: string | null;
  readonly status: string;
  readonly priority: string;
  readonly due_date: string | null;
  /** The assignee. */
  readonly user_id: Id | null;
  readonly creator_id: Id | null;
  /** Rises with every change. */
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly completed_at: string | null;
}

export interface NewTask {
  readonly id?: Id | null | undefined;
  readonly title: string;
  readonly description?: string | null | undefined;
  /** `todo` where left out. */
  readonly status?: string | null | undefined;
  /** `normal` where left out. */
  readonly priority?: string | null | undefined;
  readonly due_date?: string | null | undefined;
  readonly user_id?: Id | null | undefined;
}

/** What is left out stays; null empties what may be empty. */
export interface TaskChanges {
  readonly title?: string | undefined;
  readonly description?: string | null | undefined;
  readonly status?: string | undefined;
  readonly priority?: string | undefined;
  readonly due_date?: string | null | undefined;
  readonly user_id?: Id | null | undefined;
}

export interface Workspace {
  readonly id: Id;
  readonly name: string;
  readonly owner_id: Id | null;
  readonly archived: boolean;
  readonly created_at: string;
}

export type Role = "member" | "admin";

export interface Member {
  readonly user_id: Id;
  readonly username: string;
  readonly role: string;
  readonly added_at: string;
}

export interface FocusSession {
  readonly id: string;
  readonly title: string | null;
  readonly workspace_id: Id | null;
  readonly status: string;
  readonly current_task_id: Id | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface FocusChanges {
  readonly title?: string | null | undefined;
  readonly status?: string | undefined;
  readonly current_task_id?: Id | null | undefined;
}

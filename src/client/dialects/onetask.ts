import type { Actor, Id, TaskAction } from "../events.ts";
import { createHttp } from "../http.ts";
import { resolve } from "../options.ts";
import { Tokens } from "../tokens.ts";
import type { DialectClient, DialectOptions } from "./dialect-client.ts";
import { DialectSocket } from "./dialect-socket.ts";

/** Source: document 000, Received Message Format. */
export interface OnetaskNotification {
  readonly type: "notification";
  readonly notification_id: number;
  readonly title: string;
  readonly content: string;
  readonly notification_type: string;
  readonly related_entity_type: string | null;
  readonly related_entity_id: Id | null;
  readonly created_at: string;
  /** Of a task event: `{task_id, action, workspace_id, actor_id}`. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly event_id?: number | undefined;
}

/** `data` of a join, a leave or a change of the session; else it is what a participant sent. */
export interface OnetaskFocusNotice {
  readonly action: string;
  readonly user: Actor;
  readonly status: string;
  readonly current_task_id: Id | null;
  readonly data?: unknown;
}

/** Source: document 000, Focus Session WebSocket. */
export interface OnetaskFocusUpdate {
  readonly type: "focus_session_update";
  readonly session_id: string;
  readonly sender_id: Id;
  readonly data: unknown;
  readonly event_id?: number | undefined;
}

export interface OnetaskFocus extends DialectClient<OnetaskFocusUpdate> {
  /** Any JSON, to all participants. */
  send(data: unknown): Promise<void>;
}

export interface OnetaskTaskEvent {
  readonly task_id: Id;
  readonly title: string;
  readonly action: TaskAction;
  readonly workspace_id?: Id | null | undefined;
  /** Left out: only oneself. */
  readonly target_user_ids?: readonly Id[] | null | undefined;
  /** Of admins and service keys: the user who acts. */
  readonly user_id?: Id | null | undefined;
}

export interface OnetaskWorkspaceEvent {
  readonly workspace_id: Id;
  readonly title: string;
  readonly content: string;
  readonly type?: string | null | undefined;
  readonly related_entity_type?: string | null | undefined;
  readonly related_entity_id?: Id | null | undefined;
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly exclude_user_ids?: readonly Id[] | null | undefined;
}

export interface OnetaskSystemEvent {
  readonly title: string;
  readonly content: string;
  readonly user_id?: Id | null | undefined;
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
}

/** OneTask's realtime API: each method opens a connection of its own. Source: document 000. */
export interface Onetask {
  /** Every notification of the user. */
  notifications(): DialectClient<OnetaskNotification>;
  /** Every task event of a workspace. */
  tasks(workspaceId: Id): DialectClient<OnetaskNotification>;
  focus(sessionId: Id): OnetaskFocus;
  /** The documented endpoints; they take a service key, too. */
  readonly events: {
    task(event: OnetaskTaskEvent): Promise<{ readonly status: string; readonly recipient_count: number }>;
    workspace(event: OnetaskWorkspaceEvent): Promise<{ readonly status: string }>;
    system(event: OnetaskSystemEvent): Promise<{ readonly status: string }>;
  };
}

class FocusSocket extends DialectSocket<OnetaskFocusUpdate> implements OnetaskFocus {
  send(data: unknown): Promise<void> {
    return this.say(data as object);
  }
}

export function onetask(options: DialectOptions & { readonly key?: string | undefined }): Onetask {
  const { url, fetch, clock } = resolve(options);
  const http = createHttp(url, fetch, new Tokens(options.token, options.key, clock));
  const EVENTS = "/api/v1/realtime/events";
  return {
    notifications: () => new DialectSocket<OnetaskNotification>({ path: "/ws/notifications" }, options),
    tasks: (id) =>
      new DialectSocket<OnetaskNotification>(
        { path: `/ws/tasks/${encodeURIComponent(id)}`, topic: `workspace:${id}` },
        options,
      ),
    focus: (id) =>
      new FocusSocket({ path: `/ws/focus-session/${encodeURIComponent(id)}`, topic: `focus:${id}` }, options),
    events: {
      task: (event) => http.post(`${EVENTS}/task`, event),
      workspace: (event) => http.post(`${EVENTS}/workspace`, event),
      system: (event) => http.post(`${EVENTS}/system`, event),
    },
  };
}

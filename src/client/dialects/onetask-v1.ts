import type { Actor, Id, TaskAction } from "../events.ts";
import type { DialectClient, DialectOptions } from "./dialect-client.ts";
import { DialectSocket } from "./dialect-socket.ts";

/** Source: document 001, 1. Notifications WebSocket. */
export interface OnetaskV1Notification {
  readonly type: "notification";
  readonly data: {
    readonly id: number;
    readonly title: string;
    readonly content: string;
    readonly created_at: string;
    readonly read: boolean;
    readonly related_entity_type: string | null;
    readonly related_entity_id: Id | null;
  };
  readonly event_id?: number | undefined;
}

/** Source: document 001, 2. Task Updates WebSocket. */
export interface OnetaskV1TaskUpdate {
  readonly type: "task_update";
  readonly action: TaskAction;
  readonly data: {
    readonly id: Id;
    readonly title: string;
    readonly description: string | null;
    readonly status: string | null;
    readonly priority: string | null;
    readonly due_date: string | null;
    readonly workspace_id: Id | null;
    readonly user_id: Id | null;
  };
  readonly event_id?: number | undefined;
}

/** Source: document 001, 3. Focus Session WebSocket. */
export interface OnetaskV1FocusUpdate {
  readonly type: "focus_update";
  /** `participant_joined`, `participant_left`, `status_change`, or what a participant named. */
  readonly action: string;
  readonly data: {
    readonly session_id: string;
    readonly user: Actor;
    readonly status: string;
    readonly current_task_id: Id | null;
    readonly data?: unknown;
  };
  readonly event_id?: number | undefined;
}

export interface OnetaskV1FocusChange {
  /** `status_change` where left out. */
  readonly action?: string | null | undefined;
  readonly status?: string | null | undefined;
  readonly current_task_id?: Id | null | undefined;
  readonly data?: unknown;
}

export interface OnetaskV1Focus extends DialectClient<OnetaskV1FocusUpdate> {
  /** Changes the session, and tells all participants. */
  send(change: OnetaskV1FocusChange): Promise<void>;
}

/** OneTask's first WebSocket API: each method opens a connection of its own. Source: document 001. */
export interface OnetaskV1 {
  notifications(): DialectClient<OnetaskV1Notification>;
  tasks(workspaceId: Id): DialectClient<OnetaskV1TaskUpdate>;
  focus(sessionId: Id): OnetaskV1Focus;
}

class FocusSocket extends DialectSocket<OnetaskV1FocusUpdate> implements OnetaskV1Focus {
  send(change: OnetaskV1FocusChange): Promise<void> {
    return this.say(change);
  }
}

const WS = "/api/v1/ws";

export const onetaskV1 = (options: DialectOptions): OnetaskV1 => ({
  notifications: () => new DialectSocket<OnetaskV1Notification>({ path: `${WS}/notifications` }, options),
  tasks: (id) =>
    new DialectSocket<OnetaskV1TaskUpdate>(
      { path: `${WS}/workspaces/${encodeURIComponent(id)}/tasks`, topic: `workspace:${id}` },
      options,
    ),
  focus: (id) =>
    new FocusSocket(
      { path: `${WS}/focus-sessions/${encodeURIComponent(id)}`, topic: `focus:${id}` },
      options,
    ),
});

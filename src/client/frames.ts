/** The native dialect's frames besides events. Source: /asyncapi.json, channel `stream`. */
import type { Cursor } from "./cursors.ts";
import type { DragomanEvent, Id } from "./events.ts";

export interface WelcomeFrame {
  readonly type: "welcome";
  readonly data: {
    readonly user_id: Id;
    readonly username: string;
    readonly topics: readonly string[];
    readonly server: "dragoman";
  };
}

export interface ResumedFrame {
  readonly type: "resumed";
  readonly data: { readonly recovered: boolean; readonly last_event_id: number };
}

export interface PongFrame {
  readonly type: "pong";
  readonly to?: string | number | undefined;
  readonly data: { readonly timestamp: string };
}

/** What `publish` answers. */
export interface Published {
  readonly message_id: number;
  /** ISO 8601. */
  readonly created_at: string;
}

export interface ReplyFrame {
  readonly type: "reply";
  readonly to: string | number | null;
  readonly data?:
    | Published
    | { readonly topics: readonly string[]; readonly rooms: readonly string[] }
    | { readonly expires_at: string };
  readonly error?: { readonly code: string; readonly detail: string };
}

export type ServerFrame = WelcomeFrame | ResumedFrame | PongFrame | ReplyFrame | DragomanEvent;

export type ClientFrame =
  | {
      readonly type: "subscribe";
      readonly id: string;
      readonly data: { readonly topics: readonly string[]; readonly last_event_id: Cursor };
    }
  | {
      readonly type: "unsubscribe";
      readonly id: string;
      readonly data: { readonly topics: readonly string[] };
    }
  | {
      readonly type: "publish";
      readonly id: string;
      readonly data: {
        readonly topic: string;
        readonly content: string;
        readonly metadata: Readonly<Record<string, unknown>>;
        readonly idempotency_key: string;
      };
    }
  | { readonly type: "refresh"; readonly id: string; readonly data: { readonly token: string } }
  | { readonly type: "ping"; readonly id: string };

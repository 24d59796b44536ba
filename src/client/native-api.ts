import type { Closed, ClientState, Gap, Recovery, TransportName } from "./options.ts";
import type { Actor, DragomanEvent, EventKind } from "./events.ts";
import type { DragomanError } from "./errors.ts";
import type { Published } from "./frames.ts";
import type {
  createFocus,
  createInbox,
  createNotify,
  createPresence,
  createRooms,
  createTasks,
  createWorkspaces,
} from "./helpers.ts";
import type { Http } from "./http.ts";
import type { Cursor } from "./cursors.ts";
import type { Subscription } from "./subscription.ts";

export interface ClientEvents {
  state: ClientState;
  /** Whatever any subscription hears, and what is personal: once each. */
  event: DragomanEvent;
  /** A connection ended, or could not be made. */
  close: Closed;
  /** What no promise tells: a token callback that failed, a refused frame, the end of the client. */
  error: DragomanError;
  /** After a connection was lost: what was missed has been told. */
  recovered: Recovery;
  /** Something is missing: read the state anew over HTTP. */
  lost: Gap;
}

export interface SubscribeOptions<K extends EventKind = EventKind> {
  /**
   * Behind which event to begin: 0 for everything kept, `latest` for from now on. Left out: the
   * client's `lastEventId` before it was first connected, `latest` afterwards.
   */
  readonly since?: Cursor | undefined;
  /** Only these kinds. */
  readonly kinds?: readonly K[] | undefined;
}

export interface PublishOptions {
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** 1 to 255 printable ASCII characters; the same one within 24 hours is told once. Random unless given. */
  readonly idempotencyKey?: string | undefined;
  /** Takes it out of the queue; what was sent already may be told all the same. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A client of the native dialect. It connects when it is first needed (`subscribe`, `publish`,
 * `on("event")`, `connect`), stays connected by whatever gets through, and tells each event once.
 */
export interface DragomanClient {
  readonly state: ClientState;
  /** What the connection goes over; null while there is none. */
  readonly transport: TransportName | null;
  /** Who the server says this is; null before it has (over SSE and polls it does not). */
  readonly user: Actor | null;
  /** Everything up to this event was handed to your code; null where nothing is known yet. Keep it to go on from here. */
  readonly lastEventId: number | null;
  /** The answer takes the listener off. */
  on<N extends keyof ClientEvents>(name: N, listener: (value: ClientEvents[N]) => void): () => void;
  /** Resolves when connected; rejects (DragomanError) where that is refused or the client is closed. */
  connect(): Promise<void>;
  /** Hears rooms, in any dialect's spelling. For admins and service keys `*` is everything. */
  subscribe<K extends EventKind = EventKind>(
    rooms: string | readonly string[],
    options?: SubscribeOptions<K>,
  ): Subscription<K>;
  /**
   * A message to a room. It waits for the connection, is repeated under the same key until it is
   * answered, and is told once; messages to one room are told in the order of the calls. Rejects
   * with what the server refuses, with `QUEUE_FULL` where `queueLimit` messages wait already, and
   * with `CLOSED` where the client ends before.
   */
  publish(room: string, content: string, options?: PublishOptions): Promise<Published>;
  /** For good: loops end, waiting messages are rejected. */
  close(): void;
  readonly http: Http;
  readonly notify: ReturnType<typeof createNotify>;
  readonly inbox: ReturnType<typeof createInbox> & {
    /** One's own notifications as they come, and what is read or deleted on other devices. */
    subscribe(options?: Omit<SubscribeOptions, "kinds">): Subscription<InboxKind>;
  };
  readonly presence: ReturnType<typeof createPresence>;
  readonly rooms: ReturnType<typeof createRooms>;
  readonly tasks: ReturnType<typeof createTasks>;
  readonly workspaces: ReturnType<typeof createWorkspaces>;
  readonly focus: ReturnType<typeof createFocus>;
}

export type InboxKind =
  "notification.created" | "notification.read" | "notification.deleted" | "announcement.created";

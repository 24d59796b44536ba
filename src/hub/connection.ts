import type { Grant } from "../access/access.ts";
import { CLOSES, type CloseCause } from "../core/closes.ts";
import type { Clock } from "../core/clock.ts";
import { isoTime } from "../core/clock.ts";
import type { DialectSettings } from "../core/endpoint.ts";
import type { Meters } from "../core/meters.ts";
import type { Principal } from "../core/principal.ts";
import type { Topic } from "../core/topic.ts";
import { EVERYONE } from "../core/topic.ts";
import type { ConnectionView, Dialect, FrameBody, Frames, SocketEndpoint } from "../dialects/dialect.ts";
import type { Listener } from "../features/feature.ts";
import type { Socket } from "../runtime/runtime.ts";

/** What all connections of a hub share; one object, so that a connection stays small. */
export interface ConnectionServices {
  readonly clock: Clock;
  readonly settings: DialectSettings;
  readonly meters: Meters;
  readonly tap: Tap;
  /** A frame could not be taken: look at this socket's buffer. */
  strained(connection: Connection): void;
}

/** Who looks on at the frames of some connections; `active` is all that is looked at while nobody does. */
export interface Tap {
  readonly active: boolean;
  saw(connection: Connection, direction: "in" | "out", text: string): void;
}

/** Where a resumable socket goes on: an event id, or from now. */
export type Cursor = number | "latest";

/** A topic that a connection may listen to when it opens, and by what. */
export interface Admitted {
  readonly topic: Topic;
  readonly grant: Grant;
}

export type ConnectionInit = Pick<
  Connection,
  "id" | "services" | "dialect" | "at" | "who" | "path" | "address" | "slot" | "cursor" | "direct"
>;

/**
 * One client link. Topics, grants and cursors lie in parallel arrays, and nothing else is kept
 * per topic, because idle memory is a promise.
 */
export class Connection implements ConnectionView, Listener {
  socket: Socket | null = null;
  readonly topics: Topic[] = [];
  readonly grants: Grant[] = [];
  /** The last event id that the subscription had missed: everything after it was or will be sent. */
  readonly since: number[] = [];
  /** Until it opens. */
  admitted: readonly Admitted[] | null = null;
  /** Topics joined whose past is still being sent: held, but not yet live on the wire. */
  replaying: Set<Topic> | null = null;
  /** Topics whose frames carry `event_id`; all of them where the socket was opened with a cursor. */
  resumable: Set<Topic> | null = null;
  /** Frames that wait for an earlier one. */
  inbox: { readonly texts: string[]; length: number } | null = null;
  /** A command is being executed that the next frame must wait for. */
  busy = false;
  /** Writes queued and not yet settled. */
  writing = 0;
  /** Frames over the rate since the last good one. */
  strikes = 0;
  /** Called once when the socket's buffer has drained. */
  onDrain: (() => void) | null = null;
  closed = false;
  readonly openedMs: number;
  framesIn = 0;
  /** Why the server closes it; null where the client does. */
  cause: CloseCause | null = null;

  readonly id: number;
  readonly services: ConnectionServices;
  readonly dialect: Dialect;
  readonly at: SocketEndpoint;
  who: Principal;
  readonly path: Topic | null;
  readonly address: string;
  /** What it counts against: one user's sockets per endpoint and path id. */
  readonly slot: string;
  /** Where the socket resumes; undefined where it did not ask to. */
  readonly cursor: Cursor | undefined;
  /** No socket of the runtime's: native topics do not reach it, each frame is handed to it. */
  readonly direct: boolean;

  constructor(init: ConnectionInit) {
    this.id = init.id;
    this.openedMs = init.services.clock.now();
    this.services = init.services;
    this.dialect = init.dialect;
    this.at = init.at;
    this.who = init.who;
    this.path = init.path;
    this.address = init.address;
    this.slot = init.slot;
    this.cursor = init.cursor;
    this.direct = init.direct;
  }

  get endpoint(): string {
    return this.at.name;
  }
  get settings(): DialectSettings {
    return this.services.settings;
  }
  get now(): string {
    return isoTime(this.services.clock.now());
  }
  get rooms(): readonly Topic[] {
    return this.topics.filter((topic) => topic !== EVERYONE);
  }

  holds(topic: Topic): boolean {
    return this.topics.includes(topic);
  }

  grantOf(topic: Topic): Grant | null {
    return this.grants[this.topics.indexOf(topic)] ?? null;
  }

  /** True where frames heard by this topic carry `event_id`. */
  withIds(topic: Topic): boolean {
    return this.cursor !== undefined || (this.resumable?.has(topic) ?? false);
  }

  /** True where the topic's frames reach the socket through the wire topic now. */
  isLive(topic: Topic): boolean {
    return this.replaying === null || !this.replaying.has(topic);
  }

  sendText(text: string): void {
    const socket = this.socket;
    if (socket === null || this.closed) return;
    const { tap, meters } = this.services;
    if (tap.active) tap.saw(this, "out", text);
    meters.framesOut++;
    if (socket.send(text) <= 0) this.services.strained(this);
  }

  send(frame: FrameBody | null): void {
    if (frame !== null) this.sendText(JSON.stringify(frame));
  }

  sendAll(frames: Frames): void {
    if (Array.isArray(frames)) for (const frame of frames as readonly FrameBody[]) this.send(frame);
    else this.send(frames);
  }

  /** Closes for a cause, with the dialect's own code where it has one. */
  close(cause: CloseCause): void {
    if (this.closed) return;
    this.cause ??= cause;
    const close = this.dialect.closes?.[cause] ?? CLOSES[cause];
    this.socket?.close(close.code, close.reason);
  }
}

/** A handshake that is told by accepting and closing at once. */
export class RefusedConnection {
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string) {
    this.code = code;
    this.reason = reason;
  }
}

import type { Cursor } from "../cursors.ts";
import type { DragomanError } from "../errors.ts";
import type { ClientState, Closed, ConnectionOptions, Gap, Recovery } from "../options.ts";

export interface DialectOptions extends ConnectionOptions {
  /** Where to go on: an event id, 0 for everything kept, `latest` (default) from now. */
  readonly lastEventId?: Cursor | undefined;
  /**
   * Without it frames are exactly as documented, without `event_id`, and what is told while the
   * connection is lost is missed. True unless said otherwise.
   */
  readonly resume?: boolean | undefined;
}

/** What is told besides frames. */
export interface ConnectionEvents {
  state: ClientState;
  close: Closed;
  /** What no promise tells: a token callback that failed, the end of the client. */
  failure: DragomanError;
  recovered: Recovery;
  lost: Gap;
}

/** A frame's `type`; the frames of a dialect without types are called `message`. */
export type TypeOf<F> = F extends { readonly type: infer T extends string } ? T : "message";
export type FrameOf<F, T> = F extends { readonly type: string } ? Extract<F, { readonly type: T }> : F;

/** Frames by their type, `frame` for all of them, and the connection's own events. */
export type DialectEvents<F> = ConnectionEvents & { frame: F } & {
  [T in TypeOf<F>]: FrameOf<F, T>;
};

/**
 * A connection in a documented dialect: its frames as they are, and the same reconnecting and
 * resuming as the native client has. It connects at once. Over WebSockets only.
 */
export interface DialectClient<F> {
  readonly state: ClientState;
  /** The newest event up to which every frame has come; null before that is known. */
  readonly lastEventId: number | null;
  /** The answer takes the listener off. */
  on<N extends keyof DialectEvents<F>>(name: N, listener: (value: DialectEvents<F>[N]) => void): () => void;
  /** `for await (const frame of client.frames())`. A slow loop makes the connection pause and resume. */
  frames(): AsyncIterable<F>;
  /** Resolves when the server listens; rejects where it refuses or the client is closed. */
  ready(): Promise<void>;
  /** For good. */
  close(): void;
}

/** What a dialect is, for the machinery that all share. */
export interface DialectSpec<F> {
  readonly path: string;
  /** What the path opens, in the native spelling. */
  readonly topic?: string;
  /** The server's first frame; where it has none, `resumed` is the first. */
  readonly welcome?: (frame: F) => boolean;
  readonly join?: (room: string, lastEventId: Cursor | undefined) => object;
  readonly leave?: (room: string) => object;
  /** The room as the server spells it, where the frame answers a join. */
  readonly joined?: (frame: F) => string | null;
  /** What was wrong, where the frame says that something was. */
  readonly refused?: (frame: F) => string | null;
  readonly roomOf?: (frame: F) => string | null;
  readonly ping?: object;
  /** The answer to our `ping`, and to `refresh`: nobody's business. */
  readonly hidden?: (frame: F) => boolean;
  readonly refresh?: (token: string) => object;
}

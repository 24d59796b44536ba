import type { Backoff } from "./backoff.ts";
import { type ClientClock, systemClock } from "./clock.ts";
import type { Cursor } from "./cursors.ts";
import { DragomanError } from "./errors.ts";

/** A token, or what gets a fresh one; it is asked again before a token expires and when one is refused. */
export type TokenSource = string | (() => string | Promise<string>);

export type TransportName = "websocket" | "sse" | "poll";

/** `idle`: nothing has been asked for yet. `waiting`: for the next try. `offline`: the device has no network. */
export type ClientState = "idle" | "connecting" | "open" | "waiting" | "offline" | "closed";

/** What of a WebSocket is used: the browser's, Bun's, Deno's, Node 22's, or that of the package `ws`. */
export type WebSocketClass = new (url: string, protocols?: string[]) => WebSocketLike;

export interface WebSocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** What of `fetch` is used. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Keeps the cursor between visits; `localStorage` is one. */
export interface CursorStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** How a connection ended. */
export interface Closed {
  /** The server's close code; null where it gave none: unreachable, or the line broke. */
  readonly code: number | null;
  readonly reason: string;
  /** Whether the client connects again by itself. */
  readonly reconnects: boolean;
  /** What can be done about it. */
  readonly remedy: string;
}

/** What was missed has been told. */
export interface Recovery {
  /** Behind this event the server went on. */
  readonly since: Cursor;
  /** The newest event that it knew then. */
  readonly lastEventId: number;
  /** The rooms; empty where it was only about what is personal. */
  readonly topics: readonly string[];
}

/** Events between `since` and what was told are missing: read the state anew over HTTP. */
export type Gap = Recovery;

/** What every client takes, of whatever dialect. */
export interface ConnectionOptions {
  /** The server, `https://rt.example.com`; a path in front of it is kept. Left out in a page: where the page is from. */
  readonly url?: string | undefined;
  readonly token?: TokenSource | undefined;
  /** Silence after which a sign of life is asked for, in milliseconds: 25,000 unless said otherwise. */
  readonly heartbeatMs?: number | undefined;
  /** First and longest wait between two tries: 500 ms and 30 s. */
  readonly backoff?: Partial<Backoff> | undefined;
  /** Messages that may wait for the connection: 1000. The next one is refused with `QUEUE_FULL`. */
  readonly queueLimit?: number | undefined;
  /** Events that may wait for a loop: 1000. */
  readonly bufferLimit?: number | undefined;
  readonly fetch?: Fetch | undefined;
  readonly WebSocket?: WebSocketClass | undefined;
  readonly clock?: ClientClock | undefined;
}

export interface ClientOptions extends ConnectionOptions {
  /** A service key, for backends; instead of a token. */
  readonly key?: string | undefined;
  /** Where to go on: the cursor of an earlier `client.lastEventId`, 0 for everything kept, `latest` (default) from now. */
  readonly lastEventId?: Cursor | undefined;
  /** What may be used, best first: all three unless said otherwise. */
  readonly transports?: readonly TransportName[] | undefined;
  /** While on another transport, how often a WebSocket is tried again, in milliseconds: 60,000. */
  readonly retryWebSocketMs?: number | undefined;
  /** Keeps `lastEventId` between visits, and brings it back: `localStorage`. */
  readonly storage?: CursorStorage | undefined;
  /** Under which name: `dragoman:<url>` unless said otherwise. */
  readonly storageKey?: string | undefined;
}

const DEFAULTS = {
  heartbeatMs: 25_000,
  queueLimit: 1000,
  bufferLimit: 1000,
  retryWebSocketMs: 60_000,
  minMs: 500,
  maxMs: 30_000,
} as const;

/** Options with nothing left open. */
export interface Resolved {
  /** Without a slash at the end. */
  readonly url: string;
  readonly wsUrl: string;
  readonly heartbeatMs: number;
  readonly backoff: Backoff;
  readonly queueLimit: number;
  readonly bufferLimit: number;
  readonly fetch: Fetch;
  readonly WebSocket: WebSocketClass | undefined;
  readonly clock: ClientClock;
  readonly retryWebSocketMs: number;
}

/** Throws a DragomanError (`BAD_OPTIONS`) where there is no address, or one that is none. */
export function resolve(options: ConnectionOptions & Pick<ClientOptions, "retryWebSocketMs">): Resolved {
  const { minMs, maxMs, ...defaults } = DEFAULTS;
  const url = addressOf(options.url);
  const known = globalThis as { fetch?: Fetch; WebSocket?: WebSocketClass };
  return {
    url,
    wsUrl: url.replace(/^http/, "ws"),
    heartbeatMs: options.heartbeatMs ?? defaults.heartbeatMs,
    backoff: { minMs: options.backoff?.minMs ?? minMs, maxMs: options.backoff?.maxMs ?? maxMs },
    queueLimit: options.queueLimit ?? defaults.queueLimit,
    bufferLimit: options.bufferLimit ?? defaults.bufferLimit,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    WebSocket: options.WebSocket ?? known.WebSocket,
    clock: options.clock ?? systemClock,
    retryWebSocketMs: options.retryWebSocketMs ?? defaults.retryWebSocketMs,
  };
}

function addressOf(given: string | undefined): string {
  const page = (globalThis as { location?: { origin: string } }).location?.origin;
  const url = (given ?? page ?? "").replace(/^ws/, "http").replace(/\/+$/, "");
  if (/^https?:\/\/[^/?#]+[^?#]*$/.test(url)) return url;
  throw new DragomanError(
    "BAD_OPTIONS",
    given === undefined
      ? 'Outside a page the server must be named: createClient({ url: "https://rt.example.com" }).'
      : `"${given}" is no address of a server. Write it as https://rt.example.com or http://127.0.0.1:8000.`,
  );
}

/** The lines between a client and a real server, which a test may block and cut. */
import type {
  ClientOptions,
  DragomanClient,
  Fetch,
  WebSocketClass,
  WebSocketLike,
} from "../../src/client/client.ts";
import type { ManualClientClock } from "./clock.ts";

/** Ways that something between client and server may stop. */
type Way = "websocket" | "sse" | "poll";

export class Lines {
  readonly blocked = new Set<Way>();
  /** Cuts the socket in place of bringing a text for which it is true. */
  cutsOn: (text: string) => boolean = () => false;
  readonly #open = new Set<Line>();

  /** For `createClient({ ...lines.options })`. */
  get options(): Required<Pick<ClientOptions, "WebSocket" | "fetch">> {
    return { WebSocket: lineOf(this), fetch: this.#fetch };
  }

  /** All sockets break: nobody is told why. */
  cut(): void {
    for (const line of this.#open) line.break();
  }

  opened(line: Line): void {
    this.#open.add(line);
  }

  ended(line: Line): void {
    this.#open.delete(line);
  }

  readonly #fetch: Fetch = (url, init) => {
    const { accept } = (init?.headers ?? {}) as { accept?: string };
    const isEvents = url.includes("/api/v1/events");
    const way = accept === "text/event-stream" ? "sse" : isEvents ? "poll" : null;
    if (way !== null && this.blocked.has(way)) return Promise.reject(new TypeError("blocked"));
    return fetch(url, init);
  };
}

class Line implements WebSocketLike {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly #lines: Lines;
  readonly #socket: WebSocket | null = null;
  #broken = false;

  constructor(lines: Lines, url: string, protocols?: string[]) {
    this.#lines = lines;
    if (lines.blocked.has("websocket")) {
      queueMicrotask(() => this.break());
      return;
    }
    lines.opened(this);
    const socket = new WebSocket(url, protocols);
    this.#socket = socket;
    socket.addEventListener("open", (event) => this.onopen?.(event as never));
    socket.addEventListener("message", (event: MessageEvent<string>) => {
      if (this.#broken) return;
      if (lines.cutsOn(event.data)) return this.break();
      this.onmessage?.(event as never);
    });
    socket.addEventListener("close", ({ code, reason }) => this.#end(code, reason));
    socket.addEventListener("error", (event) => this.onerror?.(event as never));
  }

  send(text: string): void {
    if (!this.#broken) this.#socket?.send(text);
  }

  close(code?: number, reason?: string): void {
    this.#socket?.close(code, reason);
  }

  break(): void {
    this.#end(1006, "");
    this.#socket?.close();
  }

  #end(code: number, reason: string): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#lines.ended(this);
    this.onclose?.({ code, reason } as never);
  }
}

const lineOf = (lines: Lines): WebSocketClass =>
  class extends Line {
    constructor(url: string, protocols?: string[]) {
      super(lines, url, protocols);
    }
  };

/** Moves the clock over each wait, until it is so. */
export async function until(
  client: DragomanClient,
  clock: ManualClientClock,
  so: () => boolean,
): Promise<void> {
  while (!so()) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const offs = (["state", "event", "close"] as const).map((name) => client.on(name, () => resolve()));
    if (client.state === "waiting") clock.advance(clock.nextMs ?? 0);
    await promise;
    for (const off of offs) off();
  }
}

/** One socket of a check: what came, in the order in which it came. */

export interface CloseSeen {
  readonly code: number;
  readonly reason: string;
}

/** A frame; the end of the socket; or null: nothing in time. */
export type Heard = { readonly text: string } | { readonly closed: CloseSeen } | null;

export interface DialOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  readonly tls?: { readonly rejectUnauthorized: false };
}

/** Bun's own: it has headers and pings, which the browsers' type has not. */
const BunSocket = WebSocket as unknown as new (url: string, options: Bun.WebSocketOptions) => Bun.WebSocket;

/** Only a server that never answers a close is ever waited for so long. */
const CLOSE_MS = 1000;

export class Peer {
  /** True once it is open, false where it was refused. */
  readonly opened: Promise<boolean>;
  readonly ended: Promise<CloseSeen>;
  readonly #socket: Bun.WebSocket;
  readonly #texts: string[] = [];
  #end: CloseSeen | null = null;
  #wake: () => void = () => {};
  #pongs: (() => void)[] = [];
  #listener: ((text: string) => void) | null = null;

  constructor(url: string, { headers = {}, protocols = [], tls }: DialOptions = {}) {
    const socket = new BunSocket(url, {
      headers: { ...headers },
      protocols: [...protocols],
      ...(tls === undefined ? {} : { tls }),
    });
    this.#socket = socket;
    const hear = socket.addEventListener.bind(socket) as (
      name: string,
      listener: (event: never) => void,
    ) => void;
    hear("message", ({ data }: MessageEvent<string | ArrayBuffer | Uint8Array>) => {
      const text = typeof data === "string" ? data : new TextDecoder().decode(data);
      if (this.#listener !== null) return this.#listener(text);
      this.#texts.push(text);
      this.#wake();
    });
    hear("pong", () => this.#pongs.shift()?.());
    this.ended = new Promise((resolve) => {
      hear("close", ({ code, reason }: CloseEvent) => {
        this.#end = { code, reason };
        for (const pong of this.#pongs.splice(0)) pong();
        this.#wake();
        resolve(this.#end);
      });
    });
    this.opened = new Promise((resolve) => {
      hear("open", () => resolve(true));
      hear("error", () => resolve(false));
      hear("close", () => resolve(false));
    });
  }

  get isOpen(): boolean {
    return this.#end === null;
  }

  send(frame: string | Uint8Array): void {
    if (this.isOpen) this.#socket.send(frame);
  }

  /** Tells of each frame as it comes, instead of keeping it for `next` and `rest`. */
  hear(listener: (text: string) => void): void {
    this.#listener = listener;
  }

  /** The next frame, or the end where nothing came before it. */
  async next(timeoutMs: number): Promise<Heard> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const text = this.#texts.shift();
      if (text !== undefined) return { text };
      if (this.#end !== null) return { closed: this.#end };
      const leftMs = until - performance.now();
      if (leftMs <= 0) return null;
      await within(
        leftMs,
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
      );
    }
  }

  /**
   * What came unasked up to the pong of a ping sent now: servers answer it by themselves, behind
   * what they have sent already.
   */
  async rest(timeoutMs: number): Promise<readonly string[]> {
    await this.flush(timeoutMs);
    return this.#texts.splice(0);
  }

  /** Until that pong. */
  async flush(timeoutMs: number): Promise<void> {
    if (!this.isOpen) return;
    const pong = new Promise<void>((resolve) => this.#pongs.push(resolve));
    this.#socket.ping();
    await within(timeoutMs, pong);
  }

  /** Ends it; waits until the server agrees, but not for ever. */
  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.#socket.close(1000);
    await within(CLOSE_MS, this.ended);
    if (this.isOpen) this.#socket.terminate();
  }
}

/** The value, or null where it takes too long. */
export async function within<T>(timeoutMs: number, value: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}

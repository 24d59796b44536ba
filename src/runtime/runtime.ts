/**
 * DOOR of the runtime: the only thing that knows how sockets and HTTP are served. `T` is what
 * the server keeps with each socket.
 */
export interface Socket {
  /** A request that listens until its answer, over in a moment. */
  readonly passing?: boolean;
  /** Bytes written, −1 queued, 0 dropped. */
  send(text: string): number;
  /** Runs the close handler at once; the frame leaves after what is queued. */
  close(code: number, reason: string): void;
  subscribe(wireTopic: string): void;
  unsubscribe(wireTopic: string): void;
  getBufferedAmount(): number;
  cork<R>(callback: () => R): R;
}

export interface SocketHandlers<T> {
  /** Runs inside `upgrade`. */
  open(data: T, socket: Socket): void;
  message(data: T, frame: string | Uint8Array): void;
  close(data: T, code: number, reason: string): void;
  drain(data: T): void;
}

export interface ServeOptions<T> {
  readonly hostname: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Undefined where the request became a socket. */
  fetch(request: Request, server: Server<T>): Response | undefined | Promise<Response | undefined>;
  readonly sockets: SocketHandlers<T>;
  readonly maxMessageBytes: number;
  readonly maxBodyBytes: number;
  /** Pings before this and cuts a peer that stays silent as long; 0 is off. */
  readonly heartbeatSeconds: number;
  /** A socket's buffer beyond which frames would be dropped; far above the soft limit. */
  readonly hardLimitBytes: number;
}

/**
 * Seconds that a request may take to come in and be answered, unless `idle` gives it longer; the
 * runtime cuts it within four seconds of that, however busily it drips.
 */
export const REQUEST_SECONDS = 10;

export interface Server<T> {
  readonly port: number;
  readonly hostname: string;
  /** To every subscriber of the wire topic; ≤ 0 where somebody is backpressured or nobody listens. */
  publish(wireTopic: string, frame: string): number;
  /** False where the client is gone meanwhile. `open` runs before it returns. */
  upgrade(request: Request, data: T, headers?: Readonly<Record<string, string>>): boolean;
  /** The peer's address as the kernel knows it. */
  addressOf(request: Request): string;
  /**
   * Seconds that one request has from now on (0: any): for streams that may be quiet. It holds for
   * what comes next on the same connection, too.
   */
  idle(request: Request, seconds: number): void;
  /** Refuses newcomers; resolves when all requests and sockets are done, or at once with `force`. */
  stop(force?: boolean): Promise<void>;
}

export interface Runtime {
  serve<T>(options: ServeOptions<T>): Server<T>;
}

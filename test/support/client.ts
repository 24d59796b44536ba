/** A WebSocket client for tests: frames in the order in which they came, no sleeps. */
import { expect } from "bun:test";
import { expectExactly, type Frame } from "./frames.ts";
import { WAIT_MS } from "./patience.ts";
import type { User } from "./server.ts";

const SHOWN_FRAMES = 30;
const SHOWN_CHARS = 500;

/** Bun's own: it has headers and pings, which the browsers' type, known here too, has not. */
const BunSocket = WebSocket as unknown as new (url: string, options: Bun.WebSocketOptions) => Bun.WebSocket;

/** What a client needs to know of a server. */
export interface Door {
  readonly wsUrl: string;
  readonly url: string;
  token(user: User): string;
}

export interface ConnectOptions {
  /** Connects with this user's token in the address, as all five documents do. */
  readonly as?: User;
  readonly token?: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

/** A frame's `type`, a part of the frame, or a question about it. */
export type Matcher = string | Readonly<Record<string, unknown>> | ((frame: Frame) => boolean);

export interface CloseSeen {
  readonly code: number;
  readonly reason: string;
}

interface Waiting {
  readonly matches: (frame: Frame) => boolean;
  readonly resolve: (frame: Frame) => void;
}

/** Connects; fails where the handshake is refused. */
export async function connect(server: Door, path: string, options: ConnectOptions = {}): Promise<Client> {
  const client = new Client(addressOf(server, path, options), path, options);
  await client.opened;
  return client;
}

export function addressOf(server: Door, path: string, { as, token, query = {} }: ConnectOptions): string {
  const url = new URL(path, server.wsUrl);
  const given = token ?? (as === undefined ? undefined : server.token(as));
  if (given !== undefined) url.searchParams.set("token", given);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url.href;
}

export class Client {
  readonly opened: Promise<void>;
  readonly socket: Bun.WebSocket;
  /** Everything that ever came. */
  readonly received: Frame[] = [];
  /** What nobody has asked for yet. */
  #unread: Frame[] = [];
  #waiting: Waiting[] = [];
  #pongs: (() => void)[] = [];
  readonly #path: string;
  readonly #end: Promise<CloseSeen>;

  constructor(url: string, path: string, { headers, protocols }: ConnectOptions) {
    this.#path = path;
    const socket = new BunSocket(url, { headers: { ...headers }, protocols: [...(protocols ?? [])] });
    this.socket = socket;
    const hear = socket.addEventListener.bind(socket) as (
      name: string,
      listener: (event: never) => void,
    ) => void;
    hear("message", ({ data }: MessageEvent<string>) => this.#take(JSON.parse(data) as Frame));
    hear("pong", () => this.#pongs.shift()?.());
    this.#end = new Promise((resolve) => {
      hear("close", ({ code, reason }: CloseEvent) => resolve({ code, reason }));
    });
    this.opened = new Promise((resolve, reject) => {
      hear("open", () => resolve());
      hear("error", ({ message }: ErrorEvent) => reject(new Error(`${path}: ${message}`)));
    });
  }

  send(frame: unknown): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  /** The very next frame; with a matcher, the next one that matches (those before it are skipped). */
  next(matcher?: Matcher): Promise<Frame> {
    const matches = testOf(matcher);
    const place = this.#unread.findIndex(matches);
    if (place >= 0) return Promise.resolve(this.#unread.splice(0, place + 1).at(-1) as Frame);
    return this.#inTime(
      new Promise((resolve) => this.#waiting.push({ matches, resolve })),
      () => `waited for ${matcher === undefined ? "a frame" : Bun.inspect(matcher)}`,
    );
  }

  /** The first frame ever that matches, whether it has come already or will. */
  ever(matcher: Matcher): Promise<Frame> {
    const found = this.received.find(testOf(matcher));
    return found === undefined ? this.next(matcher) : Promise.resolve(found);
  }

  /** The next `count` frames, in order. */
  async take(count: number): Promise<Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** The very next frame, which must be exactly this one. */
  async expect(...frames: readonly unknown[]): Promise<Frame> {
    let last: Frame | undefined;
    for (const frame of frames) expectExactly((last = await this.next()), frame);
    return last as Frame;
  }

  /**
   * Everything unread that came before the answer to a ping sent now. Frames keep their order on
   * a socket, so what is not here has not been sent.
   */
  async drain(): Promise<Frame[]> {
    const pong = new Promise<void>((resolve) => this.#pongs.push(resolve));
    this.socket.ping();
    await this.#inTime(pong, () => "waited for a pong");
    return this.#unread.splice(0);
  }

  /** Nothing unread has come, and nothing is on its way. */
  async silent(): Promise<void> {
    expect(await this.drain()).toEqual([]);
  }

  /** How the server ended it. */
  closed(): Promise<CloseSeen> {
    return this.#inTime(this.#end, () => "waited for the end of the socket");
  }

  /** Ends it from here, and waits until it has ended. */
  async close(): Promise<void> {
    this.socket.close();
    await this.closed();
  }

  #take(frame: Frame): void {
    this.received.push(frame);
    const place = this.#waiting.findIndex(({ matches }) => matches(frame));
    if (place < 0) return void this.#unread.push(frame);
    // Whoever waits for this one has no use for those before it.
    this.#unread = [];
    this.#waiting.splice(place, 1)[0]?.resolve(frame);
  }

  async #inTime<T>(value: Promise<T>, what: () => string): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const received = this.received
        .slice(-SHOWN_FRAMES)
        .map((frame) => JSON.stringify(frame).slice(0, SHOWN_CHARS));
      const of = `the last ${received.length} of ${this.received.length}`;
      reject(new Error(`${this.#path}: ${what()} in vain; received (${of}):\n${received.join("\n")}`));
    }, WAIT_MS);
    try {
      return await Promise.race([value, promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function testOf(matcher: Matcher | undefined): (frame: Frame) => boolean {
  if (matcher === undefined) return () => true;
  if (typeof matcher === "function") return matcher;
  if (typeof matcher === "string") return (frame) => frame.type === matcher;
  return (frame) => Bun.deepMatch(matcher, frame);
}

import { type FrameSink, FrameReader, pongFrame } from "./frames.ts";

/** Where to connect: `/api/v1/ws/connect?token=…`. */
export interface Door {
  readonly hostname: string;
  readonly port: number;
  /** Undefined where nothing is encrypted. */
  readonly tls?: { readonly rejectUnauthorized: boolean; readonly serverName: string };
}

/** What a crowd of links counts together, so that counting costs one addition a frame. */
export interface Tally {
  frames: number;
  bytes: number;
  open: number;
  /** Called after each chunk of bytes, by whichever link. */
  onChunk: (() => void) | null;
  /** Handshakes refused and links that ended, by status or close code. */
  readonly ends: Map<string, number>;
}

export const createTally = (): Tally => ({ frames: 0, bytes: 0, open: 0, onChunk: null, ends: new Map() });

const HANDSHAKE_END = new TextEncoder().encode("\r\n\r\n");
const decoder = new TextDecoder();

/** One WebSocket over raw TCP: its frames are counted, and read only where somebody asked for their text. */
export class Link implements FrameSink {
  /** Called with each text frame's payload where set. */
  onText: ((payload: Uint8Array) => void) | null = null;
  /** Called for each text frame, unread. */
  onFrame: (() => void) | null = null;
  /** Of servers that have a heartbeat of their own in text: answers it. */
  beat: ((payload: Uint8Array) => Uint8Array<ArrayBuffer> | null) | null = null;

  readonly #tally: Tally;
  readonly #reader = new FrameReader();
  readonly #path: string;
  readonly #door: Door;
  #socket: Bun.Socket<Link> | null = null;
  #head = "";
  #settle: { resolve: (link: Link) => void; reject: (fault: Error) => void } | null = null;
  #isOpen = false;
  #waiting: Uint8Array[] = [];

  constructor(door: Door, path: string, tally: Tally) {
    this.#door = door;
    this.#path = path;
    this.#tally = tally;
  }

  /** Resolves when the upgrade was answered with 101; rejects with the status where it was not. */
  open(): Promise<Link> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      Bun.connect<Link>({ ...this.#door, data: this, socket: HANDLERS }).catch((fault: unknown) =>
        this.#end(`connect: ${fault instanceof Error ? fault.message : String(fault)}`),
      );
    });
  }

  send(frame: Uint8Array): void {
    if (this.#waiting.length > 0) return void this.#waiting.push(frame);
    const written = this.#socket?.write(frame) ?? frame.length;
    if (written < frame.length) this.#waiting.push(frame.subarray(Math.max(0, written)));
  }

  close(): void {
    this.#isOpen = false;
    this.#socket?.terminate();
  }

  connected(socket: Bun.Socket<Link>): void {
    this.#socket = socket;
    const { hostname, port } = this.#door;
    socket.write(
      `GET ${this.#path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ZHJhZ29tYW4gYmVuY2ghIQ==\r\n\r\n",
    );
  }

  received(chunk: Uint8Array): void {
    this.#tally.bytes += chunk.length;
    if (this.#isOpen) this.#reader.read(chunk, this);
    else this.#shake(chunk);
    this.#tally.onChunk?.();
  }

  drained(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const frame of waiting) this.send(frame);
  }

  ended(): void {
    if (this.#isOpen) this.#tally.open--;
    this.#isOpen = false;
    this.#end("connection closed");
  }

  text(payload: Uint8Array | null): void {
    if (payload !== null && this.beat !== null) {
      const answer = this.beat(payload);
      if (answer !== null) return this.send(answer);
    }
    this.#tally.frames++;
    if (payload !== null) this.onText?.(payload);
    this.onFrame?.();
  }

  ping(payload: Uint8Array): void {
    this.send(pongFrame(payload));
  }

  closed(code: number): void {
    count(this.#tally.ends, `close ${code}`);
  }

  /** Whether text is looked at; costs as much as the text is long. */
  listen(onText: ((payload: Uint8Array) => void) | null): void {
    this.onText = onText;
    this.#reader.wantsText = onText !== null || this.beat !== null;
  }

  #shake(chunk: Uint8Array): void {
    const end = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).indexOf(HANDSHAKE_END);
    if (end < 0) {
      this.#head += decoder.decode(chunk);
      return;
    }
    this.#head += decoder.decode(chunk.subarray(0, end));
    const status = this.#head.slice(9, 12);
    if (status !== "101") {
      count(this.#tally.ends, `HTTP ${status}`);
      this.#end(`HTTP ${status}`);
      return void this.#socket?.end();
    }
    this.#head = "";
    this.#isOpen = true;
    this.#tally.open++;
    this.#settle?.resolve(this);
    this.#settle = null;
    this.#reader.wantsText = this.onText !== null || this.beat !== null;
    if (end + 4 < chunk.length) this.#reader.read(chunk.subarray(end + 4), this);
  }

  #end(why: string): void {
    this.#settle?.reject(new Error(why));
    this.#settle = null;
  }
}

const count = (counts: Map<string, number>, key: string): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);

const HANDLERS: Bun.SocketHandler<Link> = {
  binaryType: "uint8array",
  open: (socket) => socket.data.connected(socket),
  data: (socket, chunk) => socket.data.received(chunk),
  drain: (socket) => socket.data.drained(),
  close: (socket) => socket.data.ended(),
  error: (socket) => socket.data.ended(),
};

/** Handshakes under way at once; more would overrun the listen backlog of common systems and wait a second for nothing. */
const HANDSHAKES = 128;

/** Opens all of them; throws the first refusal. */
export async function openAll(links: readonly Link[], atOnce = HANDSHAKES): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      const link = links[next++];
      if (link === undefined) return;
      await link.open();
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, links.length) }, work));
}

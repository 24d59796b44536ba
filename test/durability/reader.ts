import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

/** A reader of large streams: keeps the event ids that it was sent, and nothing else. */
export class Reader {
  readonly ids: number[] = [];
  /** The close code, 1006 where the connection ended without a close frame. */
  readonly closed: Promise<number>;
  readonly opened: Promise<void>;
  readonly #tcp: Socket;
  readonly #onId: (id: number) => void;
  #chunks: Buffer[] = [];
  #held = 0;
  #wants = 0;
  #upgraded = false;
  #code = 1006;
  #open: () => void = () => {};

  constructor(url: string, onId: (id: number) => void = () => {}) {
    const { hostname, port, pathname, search } = new URL(url);
    this.#onId = onId;
    this.opened = new Promise((resolve) => (this.#open = resolve));
    this.#tcp = connect({ host: hostname, port: Number(port) });
    this.closed = new Promise((resolve) => this.#tcp.on("close", () => resolve(this.#code)));
    this.#tcp.on("error", () => {});
    this.#tcp.on("data", (chunk: Buffer) => this.#take(chunk));
    const key = randomBytes(16).toString("base64");
    this.#tcp.write(
      `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
  }

  stopReading(): void {
    this.#tcp.pause();
  }

  readOn(): void {
    this.#tcp.resume();
  }

  end(): void {
    this.#tcp.destroy();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#wants) return;
    let buffer = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    if (!this.#upgraded) {
      const end = buffer.indexOf("\r\n\r\n");
      if (end < 0) return this.#keep(buffer, 0);
      this.#upgraded = true;
      buffer = buffer.subarray(end + 4);
    }
    for (;;) {
      const size = sizeOf(buffer);
      if (buffer.length < size) return this.#keep(buffer, size);
      this.#frame(buffer.subarray(0, size));
      buffer = buffer.subarray(size);
    }
  }

  #keep(buffer: Buffer, wants: number): void {
    this.#chunks = buffer.length === 0 ? [] : [buffer];
    this.#held = buffer.length;
    this.#wants = wants;
  }

  #frame(frame: Buffer): void {
    const opcode = (frame[0] as number) & 0x0f;
    if (opcode === 8) this.#code = frame.readUInt16BE(2);
    if (opcode === 9) this.#tcp.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
    if (opcode !== 1) return;
    // The id is the last thing in a frame, and a welcome or `resumed` comes without one.
    const id = /"event_id":(\d+)\}$/.exec(frame.toString("latin1", Math.max(2, frame.length - 40)))?.[1];
    if (id === undefined) return this.#open();
    this.ids.push(Number(id));
    this.#onId(Number(id));
  }
}

/** The length of the first frame with its header; more than is there where that is not known yet. */
function sizeOf(buffer: Buffer): number {
  if (buffer.length < 2) return 2;
  const short = (buffer[1] as number) & 0x7f;
  if (short < 126) return 2 + short;
  if (short === 126) return buffer.length < 4 ? 4 : 4 + buffer.readUInt16BE(2);
  return buffer.length < 10 ? 10 : 10 + Number(buffer.readBigUInt64BE(2));
}

import type { Door } from "./link.ts";
import type { RawRequest } from "./subject.ts";

const HEAD_END = "\r\n\r\n";

/** One kept HTTP connection; requests are answered in order, one at a time. */
export class Pipe {
  readonly #door: Door;
  #socket: Bun.Socket<Pipe> | null = null;
  #text = "";
  #settle: { resolve: (status: number) => void; reject: (fault: Error) => void } | null = null;
  #ended = false;

  constructor(door: Door) {
    this.#door = door;
  }

  async open(): Promise<Pipe> {
    this.#socket = await Bun.connect<Pipe>({ ...this.#door, data: this, socket: HANDLERS });
    return this;
  }

  /** The answer's status. */
  ask(request: RawRequest): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(CLOSED);
      this.#settle = { resolve, reject };
      this.#socket?.write(request);
    });
  }

  close(): void {
    this.#socket?.terminate();
  }

  received(chunk: Uint8Array): void {
    this.#text += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    const end = this.#text.indexOf(HEAD_END);
    if (end < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(this.#text.slice(0, end))?.[1] ?? 0);
    if (this.#text.length < end + HEAD_END.length + length) return;
    const status = Number(this.#text.slice(9, 12));
    this.#text = this.#text.slice(end + HEAD_END.length + length);
    this.#settle?.resolve(status);
  }

  ended(): void {
    this.#ended = true;
    this.#settle?.reject(CLOSED);
  }
}

const CLOSED = new Error("the server closed the connection");

const HANDLERS: Bun.SocketHandler<Pipe> = {
  binaryType: "uint8array",
  data: (socket, chunk) => socket.data.received(chunk),
  close: (socket) => socket.data.ended(),
};

export function request(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): RawRequest {
  const all = {
    host: "bench",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return new TextEncoder().encode(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}

/** WebSockets by hand over TCP: for refused handshakes, which browsers hide, and for readers that stop. */
import { randomBytes } from "node:crypto";
import { connect as connectTcp, type Socket } from "node:net";
import type { Answer } from "./http.ts";
import { WAIT_MS } from "./patience.ts";

/** What the server answers to a handshake; `head` is what already followed a 101. */
interface Handshaken {
  readonly answer: Answer;
  readonly tcp: Socket;
  readonly head: Buffer;
}

type Headers = Readonly<Record<string, string>>;

async function handshake(url: string, headers: Headers): Promise<Handshaken> {
  const { hostname, port, pathname, search } = new URL(url);
  const tcp = connectTcp({ host: hostname, port: Number(port) });
  const request = {
    host: `${hostname}:${port}`,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": randomBytes(16).toString("base64"),
    ...headers,
  };
  const lines = Object.entries(request).map(([name, value]) => `${name}: ${value}`);
  tcp.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  return await new Promise((resolve, reject) => {
    let got = Buffer.alloc(0);
    const give = (error: Error): void => {
      tcp.destroy();
      reject(error);
    };
    tcp.setTimeout(WAIT_MS, () =>
      give(new Error(`${pathname}: no whole answer to the handshake: ${got.toString()}`)),
    );
    tcp.once("error", give);
    tcp.on("data", (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      const read = readAnswer(got);
      if (read === null) return;
      tcp.removeAllListeners("data").setTimeout(0);
      resolve({ ...read, tcp });
    });
  });
}

/** The whole answer, or null where more must come. */
function readAnswer(got: Buffer): Omit<Handshaken, "tcp"> | null {
  const end = got.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [first = "", ...lines] = got.subarray(0, end).toString().split("\r\n");
  const headers = new globalThis.Headers();
  for (const line of lines)
    headers.append(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim());
  const status = Number(first.split(" ")[1]);
  const length = status === 101 ? 0 : Number(headers.get("content-length") ?? 0);
  const rest = got.subarray(end + 4);
  if (rest.length < length) return null;
  const text = rest.subarray(0, length).toString();
  const body: unknown = /json/.test(headers.get("content-type") ?? "")
    ? JSON.parse(text)
    : text === ""
      ? undefined
      : text;
  return { answer: { status, headers, body }, head: rest.subarray(length) };
}

/** Asks for an upgrade and answers what came instead of a socket, or the 101. The connection is dropped. */
export async function knock(url: string, headers: Headers = {}): Promise<Answer> {
  const { answer, tcp } = await handshake(url, headers);
  tcp.destroy();
  return answer;
}

const OPCODES = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** A frame of a client: `first` is FIN, the reserved bits and the opcode. */
export function frameOf(first: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 6 : length < 65_536 ? 8 : 14);
  head[0] = first;
  head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 8) head.writeUInt16BE(length, 2);
  if (head.length === 14) head.writeBigUInt64BE(BigInt(length), 2);
  // Masked with zeros: the protocol wants a mask, and any will do.
  return Buffer.concat([head, payload]);
}

/** A client that can stop reading, so that the server's buffer for it fills. */
export class RawSocket {
  readonly texts: string[] = [];
  readonly ended: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #tcp: Socket;
  #waiting: { matches: (text: string) => boolean; resolve: (text: string) => void }[] = [];
  #pongs: (() => void)[] = [];
  #buffer: Buffer = Buffer.alloc(0);
  #end: (close: { code: number; reason: string }) => void = () => {};

  static async open(url: string, headers: Headers = {}): Promise<RawSocket> {
    const { answer, tcp, head } = await handshake(url, headers);
    if (answer.status !== 101) throw new Error(`the handshake was refused: ${Bun.inspect(answer)}`);
    return new RawSocket(tcp, head);
  }

  private constructor(tcp: Socket, head: Buffer) {
    this.#tcp = tcp;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    tcp.on("data", (chunk: Buffer) => this.#take(chunk));
    // 1006: gone without a close frame.
    tcp.on("close", () => this.#end({ code: 1006, reason: "" }));
    // What is sent to a server that has hung up comes back as a fault.
    tcp.on("error", () => {});
    this.#take(head);
  }

  /** Resolves with the first text ever that matches, or null where the socket ends first. */
  ever(matches: (text: string) => boolean): Promise<string | null> {
    const found = this.texts.find(matches);
    if (found !== undefined) return Promise.resolve(found);
    const heard = new Promise<string>((resolve) => this.#waiting.push({ matches, resolve }));
    return Promise.race([heard, this.ended.then(() => null)]);
  }

  /** Whether a ping sent now is answered; false where the socket ends first. */
  answers(): Promise<boolean> {
    const ponged = new Promise<boolean>((resolve) => this.#pongs.push(() => resolve(true)));
    this.#send(OPCODES.ping, Buffer.alloc(0));
    return Promise.race([ponged, this.ended.then(() => false)]);
  }

  stopReading(): void {
    this.#tcp.pause();
  }

  readOn(): void {
    this.#tcp.resume();
  }

  sendText(text: string): void {
    this.#send(OPCODES.text, Buffer.from(text));
  }

  destroy(): void {
    this.#tcp.destroy();
  }

  /** Any bytes at all. */
  write(bytes: Uint8Array): void {
    this.#tcp.write(bytes);
  }

  #send(opcode: number, payload: Buffer): void {
    this.write(frameOf(0x80 | opcode, payload));
  }

  #take(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    for (let frame = this.#frame(); frame !== null; frame = this.#frame())
      this.#read(frame.opcode, frame.payload);
  }

  #hear(text: string): void {
    this.texts.push(text);
    this.#waiting = this.#waiting.filter(({ matches, resolve }) => !matches(text) || resolve(text));
  }

  #read(opcode: number, payload: Buffer): void {
    if (opcode === OPCODES.text) this.#hear(payload.toString());
    else if (opcode === OPCODES.ping) this.#send(OPCODES.pong, payload);
    else if (opcode === OPCODES.pong) this.#pongs.shift()?.();
    else if (opcode === OPCODES.close)
      this.#end({
        code: payload.length < 2 ? 1005 : payload.readUInt16BE(0),
        reason: payload.subarray(2).toString(),
      });
  }

  /** The first whole frame of the buffer. */
  #frame(): { opcode: number; payload: Buffer } | null {
    const buffer = this.#buffer;
    if (buffer.length < 2) return null;
    const short = (buffer[1] as number) & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (buffer.length < start) return null;
    const length =
      short === 126 ? buffer.readUInt16BE(2) : short === 127 ? Number(buffer.readBigUInt64BE(2)) : short;
    if (buffer.length < start + length) return null;
    this.#buffer = buffer.subarray(start + length);
    return { opcode: (buffer[0] as number) & 0x0f, payload: buffer.subarray(start, start + length) };
  }
}

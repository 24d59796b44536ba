/** A proxy that does what proxies do wrong: bytes are passed on as they are but for what a test wants. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface Faults {
  /** Changes the lines of a request's head. */
  readonly request?: (lines: readonly string[]) => readonly string[];
  /** Changes the lines of an answer's head. */
  readonly answer?: (lines: readonly string[]) => readonly string[];
  /** Answers by itself, whatever is asked. */
  readonly instead?: (requestLine: string) => string | null;
  /** Ends a socket without a word as soon as the server closes it. */
  readonly swallowsCloses?: boolean;
  /** Ends every socket after so long. */
  readonly cutsAfterMs?: number;
  /** Keeps answers back until they are whole. */
  readonly buffers?: boolean;
}

export interface FaultyProxy {
  readonly url: URL;
  [Symbol.asyncDispose](): Promise<void>;
}

const HEAD_END = "\r\n\r\n";
const CLOSE_FRAME = 0x88;

/** One exchange a connection; the answer says `server: faulty`, as proxies name themselves. */
export async function startProxy(port: number, faults: Faults = {}): Promise<FaultyProxy> {
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    return socket.on("error", () => socket.destroy()).on("close", () => open.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    whenHead(client, (lines, rest) => {
      const own = faults.instead?.(lines[0] ?? "") ?? null;
      if (own !== null) return void client.end(own);
      const backend = keep(connect(port, "127.0.0.1"));
      backend.write(headText(once(faults.request?.(lines) ?? lines)));
      backend.write(rest);
      client.on("data", (data) => backend.write(data)).on("close", () => backend.destroy());
      pass(backend, client, faults);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(backend: Socket, client: Socket, faults: Faults): void {
  whenHead(backend, (lines, rest) => {
    const [status = "", ...headers] = faults.answer?.(lines) ?? lines;
    const head = headText([status, "server: faulty", ...headers]);
    if (status.includes(" 101 ")) passSocket(backend, client, head, rest, faults);
    else if (faults.buffers === true) passWhole(backend, client, head, rest);
    else {
      client.write(head);
      client.write(rest);
      backend.pipe(client);
    }
  });
}

function passWhole(backend: Socket, client: Socket, head: string, rest: Buffer): void {
  const pieces = [rest];
  backend.on("data", (data: Buffer) => pieces.push(data));
  backend.on("end", () => {
    client.write(head);
    client.end(Buffer.concat(pieces));
  });
}

function passSocket(backend: Socket, client: Socket, head: string, rest: Buffer, faults: Faults): void {
  client.write(head);
  const give = (data: Buffer): void => {
    // The servers of these tests send little: that byte begins a frame.
    if (faults.swallowsCloses === true && data.includes(CLOSE_FRAME)) client.destroy();
    else client.write(data);
  };
  if (rest.length > 0) give(rest);
  backend.on("data", give).on("close", () => client.destroy());
  if (faults.cutsAfterMs !== undefined) setTimeout(() => client.destroy(), faults.cutsAfterMs);
}

/** Calls back with the lines of the head, and what came behind it. */
function whenHead(socket: Socket, then: (lines: readonly string[], rest: Buffer) => void): void {
  let got = Buffer.alloc(0);
  const gather = (data: Buffer): void => {
    got = Buffer.concat([got, data]);
    const end = got.indexOf(HEAD_END);
    if (end < 0) return;
    socket.off("data", gather);
    then(got.subarray(0, end).toString("latin1").split("\r\n"), got.subarray(end + HEAD_END.length));
  };
  socket.on("data", gather);
}

const headText = (lines: readonly string[]): string => `${lines.join("\r\n")}${HEAD_END}`;

/** So that each connection has one request, whose head can be changed. */
const once = (lines: readonly string[]): readonly string[] =>
  lines.some((line) => /^upgrade:/i.test(line)) ? lines : withLines("connection: close")(lines);

const nameOf = (line: string): string => line.split(":", 1)[0]?.toLowerCase() ?? "";

export const without =
  (...names: readonly string[]) =>
  (lines: readonly string[]): readonly string[] =>
    lines.filter((line) => !names.includes(nameOf(line)));

export const withLines =
  (...more: readonly string[]) =>
  (lines: readonly string[]): readonly string[] => [...without(...more.map(nameOf))(lines), ...more];

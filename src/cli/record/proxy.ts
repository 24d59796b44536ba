/** Stands before a server, lets everything pass both ways, and writes it down. */
import type { Server } from "bun";
import { dialectAt } from "../../app/dialect-paths.ts";
import { type Recorder, thereFor } from "./recorder.ts";
import { queryOf, speakerOf } from "./speaker.ts";
import { passRequest } from "./requests.ts";
import { openLine, type SocketLine } from "./sockets.ts";

export interface Proxy {
  readonly url: string;
  /** Closes what is open, and listens no more. */
  stop(): Promise<void>;
}

/** One frame may be as large as a server of Dragoman's ever lets it be. */
const MAX_FRAME_BYTES = 16 << 20;

/** Listens on this machine alone. Throws where the port cannot be opened. */
export function startProxy(port: number, recorder: Recorder): Proxy {
  const server = Bun.serve<SocketLine>({
    port,
    hostname: "127.0.0.1",
    // Streams and polls are silent for long.
    idleTimeout: 0,
    fetch: (request, self) =>
      request.headers.get("upgrade")?.toLowerCase() === "websocket"
        ? passSocket(request, self, recorder)
        : passRequest(request, recorder),
    websocket: {
      idleTimeout: 0,
      maxPayloadLength: MAX_FRAME_BYTES,
      backpressureLimit: MAX_FRAME_BYTES,
      open: (socket) => socket.data.join(socket),
      message: (socket, frame) => socket.data.up(frame),
      close: (socket, code, reason) => socket.data.left(code, reason),
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    stop: () => server.stop(true),
  };
}

async function passSocket(
  request: Request,
  self: Server<SocketLine>,
  recorder: Recorder,
): Promise<Response | undefined> {
  const url = new URL(request.url);
  const id = recorder.next();
  recorder.tape.write({
    event: "open",
    line: id,
    path: url.pathname,
    query: queryOf(url),
    as: speakerOf(url, request.headers),
    dialect: dialectAt(url.pathname),
  });
  const line = openLine(id, thereFor(url, recorder.url), request.headers, recorder);
  if (await line.opened) {
    recorder.tape.write({ event: "opened", line: id });
    const { protocol } = line;
    const headers: Record<string, string> = protocol === "" ? {} : { "sec-websocket-protocol": protocol };
    if (self.upgrade(request, { data: line, headers })) return undefined;
    line.left(1001, "");
    return new Response(null, { status: 400 });
  }
  const { status, body } = await line.refusal();
  recorder.tape.write({ event: "refused", line: id, status });
  const type = body.startsWith("{") ? "application/problem+json" : "text/plain";
  return new Response(body === "" ? null : body, { status, headers: { "content-type": type } });
}

import { REQUEST_SECONDS, type Runtime, type ServeOptions, type Server } from "./runtime.ts";

/** Bun's server: native WebSockets, native topics. */
export const bunRuntime: Runtime = { serve };

/** Bun cuts a silent peer at the idle timeout and pings before it; it takes 8 s to 960 s. */
const idleTimeout = (heartbeatSeconds: number): number =>
  heartbeatSeconds === 0 ? 0 : Math.min(960, Math.max(8, heartbeatSeconds));

/** Of a message that is too large Bun reports a broken connection, and sends the client 1009. */
const codeSent = (code: number, reason: string): number =>
  code === 1006 && reason === "Received too big message" ? 1009 : code;

function serve<T>(options: ServeOptions<T>): Server<T> {
  const server = Bun.serve<T>({
    hostname: options.hostname,
    port: options.port,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    maxRequestBodySize: options.maxBodyBytes,
    development: false,
    // Of what has no whole head yet Bun has a limit of its own, the same one.
    idleTimeout: REQUEST_SECONDS,
    // Else two servers may share a port, and each gets half of the clients.
    reusePort: false,
    fetch: (request) => options.fetch(request, door),
    websocket: {
      maxPayloadLength: options.maxMessageBytes === 0 ? 16 << 20 : options.maxMessageBytes,
      backpressureLimit: options.hardLimitBytes,
      closeOnBackpressureLimit: false,
      idleTimeout: idleTimeout(options.heartbeatSeconds),
      sendPings: options.heartbeatSeconds !== 0,
      perMessageDeflate: false,
      open: (socket) => options.sockets.open(socket.data, socket),
      message: (socket, frame) => options.sockets.message(socket.data, frame),
      close: (socket, code, reason) => options.sockets.close(socket.data, codeSent(code, reason), reason),
      drain: (socket) => options.sockets.drain(socket.data),
    },
  });
  const door: Server<T> = {
    port: server.port ?? options.port,
    hostname: server.hostname ?? options.hostname,
    publish: (wireTopic, frame) => server.publish(wireTopic, frame),
    // Bun types the options by whether T is undefined, which a generic T cannot tell.
    upgrade: (request, data, headers) =>
      (server as Bun.Server<unknown>).upgrade(request, headers === undefined ? { data } : { data, headers }),
    addressOf: (request) => server.requestIP(request)?.address ?? "",
    idle: (request, seconds) => server.timeout(request, seconds),
    stop: (force) => server.stop(force),
  };
  return door;
}

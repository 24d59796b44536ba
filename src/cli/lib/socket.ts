import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { explainSilence, type Refused } from "./refusals.ts";
import { localAccess } from "./remote.ts";
import { messageOf } from "./failure.ts";

/** How a socket ended. */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
}

export interface Socket {
  send(text: string): void;
  close(): void;
  readonly closed: Promise<SocketEnd>;
}

/** An address that starts with `ws`. */
export function socketAddress(url: URL, path: string, query: Readonly<Record<string, string>> = {}): URL {
  const address = new URL(`${url.href.replace(/\/$/, "")}${path}`);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return address;
}

/** Bun's own takes headers, which the DOM's types do not know. */
const BunWebSocket = WebSocket as unknown as new (url: string, options: Bun.WebSocketOptions) => WebSocket;

/** Opens a socket. Answers with why it was refused, where the server said so; throws a Failure where nobody answered. */
export async function openSocket(
  address: URL,
  headers: Readonly<Record<string, string>>,
  heard: (text: string) => void,
): Promise<Socket | Refused> {
  const socket = new BunWebSocket(address.href, { headers: { ...headers }, ...localAccess(address) });
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) =>
    heard(typeof data === "string" ? data : new TextDecoder().decode(data)),
  );
  const { promise: closed, resolve: ended } = Promise.withResolvers<SocketEnd>();
  socket.addEventListener("close", ({ code, reason }) => ended({ code, reason }));
  const fault = await new Promise<string | null>((resolve) => {
    socket.addEventListener("open", () => resolve(null));
    socket.addEventListener("error", (event) => resolve(messageOf((event as ErrorEvent).error ?? event)));
    socket.addEventListener("close", () => resolve("it was closed at once"));
  });
  if (fault !== null) return refusalOf(address, headers, fault);
  return { send: (text) => socket.send(text), close: () => socket.close(1000), closed };
}

const HANDSHAKE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "ZHJhZ29tYW4gYXNrcyB3aA==",
};
const PROBE_MS = 5000;

/** A WebSocket does not tell why it was refused: the handshake is done once more by hand, and its answer read. */
function refusalOf(address: URL, headers: Readonly<Record<string, string>>, fault: string): Promise<Refused> {
  const url = new URL(address.href.replace(/^ws/, "http"));
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const options = { headers: { ...headers, ...HANDSHAKE }, timeout: PROBE_MS, ...localAccess(url).tls };
    const probe = request(url, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () =>
        resolve({
          path: url.pathname,
          status: answer.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          retryAfter: answer.headers["retry-after"] ?? null,
        }),
      );
    });
    probe.on("upgrade", (_, socket) => {
      socket.destroy();
      // It was a passing fault: the next try may succeed.
      resolve({ path: url.pathname, status: 101, body: "", retryAfter: null });
    });
    probe.on("timeout", () => probe.destroy(new DOMException(fault, "TimeoutError")));
    probe.on("error", (error) => reject(explainSilence(url, error)));
    probe.end();
  });
}

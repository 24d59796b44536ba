import type { Settings } from "../../app/settings.ts";
import { EXIT, failure } from "./failure.ts";

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|::1)$/;

export const isLoopback = (url: URL): boolean => LOOPBACK.test(url.hostname);

export const portOf = (url: URL): number =>
  url.port === "" ? (url.protocol === "https:" || url.protocol === "wss:" ? 443 : 80) : Number(url.port);

/** What somebody wrote as a server's address: `https://rt.example.com`, `127.0.0.1:8000`. Throws a Failure. */
export function readAddress(text: string, where: string): URL {
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  const secure = url?.protocol === "https:" || url?.protocol === "wss:";
  if (url === null || !/^(?:http|ws)s?:$/.test(url.protocol))
    throw failure(`"${text}" is no address`, "write it like http://127.0.0.1:8000", EXIT.usage, where);
  return new URL(`${secure ? "https" : "http"}://${url.host}${url.pathname}${url.search}`);
}

/** Where the server of these settings is reached from this machine. */
export function localAddress({ host, port, tlsCert }: Settings): string {
  return `${tlsCert === undefined ? "http" : "https"}://${hostOf(host)}:${port}`;
}

function hostOf(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

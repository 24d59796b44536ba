import { askedOf, type RequestContext } from "./context.ts";

const LOOPBACK = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/;
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
/** Whoever sends one of these speaks for somebody else. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/**
 * A program or a page of this machine itself: by its address; not through a proxy; by a name that
 * no foreign page can point here (DNS rebinding); and from no page but this server's own.
 */
export function isHere(c: RequestContext): boolean {
  const host = c.req.header("host") ?? "";
  const origin = c.req.header("origin");
  return (
    LOOPBACK.test(askedOf(c).peer) &&
    PROXY_HEADERS.every((name) => c.req.header(name) === undefined) &&
    LOOPBACK_HOSTS.has(host.replace(/:\d+$/, "").toLowerCase()) &&
    (origin === undefined || URL.parse(origin)?.host === host.toLowerCase())
  );
}

import { isTrusted } from "./address.ts";
import { type RequestContext, serverOf } from "./context.ts";

const FORWARDED_HOST = /^[\w.-]+(?::\d+)?$|^\[[\da-f:.]+\](?::\d+)?$/i;

/** Where a request was sent to, as its client sees it. */
export interface Origin {
  /** With the port where it is not the usual one. */
  readonly host: string;
  readonly secure: boolean;
}

/**
 * The address asked for: the request's own, or what a proxy of TRUSTED_PROXIES says that its
 * client asked for (X-Forwarded-Host, X-Forwarded-Proto).
 */
export function createOriginOf(trustedProxies: readonly string[]): (c: RequestContext) => Origin {
  const trusted = isTrusted(trustedProxies);
  return (c) => {
    const { host, protocol } = new URL(c.req.url);
    const peer = serverOf(c)?.addressOf(c.req.raw) ?? "";
    const own = { host, secure: protocol === "https:" };
    if (trustedProxies.length === 0 || !trusted(peer)) return own;
    const named = firstOf(c.req.header("x-forwarded-host"));
    const scheme = firstOf(c.req.header("x-forwarded-proto"));
    return {
      host: named !== undefined && FORWARDED_HOST.test(named) ? named : own.host,
      secure: scheme === undefined ? own.secure : scheme === "https" || scheme === "wss",
    };
  };
}

/** Of a list that proxies have added to, what the client's own proxy said. */
const firstOf = (header: string | undefined): string | undefined => header?.split(",", 1)[0]?.trim();

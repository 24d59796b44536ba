import type { Log } from "../core/log.ts";
import type { CodeOf } from "../core/log-codes.ts";
import { isTrusted } from "./address.ts";
import type { Asked } from "./asked.ts";

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
export function createOriginOf(trustedProxies: readonly string[]): (asked: Asked) => Origin {
  const trusted = isTrusted(trustedProxies);
  return (asked) => {
    const { host, protocol } = new URL(asked.request.url);
    const { peer } = asked;
    const own = { host, secure: protocol === "https:" };
    if (trustedProxies.length === 0 || !trusted(peer)) return own;
    const named = firstOf(asked.header("x-forwarded-host"));
    const scheme = firstOf(asked.header("x-forwarded-proto"));
    return {
      host: named !== undefined && FORWARDED_HOST.test(named) ? named : own.host,
      secure: scheme === undefined ? own.secure : scheme === "https" || scheme === "wss",
    };
  };
}

/** Of a list that proxies have added to, what the client's own proxy said. */
const firstOf = (header: string | undefined): string | undefined => header?.split(",", 1)[0]?.trim();

/** Origins that are warned of; beyond, somebody makes them up. */
const MAX_WARNED = 100;

interface GuardOptions {
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly log: Log;
}

/**
 * Which pages may open sockets: those of CORS_ORIGINS, letter by letter as browsers send them.
 * Where none are set every page may (a token is no cookie), and each foreign one is warned of once.
 * Answers with the origin that is refused, fit to be shown, or null.
 */
export function createOriginGuard(options: GuardOptions): (asked: Asked) => string | null {
  const { corsOrigins, log } = options;
  const originOf = createOriginOf(options.trustedProxies);
  const warned = new Set<string>();
  const warn = (code: CodeOf<"warn">, message: string, origin: string): void => {
    if (warned.has(origin) || warned.size >= MAX_WARNED) return;
    warned.add(origin);
    log.warn(code, message, { origin });
  };
  return (asked) => {
    const given = asked.header("origin");
    if (given === undefined) return null;
    const origin = shownOrigin(given);
    if (corsOrigins.length === 0) {
      if (hostOf(given) !== originOf(asked).host.toLowerCase()) warn("ORIGIN_UNCHECKED", UNCHECKED, origin);
      return null;
    }
    if (corsOrigins.includes(given)) return null;
    warn("ORIGIN_REFUSED", REFUSED, origin);
    return origin;
  };
}

const REFUSED = "a page of another origin tried to connect; add it to CORS_ORIGINS if it is yours";
const UNCHECKED =
  "a page of another origin connected, as any may: set CORS_ORIGINS to the origins of your own pages";

const hostOf = (origin: string): string | undefined => URL.parse(origin)?.host;

/** Scheme, host and port and nothing else: the header is the sender's to fill. */
function shownOrigin(given: string): string {
  const url = URL.parse(given);
  return url === null || url.origin === "null" ? (given === "null" ? "null" : "(malformed)") : url.origin;
}

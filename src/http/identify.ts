import { routePath } from "hono/route";
import { type Credentials, credentialsOf } from "../auth/credentials.ts";
import type { Bound } from "../core/bounds.ts";
import type { MaybePromise } from "../core/command.ts";
import type { Proof } from "../core/endpoint.ts";
import { type Refusal, isRefusal, refuse } from "../core/errors.ts";
import { type Principal, isPrivileged } from "../core/principal.ts";
import { createAddressOf } from "./address.ts";
import type { Link } from "../hub/hub.ts";
import type { Server } from "../runtime/runtime.ts";
import { type HttpDeps, type RequestContext, serverOf } from "./context.ts";
import { KeyUses } from "./key-uses.ts";

/** Whoever has shown no proof. */
export const anonymous = (claimedId: string): Principal => ({
  kind: "anonymous",
  id: claimedId,
  username: claimedId,
  admin: false,
  rooms: [],
  workspaces: [],
  expiresAt: Number.POSITIVE_INFINITY,
});

/** What stands behind the question mark; the first of its name counts. */
export type Query = Pick<URLSearchParams, "get">;

/** Tokens and cursors are mostly spelled without escapes, and then found without taking everything apart. */
const queryOf = (text: string): Query =>
  text.includes("%") || text.includes("+")
    ? new URLSearchParams(text)
    : { get: (name) => plainValue(text, name) };

function plainValue(text: string, name: string): string | null {
  const place = text.startsWith(`${name}=`) ? 0 : text.indexOf(`&${name}=`) + 1;
  if (place === 0 && !text.startsWith(`${name}=`)) return null;
  const end = text.indexOf("&", place);
  return text.slice(place + name.length + 1, end < 0 ? text.length : end);
}

/** A request that asks for a socket, whoever routed it; taken apart as far as it is looked at. */
export class Asked {
  readonly request: Request;
  readonly server: Server<Link> | undefined;
  readonly query: Query;

  constructor(request: Request, server: Server<Link> | undefined) {
    this.request = request;
    this.server = server;
    const { url } = request;
    const mark = url.indexOf("?");
    this.query = queryOf(mark < 0 ? "" : url.slice(mark + 1));
  }

  header(name: string): string | undefined {
    return this.request.headers.get(name) ?? undefined;
  }
}

export interface Identify {
  credentials(from: RequestContext | Asked): Credentials;
  addressOf(from: RequestContext | Asked): string;
  /** Whether the address that asks has asked too much, whoever it speaks for. */
  crowded(from: Asked): Refusal | null;
  /** Who shows these proofs; a refusal where there are none, or bad ones. */
  verify(credentials: Credentials): MaybePromise<Principal | Refusal>;
  /** Who asks over HTTP, held to what the endpoint wants and to the rates. */
  request(c: RequestContext, proof: Proof): Promise<Principal | Refusal>;
}

export function createIdentify(
  deps: Pick<HttpDeps, "auth" | "clock" | "hub" | "log" | "rates" | "settings">,
): Identify {
  const { auth, rates } = deps;
  const counted = createAddressOf(deps.settings.trustedProxies, (proxy) =>
    deps.log.warn("FORWARDED_UNTRUSTED", UNTRUSTED, { proxy }),
  );
  const keyUses = new KeyUses(deps.clock);

  const addressOf = (from: RequestContext | Asked): string =>
    from instanceof Asked
      ? counted(from.server?.addressOf(from.request) ?? "", from.header("x-forwarded-for"))
      : counted(serverOf(from)?.addressOf(from.req.raw) ?? "", from.req.header("x-forwarded-for"));
  const credentials = (from: RequestContext | Asked): Credentials =>
    from instanceof Asked
      ? credentialsOf({ url: from.query, header: (name) => from.header(name) })
      : credentialsOf({ url: from.req.url, header: (name) => from.req.header(name) });

  function verify(given: Credentials): MaybePromise<Principal | Refusal> {
    if (given.key !== undefined) return auth.verifyKey(given.key);
    if (given.token !== undefined) return auth.verifyToken(given.token);
    if (given.ticket !== undefined) return auth.tickets.redeem(given.ticket);
    return refuse("TOKEN_MISSING");
  }

  async function request(c: RequestContext, proof: Proof): Promise<Principal | Refusal> {
    if (proof === "off") return refuse("NOT_FOUND");
    const address = addressOf(c);
    const who = await verify(credentials(c));
    if (isRefusal(who)) {
      if (proof === "none")
        return limited(rates.http.take(`address:${address}`), "http_anonymous") ?? anonymous("");
      if (who.refused === "TOKEN_MISSING")
        return limited(rates.http.take(`address:${address}`), "http_anonymous") ?? who;
      // Only bad proofs fill this bucket, so only bad proofs are ever refused by it.
      const slow = limited(rates.logins.take(address), "logins");
      if (slow !== null) return slow;
      // Never the address as it was asked for: there may be a token in it.
      const endpoint = `${c.req.method} ${routePath(c)}`;
      deps.hub.note({ kind: "login_failed", address, endpoint, cause: who.refused, detail: who.detail });
      return who;
    }
    const slow = limited(rates.http.take(`${who.kind}:${who.id}`), "http_user");
    if (slow !== null) return slow;
    if (who.kind === "key" && keyUses.isNews(who.id, address))
      deps.hub.note({ kind: "key_used", who, address, endpoint: `${c.req.method} ${routePath(c)}` });
    if (proof === "operator" && !isPrivileged(who))
      return refuse("TOKEN_MISSING", "This needs an admin's token or a service key.");
    if (proof === "privileged" && !isPrivileged(who))
      return refuse("FORBIDDEN", "Only admins and service keys may do this.");
    return who;
  }

  const crowded = (from: Asked): Refusal | null =>
    limited(rates.addresses.take(addressOf(from)), "http_address");

  return { credentials, addressOf, crowded, verify, request };
}

const UNTRUSTED =
  "a proxy names its clients in X-Forwarded-For and is not believed, so that all of them count as one address: if it is yours, add it to TRUSTED_PROXIES";

export const limited = (
  taken: { ok: true } | { ok: false; retryAfterSeconds: number },
  bound: Bound,
): Refusal | null =>
  taken.ok ? null : refuse("TOO_MANY_REQUESTS", undefined, { retryAfter: taken.retryAfterSeconds, bound });

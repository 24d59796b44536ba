import { routePath } from "hono/route";
import { type Credentials, credentialsOf } from "../auth/credentials.ts";
import type { Bound } from "../core/bounds.ts";
import type { MaybePromise } from "../core/command.ts";
import type { Proof } from "../core/endpoint.ts";
import { type Refusal, isRefusal, refuse } from "../core/errors.ts";
import { type Principal, isPrivileged } from "../core/principal.ts";
import { createAddressOf } from "./address.ts";
import { Asked } from "./asked.ts";
import { askedOf, type HttpDeps, type RequestContext } from "./context.ts";
import { createOriginGuard } from "./origin.ts";
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

export interface Identify {
  credentials(from: RequestContext | Asked): Credentials;
  addressOf(from: RequestContext | Asked): string;
  /** The origin of a page that may not ask, fit to be shown; null where there is none, or it may. */
  foreign(from: Asked): string | null;
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

  const asked = (from: RequestContext | Asked): Asked => (from instanceof Asked ? from : askedOf(from));
  function addressOf(from: RequestContext | Asked): string {
    const one = asked(from);
    return (one.address ??= counted(one.peer, one.header("x-forwarded-for")));
  }
  const credentials = (from: RequestContext | Asked): Credentials => credentialsOf(asked(from));

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

  const foreign = createOriginGuard({ ...deps.settings, log: deps.log });

  return { credentials, addressOf, foreign, crowded, verify, request };
}

const UNTRUSTED =
  "a proxy names its clients in X-Forwarded-For and is not believed, so that all of them count as one address: if it is yours, add it to TRUSTED_PROXIES";

export const limited = (
  taken: { ok: true } | { ok: false; retryAfterSeconds: number },
  bound: Bound,
): Refusal | null =>
  taken.ok ? null : refuse("TOO_MANY_REQUESTS", undefined, { retryAfter: taken.retryAfterSeconds, bound });

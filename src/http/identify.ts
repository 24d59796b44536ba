import { routePath } from "hono/route";
import { type Credentials, credentialsOf } from "../auth/credentials.ts";
import type { MaybePromise } from "../core/command.ts";
import type { Proof } from "../core/endpoint.ts";
import { type Refusal, isRefusal, refuse } from "../core/errors.ts";
import { type Principal, isPrivileged } from "../core/principal.ts";
import { createAddressOf } from "./address.ts";
import { type HttpDeps, type RequestContext, serverOf } from "./context.ts";

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
  credentials(c: RequestContext): Credentials;
  addressOf(c: RequestContext): string;
  /** Who shows these proofs; a refusal where there are none, or bad ones. */
  verify(credentials: Credentials): MaybePromise<Principal | Refusal>;
  /** Who asks over HTTP, held to what the endpoint wants and to the rates. */
  request(c: RequestContext, proof: Proof): Promise<Principal | Refusal>;
}

export function createIdentify(deps: Pick<HttpDeps, "auth" | "hub" | "rates" | "settings">): Identify {
  const { auth, rates } = deps;
  const counted = createAddressOf(deps.settings.trustedProxies);

  const addressOf = (c: RequestContext): string =>
    counted(serverOf(c)?.addressOf(c.req.raw) ?? "", c.req.header("x-forwarded-for"));
  const credentials = (c: RequestContext): Credentials =>
    credentialsOf({ url: c.req.url, header: (name) => c.req.header(name) });

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
      if (proof === "none") return limited(rates.http.take(`address:${address}`)) ?? anonymous("");
      if (who.refused === "TOKEN_MISSING") return limited(rates.http.take(`address:${address}`)) ?? who;
      // Only bad proofs fill this bucket, so only bad proofs are ever refused by it.
      const slow = limited(rates.logins.take(address));
      if (slow !== null) return slow;
      // Never the address as it was asked for: there may be a token in it.
      const endpoint = `${c.req.method} ${routePath(c)}`;
      deps.hub.note({ kind: "login_failed", address, endpoint, cause: who.refused, detail: who.detail });
      return who;
    }
    const slow = limited(rates.http.take(`${who.kind}:${who.id}`));
    if (slow !== null) return slow;
    if (proof === "operator" && !isPrivileged(who))
      return refuse("TOKEN_MISSING", "This needs an admin's token or a service key.");
    if (proof === "privileged" && !isPrivileged(who))
      return refuse("FORBIDDEN", "Only admins and service keys may do this.");
    return who;
  }

  return { credentials, addressOf, verify, request };
}

export const limited = (taken: { ok: true } | { ok: false; retryAfterSeconds: number }): Refusal | null =>
  taken.ok ? null : refuse("TOO_MANY_REQUESTS", undefined, { retryAfter: taken.retryAfterSeconds });

import { createHmac } from "node:crypto";
import {
  base64url,
  CompactSign,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type CryptoKey,
  type JWK,
} from "jose";
import { createAuth, type Auth, type AuthDeps, type AuthSettings } from "../../src/auth/auth.ts";
import { ManualClock } from "../../src/core/clock.ts";
import { isRefusal, type Refusal } from "../../src/core/errors.ts";
import type { Principal } from "../../src/core/principal.ts";

export const SECRET = "an honest secret of more than thirty-two bytes";
export const NOW_MS = Date.UTC(2026, 0, 1, 12);
export const NOW = NOW_MS / 1000;

export type Claims = Record<string, unknown>;

/** Claims that are accepted; `undefined` takes one out. */
export function claimsWith(changes: Claims = {}): Claims {
  const claims: Claims = { sub: "alice", exp: NOW + 3600, ...changes };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

/** Bytes and texts as they are, anything else as JSON. */
export const encodePart = (value: unknown): string =>
  base64url.encode(typeof value === "string" || value instanceof Uint8Array ? value : JSON.stringify(value));

/** An HMAC token with any header and payload; texts and bytes go in as they are. */
export function forgeHs(header: unknown, payload: unknown, secret: string = SECRET, hash = "sha256"): string {
  const signingInput = `${encodePart(header)}.${encodePart(payload)}`;
  return `${signingInput}.${createHmac(hash, secret).update(signingInput).digest("base64url")}`;
}

export const hs256Token = (changes: Claims = {}, header: Claims = {}): string =>
  forgeHs({ alg: "HS256", typ: "JWT", ...header }, claimsWith(changes));

export interface TestKey {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly pem: string;
  readonly jwk: JWK;
  sign(changes?: Claims, header?: Claims): Promise<string>;
}

export async function testKey(alg: string, kid?: string): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), ...(kid === undefined ? {} : { kid }) };
  return {
    alg,
    privateKey,
    pem: await exportSPKI(publicKey),
    jwk,
    async sign(changes = {}, header = {}) {
      const named = { alg, ...(kid === undefined ? {} : { kid }), ...header };
      return new CompactSign(new TextEncoder().encode(JSON.stringify(claimsWith(changes))))
        .setProtectedHeader(named)
        .sign(privateKey);
    },
  };
}

export interface TestAuth extends Auth {
  readonly clock: ManualClock;
  readonly warnings: string[];
}

export function testAuth(
  settings: Partial<AuthSettings> = { jwtSecret: SECRET },
  deps: Partial<AuthDeps> = {},
): TestAuth {
  const clock = new ManualClock(NOW_MS);
  const warnings: string[] = [];
  const auth = createAuth(
    { jwtUserIdClaim: "sub", ...settings },
    {
      clock,
      keys: { findKey: async () => null, holds: async () => false },
      apiKeys: [],
      onWarning: (code) => warnings.push(code),
      ...deps,
    },
  );
  return { ...auth, clock, warnings };
}

export function userOf(verdict: Principal | Refusal): Principal {
  if (isRefusal(verdict)) throw new Error(`refused: ${verdict.refused}: ${verdict.detail}`);
  return verdict;
}

export function refusalOf(verdict: Principal | Refusal): Refusal {
  if (!isRefusal(verdict)) throw new Error(`accepted: ${JSON.stringify(verdict)}`);
  return verdict;
}

/** A key set on a local server, with a switch to break it. */
export function serveJwks(initial: readonly JWK[]) {
  const state = { keys: [...initial], broken: false, requests: 0 };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch() {
      state.requests += 1;
      return state.broken ? new Response("down", { status: 503 }) : Response.json({ keys: state.keys });
    },
  });
  return {
    state,
    url: `http://127.0.0.1:${server.port}/jwks.json`,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

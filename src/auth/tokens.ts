import { compactVerify, errors, type CryptoKey, type FetchImplementation, type JWK } from "jose";
import type { Clock } from "../core/clock.ts";
import { isRefusal, refuse, type Refusal } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import { ASYMMETRIC_ALGORITHMS, familyOf, SECRET_ALGORITHMS } from "./algorithms.ts";
import { decodeJsonObject } from "./base64url.ts";
import { principalOfClaims, type ClaimRules } from "./claims.ts";
import { openEnvelope, type Envelope } from "./envelope.ts";
import { createHs256, type Hs256Check } from "./hs256.ts";
import { Jwks } from "./jwks.ts";
import { readPublicKey, type PublicKey } from "./public-key.ts";
import { readSecret } from "./secret.ts";
import type { AuthSettings, WarningListener } from "./settings.ts";
import { TokenCache } from "./token-cache.ts";

export type Verdict = Principal | Refusal;

export interface TokenDeps {
  readonly clock: Clock;
  readonly fetch?: FetchImplementation | undefined;
  readonly onWarning: WarningListener;
}

const WRONG_SIGNATURE =
  "The token's signature does not fit: it was altered, or signed with another key than the one configured here.";
const NO_KEYS = "No key to check tokens with is configured here. Set JWT_SECRET, JWT_PUBLIC_KEY or JWKS_URL.";

/**
 * Checks tokens: opens the envelope, chooses the key by the algorithm's family, then reads the claims.
 *
 * HS* is checked with JWT_SECRET only; everything else with JWKS_URL, or JWT_PUBLIC_KEY where
 * that is not set. The constructor throws `SettingError`.
 */
export class TokenVerifier {
  readonly #deps: TokenDeps;
  readonly #rules: ClaimRules;
  readonly #cache = new TokenCache();
  readonly #secret: Uint8Array | undefined;
  readonly #checkHs256: Hs256Check | undefined;
  readonly #jwks: Jwks | undefined;
  readonly #publicKey: PublicKey | undefined;
  /** What the configured keys allow. */
  readonly #algorithms: readonly string[];

  constructor(settings: AuthSettings, deps: TokenDeps) {
    this.#deps = deps;
    this.#rules = {
      userIdClaim: settings.jwtUserIdClaim,
      issuer: settings.jwtIssuer || undefined,
      audience: settings.jwtAudience || undefined,
      toleranceSeconds: settings.clockToleranceSeconds ?? 0,
    };
    this.#secret = readSecret(settings.jwtSecret, deps.onWarning);
    if (settings.jwksUrl) {
      this.#jwks = new Jwks(settings.jwksUrl, { ...deps, onChange: () => this.#cache.clear() });
    } else if (settings.jwtPublicKey) {
      this.#publicKey = readPublicKey(settings.jwtPublicKey);
    }
    if (this.#secret !== undefined && this.#jwks === undefined) this.#checkHs256 = createHs256(this.#secret);
    this.#algorithms = [
      ...(this.#secret === undefined ? [] : SECRET_ALGORITHMS),
      ...(this.#jwks === undefined ? (this.#publicKey?.algorithms ?? []) : ASYMMETRIC_ALGORITHMS),
    ];
  }

  /** Synchronous for HS256 and for asymmetric tokens seen before; else a promise that never rejects. */
  verify(token: string): Verdict | Promise<Verdict> {
    const envelope = openEnvelope(token);
    if (isRefusal(envelope)) return envelope;
    const unfit = this.#refuseAlgorithm(envelope.alg);
    if (unfit !== null) return unfit;
    if (familyOf(envelope.alg) === "asymmetric") return this.#verifyAsymmetric(envelope);
    if (envelope.alg === "HS256" && this.#checkHs256 !== undefined) {
      const { signingInput, signature } = envelope;
      return this.#checkHs256(signingInput, signature)
        ? this.#readClaims(envelope)
        : refuse("TOKEN_INVALID", WRONG_SIGNATURE);
    }
    return this.#verifyWith(envelope, this.#secret === undefined ? [] : [this.#secret]);
  }

  #refuseAlgorithm(alg: string): Refusal | null {
    if (this.#algorithms.includes(alg)) return null;
    if (this.#algorithms.length === 0) return refuse("TOKEN_INVALID", NO_KEYS);
    // Only names from our own table are repeated: the header is the sender's to fill.
    const given = familyOf(alg) === null ? "an unknown algorithm" : alg;
    return refuse(
      "TOKEN_INVALID",
      `The token is signed with ${given}; the key configured here accepts ${this.#algorithms.join(", ")}.`,
    );
  }

  #verifyAsymmetric(envelope: Envelope): Verdict | Promise<Verdict> {
    const key = TokenCache.keyOf(envelope.token);
    // Old keys are asked for again before the cache answers; else a withdrawn one would live on in it.
    const settled = this.#jwks === undefined || this.#jwks.settled;
    const seen = settled ? this.#cache.get(key, this.#deps.clock.now()) : undefined;
    return seen ?? this.#verifyUnseen(envelope, key);
  }

  async #verifyUnseen(envelope: Envelope, cacheKey: string): Promise<Verdict> {
    if (this.#jwks !== undefined && !(await this.#jwks.settle())) {
      return refuse(
        "TOKEN_INVALID",
        "The keys to check this token with can't be loaded now (JWKS_URL). Try again in a moment.",
        { retryAfter: 5 },
      );
    }
    const seen = this.#cache.get(cacheKey, this.#deps.clock.now());
    if (seen !== undefined) return seen;
    const { generation } = this.#cache;
    const keys = await this.#publicKeysFor(envelope);
    if (isRefusal(keys)) return keys;
    const verdict = await this.#verifyWith(envelope, keys);
    if (!isRefusal(verdict)) this.#cache.set(cacheKey, verdict, generation);
    return verdict;
  }

  async #publicKeysFor({ alg, kid }: Envelope): Promise<readonly (CryptoKey | JWK)[] | Refusal> {
    if (this.#jwks === undefined) return this.#publicKey === undefined ? [] : [this.#publicKey.key];
    try {
      const keys = await this.#jwks.keysFor(kid === undefined ? { alg } : { alg, kid });
      if (keys.length > 0) return keys;
    } catch (error) {
      return this.#unusable(error);
    }
    return refuse(
      "TOKEN_INVALID",
      "No key at JWKS_URL has the token's kid and algorithm. Get a fresh token from the issuer configured here.",
    );
  }

  /** Tries each key; the first that fits decides. A token without `kid` may have several to try. */
  async #verifyWith(envelope: Envelope, keys: readonly (Uint8Array | CryptoKey | JWK)[]): Promise<Verdict> {
    let refusal = refuse("TOKEN_INVALID", WRONG_SIGNATURE);
    for (const key of keys) {
      try {
        await compactVerify(envelope.token, key, { algorithms: [envelope.alg] });
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) refusal = this.#unusable(error);
        continue;
      }
      return this.#readClaims(envelope);
    }
    return refusal;
  }

  #unusable(error: unknown): Refusal {
    this.#deps.onWarning(
      "KEY_UNUSABLE",
      `A configured key cannot check tokens: ${error instanceof Error ? error.message : "unknown error"}`,
    );
    return refuse("TOKEN_INVALID", "The key for this token cannot be used here; the server's log says why.");
  }

  #readClaims({ payload }: Envelope): Verdict {
    const claims = decodeJsonObject(payload);
    if (claims === null)
      return refuse("TOKEN_INVALID", "The token's payload is not a JSON object. Sign an object of claims.");
    return principalOfClaims(claims, this.#rules, this.#deps.clock.now());
  }
}

import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type CryptoKey,
  type FetchImplementation,
  type JWSHeaderParameters,
  type RemoteJWKSet,
} from "jose";
import type { Clock } from "../core/clock.ts";
import { SettingError, type WarningListener } from "./settings.ts";

/** Keys younger than this are used without asking. */
export const FRESH_MS = 600_000;
/** After a fetch, a token with an unknown key causes another only when this has passed. */
export const COOLDOWN_MS = 30_000;
/** After a failed fetch, needed keys are asked for again only when this has passed. */
export const RETRY_MS = 5_000;
/** The last good keys outlive an outage of the issuer by this, and no longer: they may have been withdrawn. */
export const KEEP_MS = 86_400_000;
/** A fetch that takes longer has failed. */
const TIMEOUT_MS = 5_000;

export interface JwksDeps {
  readonly clock: Clock;
  readonly fetch?: FetchImplementation | undefined;
  readonly onWarning: WarningListener;
  /** The keys are others than before. */
  readonly onChange: () => void;
}

/**
 * The issuer's public keys, fetched from JWKS_URL and from nowhere else.
 *
 * jose fetches, reads and selects. When to fetch is decided here, because jose asks a failing
 * endpoint again at each token and drops good keys once they are ten minutes old.
 */
export class Jwks {
  readonly #remote: RemoteJWKSet;
  readonly #deps: JwksDeps;
  readonly #address: string;
  #loadedAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #known = "";
  #pending: Promise<void> | undefined;

  /** Throws `SettingError` when the address cannot be one. */
  constructor(address: string, deps: JwksDeps) {
    const url = readAddress(address);
    this.#address = url.origin + url.pathname;
    this.#deps = deps;
    this.#remote = createRemoteJWKSet(url, {
      timeoutDuration: TIMEOUT_MS,
      cacheMaxAge: Number.POSITIVE_INFINITY,
      cooldownDuration: Number.POSITIVE_INFINITY,
      ...(deps.fetch === undefined ? {} : { [customFetch]: deps.fetch }),
    });
  }

  /** Whether the keys at hand may be used without asking the issuer first. */
  get settled(): boolean {
    const now = this.#deps.clock.now();
    return now - this.#loadedAtMs < FRESH_MS || (this.#usable(now) && now - this.#triedAtMs < RETRY_MS);
  }

  /** Gets the keys where they are missing or old; false when there are none to use. Never rejects. */
  async settle(): Promise<boolean> {
    const now = this.#deps.clock.now();
    const old = now - this.#loadedAtMs >= FRESH_MS;
    if (old && (this.#pending !== undefined || now - this.#triedAtMs >= RETRY_MS)) await this.#load();
    return this.#usable(this.#deps.clock.now());
  }

  /**
   * The keys that fit a header's `alg` and `kid`; several when it names none. Call after `settle`.
   *
   * An unknown one makes it ask the issuer again, once in `COOLDOWN_MS`. Rejects when a key of the
   * set cannot be used.
   */
  async keysFor(header: JWSHeaderParameters): Promise<readonly CryptoKey[]> {
    const found = await this.#select(header);
    if (found.length > 0) return found;
    if (this.#pending === undefined && this.#deps.clock.now() - this.#triedAtMs < COOLDOWN_MS) return found;
    await this.#load();
    return this.#select(header);
  }

  async #select(header: JWSHeaderParameters): Promise<readonly CryptoKey[]> {
    try {
      return [await this.#remote(header)];
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return [];
      if (error instanceof errors.JWKSMultipleMatchingKeys) return Array.fromAsync(error);
      throw error;
    }
  }

  #usable(nowMs: number): boolean {
    return nowMs - this.#loadedAtMs < KEEP_MS;
  }

  /** One fetch, shared by all who wait for it. */
  #load(): Promise<void> {
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #fetch(): Promise<void> {
    this.#triedAtMs = this.#deps.clock.now();
    try {
      await this.#remote.reload();
    } catch (error) {
      this.#deps.onWarning("JWKS_UNREACHABLE", this.#outageText(error));
      return;
    }
    this.#loadedAtMs = this.#deps.clock.now();
    const known = JSON.stringify(this.#remote.jwks());
    if (known !== this.#known) this.#deps.onChange();
    this.#known = known;
  }

  #outageText(error: unknown): string {
    const why = error instanceof Error ? error.message : "unknown error";
    const then = this.#usable(this.#deps.clock.now())
      ? "The keys fetched last stay in use for a day."
      : "No token can be checked until it answers.";
    return `The keys at ${this.#address} cannot be fetched: ${why}. ${then} Check JWKS_URL and that this server can reach it.`;
  }
}

function readAddress(address: string): URL {
  const url = URL.parse(address.trim());
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new SettingError(
      "JWKS_URL",
      "is not an http(s) address. Example: https://id.example.com/.well-known/jwks.json",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new SettingError(
      "JWKS_URL",
      "holds a password, which fetch does not send. Key sets are public: leave it out.",
    );
  }
  return url;
}

import { createHash } from "node:crypto";
import type { Principal } from "../core/principal.ts";

/** How many verified tokens are remembered at most. */
const MAX_CACHED_TOKENS = 10_000;

/**
 * Tokens whose asymmetric signature was found good, with the user they speak for.
 *
 * Keyed by SHA-256, so that a memory dump gives no tokens away. Least recently used goes first.
 * `clear` starts a new generation: a check that began before it may not write its result after.
 */
export class TokenCache {
  readonly #entries = new Map<string, Principal>();
  readonly #maxEntries: number;
  #generation = 0;

  constructor(maxEntries = MAX_CACHED_TOKENS) {
    this.#maxEntries = maxEntries;
  }

  static keyOf(token: string): string {
    return createHash("sha256").update(token).digest("base64url");
  }

  get generation(): number {
    return this.#generation;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The user, unless unknown or expired by now. */
  get(key: string, nowMs: number): Principal | undefined {
    const found = this.#entries.get(key);
    if (found === undefined) return undefined;
    this.#entries.delete(key);
    if (nowMs >= found.expiresAt * 1000) return undefined;
    this.#entries.set(key, found);
    return found;
  }

  /** Remembers a result of this generation; one of an older generation is dropped. */
  set(key: string, principal: Principal, generation: number): void {
    if (generation !== this.#generation) return;
    this.#entries.delete(key);
    this.#entries.set(key, principal);
    if (this.#entries.size <= this.#maxEntries) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }

  /** Forgets everything: the keys have changed. */
  clear(): void {
    this.#generation += 1;
    this.#entries.clear();
  }
}

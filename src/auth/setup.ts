import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../core/clock.ts";

/** How long a code can be used. */
const SETUP_MS = 30 * 60_000;
const CODE_BYTES = 32;

/**
 * The code with which somebody who sees the server's terminal signs into the console as its first
 * admin. It lives in this process only, as a hash. There is one at a time.
 */
export class SetupCode {
  readonly #clock: Clock;
  readonly #lasting: boolean;
  #digest: Uint8Array | null = null;
  #expiresMs = 0;

  /** `lasting` codes are good until the end of the process, however often they are used. */
  constructor(clock: Clock, lasting = false) {
    this.#clock = clock;
    this.#lasting = lasting;
  }

  /** A new code; an older one ends with it. */
  issue(): string {
    const code = randomBytes(CODE_BYTES).toString("base64url");
    this.#digest = digestOf(code);
    this.#expiresMs = this.#lasting ? Number.POSITIVE_INFINITY : this.#clock.now() + SETUP_MS;
    return code;
  }

  /** True of the right code, the first time, within 30 min. */
  redeem(code: string): boolean {
    const given = digestOf(code);
    const fits = this.#digest !== null && timingSafeEqual(this.#digest, given);
    if (!fits || this.#clock.now() >= this.#expiresMs) return false;
    if (!this.#lasting) this.#digest = null;
    return true;
  }
}

const digestOf = (code: string): Uint8Array => createHash("sha256").update(code).digest();

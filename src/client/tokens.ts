import type { ClientClock } from "./clock.ts";
import { DragomanError } from "./errors.ts";
import type { TokenSource } from "./options.ts";

/** How a connection or request shows who asks. */
export interface Proof {
  readonly token?: string | undefined;
  readonly key?: string | undefined;
}

/** A token is renewed so long before it expires, or when a fifth of its time is left. */
const LEAD_MS = 60_000;

/** The token of the moment; where a callback gets them, a fresh one when it is needed. */
export class Tokens {
  readonly #source: TokenSource | undefined;
  readonly #key: string | undefined;
  readonly #clock: ClientClock;
  #current: string | undefined;
  #asking: Promise<string> | null = null;
  /** It was renewed, and nobody has shown it yet: of a token without an expiry nothing else tells that it is good. */
  #fresh = false;

  constructor(source: TokenSource | undefined, key: string | undefined, clock: ClientClock) {
    this.#source = source;
    this.#key = key;
    this.#clock = clock;
    if (typeof source === "string") this.#current = source;
  }

  /** True where a fresh one can be asked for. */
  get renewable(): boolean {
    return typeof this.#source === "function";
  }

  /** Rejects with what the callback threw. */
  async proof(): Promise<Proof> {
    if (this.#key !== undefined) return { key: this.#key };
    if (!this.renewable) return { token: this.#current };
    const { expiresAt } = this;
    const good = this.#fresh || (expiresAt !== null && expiresAt > this.#clock.now());
    const token = good ? this.#current : await this.renew();
    this.#fresh = false;
    return { token };
  }

  /** Asks the callback; those who ask at the same time share the answer. */
  renew(): Promise<string> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** Milliseconds until a fresh token should be handed in; null where that is not known. */
  get renewalMs(): number | null {
    const { expiresAt } = this;
    if (expiresAt === null || !this.renewable) return null;
    const left = expiresAt - this.#clock.now();
    return left <= 0 ? null : Math.max(left - Math.min(LEAD_MS, left / 5), 1000);
  }

  /** Milliseconds since 1970; null where the token does not say. */
  get expiresAt(): number | null {
    return this.#current === undefined ? null : expiryOf(this.#current);
  }

  async #ask(): Promise<string> {
    const token = await (this.#source as () => string | Promise<string>)();
    if (typeof token !== "string" || token === "")
      throw new DragomanError("NO_TOKEN", "The token callback gave no token. It must answer with a text.");
    this.#current = token;
    this.#fresh = true;
    return token;
  }
}

/** The `exp` of a JWT, unverified: only the server can judge a token. */
function expiryOf(token: string): number | null {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const { exp } = JSON.parse(atob(payload)) as { exp?: unknown };
    return typeof exp === "number" ? exp * 1000 : null;
  } catch {
    return null;
  }
}

import type { FetchImplementation } from "jose";
import type { Clock } from "../core/clock.ts";
import { isRefusal, type Refusal, refuse } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import { createKeyVerifier, type KeyStore } from "./keys.ts";
import type { AuthSettings, WarningListener } from "./settings.ts";
import { Tickets } from "./tickets.ts";
import { TokenVerifier } from "./tokens.ts";

export type { KeyStore } from "./keys.ts";
export { SettingError, type AuthSettings, type WarningListener } from "./settings.ts";

/** Who is it? Proofs go in, principals or refusals come out. No detail ever holds the proof. */
export interface Auth {
  /**
   * The user of a token: at once where it can be (HS256, tokens seen before), else a promise.
   *
   * `TOKEN_INVALID` or `TOKEN_EXPIRED`, with the reason. Never throws or rejects.
   */
  verifyToken(token: string): Principal | Refusal | Promise<Principal | Refusal>;
  /** The service key's principal, or `KEY_INVALID`. Rejects only when the key store does. */
  verifyKey(key: string): Promise<Principal | Refusal>;
  readonly tickets: {
    /** A random text that stands for the principal once, within 30 s. */
    issue(principal: Principal): { ticket: string; expires_at: string };
    /**
     * Whom it stands for, or `TICKET_INVALID`; `KEY_INVALID` where it stands for a service key
     * that was withdrawn meanwhile.
     */
    redeem(ticket: string): Principal | Refusal | Promise<Principal | Refusal>;
  };
}

export interface AuthDeps {
  readonly clock: Clock;
  readonly keys: KeyStore;
  /** Service keys from the settings (API_KEYS), in clear. */
  readonly apiKeys: readonly string[];
  /** For JWKS_URL, the only address that is ever fetched; the global one when left out. */
  readonly fetch?: FetchImplementation | undefined;
  readonly onWarning?: WarningListener | undefined;
}

/**
 * Puts tokens, service keys and tickets together.
 *
 * Throws `SettingError` (`SETTING_INVALID`) for a key or address that can never work. Fetches
 * nothing until a token needs it.
 */
export function createAuth(settings: AuthSettings, deps: AuthDeps): Auth {
  const { clock, fetch, onWarning = () => {} } = deps;
  const tokens = new TokenVerifier(settings, { clock, fetch, onWarning });
  const tickets = new Tickets(clock);
  return {
    verifyToken: (token) => tokens.verify(token),
    verifyKey: createKeyVerifier(deps.keys, deps.apiKeys),
    tickets: {
      issue: (principal) => tickets.issue(principal),
      redeem(ticket) {
        const who = tickets.redeem(ticket);
        if (isRefusal(who) || who.keyId === undefined) return who;
        return deps.keys.holds(who.keyId).then((holds) => (holds ? who : refuse("KEY_INVALID")));
      },
    },
  };
}

import { signHs256 } from "../auth/sign.ts";
import type { WireId } from "../core/ids.ts";
import type { Settings } from "./settings.ts";

/** Whom a token speaks for, and how long. */
export interface TokenUser {
  readonly id: WireId;
  /** The id where it is left out. */
  readonly username?: string;
  readonly ttlSeconds?: number;
  /** Further claims; they win over those made here. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export type TokenRules = Pick<Settings, "jwtUserIdClaim" | "jwtIssuer" | "jwtAudience">;

/** A token as a server of these settings and this secret accepts it; no server has to run. */
export function signUserToken(rules: TokenRules, secret: string, user: TokenUser, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  return signHs256(
    {
      username: user.username ?? String(user.id),
      [rules.jwtUserIdClaim]: String(user.id),
      ...(rules.jwtIssuer === undefined ? {} : { iss: rules.jwtIssuer }),
      ...(rules.jwtAudience === undefined ? {} : { aud: rules.jwtAudience }),
      iat: seconds,
      exp: seconds + (user.ttlSeconds ?? 3600),
      ...user.claims,
    },
    secret,
  );
}

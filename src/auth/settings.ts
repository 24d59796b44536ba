/** What `auth/` has to be told; each is the setting of the same name (`jwtSecret` is JWT_SECRET). */
export interface AuthSettings {
  /** The HMAC secret, as text; its UTF-8 bytes are the key. Empty counts as not set. */
  readonly jwtSecret?: string | undefined;
  /** PEM (SPKI, PKCS#1 or an X.509 certificate) or one JWK as JSON. */
  readonly jwtPublicKey?: string | undefined;
  /** Address of a JSON Web Key Set; wins over `jwtPublicKey`. */
  readonly jwksUrl?: string | undefined;
  /** The `iss` that tokens must have; unset: any. */
  readonly jwtIssuer?: string | undefined;
  /** The `aud` that tokens must have or contain; unset: any. */
  readonly jwtAudience?: string | undefined;
  /** The claim that holds the user's id: `sub`. */
  readonly jwtUserIdClaim: string;
  /** How far the clocks of issuer and server may differ; 0 when unset. */
  readonly clockToleranceSeconds?: number | undefined;
}

/**
 * A setting that cannot be used, found at start.
 *
 * Thrown by `createAuth` only: with a wrong key the server should not come up and then refuse
 * everybody. The message names the fix and never holds the value.
 */
export class SettingError extends Error {
  readonly code = "SETTING_INVALID";
  /** The setting's name in the environment. */
  readonly setting: string;
  constructor(setting: string, message: string) {
    super(`${setting} ${message}`);
    this.name = "SettingError";
    this.setting = setting;
  }
}

/**
 * Hears of trouble that no caller is to blame for; the detail holds no secrets.
 *
 * Codes: `JWKS_UNREACHABLE`, `KEY_UNUSABLE`, `JWT_SECRET_SHORT`.
 */
export type WarningListener = (code: AuthWarning, detail: string) => void;

export type AuthWarning = "JWKS_UNREACHABLE" | "KEY_UNUSABLE" | "JWT_SECRET_SHORT";

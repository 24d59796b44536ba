import { SettingError, type WarningListener } from "./settings.ts";

const MIN_SECRET_BYTES = 32;
const PUBLIC_PEM = /-----BEGIN (?:CERTIFICATE|(?:[A-Z]+ )?PUBLIC KEY)-----/;

/**
 * JWT_SECRET as bytes; undefined when it is not set.
 *
 * Throws `SettingError` when it is a public key: everybody has that, so everybody could sign.
 * Warns `JWT_SECRET_SHORT` under 32 bytes (RFC 7518, section 3.2), which existing backends may have.
 */
export function readSecret(text: string | undefined, onWarning: WarningListener): Uint8Array | undefined {
  if (text === undefined || text === "") return undefined;
  if (PUBLIC_PEM.test(text))
    throw new SettingError("JWT_SECRET", "holds a public key. Set JWT_PUBLIC_KEY instead.");
  const secret = new TextEncoder().encode(text);
  if (secret.length < MIN_SECRET_BYTES) {
    onWarning(
      "JWT_SECRET_SHORT",
      `JWT_SECRET has ${secret.length} bytes and can be guessed. Use ${MIN_SECRET_BYTES} or more: openssl rand -base64 48`,
    );
  }
  return secret;
}

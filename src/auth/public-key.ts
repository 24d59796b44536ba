import { createPublicKey, type KeyObject } from "node:crypto";
import type { JWK } from "jose";
import { ASYMMETRIC_ALGORITHMS, PUBLIC_ALGORITHMS } from "./algorithms.ts";
import { SettingError } from "./settings.ts";

/** A public key and the algorithms that its type allows. */
export interface PublicKey {
  readonly key: JWK;
  readonly algorithms: readonly string[];
}

const NAME = "JWT_PUBLIC_KEY";
const MIN_RSA_BITS = 2048;

/**
 * Reads JWT_PUBLIC_KEY: PEM (SPKI, PKCS#1, X.509 certificate) or one JWK.
 *
 * A PEM may have `\n` spelled out, as it comes from many .env files. A JWK's `alg` narrows the
 * algorithms further. Throws `SettingError` for a private, symmetric, weak or unreadable key.
 */
export function readPublicKey(text: string): PublicKey {
  const trimmed = text.trim();
  return trimmed.startsWith("{") ? readJwk(trimmed) : readPem(trimmed.replaceAll("\\n", "\n"));
}

function readPem(pem: string): PublicKey {
  // createPublicKey would quietly derive the public half; a private key has no place on this server.
  if (pem.includes("PRIVATE KEY-----")) {
    throw new SettingError(
      NAME,
      "holds a private key. Give its public half: openssl pkey -in key.pem -pubout",
    );
  }
  return publicKeyOf(() => createPublicKey(pem));
}

function readJwk(text: string): PublicKey {
  const jwk = parseJwk(text);
  if (Array.isArray(jwk["keys"]))
    throw new SettingError(NAME, "holds a key set. Give one key, or the set's address as JWKS_URL.");
  if (jwk["kty"] === "oct") throw new SettingError(NAME, "holds a symmetric key. Set JWT_SECRET instead.");
  if ("d" in jwk) throw new SettingError(NAME, "holds a private key. Leave out d, p, q, dp, dq and qi.");
  if (jwk["use"] !== undefined && jwk["use"] !== "sig")
    throw new SettingError(NAME, "holds a key that is not for signatures (use).");
  const operations = jwk["key_ops"];
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) {
    throw new SettingError(NAME, "holds a key that is not for verifying (key_ops).");
  }
  const { key, algorithms } = publicKeyOf(() => createPublicKey({ key: jwk, format: "jwk" }));
  const { alg } = jwk;
  if (alg === undefined) return { key, algorithms };
  const narrowed = algorithms.filter((allowed) => allowed === alg);
  if (narrowed.length === 0)
    throw new SettingError(
      NAME,
      `holds a key whose alg does not fit its type: ${algorithms.join(", ")} would.`,
    );
  return { key, algorithms: narrowed };
}

function parseJwk(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new SettingError(
      NAME,
      `starts like a JWK but is not JSON (${cause instanceof Error ? cause.name : "error"}).`,
    );
  }
}

/** The key, with the algorithms of its type and curve; anything else is refused. */
function publicKeyOf(read: () => KeyObject): PublicKey {
  let key: JWK;
  try {
    key = read().export({ format: "jwk" }) as JWK;
  } catch {
    throw new SettingError(
      NAME,
      `cannot be read. Give a PEM public key, a PEM certificate or a JWK, for one of ${ASYMMETRIC_ALGORITHMS.join(", ")}.`,
    );
  }
  if (key.kty === "RSA" && modulusBits(key) < MIN_RSA_BITS) {
    throw new SettingError(NAME, `holds an RSA key under ${MIN_RSA_BITS} bits. Sign with a longer one.`);
  }
  const algorithms = algorithmsOf(key);
  if (algorithms === null) {
    throw new SettingError(
      NAME,
      `holds a key that no supported algorithm uses. Supported: ${Object.keys(PUBLIC_ALGORITHMS).join(", ")}.`,
    );
  }
  return { key, algorithms };
}

function algorithmsOf({ kty, crv }: JWK): readonly string[] | null {
  const type = kty === "RSA" ? kty : crv;
  for (const [name, algorithms] of Object.entries(PUBLIC_ALGORITHMS)) if (name === type) return algorithms;
  return null;
}

/** Six bits a character of base64url; exact enough to tell 2048 from less. */
const modulusBits = ({ n }: JWK): number => Math.floor(((n ?? "").length * 6) / 8) * 8;

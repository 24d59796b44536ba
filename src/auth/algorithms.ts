/** Accepted with JWT_SECRET, and with nothing else. */
export const SECRET_ALGORITHMS: readonly string[] = ["HS256", "HS384", "HS512"];

/**
 * What a public key may have signed, by its type or curve.
 *
 * `Ed25519` is RFC 9864's name for what RFC 8037 calls `EdDSA` with that curve.
 */
export const PUBLIC_ALGORITHMS = {
  RSA: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  "P-256": ["ES256"],
  "P-384": ["ES384"],
  "P-521": ["ES512"],
  Ed25519: ["EdDSA", "Ed25519"],
} as const satisfies Record<string, readonly string[]>;

export const ASYMMETRIC_ALGORITHMS: readonly string[] = Object.values(PUBLIC_ALGORITHMS).flat();

/** Which kind of key a signature of this algorithm is checked with; null for `none` and unknown ones. */
export function familyOf(alg: string): "secret" | "asymmetric" | null {
  if (SECRET_ALGORITHMS.includes(alg)) return "secret";
  if (ASYMMETRIC_ALGORITHMS.includes(alg)) return "asymmetric";
  return null;
}

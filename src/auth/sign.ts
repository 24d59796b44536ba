import { createHmac } from "node:crypto";
import { base64url } from "jose";

const HEADER = base64url.encode(JSON.stringify({ alg: "HS256", typ: "JWT" }));

/** A compact HS256 token of these claims, as they are: `exp` (unix seconds) is the caller's to set. */
export function signHs256(claims: Readonly<Record<string, unknown>>, secret: string): string {
  const signingInput = `${HEADER}.${base64url.encode(JSON.stringify(claims))}`;
  return `${signingInput}.${createHmac("sha256", secret).update(signingInput).digest("base64url")}`;
}

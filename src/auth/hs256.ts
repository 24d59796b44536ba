import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";

const encoder = new TextEncoder();

/** Checks one signature, synchronously; both texts as they stand in the token. */
export type Hs256Check = (signingInput: string, signature: string) => boolean;

/**
 * HS256 without a promise: about 10 µs a connect, where jose takes 41, which tells in a reconnect storm.
 *
 * The encoded texts are compared, not the decoded bytes, so that no second spelling of a good
 * signature passes; in constant time once the lengths agree. Source: MECHANISMS rule 11.
 */
export function createHs256(secret: Uint8Array): Hs256Check {
  const key = createSecretKey(secret);
  return (signingInput, signature) => {
    const expected = encoder.encode(createHmac("sha256", key).update(signingInput).digest("base64url"));
    const given = encoder.encode(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}

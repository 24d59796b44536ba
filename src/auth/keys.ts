import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { refuse, type Refusal } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";

/** What generated service keys start with, so that people and secret scanners know one. */
export const KEY_PREFIX = "dgk_";
const KEY_BYTES = 32;
const MAX_KEY_CHARS = 1024;

/** Where the hashes of generated keys are kept. */
export interface KeyStore {
  /**
   * The key with this lowercase hex SHA-256; null when there is none or it was withdrawn.
   *
   * MAY reject, when the store cannot be read; `verifyKey` then rejects with the same error.
   */
  findKey(hash: string): Promise<{ readonly id: string; readonly name: string } | null>;
  /** Whether the key with this id is there still, and was not withdrawn. */
  holds(id: string): Promise<boolean>;
}

/** Lowercase hex SHA-256: what is stored of a key. No salt: a generated key has 256 random bits. */
export const hashKey = (key: string): string => createHash("sha256").update(key).digest("hex");

/** A new service key, to be shown once, and the hash to keep. */
export function generateKey(): { key: string; hash: string } {
  const key = KEY_PREFIX + randomBytes(KEY_BYTES).toString("base64url");
  return { key, hash: hashKey(key) };
}

/**
 * Compares a key with those of API_KEYS.
 *
 * Hashes are compared, so lengths don't matter, and always all of them, so that the time tells
 * neither how much of a key was right nor which one it was.
 *
 * @returns a function that gives the place in the list, or -1.
 */
export function createKeyList(keys: readonly string[]): (key: string) => number {
  const digests = keys.map(digestOf);
  return (key) => {
    const given = digestOf(key);
    let place = -1;
    for (const [index, digest] of digests.entries()) {
      if (timingSafeEqual(digest, given)) place = index;
    }
    return place;
  };
}

/**
 * Checks service keys against API_KEYS, then the store.
 *
 * A key acts under its name; those of API_KEYS, which have none, are `api-key-1`, `api-key-2`, …
 * Empty entries of API_KEYS fit nothing.
 */
export function createKeyVerifier(
  store: KeyStore,
  apiKeys: readonly string[],
): (key: string) => Promise<Principal | Refusal> {
  const placeOf = createKeyList(apiKeys.map((key) => key.trim()).filter((key) => key !== ""));
  return async (key) => {
    if (key === "" || key.length > MAX_KEY_CHARS) return refuse("KEY_INVALID");
    const place = placeOf(key);
    if (place >= 0) return keyPrincipal(`api-key-${place + 1}`);
    const found = await store.findKey(hashKey(key));
    if (found !== null) return { ...keyPrincipal(found.name), keyId: found.id };
    // A token that lost a part on its way is taken for a key, by its shape.
    if (key.startsWith("eyJ"))
      return refuse(
        "KEY_INVALID",
        "This is neither a service key nor a whole token; it looks like a token cut off. Send all three parts.",
      );
    return refuse("KEY_INVALID");
  };
}

const digestOf = (key: string): Uint8Array => createHash("sha256").update(key).digest();

const keyPrincipal = (name: string): Principal => ({
  kind: "key",
  id: name,
  username: name,
  admin: true,
  rooms: [],
  workspaces: [],
  expiresAt: Number.POSITIVE_INFINITY,
});

/** Tokens and keys as they are pasted; what is in a token is shown, never trusted. */
import { parseJson } from "../../core/json.ts";
import { recordOf, textOf } from "./documents.ts";

/** A proof of somebody: a user's token, or a service key of a backend. */
export interface Token {
  readonly text: string;
  readonly kind: "token" | "key";
  /** The user whom the token names; empty for keys. */
  readonly userId: string;
  /** Name and id, as far as they are in it. */
  readonly label: string;
  readonly admin: boolean;
  /** Milliseconds since 1970; null where it does not say. */
  readonly expiresAt: number | null;
}

/** Ones that never say when count as good. */
export const isExpired = (token: Token | null, nowMs: number): boolean =>
  token !== null && token.expiresAt !== null && token.expiresAt <= nowMs;

/** The server tells them apart alike: three base64url parts are a token, everything else is a key. */
const TOKEN_SHAPE = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const KEY_PREFIX = "dgk_";
const SHOWN_OF_KEY = 4;

/** Reads what was pasted, `Bearer` or not; null where nothing was. */
export function readToken(pasted: string): Token | null {
  const text = pasted.trim().replace(/^(?:authorization:\s*)?bearer\s+/i, "");
  if (text === "") return null;
  if (text.startsWith(KEY_PREFIX) || !TOKEN_SHAPE.test(text)) return keyOf(text);
  const claims = claimsOf(text);
  const userId = textOf(claims.sub) ?? textOf(claims.user_id) ?? "";
  const name = textOf(claims.username) ?? textOf(claims.preferred_username) ?? textOf(claims.name);
  return {
    text,
    kind: "token",
    userId,
    label: labelOf(name, userId),
    admin: claims.role === "admin" || claims.is_superuser === true || claims.scope === "admin",
    expiresAt: typeof claims.exp === "number" ? claims.exp * 1000 : null,
  };
}

const keyOf = (text: string): Token => ({
  text,
  kind: "key",
  userId: "",
  label: `key …${text.slice(-SHOWN_OF_KEY)}`,
  admin: true,
  expiresAt: null,
});

function labelOf(name: string | undefined, userId: string): string {
  if (userId === "") return name ?? "unreadable token";
  return name === undefined || name === userId ? userId : `${name} (${userId})`;
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const [, payload = ""] = token.split(".");
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
      character.charCodeAt(0),
    );
    return recordOf(parseJson(new TextDecoder().decode(bytes)));
  } catch {
    return {};
  }
}

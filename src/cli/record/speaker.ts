import { claimsIn } from "../lib/proof.ts";
import { USER_CLAIMS, userIn } from "../recording/mask.ts";
import type { Speaker } from "../recording/tape.ts";

/** Claims that a new token has of its own. */
const OWN_CLAIMS = new Set<string>([...USER_CLAIMS, "iat", "exp", "nbf", "jti", "iss", "aud"]);

/** Who asks, as the server would look for it; null where nobody says. */
export function speakerOf(url: URL, headers: Headers): Speaker | null {
  const bearer = /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (bearer !== undefined) return isKey(bearer) ? KEY : tokenSpeaker(bearer, "header");
  if (headers.has("x-api-key")) return KEY;
  const [scheme, token] = (headers.get("sec-websocket-protocol") ?? "").split(/, */);
  if (scheme === "bearer" && token !== undefined) return tokenSpeaker(token, "subprotocol");
  const queried = url.searchParams.get("token");
  if (queried !== null) return isKey(queried) ? KEY : tokenSpeaker(queried, "query");
  return url.searchParams.has("ticket") ? { user_id: null, by: "ticket" } : null;
}

/** The query without what proves anything. */
export const queryOf = (url: URL): Record<string, string> =>
  Object.fromEntries([...url.searchParams].filter(([name]) => name !== "token" && name !== "ticket"));

const KEY: Speaker = { user_id: null, by: "key" };

const isKey = (proof: string): boolean => proof.startsWith("dgk_");

function tokenSpeaker(token: string, by: Speaker["by"]): Speaker {
  const all = claimsIn(token) ?? {};
  const claims = Object.fromEntries(Object.entries(all).filter(([name]) => !OWN_CLAIMS.has(name)));
  const expired = typeof all["exp"] === "number" && all["exp"] * 1000 < Date.now();
  return { user_id: userIn(token), by, claims, ...(expired ? { expired: true } : {}) };
}

import { KEY_PREFIX } from "./keys.ts";

/** The little that has to be known of a request. */
export interface CredentialRequest {
  /** What stands behind the question mark. */
  readonly query: Pick<URLSearchParams, "get">;
  /** The value of a header, by any spelling of its name. */
  header(name: string): string | null | undefined;
}

/** Proofs that a request carries; nothing in them is verified. */
export interface Credentials {
  token?: string;
  key?: string;
  ticket?: string;
  /** The client offered `bearer`, so the answer to its upgrade must choose it. */
  subprotocol?: "bearer";
}

const BEARER = /^bearer (.*)$/i;
// The third part may be missing: an unsigned token is a bad token, not a key.
const TOKEN_SHAPE = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * The proofs in a request. Of several tokens the header's wins, then the subprotocol's, then the
 * address's. A Bearer value that is not three base64url parts, or starts with `dgk_`, is a key;
 * where both are given, `X-API-Key` wins.
 *
 * Source: CONTRACT, Token and Service keys; RFC 6750, section 2.1.
 */
export function credentialsOf(request: CredentialRequest): Credentials {
  const found: Credentials = {};
  const token = request.query.get("token");
  if (token) found.token = token;
  const ticket = request.query.get("ticket");
  if (ticket) found.ticket = ticket;
  readSubprotocols(request.header("sec-websocket-protocol"), found);
  const bearer = BEARER.exec(request.header("authorization") ?? "")?.[1]?.trim();
  if (bearer) {
    if (isTokenShaped(bearer)) found.token = bearer;
    else found.key = bearer;
  }
  const key = request.header("x-api-key")?.trim();
  if (key) found.key = key;
  return found;
}

/** Whether a Bearer value is a token rather than a service key. */
const isTokenShaped = (value: string): boolean => !value.startsWith(KEY_PREFIX) && TOKEN_SHAPE.test(value);

function readSubprotocols(header: string | null | undefined, found: Credentials): void {
  if (!header) return;
  const offers = header.split(",").map((offer) => offer.trim());
  const place = offers.indexOf("bearer");
  if (place === -1) return;
  found.subprotocol = "bearer";
  const token = offers[place + 1];
  if (token) found.token = token;
}

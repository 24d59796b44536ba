import { refuse, type Refusal } from "../core/errors.ts";
import { decodeJsonObject, isCanonicalBase64url } from "./base64url.ts";

/** Longer tokens are refused unread. */
export const MAX_TOKEN_BYTES = 8192;

/** A token taken apart; nothing in it is verified yet. */
export interface Envelope {
  readonly token: string;
  readonly alg: string;
  /** Names a key of the set; never an address or a file. */
  readonly kid: string | undefined;
  /** Header and payload with the dot between: what was signed. */
  readonly signingInput: string;
  readonly payload: string;
  readonly signature: string;
}

/** An issuer's tokens all have the same header: the last one read stays read. */
const fieldsOf = lastOf((header) => (isCanonicalBase64url(header) ? decodeJsonObject(header) : null));

function lastOf<T>(read: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly value: T } | undefined;
  return (text) => {
    // A copy: a part of a text keeps all of it in memory, and this one is a token's.
    if (last?.text !== text) last = { text: Buffer.from(text).toString(), value: read(text) };
    return last.value;
  };
}

/**
 * Takes a compact JWS apart, strictly: three canonical base64url parts, a JSON object as header,
 * a text as `alg`, no `crit`.
 *
 * Every way to check a signature starts here, so that none is laxer than another. `jku`, `x5u`,
 * `jwk` and `x5c` are not even looked at: keys come from the settings.
 *
 * @returns the parts, or `TOKEN_INVALID`. Source: RFC 7515, sections 4.1 and 7.1; RFC 8725.
 */
export function openEnvelope(token: string): Envelope | Refusal {
  if (token.length > MAX_TOKEN_BYTES) {
    return refuse(
      "TOKEN_INVALID",
      `The token is longer than ${MAX_TOKEN_BYTES} bytes. Put fewer claims into it.`,
    );
  }
  const parts = token.split(".");
  const [header, payload, signature] = parts;
  if (header === undefined || payload === undefined || signature === undefined || parts.length !== 3) {
    return refuse(
      "TOKEN_INVALID",
      "The token is not a JWT of three parts with dots between. Send the whole token and nothing else.",
    );
  }
  const fields = fieldsOf(header);
  if (fields === null)
    return refuse("TOKEN_INVALID", "The token's header cannot be read. Send the token unaltered.");
  // RFC 7515 4.1.11: an extension that is not understood makes the token invalid; none is here.
  if (Object.hasOwn(fields, "crit")) {
    return refuse(
      "TOKEN_INVALID",
      "The token's header has crit, and no extension is supported. Sign it without.",
    );
  }
  const alg = fields["alg"];
  if (typeof alg !== "string")
    return refuse("TOKEN_INVALID", "The token's header names no algorithm (alg). Sign it with one.");
  if (alg.toLowerCase() === "none") {
    return refuse(
      "TOKEN_INVALID",
      "The token is not signed (alg none). Sign it with the key that is configured here.",
    );
  }
  if (!isCanonicalBase64url(payload) || !isCanonicalBase64url(signature)) {
    return refuse(
      "TOKEN_INVALID",
      "The token is cut off or altered: a part is not strict base64url. Send it as it was issued.",
    );
  }
  const { kid } = fields;
  if (kid !== undefined && typeof kid !== "string")
    return refuse("TOKEN_INVALID", "The token's kid must be a text. Name the key by its id.");
  const signingInput = token.slice(0, header.length + 1 + payload.length);
  return { token, alg, kid, signingInput, payload, signature };
}

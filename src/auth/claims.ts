import { isRefusal, refuse, type Refusal } from "../core/errors.ts";
import { type Principal, SYSTEM_ID } from "../core/principal.ts";
import { displayNameOf, idOf, listOf, momentText, nameOf, shortText, spanText } from "./claim-values.ts";

/** The most rooms, and the most workspaces, that one token grants. */
const MAX_GRANTS = 1000;

/** What the claims are held against. */
export interface ClaimRules {
  readonly userIdClaim: string;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly toleranceSeconds: number;
}

type Claims = Readonly<Record<string, unknown>>;

/** A claim of the token's own: `constructor` and the like are not claims. */
const claim = (claims: Claims, name: string): unknown =>
  Object.hasOwn(claims, name) ? claims[name] : undefined;

const bad = (detail: string): Refusal => refuse("TOKEN_INVALID", detail);

/**
 * Who the claims of a token speak for. Call it only when the signature is good.
 *
 * `expiresAt` includes the tolerance, so that a socket accepted by it is not closed at once.
 *
 * @returns the user, `TOKEN_EXPIRED` or `TOKEN_INVALID`. Source: CONTRACT, Token; RFC 7519 section 4.1.
 */
export function principalOfClaims(claims: Claims, rules: ClaimRules, nowMs: number): Principal | Refusal {
  const type = claim(claims, "type");
  if (type !== undefined && type !== "access") {
    return bad(
      `The token's type is ${shortText(type)}, not "access". Send the access token, not the one for refreshing.`,
    );
  }
  const expiresAt = expiryOf(claims, rules, nowMs / 1000);
  if (typeof expiresAt !== "number") return expiresAt;
  const wrong = checkIssuer(claims, rules) ?? checkAudience(claims, rules);
  if (wrong !== null) return wrong;
  const id = userIdOf(claims, rules.userIdClaim);
  if (isRefusal(id)) return id;
  if (id === SYSTEM_ID)
    return bad(`The user id "${SYSTEM_ID}" is the server's own. Issue the token for another id.`);
  const rooms = listOf(claim(claims, "rooms"), MAX_GRANTS, nameOf);
  if (rooms === null) {
    return bad(
      `The token's rooms must be an array of at most ${MAX_GRANTS} texts of 1–128 characters, like "channel:9".`,
    );
  }
  const workspaces = listOf(claim(claims, "workspaces"), MAX_GRANTS, idOf);
  if (workspaces === null) {
    return bad(
      `The token's workspaces must be an array of at most ${MAX_GRANTS} ids, texts or whole numbers.`,
    );
  }
  return {
    kind: "user",
    id,
    username: usernameOf(claims, id),
    admin: isAdmin(claims),
    rooms,
    workspaces,
    ...listedBy(claims),
    expiresAt,
  };
}

/** Unix seconds until which the token may be used, tolerance included. */
function expiryOf(claims: Claims, rules: ClaimRules, nowSeconds: number): number | Refusal {
  const exp = claim(claims, "exp");
  if (exp === undefined) return bad("The token has no exp. Issue tokens that expire: exp is required here.");
  if (!isFiniteNumber(exp)) return bad("The token's exp must be a number of unix seconds.");
  const iat = claim(claims, "iat");
  if (iat !== undefined && !isFiniteNumber(iat))
    return bad("The token's iat must be a number of unix seconds.");
  const nbf = claim(claims, "nbf");
  if (nbf !== undefined && !isFiniteNumber(nbf))
    return bad("The token's nbf must be a number of unix seconds.");
  if (nowSeconds >= exp + rules.toleranceSeconds) {
    return refuse(
      "TOKEN_EXPIRED",
      `The token expired ${spanText(nowSeconds - exp)} ago (exp ${momentText(exp)}). Get a fresh one.`,
    );
  }
  if (nbf !== undefined && nbf > nowSeconds + rules.toleranceSeconds) {
    return bad(
      `The token is valid in ${spanText(nbf - nowSeconds)} only (nbf ${momentText(nbf)}). Wait, or set the clocks right.`,
    );
  }
  return exp + rules.toleranceSeconds;
}

/** Of what the token says which it opens; an empty list says so too. */
function listedBy(claims: Claims): Pick<Principal, "listed"> {
  if ((claim(claims, "rooms") ?? null) !== null) return { listed: "all" };
  return (claim(claims, "workspaces") ?? null) === null ? {} : { listed: "workspaces" };
}

const isFiniteNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);

function checkIssuer(claims: Claims, rules: ClaimRules): Refusal | null {
  const iss = claim(claims, "iss");
  if (rules.issuer === undefined || iss === rules.issuer) return null;
  const given = iss === undefined ? "no issuer" : `the issuer ${shortText(iss)}`;
  return bad(`The token has ${given}, and ${shortText(rules.issuer)} is expected (JWT_ISSUER).`);
}

function checkAudience(claims: Claims, rules: ClaimRules): Refusal | null {
  const aud = claim(claims, "aud");
  if (rules.audience === undefined || aud === rules.audience) return null;
  if (Array.isArray(aud) && aud.includes(rules.audience)) return null;
  const given = aud === undefined ? "no audience" : `the audience ${shortText(aud)}`;
  return bad(`The token has ${given}, and ${shortText(rules.audience)} is expected (JWT_AUDIENCE).`);
}

function userIdOf(claims: Claims, name: string): string | Refusal {
  const value = claim(claims, name);
  if (value === undefined) {
    return bad(`The token has no ${name}, which holds the user's id here. Add it, or set JWT_USER_ID_CLAIM.`);
  }
  return (
    idOf(value) ??
    bad(
      `The token's ${name} must be a text of 1–128 characters without control characters, or a number up to 9007199254740991.`,
    )
  );
}

const usernameOf = (claims: Claims, id: string): string =>
  displayNameOf(claim(claims, "username")) ??
  displayNameOf(claim(claims, "preferred_username")) ??
  displayNameOf(claim(claims, "name")) ??
  id;

function isAdmin(claims: Claims): boolean {
  if (claim(claims, "role") === "admin" || claim(claims, "is_superuser") === true) return true;
  const scope = claim(claims, "scope");
  const granted = typeof scope === "string" ? scope.split(" ") : scope;
  return [granted, claim(claims, "scopes")].some(
    (scopes) => Array.isArray(scopes) && scopes.includes("admin"),
  );
}

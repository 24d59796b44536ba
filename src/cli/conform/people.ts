import { randomBytes } from "node:crypto";
import { DEMO_USERS } from "../../app/demo.ts";
import { signHs256 } from "../../auth/sign.ts";
import { toWireId, type WireId } from "../../core/ids.ts";
import { claimsIn } from "../lib/proof.ts";
import { ANYTHING, type Expected, keep, ours, TEXT } from "./expect.ts";

/** Who acts: the two users, somebody who may act for anyone, or nobody. */
export type Who = "a" | "b" | "privileged" | "nobody";
/** Tokens that must not be accepted. */
export type Forged = "bad" | "forged" | "unsigned" | "expired" | "refreshing" | "brief";

export interface Person {
  /** As it is in addresses. */
  readonly id: string;
  /** As frames have it. */
  readonly wireId: WireId;
  /** The username in frames: known from the token, or learned where it is seen first. */
  readonly name: Expected;
}

export interface Given {
  readonly token?: string | undefined;
  readonly tokenB?: string | undefined;
  readonly key?: string | undefined;
  readonly secret?: string | undefined;
  /** The claim that has the user's id. */
  readonly claim: string;
  /** Further claims of signed tokens. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly user?: string | undefined;
  readonly userB?: string | undefined;
  /** What users are called in signed tokens, by their ids. */
  readonly usernames: Readonly<Record<string, string>>;
}

/** The demo users of `dev`. */
const DEFAULT_IDS = { a: DEMO_USERS[0].id, b: DEMO_USERS[1].id } as const;
const TTL_SECONDS = 3600;
const BRIEF_SECONDS = 2;

/** The users of a run, with tokens that were given or are signed here. */
export class People {
  readonly #given: Given;
  readonly #kept = new Map<string, string>();

  constructor(given: Given) {
    this.#given = given;
  }

  /** Null where there is no token for this user, or his id cannot be known. */
  person(who: "a" | "b"): Person | null {
    const id = this.#id(who);
    if (id === null) return null;
    return { id, wireId: toWireId(id), name: this.#name(who, id) };
  }

  /** A token that is good; null where there is none. */
  token(who: Who): string | null {
    const { token, tokenB, key, secret } = this.#given;
    if (who === "nobody") return null;
    const given = { a: token, b: tokenB, privileged: key }[who];
    if (given !== undefined) return given;
    if (secret === undefined) return null;
    const known = this.#kept.get(who) ?? this.#sign(who, secret, TTL_SECONDS);
    this.#kept.set(who, known);
    return known;
  }

  /** A token of the first user that must be refused; null where it cannot be made. */
  forged(how: Forged): string | null {
    const { secret } = this.#given;
    const nonce = randomBytes(9).toString("base64url");
    switch (how) {
      case "bad":
        return `conform-${nonce}`;
      case "forged":
        return this.#sign("a", nonce, TTL_SECONDS);
      case "unsigned": {
        const [, body = ""] = this.#sign("a", nonce, TTL_SECONDS).split(".");
        return `${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${body}.`;
      }
      case "expired":
        return secret === undefined ? null : this.#sign("a", secret, -TTL_SECONDS);
      case "refreshing":
        return secret === undefined ? null : this.#sign("a", secret, TTL_SECONDS, { type: "refresh" });
      case "brief":
        return secret === undefined ? null : this.#sign("a", secret, BRIEF_SECONDS);
    }
  }

  #id(who: "a" | "b"): string | null {
    const { token, tokenB, user, userB, claim, secret } = this.#given;
    const named = who === "a" ? user : userB;
    if (named !== undefined) return named;
    const given = who === "a" ? token : tokenB;
    if (given === undefined) return secret === undefined ? null : DEFAULT_IDS[who];
    const claims = claimsIn(given) ?? {};
    const id = [claim, "sub", "user_id", "id"].map((name) => claims[name]).find(isId);
    return id === undefined ? null : String(id);
  }

  #name(who: "a" | "b", id: string): Expected {
    const given = who === "a" ? this.#given.token : this.#given.tokenB;
    if (given === undefined) return ours(keep(`name ${who}`, TEXT), this.#given.usernames[id] ?? id);
    const { username } = claimsIn(given) ?? {};
    return typeof username === "string" ? username : keep(`name ${who}`, TEXT);
  }

  #sign(
    who: Exclude<Who, "nobody">,
    secret: string,
    ttlSeconds: number,
    more: Readonly<Record<string, unknown>> = {},
  ): string {
    const { claim, claims } = this.#given;
    const id = who === "privileged" ? "conform" : (this.#id(who) ?? DEFAULT_IDS[who]);
    const now = Math.floor(Date.now() / 1000);
    return signHs256(
      {
        username: this.#given.usernames[id] ?? id,
        // `sub` is a text (RFC 7519); other claims have ids as frames have them.
        [claim]: claim === "sub" ? id : toWireId(id),
        iat: Math.min(now, now + ttlSeconds),
        exp: now + ttlSeconds,
        ...(who === "privileged" ? { role: "admin" } : {}),
        ...claims,
        ...more,
      },
      secret,
    );
  }
}

const isId = (value: unknown): value is string | number =>
  (typeof value === "string" && value !== "") || typeof value === "number";

/** For lists of checks, where nobody is known. */
export const SOMEBODY: Person = { id: "101", wireId: 101, name: ANYTHING };

import { type Check, under } from "../check.ts";
import type { Level } from "../expect.ts";
import type { Expected } from "../expect.ts";
import type { Forged } from "../people.ts";
import { refused } from "../steps.ts";

interface Door {
  readonly path: string;
  /** Begins the names of the checks. */
  readonly name: string;
  readonly heading: string;
  /** How a bad token is told. */
  readonly refusal: Expected;
  readonly closes?: boolean;
  readonly level?: Level;
}

const TOKENS: readonly (readonly [token: Forged | "nobody", name: string, says: string])[] = [
  ["nobody", "no-token", "a socket without a token is refused"],
  ["bad", "bad-token", "a socket with a token that is none is refused"],
  ["expired", "expired-token", "a socket with an expired token is refused"],
  ["forged", "forged-token", "a token that somebody else signed is refused"],
  ["unsigned", "unsigned-token", 'a token that is not signed ("alg":"none") is refused'],
];

/** Who is not let in at a socket. `tokens` as many as needed: failed logins are limited. */
export const doorChecks = (
  { path, name, heading, refusal, closes = false, level = "documented" }: Door,
  tokens: number = TOKENS.length,
): readonly Check[] =>
  TOKENS.slice(0, tokens).map(([token, suffix, says]) =>
    under(heading, level)(`${name}/${suffix}`, says, () => [refused(path, token, refusal, { closes })], {
      needs: token === "nobody" || token === "bad" ? [] : token === "expired" ? ["secret"] : ["user"],
    }),
  );

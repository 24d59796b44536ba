/** Proofs do not go into a recording: each is replaced by what stands for it. */
import { claimsIn } from "../lib/proof.ts";

const JWT = /(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const KEY = /dgk_[\w-]+/g;
/** Fields that hold a proof, whatever it looks like. */
const SECRET_FIELDS = /"(ticket|secret|password)":"[^"]*"/g;

const KEY_MARK = "<key>";
/** Stands for a token of this user; `<token of >` for one that tells nobody. */
const tokenMark = (userId: string): string => `<token of ${userId}>`;
const MARKS = /<token of ([^<>]*)>/g;

export const USER_CLAIMS = ["sub", "user_id", "id"] as const;

/** Whose token it is, unverified; null where it tells nobody. */
export function userIn(token: string): string | null {
  const claims = claimsIn(token);
  const id = USER_CLAIMS.map((name) => claims?.[name]).find(
    (value) => typeof value === "string" || typeof value === "number",
  );
  return id === undefined ? null : String(id);
}

/** The text without its proofs. */
export const masked = (text: string): string =>
  text
    .replace(JWT, (token) => tokenMark(JSON.stringify(userIn(token) ?? "").slice(1, -1)))
    .replace(KEY, KEY_MARK)
    .replace(SECRET_FIELDS, (_, field: string) => `"${field}":"<${field}>"`);

/** The text with fresh tokens where marks stand. */
export const unmasked = (text: string, tokenOf: (userId: string) => string): string =>
  text.replace(MARKS, (_, userId: string) => tokenOf(userId));

/** Whether a value stands for a proof. */
export const isMark = (value: unknown): boolean =>
  typeof value === "string" && /^<(token of [^<>]*|key|ticket|secret|password)>$/.test(value);

/**
 * Tokens of the users that a `dragoman dev` on this machine knows. The server hands out an admin's
 * token without a code only there, and only to a page of its own.
 */
import { parseJson } from "../../core/json.ts";
import { listOf, recordOf, textOf } from "./documents.ts";
import { type Token, readToken } from "./tokens.ts";

const MAX_USERS = 6;
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

export const isLoopback = (hostname: string): boolean =>
  LOOPBACK.includes(hostname) || hostname.endsWith(".localhost");

/** The users', and last the admin's. Errors: the server's own words, where it gives none. */
export async function demoTokens(origin: string): Promise<readonly Token[]> {
  const admin = textOf((await ask(origin, "POST", "/api/v1/admin/setup", "", {})).token) ?? "";
  const users = listOf((await ask(origin, "GET", `/api/v1/admin/users?limit=${MAX_USERS}`, admin)).items)
    .map(recordOf)
    // The console's own user is nobody to speak as.
    .filter(({ id }) => id !== "admin")
    .toReversed();
  const made = await Promise.all(
    users.map(({ id: user_id, username }) =>
      ask(origin, "POST", "/api/v1/admin/tokens", admin, { user_id, username }),
    ),
  );
  const tokens = [...made.map(({ token }) => textOf(token) ?? ""), admin];
  return tokens.flatMap((text) => readToken(text) ?? []);
}

async function ask(
  origin: string,
  method: string,
  path: string,
  token: string,
  body?: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(origin + path, {
    method,
    headers: {
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = recordOf(parseJson(await response.text()));
  if (!response.ok) throw new Error(textOf(answer.detail) ?? `${path} answers ${response.status}`);
  return answer;
}

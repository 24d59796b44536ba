/** What the two old backends have in common: users by their tokens, sockets, and Python's times. */
import type { Server, ServerWebSocket } from "bun";
import { jwtVerify } from "jose";
import { SECRET } from "./runner.ts";

export interface OldUser {
  readonly id: number;
  readonly username: string;
}

export interface OldBackend extends AsyncDisposable {
  readonly url: string;
}

const NAMES: Readonly<Record<string, string>> = { "101": "alice", "102": "bob" };

/** Null for a token that is missing, bad or expired. The name is the database's, not the token's. */
export async function userOf(token: string | null): Promise<OldUser | null> {
  const verified = await jwtVerify(token ?? "", new TextEncoder().encode(SECRET), {
    algorithms: ["HS256"],
  }).catch(() => null);
  const id = verified?.payload.sub;
  return id === undefined ? null : { id: Number(id), username: NAMES[id] ?? `user${id}` };
}

/** As `datetime.utcnow().isoformat()` writes it. */
export const pythonTime = (): string => new Date().toISOString().replace("Z", "123");

export const bearer = (request: Request): string | null =>
  request.headers.get("authorization")?.replace(/^Bearer /, "") ?? null;

export type Socket<T> = ServerWebSocket<T>;

export const backend = <T>(server: Server<T>): OldBackend => ({
  url: `http://127.0.0.1:${server.port}`,
  async [Symbol.asyncDispose](): Promise<void> {
    await server.stop(true);
  },
});

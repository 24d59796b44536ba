import { and, eq, isNull, sql } from "drizzle-orm";
import { refuse } from "../../../core/errors.ts";
import type { Db } from "../database.ts";
import { apiKeys, users } from "../schema.ts";
import type { Tx } from "../append.ts";
import type { PrepareOps } from "./op.ts";

const p = sql.placeholder;

const SEEN = { username: sql`excluded.username`, lastSeenAt: sql`excluded.last_seen_at` };

/** Remembers a user, by the name that he has now. */
export function prepareSeen(
  db: Db,
): (tx: Tx, user: { readonly id: string; readonly username: string }) => void {
  const upsert = db
    .insert(users)
    .values({ id: p("id"), username: p("username"), firstSeenAt: p("at"), lastSeenAt: p("at") })
    .onConflictDoUpdate({
      target: users.id,
      set: SEEN,
    })
    .prepare();
  return (tx, { id, username }) => {
    upsert.run({ id, username, at: tx.atMs });
  };
}

/** What a user is called; the id where no name is known. */
export function prepareNameOf(db: Db): (id: string) => string {
  const byId = db
    .select({ username: users.username })
    .from(users)
    .where(eq(users.id, p("id")))
    .prepare();
  return (id) => byId.get({ id })?.username ?? id;
}

export const prepareIdentityOps: PrepareOps<"user.seen" | "key.create" | "key.revoke"> = (db) => {
  // Whoever is named twice has his later name; `where true` tells SQLite's parser ON CONFLICT from a join's ON.
  const seenTogether = db
    .insert(users)
    .select(
      sql`select value ->> 'id', value ->> 'username', at, at from (select value, coalesce(value ->> 'at_ms', ${p("at")}) as at from json_each(${p("users")})) where true`,
    )
    .onConflictDoUpdate({ target: users.id, set: SEEN })
    .prepare();
  const insert = db
    .insert(apiKeys)
    .values({ id: p("id"), name: p("name"), hash: p("hash"), createdAt: p("at") })
    .onConflictDoNothing()
    .returning({ id: apiKeys.id })
    .prepare();
  const revoke = db
    .update(apiKeys)
    .set({ revokedAt: sql`${p("at")}` })
    .where(and(eq(apiKeys.id, p("id")), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id })
    .prepare();

  return {
    "user.seen": (tx, { users }) => {
      seenTogether.run({ users: JSON.stringify(users), at: tx.atMs });
      return {};
    },

    "key.create": (tx, { id, name, hash }) =>
      insert.get({ id, name, hash, at: tx.atMs }) === undefined
        ? refuse("CONFLICT", "A key with this id or hash already exists.")
        : { created_at: tx.at },

    "key.revoke": (tx, { id }) => ({ revoked: revoke.get({ id, at: tx.atMs }) !== undefined }),
  };
};

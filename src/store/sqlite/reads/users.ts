import { and, asc, desc, eq, gt, gte, lt, not, sql } from "drizzle-orm";
import type { MembershipView, UserView } from "../../../core/admin.ts";
import { isoTime } from "../../../core/clock.ts";
import type { Page, PageArgs } from "../../../core/command.ts";
import { packCursor, unpackCursor } from "../../../core/cursor.ts";
import type { Topic } from "../../../core/topic.ts";
import type { Db } from "../database.ts";
import { members, users } from "../schema.ts";

const p = sql.placeholder;

/** Behind every text that begins with a prefix. */
const LAST_CHARACTER = "\u{10ffff}";
const MAX_MEMBERSHIPS = 1000;

type UserRow = typeof users.$inferSelect;

/** Where a page begins, by the order that it is in. */
type Place =
  | readonly ["seen", atMs: number, id: string]
  | readonly ["id", id: string]
  | readonly ["name", name: string, id: string];

/** Whoever was seen. Each order has its index; a search goes through the ids first, then the names. */
export function prepareUserReads(db: Db) {
  const list = () => db.select().from(users).$dynamic();
  const name = sql`${users.username} collate nocase`;
  const idFits = and(gte(users.id, p("q")), lt(users.id, p("end")));
  const bySeen = list()
    .where(sql`(${users.lastSeenAt}, ${users.id}) < (${p("atMs")}, ${p("id")})`)
    .orderBy(desc(users.lastSeenAt), desc(users.id))
    .limit(p("limit"))
    .prepare();
  const byId = list()
    .where(and(idFits, gt(users.id, p("id"))))
    .orderBy(asc(users.id))
    .limit(p("limit"))
    .prepare();
  const byName = list()
    .where(
      and(
        sql`${name} >= ${p("q")}`,
        sql`${name} < ${p("end")}`,
        sql`(${name}, ${users.id}) > (${p("name")}, ${p("id")})`,
        not(idFits as NonNullable<typeof idFits>),
      ),
    )
    .orderBy(asc(name), asc(users.id))
    .limit(p("limit"))
    .prepare();
  const one = db
    .select()
    .from(users)
    .where(eq(users.id, p("id")))
    .prepare();
  const membershipsOf = db
    .select({ topic: members.topic, role: members.role })
    .from(members)
    .where(eq(members.userId, p("userId")))
    .orderBy(asc(members.topic))
    .limit(MAX_MEMBERSHIPS)
    .prepare();

  function found(q: string, [order, ...from]: Place, limit: number): (readonly [UserRow, Place])[] {
    const range = { q, end: q + LAST_CHARACTER };
    const fitting =
      order === "id"
        ? byId.all({ ...range, id: from[0], limit }).map((row): [UserRow, Place] => [row, ["id", row.id]])
        : [];
    if (fitting.length === limit) return fitting;
    const [after, id] = order === "name" ? from : ["", ""];
    const named = byName.all({ ...range, name: after, id, limit: limit - fitting.length });
    return [...fitting, ...named.map((row): [UserRow, Place] => [row, ["name", row.username, row.id]])];
  }

  function seen([, atMs, id]: Place, limit: number): (readonly [UserRow, Place])[] {
    const rows = bySeen.all({ atMs, id, limit });
    return rows.map((row): [UserRow, Place] => [row, ["seen", row.lastSeenAt, row.id]]);
  }

  return {
    users({ limit, cursor, q = "" }: PageArgs & { q?: string | undefined }): Page<UserView> {
      const first: Place = q === "" ? ["seen", Number.MAX_SAFE_INTEGER, ""] : ["id", ""];
      const from = cursor === undefined ? first : placeOf(cursor);
      if (from === null || (q === "") !== (from[0] === "seen")) return { items: [], next: null };
      const rows = q === "" ? seen(from, limit + 1) : found(q, from, limit + 1);
      const next = rows.length > limit ? rows[limit - 1]?.[1] : undefined;
      return {
        items: rows.slice(0, limit).map(([row]) => viewOf(row)),
        next: next === undefined ? null : packCursor(next),
      };
    },

    user(id: string): UserView | null {
      const row = one.get({ id });
      return row === undefined ? null : viewOf(row);
    },

    memberships: (userId: string): MembershipView[] =>
      membershipsOf.all({ userId }).map(({ topic, role }) => ({ topic: topic as Topic, role })),
  };
}

const PARTS: Readonly<Record<Place[0], readonly ("number" | "string")[]>> = {
  seen: ["number", "string"],
  id: ["string"],
  name: ["string", "string"],
};

/** The place that a cursor names; null where it is none of ours. */
function placeOf(cursor: string): Place | null {
  const [order, ...from] = unpackCursor(cursor) ?? [];
  const parts = typeof order === "string" && Object.hasOwn(PARTS, order) ? PARTS[order as Place[0]] : null;
  if (parts === null || parts.length !== from.length) return null;
  return parts.every((part, i) => typeof from[i] === part) ? ([order, ...from] as unknown as Place) : null;
}

const viewOf = (row: UserRow): UserView => ({
  id: row.id,
  username: row.username,
  first_seen_at: isoTime(row.firstSeenAt),
  last_seen_at: isoTime(row.lastSeenAt),
});

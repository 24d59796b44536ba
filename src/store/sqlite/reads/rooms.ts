import { and, desc, eq, gte, inArray, lt, sql } from "drizzle-orm";
import { union } from "drizzle-orm/sqlite-core";
import type { FocusView, Page, PageArgs, RoomView } from "../../../core/command.ts";
import { type Topic, typeOf } from "../../../core/topic.ts";
import type { Db } from "../database.ts";
import type { RoomMessages } from "../room-messages.ts";
import { focusSessions, members, rooms } from "../schema.ts";
import { focusView, pageOf } from "../views.ts";

const p = sql.placeholder;

/** Topics of one type lie side by side in an index; `;` follows `:`. */
const isOf = (type: "workspace" | "focus") =>
  and(gte(members.topic, `${type}:`), lt(members.topic, `${type};`));

/** The part of a member's topic behind the type. */
const idIn = (type: "workspace" | "focus") => sql<string>`substr(${members.topic}, ${type.length + 2})`;

/** The first name behind a place among rooms and messages, but for the users' own topics (`user:` to `user;`). */
const nextName = (place: string): string =>
  `(SELECT min(topic) FROM (${["rooms", "room_messages"]
    .flatMap((table) => [
      `SELECT min(topic) AS topic FROM ${table} WHERE topic > ${place} AND topic < 'user:'`,
      `SELECT min(topic) FROM ${table} WHERE topic > max(${place}, 'user;')`,
    ])
    .join(" UNION ALL ")}))`;

/** From one name to the next, by the indexes: however many messages a room has, they are not read. */
const NAMES = `WITH RECURSIVE names(topic) AS (
    SELECT ${nextName("$after")}
    UNION ALL SELECT ${nextName("names.topic")} FROM names WHERE names.topic IS NOT NULL
    LIMIT $limit
  ) SELECT topic FROM names WHERE topic IS NOT NULL`;

/**
 * Lists of rooms and focus sessions. Those of one user are found from his memberships, which are
 * few, and then sorted; those of all lie sorted in an index.
 */
export function prepareRoomReads(db: Db, recent: RoomMessages) {
  const ownRooms = union(
    db
      .select({ key: members.topic })
      .from(members)
      .where(eq(members.userId, p("userId"))),
    db
      .select({ key: rooms.topic })
      .from(members)
      .innerJoin(rooms, eq(rooms.workspaceId, idIn("workspace")))
      .where(and(eq(members.userId, p("userId")), isOf("workspace"))),
  );
  const ownSessions = union(
    db
      .select({ key: idIn("focus") })
      .from(members)
      .where(and(eq(members.userId, p("userId")), isOf("focus"))),
    db
      .select({ key: focusSessions.id })
      .from(members)
      .innerJoin(focusSessions, eq(focusSessions.workspaceId, idIn("workspace")))
      .where(and(eq(members.userId, p("userId")), isOf("workspace"))),
  );

  const listRooms = (own?: typeof ownRooms) =>
    db
      .select()
      .from(rooms)
      .where(and(lt(rooms.serial, p("before")), own === undefined ? undefined : inArray(rooms.topic, own)))
      .orderBy(desc(rooms.serial))
      .limit(p("limit"))
      .prepare();
  const listSessions = (own?: typeof ownSessions) =>
    db
      .select()
      .from(focusSessions)
      .where(
        and(
          lt(focusSessions.serial, p("before")),
          own === undefined ? undefined : inArray(focusSessions.id, own),
        ),
      )
      .orderBy(desc(focusSessions.serial))
      .limit(p("limit"))
      .prepare();
  const allRooms = listRooms();
  const roomsOf = listRooms(ownRooms);
  const allSessions = listSessions();
  const sessionsOf = listSessions(ownSessions);
  const names = db.$client.prepare<{ topic: Topic }, [{ $after: string; $limit: number }]>(NAMES);
  const sessionById = db
    .select()
    .from(focusSessions)
    .where(eq(focusSessions.id, p("id")))
    .prepare();

  return {
    roomList: (userId: string | null, page: PageArgs): Page<RoomView> =>
      pageOf(
        page,
        (before, limit) =>
          userId === null ? allRooms.all({ before, limit }) : roomsOf.all({ before, limit, userId }),
        (row) => row.serial,
        ({ topic, workspaceId }) => ({ room: topic as Topic, workspace_id: workspaceId }),
      ),

    roomNames(after: string, limit: number): Topic[] {
      const placed = names.all({ $after: after, $limit: limit }).map(({ topic }) => topic);
      const start = Buffer.from(after);
      // As SQLite orders texts: by their bytes.
      return [...new Set([...placed, ...recent.rooms()])]
        .map((topic) => ({ topic, bytes: Buffer.from(topic) }))
        .filter(({ topic, bytes }) => typeOf(topic) !== "user" && bytes.compare(start) > 0)
        .toSorted((a, b) => a.bytes.compare(b.bytes))
        .slice(0, limit)
        .map(({ topic }) => topic);
    },

    focusView(id: string): FocusView | null {
      const row = sessionById.get({ id });
      return row === undefined ? null : focusView(row);
    },

    focusList: (userId: string | null, page: PageArgs): Page<FocusView> =>
      pageOf(
        page,
        (before, limit) =>
          userId === null ? allSessions.all({ before, limit }) : sessionsOf.all({ before, limit, userId }),
        (row) => row.serial,
        focusView,
      ),
  };
}

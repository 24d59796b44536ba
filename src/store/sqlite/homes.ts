import { and, eq, isNull, sql, type SQL } from "drizzle-orm";
import { idOf, typeOf, type Topic } from "../../core/topic.ts";
import type { Db } from "./database.ts";
import { focusSessions, rooms, tasks } from "./schema.ts";

const p = sql.placeholder;

/** The number of a new row. */
export const nextSerial = (table: typeof rooms | typeof focusSessions): SQL =>
  sql`(select coalesce(max(${table.serial}), 0) + 1 from ${table})`;

/** Where a room belongs: its workspace, null for none; undefined where it is not stored. */
type Home = string | null | undefined;

export interface Homes {
  /** Of the room itself. */
  readonly ofRoom: (topic: Topic) => Home;
  /** Of the stored, undeleted task or the focus session whose room it is. */
  readonly ofThing: (topic: Topic) => Home;
  /** The room exists from now on; where it is new it belongs where its task or session does. */
  readonly ensure: (topic: Topic) => void;
  readonly put: (topic: Topic, workspaceId: string | null) => void;
}

/** The rooms' own table. A task's or session's room, once stored, has the workspace of the task or session. */
export function prepareHomes(db: Db): Homes {
  const roomByTopic = db
    .select({ home: rooms.workspaceId })
    .from(rooms)
    .where(eq(rooms.topic, p("topic")))
    .prepare();
  const taskById = db
    .select({ home: tasks.workspaceId })
    .from(tasks)
    .where(and(eq(tasks.id, p("id")), isNull(tasks.deletedAt)))
    .prepare();
  const focusById = db
    .select({ home: focusSessions.workspaceId })
    .from(focusSessions)
    .where(eq(focusSessions.id, p("id")))
    .prepare();
  const room = { topic: p("topic"), workspaceId: p("workspaceId"), serial: nextSerial(rooms) };
  const insertRoom = db.insert(rooms).values(room).onConflictDoNothing().prepare();
  const putRoom = db
    .insert(rooms)
    .values(room)
    .onConflictDoUpdate({ target: rooms.topic, set: { workspaceId: sql`excluded.workspace_id` } })
    .prepare();

  const ofThing = (topic: Topic): Home => {
    const type = typeOf(topic);
    if (type === "task") return taskById.get({ id: idOf(topic) })?.home;
    return type === "focus" ? focusById.get({ id: idOf(topic) })?.home : undefined;
  };

  return {
    ofRoom: (topic) => roomByTopic.get({ topic })?.home,
    ofThing,
    ensure(topic) {
      insertRoom.run({ topic, workspaceId: ofThing(topic) ?? null });
    },
    put(topic, workspaceId) {
      putRoom.run({ topic, workspaceId });
    },
  };
}

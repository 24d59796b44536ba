import { and, eq, isNull, sql, type SQL } from "drizzle-orm";
import { unionAll } from "drizzle-orm/sqlite-core";
import { idOf, typeOf, type Topic } from "../../core/topic.ts";
import type { Db } from "./database.ts";
import { focusSessions, members, rooms, tasks } from "./schema.ts";

const p = sql.placeholder;

export interface Memberships {
  readonly role: (userId: string, topic: Topic) => string | null;
  /** The membership of the workspace that the topic belongs to, where it opens the topic; else null. */
  readonly through: (userId: string, topic: Topic) => Topic | null;
}

/**
 * A topic belongs to the workspace of its room; a task and a focus session also to the one
 * that they are stored with.
 */
export function prepareMemberships(db: Db): Memberships {
  const direct = db
    .select({ role: members.role })
    .from(members)
    .where(and(eq(members.topic, p("topic")), eq(members.userId, p("userId"))))
    .prepare();

  const membership = (
    workspaceId: typeof rooms.workspaceId | typeof tasks.workspaceId | typeof focusSessions.workspaceId,
  ): SQL | undefined =>
    and(eq(members.topic, sql`'workspace:' || ${workspaceId}`), eq(members.userId, p("userId")));
  const column = { topic: members.topic };
  const byRoom = () =>
    db
      .select(column)
      .from(rooms)
      .innerJoin(members, membership(rooms.workspaceId))
      .where(eq(rooms.topic, p("topic")));
  const byTask = db
    .select(column)
    .from(tasks)
    .innerJoin(members, membership(tasks.workspaceId))
    .where(and(eq(tasks.id, p("id")), isNull(tasks.deletedAt)));
  const byFocus = db
    .select(column)
    .from(focusSessions)
    .innerJoin(members, membership(focusSessions.workspaceId))
    .where(eq(focusSessions.id, p("id")));

  const ofRoom = byRoom().prepare();
  const ofTask = unionAll(byTask, byRoom()).prepare();
  const ofFocus = unionAll(byFocus, byRoom()).prepare();

  return {
    role: (userId, topic) => direct.get({ userId, topic })?.role ?? null,
    through(userId, topic) {
      const type = typeOf(topic);
      if (type === "workspace" || type === "user" || type === "everyone") return null;
      const of = type === "task" ? ofTask : type === "focus" ? ofFocus : ofRoom;
      return (of.get({ userId, topic, id: idOf(topic) })?.topic ?? null) as Topic | null;
    },
  };
}

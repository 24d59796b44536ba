import { and, eq, sql } from "drizzle-orm";
import { refuse } from "../../../core/errors.ts";
import { idOf, typeOf, type Topic } from "../../../core/topic.ts";
import { prepareMemberships } from "../memberships.ts";
import { members, rooms, workspaces } from "../schema.ts";
import type { PrepareOps } from "./op.ts";

const p = sql.placeholder;

export const prepareMemberOps: PrepareOps<"member.put" | "member.remove" | "room.put"> = (db, append) => {
  const memberships = prepareMemberships(db);
  const workspaceById = db
    .select({ ownerId: workspaces.ownerId })
    .from(workspaces)
    .where(eq(workspaces.id, p("id")))
    .prepare();
  const putMember = db
    .insert(members)
    .values({
      topic: p("topic"),
      userId: p("userId"),
      role: p("role"),
      addedAt: p("at"),
      addedEventId: p("eventId"),
    })
    .onConflictDoUpdate({ target: [members.topic, members.userId], set: { role: sql`excluded.role` } })
    .prepare();
  const removeMember = db
    .delete(members)
    .where(and(eq(members.topic, p("topic")), eq(members.userId, p("userId"))))
    .prepare();
  const ensureRoom = db
    .insert(rooms)
    .values({ topic: p("topic") })
    .onConflictDoNothing()
    .prepare();
  const putRoom = db
    .insert(rooms)
    .values({ topic: p("topic"), workspaceId: p("workspaceId") })
    .onConflictDoUpdate({ target: rooms.topic, set: { workspaceId: sql`excluded.workspace_id` } })
    .prepare();

  const workspaceOf = (topic: Topic) =>
    typeOf(topic) === "workspace" ? workspaceById.get({ id: idOf(topic) }) : undefined;

  return {
    "member.put": (tx, { topic, user_id, role, actor }) => {
      if (typeOf(topic) !== "workspace") ensureRoom.run({ topic });
      else if (workspaceOf(topic) === undefined) return refuse("NOT_FOUND", "Workspace not found");
      const held = memberships.role(user_id, topic);
      // An owner stays one, whatever role his membership is put with.
      if (held !== role && held !== "owner") {
        putMember.run({ topic, userId: user_id, role, at: tx.atMs, eventId: tx.nextId });
        const data = { topic, user_id, role };
        append.event(tx, { kind: "member.added", topics: [topic], recipients: [user_id], actor, data });
      }
      return {};
    },

    "member.remove": (tx, { topic, user_id, actor }) => {
      if (memberships.role(user_id, topic) === null) return refuse("NOT_FOUND", "Not a member");
      if (workspaceOf(topic)?.ownerId === user_id) return refuse("CONFLICT", "The owner cannot be removed.");
      removeMember.run({ topic, userId: user_id });
      const data = { topic, user_id, covered_by: memberships.through(user_id, topic) };
      append.event(tx, { kind: "member.removed", topics: [topic], recipients: [user_id], actor, data });
      return {};
    },

    "room.put": (_tx, { topic, workspace_id }) => {
      if (workspace_id !== null && workspaceById.get({ id: workspace_id }) === undefined)
        return refuse("NOT_FOUND", "Workspace not found");
      putRoom.run({ topic, workspaceId: workspace_id });
      return { room: topic, workspace_id };
    },
  };
};

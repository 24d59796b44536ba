import { and, eq, sql } from "drizzle-orm";
import { refuse } from "../../../core/errors.ts";
import { idOf, typeOf, type Topic } from "../../../core/topic.ts";
import { prepareHomes } from "../homes.ts";
import { prepareMemberships } from "../memberships.ts";
import { members, workspaces } from "../schema.ts";
import type { PrepareOps } from "./op.ts";
import { prepareSessions } from "./sessions.ts";

const p = sql.placeholder;

export const prepareMemberOps: PrepareOps<"member.put" | "member.remove" | "room.put"> = (db, append) => {
  const memberships = prepareMemberships(db);
  const homes = prepareHomes(db);
  const sessions = prepareSessions(db);
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
  const workspaceOf = (topic: Topic) =>
    typeOf(topic) === "workspace" ? workspaceById.get({ id: idOf(topic) }) : undefined;

  return {
    "member.put": (tx, { topic, user_id, role, actor }) => {
      if (typeOf(topic) === "workspace") {
        if (workspaceOf(topic) === undefined) return refuse("NOT_FOUND", "Workspace not found");
      } else {
        homes.ensure(topic);
        // A session is made by its first participant, as a room is.
        if (typeOf(topic) === "focus") sessions.ensure(tx, idOf(topic));
      }
      const held = memberships.role(user_id, topic);
      // An owner stays one, whatever role his membership is put with.
      if (held !== role && held !== "owner") {
        putMember.run({ topic, userId: user_id, role, at: tx.atMs, eventId: tx.nextId });
        // Who only has another role is no newcomer.
        const data = { topic, user_id, role, ...(held === null ? sessions.joined(topic, user_id) : {}) };
        append.event(tx, { kind: "member.added", topics: [topic], recipients: [user_id], actor, data });
      }
      return {};
    },

    "member.remove": (tx, { topic, user_id, actor }) => {
      if (memberships.role(user_id, topic) === null) return refuse("NOT_FOUND", "Not a member");
      if (workspaceOf(topic)?.ownerId === user_id) return refuse("CONFLICT", "The owner cannot be removed.");
      removeMember.run({ topic, userId: user_id });
      const covered_by = memberships.through(user_id, topic);
      const data = { topic, user_id, covered_by, ...sessions.joined(topic, user_id) };
      append.event(tx, { kind: "member.removed", topics: [topic], recipients: [user_id], actor, data });
      return {};
    },

    "room.put": (tx, { topic, workspace_id }) => {
      if (workspace_id !== null && workspaceById.get({ id: workspace_id }) === undefined)
        return refuse("NOT_FOUND", "Workspace not found");
      const thing = homes.ofThing(topic);
      if (typeOf(topic) === "task" && thing !== undefined && thing !== workspace_id)
        return refuse("CONFLICT", "The room of a stored task stays in the task's workspace.");
      const old = homes.ofRoom(topic) ?? thing ?? null;
      homes.put(topic, workspace_id);
      if (typeOf(topic) === "focus") sessions.move(idOf(topic), workspace_id);
      if (old !== null && old !== workspace_id) {
        append.event(tx, {
          kind: "room.moved",
          topics: [topic],
          recipients: null,
          actor: null,
          data: { topic, workspace_id, old_workspace_id: old },
        });
      }
      return { room: topic, workspace_id };
    },
  };
};

import { eq, sql } from "drizzle-orm";
import { refuse } from "../../../core/errors.ts";
import { focusTopic } from "../../../core/topic.ts";
import { nextSerial, prepareHomes } from "../homes.ts";
import { focusSessions, members, workspaces } from "../schema.ts";
import { focusView } from "../views.ts";
import { freeId } from "./free-id.ts";
import { prepareSeen } from "./identities.ts";
import type { PrepareOps } from "./op.ts";
import { homeOfRoom, prepareSessionById } from "./sessions.ts";

const p = sql.placeholder;

/** What a change is called where the client did not name it. */
const STATUS_CHANGE = "status_change";

export const prepareFocusOps: PrepareOps<"focus.update" | "focus.create" | "focus.patch"> = (db, append) => {
  const seen = prepareSeen(db);
  const homes = prepareHomes(db);
  const byId = prepareSessionById(db);
  const workspaceById = db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(eq(workspaces.id, p("id")))
    .prepare();
  // `hasTask` tells "no task" from "as it was"; a status is never null.
  const upsert = db
    .insert(focusSessions)
    .values({
      id: p("id"),
      workspaceId: homeOfRoom(),
      status: sql`coalesce(${p("status")}, 'active')`,
      currentTaskId: p("task"),
      createdAt: p("at"),
      updatedAt: p("at"),
      serial: nextSerial(focusSessions),
    })
    .onConflictDoUpdate({
      target: focusSessions.id,
      set: {
        status: sql`coalesce(${p("status")}, ${focusSessions.status})`,
        currentTaskId: sql`iif(${p("hasTask")}, ${p("task")}, ${focusSessions.currentTaskId})`,
        updatedAt: sql`excluded.updated_at`,
      },
    })
    .returning({ status: focusSessions.status, current_task_id: focusSessions.currentTaskId })
    .prepare();
  const insert = db
    .insert(focusSessions)
    .values({
      id: p("id"),
      title: p("title"),
      workspaceId: p("workspaceId"),
      status: p("status"),
      currentTaskId: p("currentTaskId"),
      createdAt: p("createdAt"),
      updatedAt: p("updatedAt"),
      serial: nextSerial(focusSessions),
    })
    .prepare();
  const insertOwner = db
    .insert(members)
    .values({
      topic: p("topic"),
      userId: p("userId"),
      role: "owner",
      addedAt: p("at"),
      addedEventId: p("eventId"),
    })
    .onConflictDoUpdate({ target: [members.topic, members.userId], set: { role: sql`excluded.role` } })
    .prepare();
  const update = db
    .update(focusSessions)
    .set({
      title: sql`${p("title")}`,
      status: sql`${p("status")}`,
      currentTaskId: sql`${p("currentTaskId")}`,
      updatedAt: sql`${p("updatedAt")}`,
    })
    .where(eq(focusSessions.id, p("id")))
    .prepare();

  /** Also where its room is another's already: nobody becomes the owner of that by its name. */
  function isTaken(id: string, workspaceId: string | null): boolean {
    const home = homes.ofRoom(focusTopic(id));
    return byId.get({ id }) !== undefined || (home !== undefined && (home === null || home !== workspaceId));
  }

  return {
    "focus.update": (tx, { session_id, user, action, status, current_task_id, data }) => {
      const stored = upsert.get({
        id: session_id,
        status: status ?? null,
        task: current_task_id ?? null,
        hasTask: current_task_id === undefined ? 0 : 1,
        at: tx.atMs,
      });
      const state = { session_id, ...stored };
      append.event(tx, {
        kind: "focus.updated",
        topics: [focusTopic(session_id)],
        recipients: null,
        actor: user,
        data: { ...state, user, action, data },
      });
      return state;
    },

    /** Being told of as a participant is for those who come; the creator hears only that he is a member. */
    "focus.create": (tx, { id: wanted, title, workspace_id, actor }) => {
      if (workspace_id !== null && workspaceById.get({ id: workspace_id }) === undefined)
        return refuse("NOT_FOUND", "Workspace not found");
      if (wanted !== null && isTaken(wanted, workspace_id))
        return refuse("CONFLICT", "A focus session with this id already exists.");
      const id = wanted ?? freeId(tx.nextId, (free) => isTaken(free, workspace_id));
      const topic = focusTopic(id);
      const session = {
        id,
        title,
        workspaceId: workspace_id,
        status: "active",
        currentTaskId: null,
        createdAt: tx.atMs,
        updatedAt: tx.atMs,
      };
      insert.run(session);
      homes.put(topic, workspace_id);
      if (actor !== null) {
        seen(tx, actor);
        insertOwner.run({ topic, userId: actor.id, at: tx.atMs, eventId: tx.nextId });
        const data = { topic, user_id: actor.id, role: "owner" };
        append.event(tx, { kind: "member.added", topics: [topic], recipients: [actor.id], actor, data });
      }
      return focusView(session);
    },

    /** Told where the participants can see it: a new title has no place in their frames. */
    "focus.patch": (tx, { id, user, title, status, current_task_id }) => {
      const old = byId.get({ id });
      if (old === undefined) return refuse("NOT_FOUND", "Focus session not found");
      const next = {
        title: title === undefined ? old.title : title,
        status: status ?? old.status,
        currentTaskId: current_task_id === undefined ? old.currentTaskId : current_task_id,
      };
      const seenChange = next.status !== old.status || next.currentTaskId !== old.currentTaskId;
      if (!seenChange && next.title === old.title) return focusView(old);
      const session = { ...old, ...next, updatedAt: tx.atMs };
      update.run({ id, ...next, updatedAt: tx.atMs });
      if (seenChange) {
        const state = { session_id: id, status: next.status, current_task_id: next.currentTaskId };
        append.event(tx, {
          kind: "focus.updated",
          topics: [focusTopic(id)],
          recipients: null,
          actor: user,
          data: { ...state, user, action: STATUS_CHANGE, data: undefined },
        });
      }
      return focusView(session);
    },
  };
};

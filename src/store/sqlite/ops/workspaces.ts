import { eq, sql } from "drizzle-orm";
import { refuse } from "../../../core/errors.ts";
import { workspaceTopic } from "../../../core/topic.ts";
import { members, workspaces } from "../schema.ts";
import { workspaceView } from "../views.ts";
import { freeId } from "./free-id.ts";
import { prepareSeen } from "./identities.ts";
import type { PrepareOps } from "./op.ts";

const p = sql.placeholder;

export const prepareWorkspaceOps: PrepareOps<
  "workspace.create" | "workspace.update" | "workspace.archive"
> = (db, append) => {
  const seen = prepareSeen(db);
  const byId = db
    .select()
    .from(workspaces)
    .where(eq(workspaces.id, p("id")))
    .prepare();
  const insert = db
    .insert(workspaces)
    .values({
      id: p("id"),
      name: p("name"),
      ownerId: p("ownerId"),
      createdAt: p("at"),
      createdEventId: p("eventId"),
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
    .prepare();
  const rename = db
    .update(workspaces)
    .set({ name: sql`${p("name")}` })
    .where(eq(workspaces.id, p("id")))
    .prepare();
  const archive = db
    .update(workspaces)
    .set({ archivedAt: sql`${p("at")}` })
    .where(eq(workspaces.id, p("id")))
    .prepare();

  const isTaken = (id: string): boolean => byId.get({ id }) !== undefined;

  return {
    "workspace.create": (tx, { id: wanted, name, owner }) => {
      if (wanted !== null && isTaken(wanted))
        return refuse("CONFLICT", "A workspace with this id already exists.");
      const id = wanted ?? freeId(tx.nextId, isTaken);
      const topic = workspaceTopic(id);
      const created = { id, name, ownerId: owner?.id ?? null };
      insert.run({ ...created, at: tx.atMs, eventId: tx.nextId });
      append.event(tx, {
        kind: "workspace.created",
        topics: [topic],
        recipients: null,
        actor: owner,
        data: { workspace_id: id, name },
      });
      if (owner !== null) {
        seen(tx, owner);
        insertOwner.run({ topic, userId: owner.id, at: tx.atMs, eventId: tx.nextId });
        const data = { topic, user_id: owner.id, role: "owner" };
        append.event(tx, {
          kind: "member.added",
          topics: [topic],
          recipients: [owner.id],
          actor: owner,
          data,
        });
      }
      return workspaceView({ ...created, archivedAt: null, createdAt: tx.atMs });
    },

    "workspace.update": (tx, { id, name, actor }) => {
      const workspace = byId.get({ id });
      if (workspace === undefined) return refuse("NOT_FOUND", "Workspace not found");
      if (workspace.name !== name) {
        rename.run({ id, name });
        const data = { workspace_id: id, name, changes: { name: { old: workspace.name, new: name } } };
        append.event(tx, {
          kind: "workspace.updated",
          topics: [workspaceTopic(id)],
          recipients: null,
          actor,
          data,
        });
      }
      return workspaceView({ ...workspace, name });
    },

    "workspace.archive": (tx, { id, actor }) => {
      const workspace = byId.get({ id });
      if (workspace === undefined) return refuse("NOT_FOUND", "Workspace not found");
      if (workspace.archivedAt === null) {
        archive.run({ id, at: tx.atMs });
        const data = { workspace_id: id, name: workspace.name };
        append.event(tx, {
          kind: "workspace.archived",
          topics: [workspaceTopic(id)],
          recipients: null,
          actor,
          data,
        });
      }
      return workspaceView({ ...workspace, archivedAt: workspace.archivedAt ?? tx.atMs });
    },
  };
};

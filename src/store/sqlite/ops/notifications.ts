import { eq, sql } from "drizzle-orm";
import { refuse } from "../../../core/errors.ts";
import { workspaceTopic } from "../../../core/topic.ts";
import { members, workspaces } from "../schema.ts";
import type { PrepareOps } from "./op.ts";

export const prepareNotificationOps: PrepareOps<
  "notification.add" | "announcement.add" | "workspace.tell"
> = (db, append) => {
  const workspaceById = db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(eq(workspaces.id, sql.placeholder("id")))
    .prepare();
  const membersOf = db
    .select({ userId: members.userId })
    .from(members)
    .where(eq(members.topic, sql.placeholder("topic")))
    .prepare();

  return {
    "notification.add": (tx, args) => ({ notification_id: append.notification(tx, args) }),

    "announcement.add": (tx, args) => ({ notification_id: append.announcement(tx, args) }),

    "workspace.tell": (tx, { workspace_id, exclude, actor, data, mustExist }) => {
      if (mustExist && workspaceById.get({ id: workspace_id }) === undefined)
        return refuse("NOT_FOUND", "Workspace not found");
      const without = new Set(exclude);
      const recipients = membersOf
        .all({ topic: workspaceTopic(workspace_id) })
        .map((member) => member.userId)
        .filter((userId) => !without.has(userId));
      if (recipients.length > 0) append.notification(tx, { recipients, actor, data });
      return { recipient_count: recipients.length };
    },
  };
};

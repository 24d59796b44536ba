import { eq, sql } from "drizzle-orm";
import { refuse, type Refusal } from "../../../core/errors.ts";
import type { NotificationData } from "../../../core/event.ts";
import { workspaceTopic } from "../../../core/topic.ts";
import type { Tx } from "../append.ts";
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
    "notification.add": (tx, args) =>
      refuseExpired(tx, args.data) ?? { notification_id: append.notification(tx, args) },

    "announcement.add": (tx, { unheard, ...args }) => {
      if (unheard === true) return refuse("NOT_FOUND", "Nobody is connected.");
      return refuseExpired(tx, args.data) ?? { notification_id: append.announcement(tx, args) };
    },

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

/** Asked here and not before: an idempotent repetition may well come after the expiry. */
function refuseExpired(tx: Tx, { expires_at }: NotificationData): Refusal | null {
  if (expires_at === undefined || expires_at === null || Date.parse(expires_at) > tx.atMs) return null;
  const message = "must be in the future";
  return refuse("BAD_FIELDS", `Invalid expires_at: ${message}`, {
    errors: [{ path: "expires_at", message }],
  });
}

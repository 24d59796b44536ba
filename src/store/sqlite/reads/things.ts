import { and, eq, isNull, sql } from "drizzle-orm";
import type { FocusState } from "../../../core/event.ts";
import type { Topic } from "../../../core/topic.ts";
import type { StoredMessage, StoredTask } from "../../store.ts";
import type { Db } from "../database.ts";
import { prepareMessageById } from "../messages.ts";
import { remember } from "../remembered.ts";
import { focusSessions, rooms, tasks } from "../schema.ts";
import { isoOrNull } from "../views.ts";

const p = sql.placeholder;

/** Single rooms, messages, tasks and focus sessions. */
export function prepareThingReads(db: Db) {
  const roomByTopic = db
    .select({ workspace_id: rooms.workspaceId })
    .from(rooms)
    .where(eq(rooms.topic, p("topic")))
    .prepare();
  const messageById = prepareMessageById(db);
  const taskById = db
    .select({ id: tasks.id, workspace_id: tasks.workspaceId })
    .from(tasks)
    .where(and(eq(tasks.id, p("id")), isNull(tasks.deletedAt)))
    .prepare();
  const focusById = db
    .select({
      session_id: focusSessions.id,
      status: focusSessions.status,
      current_task_id: focusSessions.currentTaskId,
    })
    .from(focusSessions)
    .where(eq(focusSessions.id, p("id")))
    .prepare();

  const focus = remember<FocusState | null>((id) => focusById.get({ id }) ?? null);

  return {
    room: (topic: Topic): { workspace_id: string | null } | null => roomByTopic.get({ topic }) ?? null,

    message(id: number): StoredMessage | null {
      const row = messageById.get({ id });
      if (row === undefined) return null;
      const { deletedAt, topic, userId } = row;
      return { id, topic: topic as Topic, user_id: userId as string, deleted_at: isoOrNull(deletedAt) };
    },

    task: (id: string): StoredTask | null => taskById.get({ id }) ?? null,

    /** Asked for with every frame that a session relays. */
    focus: (id: string): FocusState | null => focus.get(id),

    forget: (): void => focus.forget(),
  };
}

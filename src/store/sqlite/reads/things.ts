import { and, eq, isNull, sql } from "drizzle-orm";
import type { FocusState } from "../../../core/event.ts";
import type { Topic } from "../../../core/topic.ts";
import type { StoredMessage, StoredTask } from "../../store.ts";
import type { Db } from "../database.ts";
import { remember } from "../remembered.ts";
import { focusSessions, messages, rooms, tasks } from "../schema.ts";
import { isoOrNull } from "../views.ts";

const p = sql.placeholder;

/** Single rooms, messages, tasks and focus sessions. */
export function prepareThingReads(db: Db) {
  const roomByTopic = db
    .select({ workspace_id: rooms.workspaceId })
    .from(rooms)
    .where(eq(rooms.topic, p("topic")))
    .prepare();
  const messageById = db
    .select({
      id: messages.id,
      topic: messages.topic,
      user_id: messages.userId,
      deletedAt: messages.deletedAt,
    })
    .from(messages)
    .where(eq(messages.id, p("id")))
    .prepare();
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
      const { deletedAt, topic, user_id } = row;
      return { id, topic: topic as Topic, user_id, deleted_at: isoOrNull(deletedAt) };
    },

    task: (id: string): StoredTask | null => taskById.get({ id }) ?? null,

    /** Asked for with every frame that a session relays. */
    focus: (id: string): FocusState | null => focus.get(id),

    forget: (): void => focus.forget(),
  };
}

import type { NotificationData, TaskAction, TaskEventData } from "../../../core/event.ts";
import type { Actor } from "../../../core/principal.ts";
import type { Topic } from "../../../core/topic.ts";
import type { Append, Tx } from "../append.ts";

export interface TaskChange {
  readonly topics: readonly Topic[];
  readonly actor: Actor | null;
  readonly recipients: readonly string[];
  readonly data: Omit<TaskEventData, "notification_id">;
}

/**
 * Tells a change of a task: one event and, if it notifies anybody, one notification to all of
 * them. Answers how many.
 */
export function tellTask(tx: Tx, append: Append, { topics, actor, data, ...told }: TaskChange): number {
  const recipients = [...new Set(told.recipients)];
  const notification_id = recipients.length > 0 ? tx.nextId + 1 : tx.nextId;
  append.event(tx, {
    kind: `task.${data.action}`,
    topics,
    recipients: null,
    actor,
    data: { ...data, notification_id },
  });
  if (recipients.length > 0) {
    const { task_id, title, action, task } = data;
    const notice = taskNotification(task_id, title, action, task.workspace_id);
    append.notification(tx, { recipients, actor, data: notice });
  }
  return recipients.length;
}

/** What the people concerned are told of a change of a task. */
const taskNotification = (
  task_id: string,
  title: string,
  action: TaskAction,
  workspace_id: string | null,
): NotificationData => ({
  title: `Task ${action.charAt(0).toUpperCase()}${action.slice(1)}`,
  content: `Task '${title}' was ${action}.`,
  level: null,
  notification_type: "task",
  related_entity_type: "task",
  related_entity_id: task_id,
  data: {},
  link: null,
  priority: null,
  room: null,
  task: { task_id, action, workspace_id },
});

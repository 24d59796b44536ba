import type { NoticeArgs } from "../../core/command.ts";
import type { NotificationData } from "../../core/event.ts";

/** A notification as it is kept: what is left out has the documented default or is null. */
export const noticeData = (notice: NoticeArgs, more: Partial<NotificationData> = {}): NotificationData => ({
  title: notice.title ?? "Notification",
  content: notice.message,
  level: notice.level ?? null,
  notification_type: "system",
  related_entity_type: null,
  related_entity_id: null,
  data: notice.data ?? {},
  link: notice.link ?? null,
  priority: notice.priority ?? null,
  room: null,
  task: null,
  ...(notice.expires_at === undefined ? {} : { expires_at: notice.expires_at }),
  ...more,
});

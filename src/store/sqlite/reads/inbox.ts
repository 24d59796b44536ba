import { and, asc, desc, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import { isoTime, type Clock } from "../../../core/clock.ts";
import type { InboxItem, Page } from "../../../core/command.ts";
import type { NotificationData } from "../../../core/event.ts";
import type { Db } from "../database.ts";
import { inInbox, prepareUnread } from "../inbox.ts";
import { events, recipients } from "../schema.ts";
import { historyOf } from "../views.ts";

const p = sql.placeholder;

export function prepareInboxReads(db: Db, clock: Clock) {
  const unread = prepareUnread(db);
  const rows = () =>
    db
      .select({
        id: events.id,
        data: events.data,
        actorId: events.actorId,
        at: events.at,
        readAt: recipients.readAt,
      })
      .from(recipients)
      .innerJoin(events, eq(events.id, recipients.eventId));
  const wanted = () => and(inInbox(), or(sql`not ${p("unread")}`, isNull(recipients.readAt)));
  const newest = rows()
    .where(and(wanted(), lt(recipients.eventId, p("before"))))
    .orderBy(desc(recipients.eventId))
    .limit(p("limit"))
    .prepare();
  const oldest = rows()
    .where(and(wanted(), gt(recipients.eventId, p("after"))))
    .orderBy(asc(recipients.eventId))
    .limit(p("limit"))
    .prepare();

  return {
    inbox(
      userId: string,
      page: { unread: boolean; limit: number; cursor?: string | undefined; after?: number | undefined },
    ): Page<InboxItem> {
      const common = { user: userId, now: clock.now(), unread: page.unread ? 1 : 0 };
      const read = {
        before: (before: number, limit: number) => newest.all({ ...common, before, limit }),
        after: (after: number, limit: number) => oldest.all({ ...common, after, limit }),
      };
      return historyOf(page, read, (row) => row.id, itemOf);
    },

    unread: (userId: string): number => unread(userId, clock.now()),
  };
}

interface InboxRow {
  readonly id: number;
  readonly data: string;
  readonly actorId: string | null;
  readonly at: number;
  readonly readAt: number | null;
}

function itemOf({ id, data, actorId, at, readAt }: InboxRow): InboxItem {
  const told = JSON.parse(data) as NotificationData;
  return {
    id,
    title: told.title,
    content: told.content,
    notification_type: told.notification_type,
    level: told.level,
    related_entity_type: told.related_entity_type,
    related_entity_id: told.related_entity_id,
    data: told.data,
    link: told.link,
    priority: told.priority,
    task: told.task === null ? null : { ...told.task, actor_id: actorId },
    read: readAt !== null,
    created_at: isoTime(at),
  };
}

import { and, asc, desc, eq, getTableColumns, gt, lt, sql } from "drizzle-orm";
import { isoTime } from "../../../core/clock.ts";
import type { MessageView, Page, PageArgs } from "../../../core/command.ts";
import type { MessageData } from "../../../core/event.ts";
import type { Topic } from "../../../core/topic.ts";
import type { Db } from "../database.ts";
import { IS_MESSAGE } from "../messages.ts";
import { events, messageChanges } from "../schema.ts";
import { historyOf, isoOrNull } from "../views.ts";

const p = sql.placeholder;

/** What was said in a room. A deleted message keeps its place. */
export function prepareMessageReads(db: Db) {
  const { id, topic, data, at } = getTableColumns(events);
  const { content, editedAt, deletedAt } = getTableColumns(messageChanges);
  const inRoom = () =>
    db
      .select({ id, topic, data, at, content, editedAt, deletedAt })
      .from(events)
      .leftJoin(messageChanges, eq(messageChanges.id, id))
      .$dynamic();
  const of = and(eq(topic, p("topic")), IS_MESSAGE);
  const newest = inRoom()
    .where(and(of, lt(id, p("before"))))
    .orderBy(desc(id))
    .limit(p("limit"))
    .prepare();
  const oldest = inRoom()
    .where(and(of, gt(id, p("after"))))
    .orderBy(asc(id))
    .limit(p("limit"))
    .prepare();

  return {
    messages: (room: Topic, page: PageArgs & { after?: number | undefined }): Page<MessageView> =>
      historyOf(
        page,
        {
          before: (before, limit) => newest.all({ topic: room, before, limit }),
          after: (after, limit) => oldest.all({ topic: room, after, limit }),
        },
        (row) => row.id,
        messageView,
      ),
  };
}

type Row = Pick<typeof events.$inferSelect, "id" | "topic" | "data" | "at"> &
  Pick<typeof messageChanges.$inferSelect, "content" | "editedAt" | "deletedAt">;

function messageView(row: Row): MessageView {
  const { content, user_id, username, metadata } = JSON.parse(row.data) as MessageData;
  return {
    id: row.id,
    room: row.topic as Topic,
    user_id,
    username,
    content: row.deletedAt === null ? (row.content ?? content) : null,
    metadata,
    created_at: isoTime(row.at),
    edited_at: isoOrNull(row.editedAt),
    deleted_at: isoOrNull(row.deletedAt),
  };
}

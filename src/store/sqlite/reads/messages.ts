import { and, asc, desc, eq, gt, lt, sql } from "drizzle-orm";
import { isoTime } from "../../../core/clock.ts";
import type { MessageView, Page, PageArgs } from "../../../core/command.ts";
import type { JsonObject } from "../../../core/event.ts";
import type { Topic } from "../../../core/topic.ts";
import type { Db } from "../database.ts";
import { messages } from "../schema.ts";
import { historyOf, isoOrNull } from "../views.ts";

const p = sql.placeholder;

/** What was said in a room. A deleted message keeps its place. */
export function prepareMessageReads(db: Db) {
  const newest = db
    .select()
    .from(messages)
    .where(and(eq(messages.topic, p("topic")), lt(messages.id, p("before"))))
    .orderBy(desc(messages.id))
    .limit(p("limit"))
    .prepare();
  const oldest = db
    .select()
    .from(messages)
    .where(and(eq(messages.topic, p("topic")), gt(messages.id, p("after"))))
    .orderBy(asc(messages.id))
    .limit(p("limit"))
    .prepare();

  return {
    messages: (topic: Topic, page: PageArgs & { after?: number | undefined }): Page<MessageView> =>
      historyOf(
        page,
        {
          before: (before, limit) => newest.all({ topic, before, limit }),
          after: (after, limit) => oldest.all({ topic, after, limit }),
        },
        (row) => row.id,
        messageView,
      ),
  };
}

const messageView = (row: typeof messages.$inferSelect): MessageView => ({
  id: row.id,
  room: row.topic as Topic,
  user_id: row.userId,
  username: row.username,
  content: row.content,
  metadata: JSON.parse(row.metadata) as JsonObject,
  created_at: isoTime(row.createdAt),
  edited_at: isoOrNull(row.editedAt),
  deleted_at: isoOrNull(row.deletedAt),
});

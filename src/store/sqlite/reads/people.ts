import { and, asc, desc, eq, gte, lt, sql } from "drizzle-orm";
import type { KeyView } from "../../../core/admin.ts";
import type { MemberView, Page, PageArgs, WorkspaceView } from "../../../core/command.ts";
import { isoTime } from "../../../core/clock.ts";
import type { Topic } from "../../../core/topic.ts";
import type { Db } from "../database.ts";
import { prepareMemberships } from "../memberships.ts";
import { apiKeys, members, users, workspaces } from "../schema.ts";
import { isoOrNull, memberView, pageOf, workspaceView } from "../views.ts";

const p = sql.placeholder;

/** Workspaces, members and keys: who may what. */
export function preparePeopleReads(db: Db) {
  const { role, through } = prepareMemberships(db);

  const byId = db
    .select()
    .from(workspaces)
    .where(eq(workspaces.id, p("id")))
    .prepare();
  const allWorkspaces = db
    .select()
    .from(workspaces)
    .where(lt(workspaces.createdEventId, p("before")))
    .orderBy(desc(workspaces.createdEventId))
    .limit(p("limit"))
    .prepare();
  const isWorkspaceTopic = and(gte(members.topic, "workspace:"), lt(members.topic, "workspace;"));
  const ownWorkspaces = db
    .select({ workspace: workspaces })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.id, sql`substr(${members.topic}, ${"workspace:".length + 1})`))
    .where(and(eq(members.userId, p("userId")), isWorkspaceTopic, lt(workspaces.createdEventId, p("before"))))
    .orderBy(desc(workspaces.createdEventId))
    .limit(p("limit"))
    .prepare();

  const membersOf = db
    .select({
      userId: members.userId,
      username: users.username,
      role: members.role,
      addedAt: members.addedAt,
      addedEventId: members.addedEventId,
    })
    .from(members)
    .leftJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.topic, p("topic")), lt(members.addedEventId, p("before"))))
    .orderBy(desc(members.addedEventId))
    .limit(p("limit"))
    .prepare();

  const byHash = db
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.hash, p("hash")))
    .prepare();
  const allKeys = db.select().from(apiKeys).orderBy(asc(apiKeys.createdAt), asc(apiKeys.id)).prepare();

  return {
    role,

    membership: (userId: string, topic: Topic): Topic | null =>
      role(userId, topic) === null ? through(userId, topic) : topic,

    workspace(id: string): WorkspaceView | null {
      const row = byId.get({ id });
      return row === undefined ? null : workspaceView(row);
    },

    workspaces: (userId: string | null, page: PageArgs): Page<WorkspaceView> =>
      pageOf(
        page,
        (before, limit) =>
          userId === null
            ? allWorkspaces.all({ before, limit })
            : ownWorkspaces.all({ userId, before, limit }).map((row) => row.workspace),
        (row) => row.createdEventId,
        workspaceView,
      ),

    members: (topic: Topic, page: PageArgs): Page<MemberView> =>
      pageOf(
        page,
        (before, limit) => membersOf.all({ topic, before, limit }),
        (row) => row.addedEventId,
        memberView,
      ),

    key(hash: string): KeyView | null {
      const row = byHash.get({ hash });
      return row === undefined ? null : keyOf(row);
    },

    keys: (): KeyView[] => allKeys.all().map(keyOf),
  };
}

const keyOf = ({ id, name, createdAt, revokedAt }: typeof apiKeys.$inferSelect): KeyView => ({
  id,
  name,
  created_at: isoTime(createdAt),
  revoked_at: isoOrNull(revokedAt),
});

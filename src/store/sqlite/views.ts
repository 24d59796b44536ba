import { isoTime } from "../../core/clock.ts";
import type { FocusView, MemberView, Page, PageArgs, TaskView, WorkspaceView } from "../../core/command.ts";
import type { focusSessions, members, tasks, workspaces } from "./schema.ts";

type WorkspaceRow = Omit<typeof workspaces.$inferSelect, "createdEventId">;
type TaskRow = Omit<typeof tasks.$inferSelect, "createdEventId" | "deletedAt">;
type FocusRow = Omit<typeof focusSessions.$inferSelect, "serial">;
type MemberRow = Pick<typeof members.$inferSelect, "userId" | "role" | "addedAt"> & {
  readonly username: string | null;
};

export const workspaceView = (row: WorkspaceRow): WorkspaceView => ({
  id: row.id,
  name: row.name,
  owner_id: row.ownerId,
  archived: row.archivedAt !== null,
  created_at: isoTime(row.createdAt),
});

/** A member who was never seen is called by his id. */
export const memberView = (row: MemberRow): MemberView => ({
  user_id: row.userId,
  username: row.username ?? row.userId,
  role: row.role,
  added_at: isoTime(row.addedAt),
});

export const taskView = (row: TaskRow): TaskView => ({
  id: row.id,
  workspace_id: row.workspaceId,
  title: row.title,
  description: row.description,
  status: row.status,
  priority: row.priority,
  due_date: row.dueDate,
  user_id: row.userId,
  creator_id: row.creatorId,
  version: row.version,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
  completed_at: isoOrNull(row.completedAt),
});

export const focusView = (row: FocusRow): FocusView => ({
  id: row.id,
  title: row.title,
  workspace_id: row.workspaceId,
  status: row.status,
  current_task_id: row.currentTaskId,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});

export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

/**
 * One page, newest first. Its cursor is the event id (or serial) of the last item, as text; what
 * is no cursor of ours has nothing behind it.
 */
export function pageOf<R, V>(
  { limit, cursor }: PageArgs,
  read: (before: number, limit: number) => R[],
  idOf: (row: R) => number,
  view: (row: R) => V,
): Page<V> {
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : cursorId(cursor);
  const rows = (size: number) => (before === null ? [] : read(before, size));
  return cut(limit, rows, (row) => String(idOf(row)), view);
}

/** A page of what has event ids of its own: as above, or oldest first behind `after`; `next` may be either then. */
export function historyOf<R, V>(
  { after, ...page }: PageArgs & { readonly after?: number | undefined },
  read: {
    readonly before: (id: number, limit: number) => R[];
    readonly after: (id: number, limit: number) => R[];
  },
  idOf: (row: R) => number,
  view: (row: R) => V,
): Page<V> {
  if (after === undefined) return pageOf(page, read.before, idOf, view);
  // With both, a client goes on by the cursor of such a page.
  const from = page.cursor === undefined ? after : cursorId(page.cursor);
  return cut(
    page.limit,
    (size) => (from === null ? [] : read.after(from, size)),
    (row) => String(idOf(row)),
    view,
  );
}

/** Reads one row more than is asked for, to know whether there is a next page. */
function cut<R, V>(
  limit: number,
  read: (size: number) => R[],
  cursorOf: (row: R) => string,
  view: (row: R) => V,
): Page<V> {
  const size = Math.max(1, limit);
  const rows = read(size + 1);
  const last = rows[size - 1];
  return {
    items: rows.slice(0, size).map(view),
    next: rows.length > size && last !== undefined ? cursorOf(last) : null,
  };
}

const cursorId = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

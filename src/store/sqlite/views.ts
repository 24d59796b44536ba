import { isoTime } from "../../core/clock.ts";
import { lengthOf } from "../../core/json.ts";
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
  return cut(limit, before, read, idOf, view);
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
  return cut(page.limit, from, read.after, idOf, view);
}

/** Rows read first; then so many as are likely to fill the page, by the length of those. */
const FIRST_ROWS = 16;
/** Characters after which a page ends early: what is longer holds everybody up while it is written. */
const MAX_PAGE_LENGTH = 1 << 20;

/** Reads one row more than is asked for, to know whether there is a next page. */
function cut<R, V>(
  limit: number,
  from: number | null,
  read: (from: number, size: number) => R[],
  idOf: (row: R) => number,
  view: (row: R) => V,
): Page<V> {
  const size = Math.max(1, limit);
  const rows: R[] = [];
  let items = 0;
  let length = 0;
  for (let place = from; place !== null;) {
    const likely = rows.length === 0 ? FIRST_ROWS : Math.ceil((MAX_PAGE_LENGTH * rows.length) / length);
    const step = Math.min(likely, size + 1 - rows.length);
    const some = read(place, step);
    for (const row of some) {
      length += lengthOf(row);
      if (items === rows.length && items < size && (items === 0 || length <= MAX_PAGE_LENGTH)) items++;
      rows.push(row);
    }
    const last = some.at(-1);
    place = some.length < step || last === undefined || items < rows.length ? null : idOf(last);
  }
  const last = rows[items - 1];
  return {
    items: rows.slice(0, items).map(view),
    next: rows.length > items && last !== undefined ? String(idOf(last)) : null,
  };
}

const cursorId = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

import { isoTime } from "../../core/clock.ts";
import type { MemberView, Page, PageArgs, WorkspaceView } from "../../core/command.ts";
import type { members, workspaces } from "./schema.ts";

type WorkspaceRow = Omit<typeof workspaces.$inferSelect, "createdEventId">;
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

export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

/**
 * One page, newest first. Its cursor is the event id of the last item, as text; what is no
 * cursor of ours has nothing behind it.
 */
export function pageOf<R, V>(
  { limit, cursor }: PageArgs,
  read: (before: number, limit: number) => R[],
  idOf: (row: R) => number,
  view: (row: R) => V,
): Page<V> {
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : cursorId(cursor);
  const size = Math.max(1, limit);
  const rows = before === null ? [] : read(before, size + 1);
  const last = rows[size - 1];
  return {
    items: rows.slice(0, size).map(view),
    next: rows.length > size && last !== undefined ? String(idOf(last)) : null,
  };
}

const cursorId = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

import { afterAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock, type Clock } from "../../src/core/clock.ts";
import { openSqliteStore, type SqliteOptions, type SqliteStore } from "../../src/store/sqlite/open.ts";
import type { SeedTask, StoreUnderTest } from "../suites/store-support.ts";

/** A folder for the tests of one file. */
export function testFolder(): { file: (name?: string) => string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "dragoman-store-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let files = 0;
  return { folder, file: (name = `${++files}.db`) => join(folder, name) };
}

export const openStore = (path: string, more: Partial<SqliteOptions> = {}): SqliteStore =>
  openSqliteStore({ path, durability: "normal", clock: new ManualClock(), ...more });

/** The store with what the suite needs and no op can do yet. */
export function underTest(path: string, clock: Clock, more: Partial<SqliteOptions> = {}): StoreUnderTest {
  const store = openStore(path, { clock, ...more });
  const run = (sql: string, ...values: (string | number | null)[]) =>
    void store.client.prepare(sql).run(...values);
  return {
    store,
    task: ({
      id,
      workspaceId,
      title = "",
      status = "todo",
      dueDate = null,
      userId = null,
      creatorId = null,
      deleted = false,
    }: Nullable<SeedTask>) =>
      run(
        `INSERT INTO tasks (id, workspace_id, title, status, due_date, user_id, creator_id, created_at, updated_at, deleted_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)`,
        id,
        workspaceId,
        title,
        status,
        dueDate,
        userId,
        creatorId,
        deleted === true ? 1 : null,
      ),
    focusIn: (id, workspaceId) =>
      run(
        "INSERT INTO focus_sessions (id, workspace_id, created_at, updated_at) VALUES (?, ?, 0, 0)",
        id,
        workspaceId,
      ),
    floor: (topic, eventId) => run("INSERT INTO floors (topic, event_id) VALUES (?, ?)", topic, eventId),
    deleteFromInbox: (userId, eventId) =>
      run("UPDATE recipients SET deleted_at = 1 WHERE user_id = ? AND event_id = ?", userId, eventId),
  };
}

type Nullable<T> = { [K in keyof T]: T[K] | (undefined extends T[K] ? null : never) };

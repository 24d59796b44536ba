import type { Database } from "bun:sqlite";
import { readMigrationFiles, type MigrationMeta } from "drizzle-orm/migrator";
import { join } from "node:path";
import { copyInto } from "./database.ts";
import { StoreFault } from "./faults.ts";

/** From source and in the executable (`--asset src/store/sqlite/migrations`) the same. */
const MIGRATIONS = join(import.meta.dir, "migrations");

/** drizzle's own table, so that its tools understand the file. */
export const TABLE = "__drizzle_migrations";

/**
 * Brings the schema up to date and starts the log where it is new, in one transaction: of two
 * processes that open a new file at once, one does it and the other waits. drizzle's migrator
 * begins DEFERRED and would neither wait nor look for a newer schema.
 * Throws STORE_NEWER, STORE_UNUSABLE where the file holds other tables.
 */
export function migrate(db: Database, nowMs: number, folder = MIGRATIONS): void {
  const migrations = readMigrationFiles({ migrationsFolder: folder });
  saveBefore(db, migrations, nowMs);
  db.run("BEGIN IMMEDIATE");
  try {
    const done = lastMigration(db);
    const newest = migrations.at(-1)?.folderMillis ?? 0;
    if (done > newest) {
      throw new StoreFault(
        "STORE_NEWER",
        `${db.filename} was written by a newer version of Dragoman. Run that version, or restore a backup made before the update.`,
      );
    }
    for (const migration of migrations) if (migration.folderMillis > done) apply(db, migration);
    startLog(db, nowMs);
    db.run("COMMIT");
  } catch (error) {
    if (db.inTransaction) db.run("ROLLBACK");
    throw error;
  }
}

/** Data that a migration is about to change is copied first, beside the database. */
function saveBefore(db: Database, migrations: readonly MigrationMeta[], nowMs: number): void {
  if (
    db.filename === ":memory:" ||
    db.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(TABLE) === null
  )
    return;
  const done = lastMigration(db);
  if (done === 0 || migrations.every(({ folderMillis }) => folderMillis <= done)) return;
  copyInto(db, `${db.filename}.before-migration-${stamp(nowMs)}`);
}

/** Whether a newer version wrote this database. */
export const isNewer = (db: Database, folder = MIGRATIONS): boolean =>
  lastMigration(db) > (readMigrationFiles({ migrationsFolder: folder }).at(-1)?.folderMillis ?? 0);

/** `20260131T101500Z`, for file names. */
export const stamp = (nowMs: number): string => new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, "");

/** When the last applied migration was made; 0 for an empty file. */
function lastMigration(db: Database): number {
  const tables = db
    .prepare<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all();
  if (tables.some(({ name }) => name === TABLE)) {
    const row = db.prepare<{ last: number | null }, []>(`SELECT max(created_at) AS last FROM ${TABLE}`).get();
    return Number(row?.last ?? 0);
  }
  if (tables.length > 0) {
    throw new StoreFault(
      "STORE_UNUSABLE",
      `${db.filename} is a database of another program. Choose another DATA_DIR.`,
    );
  }
  db.run(`CREATE TABLE ${TABLE} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)`);
  return 0;
}

function apply(db: Database, { sql, hash, folderMillis }: MigrationMeta): void {
  for (const statement of sql) db.run(statement);
  db.prepare(`INSERT INTO ${TABLE} (hash, created_at) VALUES (?, ?)`).run(hash, folderMillis);
}

/** A new log starts at unix seconds × 1000, so that no cursor of an older one matches it. */
function startLog(db: Database, nowMs: number): void {
  db.prepare("INSERT OR IGNORE INTO counter (id, last_event_id, last_at) VALUES (1, ?, ?)").run(
    Math.floor(nowMs / 1000) * 1000,
    nowMs,
  );
}

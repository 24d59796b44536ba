import { Database } from "bun:sqlite";
import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { copyInto } from "./database.ts";
import { StoreFault } from "./faults.ts";
import { EVERY_TOPIC } from "./floors.ts";
import { isNewer, stamp, TABLE } from "./migrate.ts";

/** What a copy holds. */
export interface Copy {
  readonly path: string;
  readonly bytes: number;
  readonly events: number;
  readonly lastEventId: number;
}

const SIDE_FILES = ["-wal", "-shm"];

/**
 * A consistent copy of a database that may be in use: readers and writers go on meanwhile. The
 * file appears under its name only when it is whole. Throws STORE_UNUSABLE.
 */
export function backupDatabase(database: string, file: string): Copy {
  if (existsSync(file)) throw new StoreFault("STORE_UNUSABLE", `${file} is there already. Name a new file.`);
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  const source = openReadOnly(database);
  try {
    copyInto(source, partial);
  } catch (fault) {
    rmSync(partial, { force: true });
    throw new StoreFault(
      "STORE_UNUSABLE",
      `${database} could not be copied to ${file}: ${messageOf(fault)}`,
      fault,
    );
  } finally {
    source.close();
  }
  renameSync(partial, file);
  return describe(file);
}

/** Opens a copy and reads all of it. Throws STORE_UNUSABLE or STORE_NEWER where it cannot serve. */
export function verifyDatabase(file: string): Copy {
  const db = openReadOnly(file);
  try {
    const problems = db
      .prepare<{ integrity_check: string }, []>("PRAGMA integrity_check(5)")
      .all()
      .map((row) => row.integrity_check);
    if (problems.join() !== "ok")
      throw new StoreFault("STORE_UNUSABLE", `${file} is damaged: ${problems.join("; ")}`);
    if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(TABLE) === null)
      throw new StoreFault("STORE_UNUSABLE", `${file} is no database of Dragoman.`);
    if (isNewer(db))
      throw new StoreFault(
        "STORE_NEWER",
        `${file} was written by a newer version of Dragoman. Restore it with that version.`,
      );
  } catch (fault) {
    if (fault instanceof StoreFault) throw fault;
    throw new StoreFault(
      "STORE_UNUSABLE",
      `${file} cannot be read as a database: ${messageOf(fault)}`,
      fault,
    );
  } finally {
    db.close();
  }
  return describe(file);
}

/**
 * Puts a copy in the place of the database; what was there is kept beside it. The log goes on at
 * unix seconds × 1000, and no older cursor is recovered: clients may have seen what the copy lacks.
 * No server may be using the database.
 */
export function restoreDatabase(
  file: string,
  database: string,
  nowMs: number,
): { readonly restored: Copy; readonly kept: string | null } {
  verifyDatabase(file);
  const incoming = `${database}.restoring`;
  copyFileSync(file, incoming);
  chmodSync(incoming, 0o600);
  startAnew(incoming, nowMs);
  const kept = existsSync(database) ? `${database}.before-restore-${stamp(nowMs)}` : null;
  if (kept !== null) setAside(database, kept);
  renameSync(incoming, database);
  return { restored: describe(database), kept };
}

/** With its write-ahead log, which may hold the last commits. */
function setAside(database: string, name: string): void {
  renameSync(database, name);
  for (const side of SIDE_FILES) if (existsSync(database + side)) renameSync(database + side, name + side);
}

function startAnew(file: string, nowMs: number): void {
  const db = new Database(file);
  try {
    db.run("PRAGMA synchronous = FULL");
    db.transaction(() => {
      const start = Math.floor(nowMs / 1000) * 1000;
      db.prepare("UPDATE counter SET last_event_id = max(last_event_id, ?)").run(start);
      db.prepare("INSERT OR REPLACE INTO floors (topic, event_id) SELECT ?, last_event_id FROM counter").run(
        EVERY_TOPIC,
      );
    })();
    db.run("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    db.close();
  }
  for (const side of SIDE_FILES) rmSync(file + side, { force: true });
}

function openReadOnly(path: string): Database {
  if (!existsSync(path)) throw new StoreFault("STORE_UNUSABLE", `There is no file ${path}.`);
  try {
    return new Database(path, { readonly: true });
  } catch (fault) {
    throw new StoreFault("STORE_UNUSABLE", `${path} cannot be opened: ${messageOf(fault)}`, fault);
  }
}

function describe(path: string): Copy {
  const db = openReadOnly(path);
  try {
    const { events, last } = db
      .prepare<{ events: number; last: number }, []>(
        "SELECT kept AS events, last_event_id AS last FROM counter",
      )
      .get() ?? { events: 0, last: 0 };
    return { path, bytes: statSync(path).size, events, lastEventId: last };
  } finally {
    db.close();
  }
}

const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));

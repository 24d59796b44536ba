import { Database, SQLiteError } from "bun:sqlite";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";

/** A folder that this process has for itself. Keep it: a lock that nobody holds may be collected. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the folder for one server, by an exclusive transaction on its `lock.db`: the kernel
 * frees it with the process, however that ends. Null where another one has it.
 */
export function lockFolder(dir: string): FolderLock | null {
  const path = join(dir, "lock.db");
  closeSync(openSync(path, "a", 0o600));
  const db = new Database(path);
  try {
    db.run("BEGIN EXCLUSIVE");
    return { release: () => db.close(true) };
  } catch (error) {
    db.close(true);
    if (error instanceof SQLiteError && error.code?.startsWith("SQLITE_BUSY")) return null;
    throw error;
  }
}

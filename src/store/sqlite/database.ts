import { Database } from "bun:sqlite";
import { drizzle, type BunSQLiteDatabase } from "drizzle-orm/bun-sqlite";
import { closeSync, openSync } from "node:fs";
import { StoreFault } from "./faults.ts";

export type Db = BunSQLiteDatabase & { readonly $client: Database };

/** `full` survives power loss; `normal` the end of the process, but not always power loss. */
export type Durability = "full" | "normal";

export const MEMORY = ":memory:";

/** Another process (an offline key command) holds the write lock for milliseconds. */
const BUSY_MS = 5_000;
/**
 * Pages of 4 KiB in the write-ahead log before they are moved into the file. Four times SQLite's own:
 * pages written again and again are moved once, a fifth of the time that a busy store spends, while the
 * longest pause grows from 11 to 17 ms.
 */
const CHECKPOINT_PAGES = 4000;
/** What a burst leaves of the write-ahead log is given back down to this. */
const WAL_KEPT_BYTES = 64 << 20;

/**
 * Opens the file, creating it readable by its owner alone (SQLite gives the -wal and -shm
 * files the same mode). Throws STORE_UNUSABLE.
 */
export function openDatabase(path: string, durability: Durability): Db {
  let client: Database | undefined;
  try {
    if (path !== MEMORY) closeSync(openSync(path, "a", 0o600));
    client = new Database(path);
    client.run(`PRAGMA busy_timeout = ${BUSY_MS}`);
    client.run("PRAGMA journal_mode = WAL");
    client.run(`PRAGMA synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
    client.run(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    client.run(`PRAGMA journal_size_limit = ${WAL_KEPT_BYTES}`);
    return drizzle(client);
  } catch (error) {
    client?.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreFault("STORE_UNUSABLE", `${path} cannot be used as a store: ${why}`, error);
  }
}

/** Copies a database that may be in use into a new file, its owner's alone from the first byte on. */
export function copyInto(client: Database, path: string): void {
  closeSync(openSync(path, "wx", 0o600));
  client.prepare("VACUUM INTO ?").run(path);
}

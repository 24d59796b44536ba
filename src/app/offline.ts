import { Database } from "bun:sqlite";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { generateKey } from "../auth/keys.ts";
import type { KeyView } from "../core/admin.ts";
import type { Clock } from "../core/clock.ts";
import { isRefusal } from "../core/errors.ts";
import { lockFolder } from "../store/sqlite/lock.ts";
import journal from "../store/sqlite/migrations/meta/_journal.json";
import { openSqliteStore, type SqliteStore } from "../store/sqlite/open.ts";
import type { OpName, OpValue, Write } from "../store/store.ts";
import { databaseIn, StartError } from "./data-folder.ts";

/** A key as it is shown once. */
export interface CreatedKey {
  readonly id: string;
  readonly name: string;
  readonly key: string;
}

/** The service keys of a data folder, whether its server runs or not. */
export interface OfflineKeys {
  create(name: string): CreatedKey;
  list(): readonly KeyView[];
  /** False where it was revoked already, or never was. */
  revoke(id: string): boolean;
  close(): void;
}

/** Migrations that this program knows. */
export const KNOWN_MIGRATIONS = journal.entries.length;

/** How many migrations a database has seen: 0 where there is none, undefined where it cannot be told. */
export function appliedMigrations(database: string): number | undefined {
  if (!existsSync(database)) return 0;
  try {
    const db = new Database(database, { readonly: true });
    try {
      const row = db.query<{ n: number }, []>("SELECT count(*) AS n FROM __drizzle_migrations").get();
      return row?.n;
    } finally {
      db.close();
    }
  } catch {
    return undefined;
  }
}

/**
 * Opens the keys of a folder, without taking the folder: a running server sees a change at once.
 * Throws a StartError where there is no such folder, and what opening the store throws.
 */
export function openKeys(dataDir: string, clock: Clock): OfflineKeys {
  const store = openStore(dataDir, clock);
  return {
    create(name) {
      const { key, hash } = generateKey();
      const id = randomBytes(4).toString("hex");
      commit(store, { op: "key.create", args: { id, name, hash } });
      return { id, name, key };
    },
    list: () => store.keys(),
    revoke: (id) => commit(store, { op: "key.revoke", args: { id } }).revoked,
    close: () => store.close(),
  };
}

/**
 * Opens the store of a folder without taking the folder. Throws a StartError where there is none,
 * and what opening the store throws.
 */
export function openStore(dataDir: string, clock: Clock): SqliteStore {
  const path = resolve(dataDir);
  if (!existsSync(path)) {
    throw new StartError({
      what: `there is no data folder at ${path}`,
      where: "DATA_DIR",
      fix: "name the server's folder with --data-dir FOLDER (env DATA_DIR), or make one by starting it: dragoman serve",
    });
  }
  refuseToMigrateUnderServer(path);
  return openSqliteStore({ path: databaseIn(path), durability: "full", clock });
}

/** A server of an older version is running on this database: the schema must not change beneath it. */
function refuseToMigrateUnderServer(path: string): void {
  const applied = appliedMigrations(databaseIn(path));
  if (applied === undefined || applied >= KNOWN_MIGRATIONS) return;
  const lock = lockFolder(path);
  if (lock !== null) return lock.release();
  throw new StartError({
    what: `a server of an older version is running on ${path}`,
    where: "DATA_DIR",
    fix: "update and restart that server first, or use the dragoman that it runs",
  });
}

function commit<O extends OpName>(store: SqliteStore, write: Write<O>): OpValue<O> {
  const [result] = store.commit([write]);
  if (result === undefined || "fault" in result)
    throw result?.fault ?? new Error("the store answered nothing");
  if (isRefusal(result.value)) throw new Error(result.value.detail);
  return result.value as OpValue<O>;
}

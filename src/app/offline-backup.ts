import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Clock } from "../core/clock.ts";
import { backupDatabase, type Copy, restoreDatabase, verifyDatabase } from "../store/sqlite/backup.ts";
import { databaseIn, openDataFolder, StartError } from "./data-folder.ts";

export type { Copy };

/** Copies a folder's database, whether its server runs or not. Throws a StartError or StoreFault. */
export function backup(dataDir: string, file: string, verify: boolean): Copy {
  const database = databaseIn(resolve(dataDir));
  if (!existsSync(database)) {
    throw new StartError({
      what: `there is no database in ${resolve(dataDir)}`,
      where: "DATA_DIR",
      fix: "name the server's folder with --data-dir FOLDER (env DATA_DIR)",
    });
  }
  const copy = backupDatabase(database, resolve(file));
  return verify ? verifyDatabase(copy.path) : copy;
}

/** Puts a copy in the place of a folder's database; its server must be stopped. Throws as `backup` does. */
export function restore(
  file: string,
  dataDir: string,
  clock: Clock,
): { readonly restored: Copy; readonly kept: string | null } {
  const folder = openDataFolder(dataDir);
  try {
    return restoreDatabase(resolve(file), folder.database, clock.now());
  } finally {
    folder.lock.release();
  }
}

import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type FolderLock, lockFolder } from "../store/sqlite/lock.ts";
import type { Problem } from "./config-problem.ts";

const DATABASE = "dragoman.db";
const SECRET = "jwt.key";

/** The folder of a durable server. */
export interface DataFolder {
  readonly path: string;
  readonly created: boolean;
  readonly database: string;
  readonly lock: FolderLock;
}

/** A start that cannot be: what, where, and the fix. */
export class StartError extends Error {
  readonly code = "START_REFUSED";
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.name = "StartError";
    this.problem = problem;
  }
}

/** Makes the folder (0700) where it is missing, and takes it for this process alone. */
export function openDataFolder(dataDir: string): DataFolder {
  const path = resolve(dataDir);
  const created = !existsSync(path);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const lock = lockFolder(path);
    if (lock !== null) return { path, created, database: databaseIn(path), lock };
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    throw new StartError({
      what: `the data folder ${path} cannot be used: ${why}`,
      where: "DATA_DIR",
      fix: "name a folder that this user may write to: dragoman serve --data-dir FOLDER",
    });
  }
  throw new StartError({
    what: `another dragoman is using ${path}`,
    where: "DATA_DIR",
    fix: "stop it, or give this one a folder of its own: dragoman serve --data-dir FOLDER",
  });
}

export const databaseIn = (path: string): string => join(path, DATABASE);
export const secretIn = (path: string): string => join(path, SECRET);

/** The secret that tokens are signed with where none is configured: made once, readable by the owner only. */
export function folderSecret(path: string): {
  readonly secret: string;
  readonly file: string;
  readonly created: boolean;
} {
  const file = secretIn(path);
  const created = !existsSync(file);
  if (created) {
    writeFileSync(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
    chmodSync(file, 0o600);
  }
  return { secret: readFileSync(file, "utf8").trim(), file, created };
}

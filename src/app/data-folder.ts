import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type FolderLock, lockFolder } from "../store/sqlite/lock.ts";
import type { Problem } from "./config-problem.ts";

const DATABASE = "dragoman.db";
const SECRET = "jwt.key";
/** As the store's lock calls it. */
const LOCK = "lock.db";
/** Fewer characters than this were never written here. */
const MIN_SECRET = 16;

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
  /** The lock that another process holds, where that is the reason. */
  readonly lockFile: string | undefined;
  constructor(problem: Problem, more: { readonly cause?: unknown; readonly lockFile?: string } = {}) {
    super(problem.what, { cause: more.cause });
    this.name = "StartError";
    this.problem = problem;
    this.lockFile = more.lockFile;
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
    throw unusable(`the data folder ${path}`, fault);
  }
  throw new StartError(
    {
      what: `another dragoman is using ${path}`,
      where: "DATA_DIR",
      fix: "stop it, or give this one a folder of its own: --data-dir FOLDER (env DATA_DIR)",
    },
    { lockFile: join(path, LOCK) },
  );
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EEXIST: "it is a file, not a folder",
  ENOTDIR: "a part of the path is a file, not a folder",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

function unusable(what: string, cause: unknown): StartError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  const fix = "name a folder that this user may write to: --data-dir FOLDER (env DATA_DIR)";
  return new StartError({ what: `${what} cannot be used: ${why}`, where: "DATA_DIR", fix }, { cause });
}

export const databaseIn = (path: string): string => join(path, DATABASE);
export const secretIn = (path: string): string => join(path, SECRET);

/** The folder's own secret, which tokens are signed with where none is configured. */
export interface FolderSecret {
  readonly secret: string;
  readonly file: string;
  readonly created: boolean;
}

/** Makes the secret where it is missing, readable by the owner only. Throws a StartError. */
export function folderSecret(path: string): FolderSecret {
  const file = secretIn(path);
  const created = !existsSync(file);
  try {
    if (created) {
      writeFileSync(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
      chmodSync(file, 0o600);
    }
    return { secret: readFolderSecret(path), file, created };
  } catch (fault) {
    throw fault instanceof StartError ? fault : unusable(file, fault);
  }
}

/** The secret as it is there. Throws as `readFileSync` does, or a StartError where the file holds none. */
export function readFolderSecret(path: string): string {
  const file = secretIn(path);
  const secret = readFileSync(file, "utf8").trim();
  if (secret.length >= MIN_SECRET) return secret;
  throw new StartError({
    what: `${file} holds no secret; writing it was cut short, or somebody has changed it`,
    where: "",
    fix: "restore it from a backup, or remove it: serve makes a new one, and all older tokens end",
  });
}

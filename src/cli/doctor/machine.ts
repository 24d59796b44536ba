import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { bad, type Finding, good } from "./finding.ts";

const MEGABYTE = 1e6;
const WARN_FREE_BYTES = 1000 * MEGABYTE;
const LEAST_FREE_BYTES = 100 * MEGABYTE;
const FSYNCS = 15;
const SLOW_FSYNC_MS = 20;
const USELESS_FSYNC_MS = 150;
const FEW_FDS = 4096;

/** What the machine is like; figures may be given instead of measured, for tests. */
export interface Measures {
  readonly freeBytes: (folder: string) => number | null;
  readonly fsyncMs: (folder: string) => number;
  readonly maxFds: () => number | null;
}

/** The disk under the data folder, and how many connections this machine lets a process have. */
export function examineMachine(folder: string, measures: Measures): readonly Finding[] {
  return [...examineFolder(folder, measures), examineFds(measures.maxFds())];
}

function examineFolder(folder: string, { freeBytes, fsyncMs }: Measures): readonly Finding[] {
  if (!existsSync(folder))
    return [
      bad(
        "note",
        "disk.folder",
        `there is no data folder ${folder} yet`,
        "A server that starts here makes one; disk and secret cannot be looked at before.",
        "name the server's folder: --data-dir FOLDER (env DATA_DIR)",
      ),
    ];
  return [examineMode(folder), examineSpace(freeBytes(folder)), examineSpeed(folder, fsyncMs)];
}

function examineMode(folder: string): Finding {
  const open = [folder, join(folder, "jwt.key"), join(folder, "dragoman.db")].filter(
    (path) => (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077,
  );
  // Of what lies in a closed folder the modes matter to nobody.
  return open.length === 0 || !open.includes(folder)
    ? good("disk.mode", "only the server's user may read the data folder")
    : bad(
        "warn",
        "disk.mode",
        `other users of this machine may look into ${folder}`,
        "Its database holds messages, and jwt.key signs tokens for anybody.",
        `chmod 700 ${folder}`,
      );
}

function examineSpace(bytes: number | null): Finding {
  const check = "disk.space";
  if (bytes === null)
    return bad(
      "note",
      check,
      "the free disk space cannot be seen",
      "The system does not tell.",
      "look with df -h",
    );
  const told = `${Math.round(bytes / MEGABYTE)} MB are free on the disk of the data folder`;
  if (bytes >= WARN_FREE_BYTES) return good(check, told);
  return bad(
    bytes < LEAST_FREE_BYTES ? "error" : "warn",
    check,
    told,
    "A full disk is answered 507: nothing is lost, but nobody can write.",
    "enlarge the disk, or keep less: RETENTION_EVENTS_DAYS, RETENTION_NOTIFICATIONS_DAYS, then dragoman prune",
  );
}

function examineSpeed(folder: string, fsyncMs: Measures["fsyncMs"]): Finding {
  const check = "disk.fsync";
  let ms: number;
  try {
    ms = fsyncMs(folder);
  } catch (fault) {
    return bad(
      "error",
      check,
      `nothing can be written into ${folder}: ${fault instanceof Error ? fault.message : "unknown"}`,
      "The server could store nothing there.",
      "run this as the server's user, or make the folder writable for it",
    );
  }
  const told = `the disk keeps a write after ${ms.toFixed(1)} ms (median of ${FSYNCS})`;
  if (ms < SLOW_FSYNC_MS) return good(check, told);
  return bad(
    ms < USELESS_FSYNC_MS ? "warn" : "error",
    check,
    told,
    "With DURABILITY=full each batch of writes waits so long before anybody hears of it.",
    "use a local disk (SSD), not one over the network; or DURABILITY=normal, which a power cut may cost the last moments",
  );
}

function examineFds(limit: number | null): Finding {
  const check = "limits.fds";
  if (limit === null)
    return bad(
      "note",
      check,
      "the limit of open files cannot be seen",
      "The system does not tell.",
      "look with ulimit -n",
    );
  const told = `a process started from here may open ${limit === Number.POSITIVE_INFINITY ? "any number of" : limit} files`;
  return limit >= FEW_FDS
    ? good(check, told)
    : bad(
        "warn",
        check,
        told,
        `Each connection takes one: beyond about ${Math.max(0, limit - 100)} sockets newcomers fail.`,
        "LimitNOFILE=65536 in the systemd unit, ulimits in compose.yaml, or ulimit -n 65536 before the start",
      );
}

/** The median time that a small write takes until the disk has it. */
export function measureFsync(folder: string): number {
  const path = join(folder, `.doctor-${process.pid}`);
  const page = new Uint8Array(4096);
  const file = openSync(path, "w", 0o600);
  try {
    const times = Array.from({ length: FSYNCS }, () => {
      const begunMs = performance.now();
      writeSync(file, page);
      fsyncSync(file);
      return performance.now() - begunMs;
    });
    return times.toSorted((a, b) => a - b)[Math.floor(FSYNCS / 2)] ?? 0;
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}

/** The soft limit of this process, which what is started from the same place has too. */
export function readMaxFds(): number | null {
  try {
    const limit = /^Max open files\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return limit === undefined ? null : limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return null;
  }
}

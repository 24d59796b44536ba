import { readdirSync, readFileSync, statfsSync, statSync } from "node:fs";

/** What the system knows of this process; null where it does not tell. */
export interface ProcessFacts {
  readonly heapBytes: number;
  readonly rssBytes: number;
  readonly cpuSeconds: number;
  readonly startedSeconds: number;
  readonly openFds: number | null;
  readonly maxFds: number | null;
}

export function processFacts(): ProcessFacts {
  const { heapUsed, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    heapBytes: heapUsed,
    rssBytes: rss,
    cpuSeconds: (user + system) / 1e6,
    startedSeconds: Math.floor(performance.timeOrigin / 1000),
    openFds: openFds(),
    maxFds: maxFds(),
  };
}

/** Since Linux 6.2 the folder's size is the number; before, it must be read. */
function openFds(): number | null {
  return attempt(() => statSync("/proc/self/fd").size || readdirSync("/proc/self/fd").length);
}

/** The soft limit: what `ulimit -n` shows. Infinity where there is none. */
function maxFds(): number | null {
  return attempt(() => {
    const limit = /^Max open files\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return limit === undefined ? null : limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit);
  });
}

/** Free for this user on the disk that a folder lies on. */
export function freeBytesOf(folder: string): number | null {
  return attempt(() => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  });
}

function attempt<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}

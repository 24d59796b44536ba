import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

/** A process that is in the way. */
export interface Owner {
  readonly pid: number;
  readonly name: string;
}

/** State of a listening socket in /proc/net/tcp. */
const LISTENING = "0A";

/** The process that listens on a port; null where that cannot be found out (not Linux, another user's). */
export function portOwner(port: number): Owner | null {
  const inodes = new Set(
    listeners()
      .filter((listener) => listener.port === port)
      .map((listener) => `socket:[${listener.inode}]`),
  );
  if (inodes.size === 0) return null;
  const pid = tried(() => readdirSync("/proc"), []).find(
    (entry) =>
      /^\d+$/.test(entry) &&
      tried(() => readdirSync(`/proc/${entry}/fd`), []).some((fd) =>
        inodes.has(tried(() => readlinkSync(`/proc/${entry}/fd/${fd}`), "")),
      ),
  );
  return pid === undefined ? null : ownerOf(Number(pid));
}

/** The process that holds a lock on a file. */
export function lockOwner(file: string): Owner | null {
  const inode = tried(() => statSync(file).ino, -1);
  // 1: POSIX  ADVISORY  WRITE 812 08:01:1234 0 EOF
  const line = tried(() => readFileSync("/proc/locks", "utf8"), "")
    .split("\n")
    .map((text) => text.trim().split(/\s+/))
    .find((parts) => parts[3] === "WRITE" && parts[5]?.split(":")[2] === String(inode));
  const pid = Number(line?.[4]);
  return pid > 0 ? ownerOf(pid) : null;
}

/** The next port above this one that nobody listens on. */
export function freePortAfter(port: number): number {
  const taken = new Set(listeners().map((listener) => listener.port));
  for (let next = port + 1; next <= 65_535; next++) if (!taken.has(next)) return next;
  return 0;
}

/** ` (pid 812, "python")`, or nothing. */
export const ownerNote = (owner: Owner | null): string =>
  owner === null ? "" : ` (pid ${owner.pid}${owner.name === "" ? "" : `, "${owner.name}"`})`;

const ownerOf = (pid: number): Owner => ({
  pid,
  name: tried(() => readFileSync(`/proc/${pid}/comm`, "utf8").trim(), ""),
});

function listeners(): { port: number; inode: string }[] {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((path) =>
    tried(() => readFileSync(path, "utf8"), "")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((parts) => parts[3] === LISTENING)
      .map((parts) => ({ port: Number.parseInt(parts[1]?.split(":")[1] ?? "", 16), inode: parts[9] ?? "" })),
  );
}

function tried<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

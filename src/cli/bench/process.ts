import { readFileSync } from "node:fs";

/** USER_HZ of Linux. */
const TICKS_PER_SECOND = 100;

/** Processor time that a process has used, in seconds; null where /proc does not tell. */
export function cpuSeconds(pid: number | null): number | null {
  const fields = stat(pid)?.split(" ");
  return fields === undefined ? null : (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory in KiB; null where /proc does not tell. */
export function residentKib(pid: number | null): number | null {
  try {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kib === undefined ? null : Number(kib);
  } catch {
    return null;
  }
}

/** Behind the name, which may hold spaces. */
function stat(pid: number | null): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1];
  } catch {
    return undefined;
  }
}

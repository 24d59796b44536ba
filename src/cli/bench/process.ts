import { readdirSync, readFileSync } from "node:fs";

const NANOS_PER_SECOND = 1e9;

/** Processor time that a process has used so far, all its threads together, in seconds; null where /proc does not tell. */
export function cpuSeconds(pid: number | null): number | null {
  if (pid === null) return null;
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    // The kernel's own ticks of 10 ms would be too coarse for a storm of half a second.
    const nanos = threads.map((thread) =>
      Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[0]),
    );
    return nanos.reduce((sum, one) => sum + one, 0) / NANOS_PER_SECOND;
  } catch {
    return null;
  }
}

/** Resident memory in KiB; null where /proc does not tell. */
export function residentKib(pid: number | null): number | null {
  try {
    const kib = /VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1];
    return kib === undefined ? null : Number(kib);
  } catch {
    return null;
  }
}

const read = (path: string): string => readFileSync(path, "utf8");

/** How long the disk takes meanwhile: what is stored before it is told can be no quicker. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quantile } from "../../src/cli/bench/stats.ts";

const SYNCS = 20;
/** As between two batches: in a tight loop a disk is quicker. */
const PAUSE_MS = 5;
const PAGE = new Uint8Array(4096).fill(1);

/** Milliseconds of some syncs of a page, in the folder where the servers keep their files. */
export async function syncTimes(): Promise<readonly number[]> {
  const folder = mkdtempSync(join(tmpdir(), "dragoman-disk-"));
  const fd = openSync(join(folder, "page"), "w");
  const times: number[] = [];
  for (let n = 0; n < SYNCS; n++) {
    await Bun.sleep(PAUSE_MS);
    writeSync(fd, PAGE, 0, PAGE.length, 0);
    const begunMs = performance.now();
    fdatasyncSync(fd);
    times.push(performance.now() - begunMs);
  }
  closeSync(fd);
  rmSync(folder, { recursive: true });
  return times;
}

/** `0.31 ms, one in twenty more than 1.2 ms` */
export const syncText = (times: readonly number[]): string =>
  `${quantile(times, 0.5).toFixed(2)} ms, one in twenty more than ${quantile(times, 0.95).toFixed(1)} ms`;

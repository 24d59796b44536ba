import type { Database } from "bun:sqlite";
import { closeSync, fdatasync, fdatasyncSync, openSync, realpathSync } from "node:fs";
import { batchFault } from "./faults.ts";

/** How a file is brought to the disk; replaced by tests. */
export interface Disk {
  /** Blocks. */
  sync(fd: number): void;
  syncBehind(fd: number): Promise<void>;
  /** Milliseconds, from anywhere. */
  now(): number;
}

const DISK: Disk = {
  sync: fdatasyncSync,
  syncBehind: (fd) =>
    new Promise((resolve, reject) => fdatasync(fd, (fault) => (fault === null ? resolve() : reject(fault)))),
  now: () => performance.now(),
};

/** A disk that takes longer than this on average is not waited for on the loop. */
const SLOW_MS = 2;
/** How much the last time counts in the average. */
const WEIGHT = 1 / 8;
/** Of a slow disk every so-and-so-many-th time is measured on the loop: behind it, waiting for the loop counts too. */
const PROBE_EVERY = 64;

/**
 * What COMMIT does not do here: waits for the disk to have the write-ahead log. Where the disk is quick
 * that is done at once: a thread's help costs more, and splits what would have been one batch. Where it
 * is slow the loop goes on meanwhile.
 *
 * A system may forget pages that it could not write, and say so once only. After a failure the log is
 * therefore no longer trusted: all of it must reach the database file (a checkpoint, which waits for the
 * disk too) before anything counts as stored again.
 */
export class LogSync {
  readonly #client: Database;
  readonly #disk: Disk;
  #fd: number | null = null;
  #trusted = true;
  #averageMs = 0;
  #behind = 0;

  constructor(client: Database, disk: Disk = DISK) {
    this.#client = client;
    this.#disk = disk;
  }

  /**
   * Null, or resolves, when all that was committed so far survives a power cut; throws or rejects with
   * STORE_FULL where that is not sure.
   */
  run(): Promise<void> | null {
    if (!this.#trusted) return this.#checkpoint();
    try {
      const fd = this.#open();
      if (this.#averageMs <= SLOW_MS || ++this.#behind % PROBE_EVERY === 0) return this.#timed(fd);
      return this.#disk.syncBehind(fd).catch(() => void this.#checkpoint());
    } catch {
      return this.#checkpoint();
    }
  }

  #timed(fd: number): null {
    const begunMs = this.#disk.now();
    this.#disk.sync(fd);
    const ms = this.#disk.now() - begunMs;
    // A probe that finds the disk quick again is believed at once.
    this.#averageMs =
      ms <= SLOW_MS && this.#averageMs > SLOW_MS ? ms : this.#averageMs + (ms - this.#averageMs) * WEIGHT;
    return null;
  }

  /** SQLite keeps the file for as long as the connection is open, beside the database that a link may lead to. */
  #open(): number {
    this.#fd ??= openSync(`${realpathSync(this.#client.filename)}-wal`, "r+");
    return this.#fd;
  }

  #checkpoint(): null {
    this.#trusted = false;
    try {
      const moved = this.#client.query<{ busy: number }, []>("PRAGMA wal_checkpoint(FULL)").get();
      if (moved?.busy !== 0) throw new Error("the write-ahead log could not be moved into the database file");
    } catch (fault) {
      throw batchFault(fault);
    }
    this.#trusted = true;
    return null;
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }
}

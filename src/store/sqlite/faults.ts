import { SQLiteError } from "bun:sqlite";

/**
 * STORE_FULL: nothing of the batch is stored; free disk space and try again.
 * STORE_LOST: nothing of the batch is stored, for another reason (`cause`).
 * STORE_NEWER: the file was written by a newer version; it was not touched.
 * STORE_UNUSABLE: the file cannot be opened, is no database, or is somebody else's.
 */
export type StoreFaultCode = "STORE_FULL" | "STORE_LOST" | "STORE_NEWER" | "STORE_UNUSABLE";

/** What the store throws; told apart by `code`. */
export class StoreFault extends Error {
  readonly code: StoreFaultCode;
  constructor(code: StoreFaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StoreFault";
    this.code = code;
  }
}

/** The disk, not the write, is to blame: no space, not writable, failing, damaged or locked for long. */
const UNUSABLE = /^SQLITE_(FULL|IOERR|READONLY|CORRUPT|NOTADB|CANTOPEN|NOMEM|BUSY|LOCKED|PROTOCOL)/;

/** True where the store is full or unusable (507), false where the op itself is wrong. */
export const isFull = (error: unknown): boolean =>
  error instanceof StoreFault
    ? error.code === "STORE_FULL"
    : error instanceof SQLiteError && UNUSABLE.test(error.code ?? "");

/** What a whole batch fails with. */
export const batchFault = (cause: unknown): StoreFault =>
  isFull(cause)
    ? new StoreFault(
        "STORE_FULL",
        "The store cannot take more; nothing of the batch is stored. Free disk space.",
        cause,
      )
    : new StoreFault("STORE_LOST", "The batch was rolled back; nothing of it is stored.", cause);

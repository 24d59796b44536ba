import type { Database } from "bun:sqlite";
import { statSync } from "node:fs";
import type { StoreSize } from "../../core/admin.ts";
import { MEMORY } from "./database.ts";

/** How large the database and its write-ahead log are. */
export function prepareSize(client: Database): () => StoreSize {
  const pages = client.prepare<{ bytes: number }, []>(
    "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
  );
  const { filename } = client;
  return () => ({
    bytes: pages.get()?.bytes ?? 0,
    wal_bytes: filename === MEMORY ? 0 : (statSync(`${filename}-wal`, { throwIfNoEntry: false })?.size ?? 0),
  });
}

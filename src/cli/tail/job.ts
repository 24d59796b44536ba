import type { Cursor } from "../../client/client.ts";
import type { Remote } from "../lib/remote.ts";

/** What is listened to, and until when. */
export interface Job {
  readonly remote: Remote;
  readonly rooms: readonly string[];
  readonly since: Cursor;
  /** Goes on when everything that is kept was told. */
  readonly follow: boolean;
  readonly stopped: AbortController;
  /** Writes a line; the last one that was wanted ends it. */
  readonly write: (line: string) => void;
}

import type { Database } from "bun:sqlite";
import type { Clock } from "../../core/clock.ts";
import type { Store } from "../store.ts";
import { prepareAppend } from "./append.ts";
import { prepareCommit } from "./commit.ts";
import { MEMORY, openDatabase, type Db, type Durability } from "./database.ts";
import { StoreFault } from "./faults.ts";
import { type Disk, LogSync } from "./log-sync.ts";
import { migrate, TABLE } from "./migrate.ts";
import { prepareOps } from "./ops/all.ts";
import { preparePrune } from "./prune.ts";
import { prepareInboxReads } from "./reads/inbox.ts";
import { prepareLogReads } from "./reads/log.ts";
import { preparePeopleReads } from "./reads/people.ts";
import { prepareMessageReads } from "./reads/messages.ts";
import { prepareReplay } from "./reads/replay.ts";
import { prepareRoomReads } from "./reads/rooms.ts";
import { prepareScheduleReads } from "./reads/schedule.ts";
import { prepareSecurityReads } from "./reads/security.ts";
import { prepareTaskReads } from "./reads/tasks.ts";
import { prepareThingReads } from "./reads/things.ts";
import { prepareUserReads } from "./reads/users.ts";
import { RoomMessages } from "./room-messages.ts";
import { prepareSize } from "./size.ts";

export interface SqliteOptions {
  /** A file, created where there is none; its folder must exist. Or `:memory:`. */
  readonly path: string;
  readonly durability: Durability;
  /**
   * When `full` waits for the disk: inside `commit`, or (`after`) in `durable`, so that a slow disk does
   * not own the loop. Whoever sets this MUST tell nobody of a write before `durable` has resolved.
   */
  readonly syncs?: "inside" | "after" | undefined;
  readonly disk?: Disk | undefined;
  readonly clock: Clock;
  /** Messages that are not yet found by the table of their room; few for tests. */
  readonly maxUnplaced?: number | undefined;
  /** Default: the folder beside this file, which the executable carries too. */
  readonly migrationsFolder?: string | undefined;
}

type Synchronous<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Awaited<R> : T[K];
};

/** The store, answering at once throughout, but for the disk. */
export interface SqliteStore extends Synchronous<Omit<Store, "durable">>, Pick<Store, "durable"> {
  /** The connection itself: for backup, retention and tests. */
  readonly client: Database;
}

/**
 * Opens the store and brings its schema up to date.
 * Throws a StoreFault: STORE_NEWER, STORE_UNUSABLE.
 */
export function openSqliteStore(options: SqliteOptions): SqliteStore {
  const { path, clock } = options;
  const after = options.syncs === "after" && options.durability === "full" && path !== MEMORY;
  const db = openDatabase(path, after ? "normal" : options.durability);
  const { $client: client } = db;
  try {
    migrate(client, clock.now(), options.migrationsFolder);
    const rooms = new RoomMessages(db, options.maxUnplaced);
    return storeOn(db, clock, rooms, after ? new LogSync(client, options.disk) : null);
  } catch (error) {
    client.close(true);
    if (error instanceof StoreFault) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreFault("STORE_UNUSABLE", `${path} cannot be used as a store: ${why}`, error);
  }
}

function storeOn(db: Db, clock: Clock, rooms: RoomMessages, logSync: LogSync | null): SqliteStore {
  const { $client: client } = db;
  const dataVersion = client.prepare<{ data_version: number }, []>("PRAGMA data_version");
  const version = (): number => dataVersion.get()?.data_version ?? 0;
  let known = version();
  const newest = client.prepare<{ last: number }, []>(`SELECT max(created_at) AS last FROM ${TABLE}`);
  const migrated = newest.get()?.last;
  const { changed, ...log } = prepareLogReads(db);
  const { forget, ...things } = prepareThingReads(db);
  /** Whatever becomes of it, what is remembered of the store may be wrong afterwards. */
  const changing =
    <A extends unknown[], R>(change: (...args: A) => R) =>
    (...args: A): R => {
      try {
        return change(...args);
      } finally {
        changed();
        forget();
      }
    };

  return {
    ...preparePeopleReads(db),
    ...things,
    ...prepareUserReads(db),
    ...prepareTaskReads(db),
    ...prepareMessageReads(db, rooms),
    ...prepareRoomReads(db, rooms),
    ...prepareInboxReads(db, clock),
    ...prepareScheduleReads(db),
    ...log,
    ...prepareSecurityReads(db),
    replay: prepareReplay(db, rooms),
    size: prepareSize(client),
    prune: changing(preparePrune(db)),
    commit: changing(prepareCommit(db, prepareOps(db, prepareAppend(db)), rooms, clock)),
    durable: () => logSync?.run() ?? null,
    client,

    changedOutside() {
      const before = known;
      known = version();
      if (known === before) return false;
      changed();
      forget();
      return true;
    },

    current: () => newest.get()?.last === migrated,

    close() {
      if (client.filename !== MEMORY) client.run("PRAGMA wal_checkpoint(TRUNCATE)");
      logSync?.close();
      client.close(true);
    },
  };
}

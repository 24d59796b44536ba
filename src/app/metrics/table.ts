import type { StoreSize } from "../../core/admin.ts";
import { type Bound, BOUNDS } from "../../core/bounds.ts";
import { CLOSES, ENDS } from "../../core/closes.ts";
import { Histogram } from "../../core/histogram.ts";
import { type EndCause, FANOUT_EVERY, type Meters } from "../../core/meters.ts";
import type { Readiness } from "../../core/readiness.ts";
import type { Hub } from "../../hub/hub.ts";
import type { ProcessFacts } from "./process.ts";

/** What the metrics are read from, looked up once for each time that they are asked for. */
export interface MetricSources {
  readonly meters: Meters;
  readonly stats: ReturnType<Hub["stats"]>;
  readonly backlog: ReturnType<Hub["backlog"]>;
  readonly process: ProcessFacts;
  readonly store: StoreSize;
  /** Of the disk of the data folder; null where nothing is kept. */
  readonly freeBytes: number | null;
  readonly ready: Readiness;
  readonly build: { readonly version: string; readonly bun: string; readonly platform: string };
  /** MAX_CONNECTIONS; 0 is none. */
  readonly maxConnections: number;
}

/** One value, several by label, all values of a histogram, or null where this machine does not tell. */
export type Reading =
  number | null | Histogram | Iterable<readonly [labels: readonly string[], value: number]>;

export interface Metric {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  /** Names of labels, whose values come from tables of ours: a client can add none. */
  readonly labels?: readonly string[];
  readonly read: (sources: MetricSources) => Reading;
}

const one = <K extends string | number>(counts: Iterable<readonly [K, number]>) =>
  Array.from(counts, ([label, value]) => [[String(label)], value] as const);

/** From 0 on, so that the first of each is a rate too. */
const each = <K extends string>(keys: readonly K[], counts: ReadonlyMap<K, number>) =>
  keys.map((key) => [[key], counts.get(key) ?? 0] as const);

const CAUSES = [...Object.keys(CLOSES), ...Object.keys(ENDS)] as EndCause[];
const BOUND_NAMES = Object.keys(BOUNDS) as Bound[];

/** Every metric of the product, once: the page, its documentation and the checks of the dashboard come from here. */
export const METRICS = {
  dragoman_build_info: {
    type: "gauge",
    help: "Always 1; the labels say what runs.",
    labels: ["version", "bun", "platform"],
    read: ({ build }) => [[[build.version, build.bun, build.platform], 1]],
  },
  dragoman_ready: {
    type: "gauge",
    help: "1 for each part that is ready, as /readyz has it.",
    labels: ["part"],
    read: ({ ready }) => Object.entries(ready).map(([part, is]) => [[part], is ? 1 : 0]),
  },
  dragoman_connections: {
    type: "gauge",
    help: "Open sockets and streams.",
    labels: ["dialect"],
    read: ({ stats }) => one(Object.entries(stats.byDialect)),
  },
  dragoman_connections_limit: {
    type: "gauge",
    help: "MAX_CONNECTIONS; 0 is no limit.",
    read: ({ maxConnections }) => maxConnections,
  },
  dragoman_users: { type: "gauge", help: "Users with a connection.", read: ({ stats }) => stats.users },
  dragoman_connections_opened_total: {
    type: "counter",
    help: "Connections that were let in.",
    read: ({ meters }) => meters.opened,
  },
  dragoman_connections_closed_total: {
    type: "counter",
    help: "Connections that ended, by why the server closed them; client where the other side ended them, lost where they broke. slow is a reader that fell behind.",
    labels: ["cause"],
    read: ({ meters }) => each(CAUSES, meters.closedBy),
  },
  dragoman_refusals_total: {
    type: "counter",
    help: "What was refused: at a handshake, in answer to a frame, over HTTP; by the code of the error.",
    labels: ["door", "cause"],
    read: ({ meters }) =>
      Object.entries(meters.refusedBy).flatMap(([door, counts]) =>
        Array.from(counts, ([cause, value]) => [[door, cause], value] as const),
      ),
  },
  dragoman_bounds_met_total: {
    type: "counter",
    help: "How often a bound turned somebody away: see Bounds.",
    labels: ["bound"],
    read: ({ meters }) => each(BOUND_NAMES, meters.boundsMet),
  },
  dragoman_http_responses_total: {
    type: "counter",
    help: "Answers over HTTP.",
    labels: ["status"],
    read: ({ meters }) => one(meters.statuses),
  },
  dragoman_frames_received_total: {
    type: "counter",
    help: "Frames from clients.",
    read: ({ meters }) => meters.framesIn,
  },
  dragoman_frames_sent_total: {
    type: "counter",
    help: "Frames to clients: one told to a hundred is a hundred.",
    read: ({ meters }) => meters.framesOut,
  },
  dragoman_frames_published_total: {
    type: "counter",
    help: "Frames handed to the fan-out: one told to a hundred is one.",
    read: ({ meters }) => meters.publishes,
  },
  dragoman_published_bytes_total: {
    type: "counter",
    help: "Characters of the frames handed to the fan-out.",
    read: ({ meters }) => meters.publishedBytes,
  },
  dragoman_fanout_seconds: {
    type: "histogram",
    help: `Time to tell one event to everybody who listens here; of one event in ${FANOUT_EVERY}.`,
    read: ({ meters }) => meters.fanoutSeconds,
  },
  dragoman_answer_seconds: {
    type: "histogram",
    help: "Time from a frame, or a request that changes something, to its answer; of about fifty frames a second.",
    read: ({ meters }) => meters.answerSeconds,
  },
  dragoman_commit_seconds: {
    type: "histogram",
    help: "Time of a commit: many writes share one.",
    read: ({ meters }) => meters.commitSeconds,
  },
  dragoman_commit_writes: {
    type: "histogram",
    help: "Writes that shared a commit.",
    read: ({ meters }) => meters.batchWrites,
  },
  dragoman_write_faults_total: {
    type: "counter",
    help: "Writes that failed and were rolled back; whoever asked was told.",
    read: ({ meters }) => meters.faults,
  },
  dragoman_queued_writes: {
    type: "gauge",
    help: "Writes that wait for the next commit.",
    read: ({ backlog }) => backlog.writes,
  },
  dragoman_queued_frames: {
    type: "gauge",
    help: "Frames of clients that wait for earlier ones of the same socket.",
    read: ({ backlog }) => backlog.frames,
  },
  dragoman_buffered_bytes: {
    type: "gauge",
    help: "What clients have not read yet, of all sockets.",
    read: ({ backlog }) => backlog.bytes,
  },
  dragoman_replays: {
    type: "gauge",
    help: "Sockets that are being sent what they missed.",
    read: ({ backlog }) => backlog.replays,
  },
  dragoman_last_event_id: {
    type: "gauge",
    help: "Id of the event told last; it increases by one with each.",
    read: ({ stats }) => stats.lastEventId,
  },
  dragoman_store_bytes: {
    type: "gauge",
    help: "Size of the database, and of its write-ahead log.",
    labels: ["file"],
    read: ({ store }) => one([["database", store.bytes] as const, ["wal", store.wal_bytes] as const]),
  },
  dragoman_store_free_bytes: {
    type: "gauge",
    help: "Free on the disk of the data folder.",
    read: ({ freeBytes }) => freeBytes,
  },
  dragoman_pruned_rows_total: {
    type: "counter",
    help: "Rows that retention removed (RETENTION_…).",
    read: ({ meters }) => meters.pruned,
  },
  dragoman_log_entries_total: {
    type: "counter",
    help: "Warnings and errors of the log.",
    labels: ["level"],
    read: ({ meters }) => one([["warn", meters.warnings] as const, ["error", meters.errors] as const]),
  },
  dragoman_event_loop_lag_seconds: {
    type: "histogram",
    help: "How late a timer fired, looked at four times a second.",
    read: ({ meters }) => meters.lagSeconds,
  },
  dragoman_heap_used_bytes: {
    type: "gauge",
    help: "JavaScript objects that are not collected yet.",
    read: ({ process }) => process.heapBytes,
  },
  process_resident_memory_bytes: {
    type: "gauge",
    help: "Memory of the process.",
    read: ({ process }) => process.rssBytes,
  },
  process_cpu_seconds_total: {
    type: "counter",
    help: "Processor time, the system's for us included.",
    read: ({ process }) => process.cpuSeconds,
  },
  process_start_time_seconds: {
    type: "gauge",
    help: "When the process started, unix time.",
    read: ({ process }) => process.startedSeconds,
  },
  process_open_fds: {
    type: "gauge",
    help: "Open file descriptors; each connection takes one.",
    read: ({ process }) => process.openFds,
  },
  process_max_fds: {
    type: "gauge",
    help: "File descriptors that the process may open.",
    read: ({ process }) => process.maxFds,
  },
} as const satisfies Readonly<Record<string, Metric>>;

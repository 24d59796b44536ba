import type { Bound } from "./bounds.ts";
import type { CloseCause, ENDS } from "./closes.ts";
import type { ErrorCode, Refusal } from "./errors.ts";
import { Histogram } from "./histogram.ts";

/** Where something is refused: at a socket's handshake, in answer to a frame, over HTTP. */
export type Door = "handshake" | "frame" | "http";
/** Why a socket ended: by the server, or by the other side or the network. */
export type EndCause = CloseCause | keyof typeof ENDS;

/** Plain counters, read by the metrics page, the admin's charts and by tests that count shape rather than time. */
export interface Meters {
  framesIn: number;
  framesOut: number;
  /** Frames and requests whose way to the answer was timed, and the milliseconds that they took in all. */
  timed: number;
  timedMs: number;
  /** Frames encoded for a fan-out: once a dialect and event, whatever the crowd. */
  encodings: number;
  publishes: number;
  publishedBytes: number;
  commits: number;
  commitMs: number;
  writes: number;
  faults: number;
  /** Rows that retention removed. */
  pruned: number;
  slowCloses: number;
  sweeps: number;
  refusals: number;
  opened: number;
  closed: number;
  /** Each at most as long as its table. */
  readonly refusedBy: Readonly<Record<Door, Map<ErrorCode, number>>>;
  readonly closedBy: Map<EndCause, number>;
  /** How often each bound turned somebody away. */
  readonly boundsMet: Map<Bound, number>;
  /** Answers over HTTP, by status. */
  readonly statuses: Map<number, number>;
  /** Entries of the log, by level. */
  warnings: number;
  errors: number;
  readonly commitSeconds: Histogram;
  /** Writes a commit. */
  readonly batchWrites: Histogram;
  /** Of one event in FANOUT_EVERY. */
  readonly fanoutSeconds: Histogram;
  /** Of the frames and requests that are timed. */
  readonly answerSeconds: Histogram;
  readonly lagSeconds: Histogram;
}

/** One event in so many has its fan-out timed. */
export const FANOUT_EVERY = 16;

export const createMeters = (): Meters => ({
  framesIn: 0,
  framesOut: 0,
  timed: 0,
  timedMs: 0,
  encodings: 0,
  publishes: 0,
  publishedBytes: 0,
  commits: 0,
  commitMs: 0,
  writes: 0,
  faults: 0,
  pruned: 0,
  slowCloses: 0,
  sweeps: 0,
  refusals: 0,
  opened: 0,
  closed: 0,
  refusedBy: { handshake: new Map(), frame: new Map(), http: new Map() },
  closedBy: new Map(),
  boundsMet: new Map(),
  statuses: new Map(),
  warnings: 0,
  errors: 0,
  commitSeconds: new Histogram(),
  batchWrites: new Histogram([1, 2, 4, 8, 16, 32, 64, 128, 256]),
  fanoutSeconds: new Histogram(),
  answerSeconds: new Histogram(),
  lagSeconds: new Histogram(),
});

export const countIn = <K>(counts: Map<K, number>, key: K): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);

/** A refusal as far as it is counted. */
export type Counted = Pick<Refusal, "refused" | "bound">;

export function countRefusal(meters: Meters, door: Door, { refused, bound }: Counted): void {
  meters.refusals++;
  countIn(meters.refusedBy[door], refused);
  if (bound !== undefined) countIn(meters.boundsMet, bound);
}

/** What took from `begunMs` until now was answered. */
export function countAnswer(meters: Meters, begunMs: number): void {
  const ms = performance.now() - begunMs;
  meters.timed++;
  meters.timedMs += ms;
  meters.answerSeconds.observe(ms / 1000);
}

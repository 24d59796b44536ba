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
  slowCloses: number;
  sweeps: number;
  refusals: number;
  opened: number;
  closed: number;
}

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
  slowCloses: 0,
  sweeps: 0,
  refusals: 0,
  opened: 0,
  closed: 0,
});

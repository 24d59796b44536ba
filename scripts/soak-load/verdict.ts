/** One look at the server, its garbage collected. */
export interface Sample {
  readonly atSeconds: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly openFds: number;
  readonly connections: number;
  readonly framesSent: number;
  readonly opened: number;
}

export interface Finding {
  readonly ok: boolean;
  readonly what: string;
}

const MEGABYTE = 1 << 20;
/** Of each series the first part is warming up: code is compiled, caches and rings fill. */
const WARM_UP = 0.3;
/** What memory may differ between two looks for reasons of the allocator's own. */
const RSS_SLACK_BYTES = 12 * MEGABYTE;
const HEAP_SLACK_BYTES = 4 * MEGABYTE;
/** What of the slope is growth and no noise, beyond the slack. */
const MAX_RSS_PER_MINUTE = 4 * MEGABYTE;
const MAX_HEAP_PER_MINUTE = 1.5 * MEGABYTE;
/** Files that are opened by and by: a log rotated, a connection kept alive by ourselves. */
const FD_SLACK = 4;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Least squares, a second. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const under = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return under === 0 ? 0 : over / under;
}

export const megabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;

/** Memory grows where both its slope and what it came to in the end are beyond noise. */
function judgeGrowth(
  name: string,
  samples: readonly Sample[],
  read: (sample: Sample) => number,
  { slack, perMinute }: { readonly slack: number; readonly perMinute: number },
): Finding {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP));
  const third = Math.max(1, Math.floor(warm.length / 3));
  const before = median(warm.slice(0, third).map(read));
  const after = median(warm.slice(-third).map(read));
  const slope = slopeOf(warm.map((sample) => [sample.atSeconds, read(sample)])) * 60;
  const grew = after - before;
  return {
    ok: warm.length >= 3 && (grew <= slack || slope <= perMinute),
    what: `${name} ${megabytes(before)} → ${megabytes(after)}, ${megabytes(slope)} a minute after warming up`,
  };
}

export interface Ends {
  /** Before any client came. */
  readonly idle: Sample;
  /** While they were there, oldest first. */
  readonly loaded: readonly Sample[];
  /** When all were gone. */
  readonly rested: Sample;
  /** Codes of the log's errors. */
  readonly errors: readonly string[];
  /** What clients met that they should not have. */
  readonly surprises: readonly string[];
}

/** What a soak found; good where every finding is. */
export function judge({ idle, loaded, rested, errors, surprises }: Ends): readonly Finding[] {
  const opened = rested.opened - idle.opened;
  const sent = rested.framesSent - idle.framesSent;
  return [
    { ok: opened > 0 && sent > 0, what: `${opened} connections were opened, ${sent} frames sent` },
    judgeGrowth("memory", loaded, ({ rssBytes }) => rssBytes, {
      slack: RSS_SLACK_BYTES,
      perMinute: MAX_RSS_PER_MINUTE,
    }),
    judgeGrowth("heap", loaded, ({ heapBytes }) => heapBytes, {
      slack: HEAP_SLACK_BYTES,
      perMinute: MAX_HEAP_PER_MINUTE,
    }),
    {
      ok: rested.connections === 0,
      what: `${rested.connections} connections were left when all clients were gone`,
    },
    {
      ok: rested.openFds <= idle.openFds + FD_SLACK,
      what: `file descriptors: ${idle.openFds} before, ${Math.max(...loaded.map(({ openFds }) => openFds))} at most, ${rested.openFds} after`,
    },
    {
      ok: errors.length === 0,
      what:
        errors.length === 0
          ? "no error was logged"
          : `errors were logged: ${[...new Set(errors)].join(", ")}`,
    },
    {
      ok: surprises.length === 0,
      what:
        surprises.length === 0
          ? "clients met nothing that they should not have"
          : `clients met: ${[...new Set(surprises)].slice(0, 5).join("; ")} (${surprises.length} times)`,
    },
  ];
}

import type { Command } from "commander";
import { wholeNumber } from "./lib/choices.ts";
import { examples } from "./lib/command.ts";
import { ago } from "./lib/moments.ts";
import { answer, fields, localTime, shown } from "./lib/output.ts";
import { remoteFor, withServer } from "./lib/remote.ts";
import type { Flags } from "./lib/settings.ts";
import type { Paint } from "./lib/terminal.ts";

type Series = readonly (number | null)[];

interface Stats {
  readonly version: string;
  readonly bun: string;
  readonly platform: string;
  readonly uptime_seconds: number;
  readonly connections: number;
  readonly users: number;
  readonly rooms: number;
  readonly by_dialect: Readonly<Record<string, number>>;
  readonly first_event_id: number;
  readonly last_event_id: number;
  readonly queued_writes: number;
  readonly memory_bytes: number;
  readonly store: { readonly bytes: number; readonly wal_bytes: number };
  readonly totals: Readonly<Record<string, number>>;
  readonly series: {
    readonly connections: Series;
    readonly frames_in: Series;
    readonly frames_out: Series;
    readonly latency_ms: Series;
    readonly commit_ms: Series;
  };
  readonly warnings: readonly { at: string; level: string; code: string; message: string }[];
}

export function define(command: Command): void {
  withServer(command).option("--seconds <number>", "how far back the curves go (60)").action(run);
  examples(command, [
    ["dragoman stats", "figures now, and curves of the last minute"],
    ["dragoman stats --json --seconds 300", "all of it, for programs"],
  ]);
}

async function run(flags: Flags): Promise<void> {
  const { seconds = "60" } = flags;
  const wanted = wholeNumber(String(seconds), "--seconds", { min: 1, max: 900 });
  const stats = await remoteFor(flags).get<Stats>("/api/v1/admin/stats", { seconds: wanted });
  answer(flags, stats, (paint) =>
    [figures(stats, paint), curves(stats, wanted, paint), ...warnings(stats, paint)].join("\n\n"),
  );
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function figures(stats: Stats, paint: Paint): string {
  const dialects = Object.entries(stats.by_dialect)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`);
  const { totals } = stats;
  return fields(
    [
      [
        "server",
        `dragoman ${stats.version}, bun ${stats.bun}, ${stats.platform}, up ${ago(stats.uptime_seconds * 1000)}`,
      ],
      ["connections", `${stats.connections}${dialects.length === 0 ? "" : ` (${dialects.join(", ")})`}`],
      ["users", stats.users],
      ["rooms", stats.rooms],
      ["events", `${stats.first_event_id} to ${stats.last_event_id}`],
      ["memory", megabytes(stats.memory_bytes)],
      [
        "store",
        `${megabytes(stats.store.bytes)}, log ${megabytes(stats.store.wal_bytes)}, ${stats.queued_writes} writes queued`,
      ],
      [
        "since start",
        `${totals["opened"]} opened, ${totals["closed"]} closed, ${totals["refusals"]} refused, ${totals["slow_closes"]} too slow`,
      ],
      ["frames", `${totals["frames_in"]} in, ${totals["frames_out"]} out`],
    ],
    paint,
  );
}

/** Rows of a table of curves: heading, values, unit. */
function curves({ series }: Stats, seconds: number, paint: Paint): string {
  const rows: readonly (readonly [string, Series, string])[] = [
    ["connections", series.connections, ""],
    ["frames in", series.frames_in, "/s"],
    ["frames out", series.frames_out, "/s"],
    ["latency", series.latency_ms, "ms"],
    ["commit", series.commit_ms, "ms"],
  ];
  const lines = rows.map(
    ([name, values, unit]) => `${paint("dim", name.padEnd(13))}${curve(values)}  ${rangeOf(values, unit)}`,
  );
  return [paint("dim", `the last ${seconds} s`), ...lines].join("\n");
}

const BARS = "▁▂▃▄▅▆▇█";
const CURVE_WIDTH = 60;

/** As many bars as fit, each the greatest value of its time. */
function curve(values: Series): string {
  const width = Math.min(CURVE_WIDTH, values.length);
  const greatest = Math.max(1e-9, ...values.map((value) => value ?? 0));
  return Array.from({ length: width }, (_, at) => {
    const part = values.slice(
      Math.floor((at * values.length) / width),
      Math.floor(((at + 1) * values.length) / width),
    );
    const known = part.filter((value) => value !== null);
    if (known.length === 0) return " ";
    return BARS[Math.min(BARS.length - 1, Math.floor((Math.max(...known) / greatest) * BARS.length))];
  }).join("");
}

function rangeOf(values: Series, unit: string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "–";
  const figure = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));
  return `${figure(Math.min(...known))} to ${figure(Math.max(...known))}${unit === "" ? "" : ` ${unit}`}`;
}

/** The newest last, as in a log. */
function warnings({ warnings: entries }: Stats, paint: Paint): readonly string[] {
  const told = entries.slice(0, 5).toReversed();
  if (told.length === 0) return [];
  return [
    [
      paint("dim", "last warnings"),
      ...told.map(
        ({ at, level, code, message }) =>
          `${paint("dim", localTime(at))}  ${level}  ${shown(code)}  ${shown(message)}`,
      ),
    ].join("\n"),
  ];
}

/** What was measured, as a table and as data. */
import type { Sample, Scenario } from "../../src/cli/bench/measure.ts";
import { median as middleOf, type Spread, spreadOf } from "../../src/cli/bench/stats.ts";

export interface Cell extends Spread {
  readonly server: string;
  /** Median of the rounds' own ratios to the first server; each round is one moment of the machine. */
  readonly ratio: Spread;
  readonly p50Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
  /** Shares of one processor, medians. */
  readonly serverCpu: number | null;
  readonly loadCpu: number | null;
  /** Processor time of the server for one unit, median; what a busy machine disturbs least. */
  readonly serverMicros: number | null;
}

export interface Row {
  readonly scenario: string;
  readonly title: string;
  readonly unit: string;
  readonly cells: readonly Cell[];
}

export function rowsOf(scenario: Scenario, samples: ReadonlyMap<string, readonly Sample[]>): Row {
  const [base = []] = samples.values();
  const cells = [...samples].map(([server, taken]): Cell => {
    const ratios = taken.map(({ value }, round) => value / (base[round]?.value ?? Number.NaN));
    const { median, min, max } = spreadOf(taken.map(({ value }) => value));
    return {
      server,
      median,
      min,
      max,
      ratio: spreadOf(ratios),
      p50Ms: middle(taken, "p50Ms"),
      p99Ms: middle(taken, "p99Ms"),
      serverCpu: middle(taken, "serverCpu") ?? null,
      loadCpu: middle(taken, "loadCpu") ?? null,
      serverMicros: microsOf(taken),
    };
  });
  return { scenario: scenario.name, title: scenario.title, unit: scenario.unit, cells };
}

function microsOf(samples: readonly Sample[]): number | null {
  const values = samples.flatMap(({ value, serverCpu }) =>
    typeof serverCpu === "number" ? [(serverCpu / value) * 1e6] : [],
  );
  return values.length === 0 ? null : middleOf(values);
}

function middle(
  samples: readonly Sample[],
  field: "p50Ms" | "p99Ms" | "serverCpu" | "loadCpu",
): number | undefined {
  const values = samples.map((sample) => sample[field]).filter((value) => typeof value === "number");
  return values.length === 0 ? undefined : middleOf(values);
}

const shown = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString("en") : value.toFixed(value >= 100 ? 0 : 2);
const ratioText = ({ median, min, max }: Spread): string =>
  `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
const share = (value: number | null): string => (value === null ? "" : `${Math.round(value * 100)} %`);

export function table(rows: readonly Row[]): string {
  return rows
    .map(({ scenario, title, unit, cells }) => {
      const lines = cells.map((cell) =>
        [
          `  ${cell.server.padEnd(9)}`,
          shown(cell.median).padStart(12),
          `(${shown(cell.min)}–${shown(cell.max)})`.padEnd(20),
          `ratio ${ratioText(cell.ratio)}`.padEnd(24),
          cell.p99Ms === undefined ? "" : `p50 ${cell.p50Ms?.toFixed(2)} p99 ${cell.p99Ms.toFixed(2)} ms`,
          cell.serverCpu === null ? "" : `server ${share(cell.serverCpu)} load ${share(cell.loadCpu)}`,
          cell.serverMicros === null ? "" : `${shown(cell.serverMicros)} µs each`,
        ].join("  "),
      );
      return [`${title} [${scenario}], ${unit}`, ...lines, ""].join("\n");
    })
    .join("\n");
}

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
    };
  });
  return { scenario: scenario.name, title: scenario.title, unit: scenario.unit, cells };
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
const share = (value: number | null): string => (value === null ? "" : `${Math.round(value * 100)} %`);

export function table(rows: readonly Row[]): string {
  return rows
    .map(({ scenario, title, unit, cells }) => {
      const lines = cells.map(({ server, median, min, max, ratio, serverCpu, loadCpu, p50Ms, p99Ms }) =>
        [
          `  ${server.padEnd(9)}`,
          shown(median).padStart(12),
          `(${shown(min)}–${shown(max)})`.padEnd(26),
          `ratio ${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`.padEnd(26),
          p99Ms === undefined ? "" : `p50 ${p50Ms?.toFixed(2)} p99 ${p99Ms.toFixed(2)} ms`,
          serverCpu === null ? "" : `server ${share(serverCpu)} load ${share(loadCpu)}`,
        ].join("  "),
      );
      return [`${title} [${scenario}], ${unit}`, ...lines, ""].join("\n");
    })
    .join("\n");
}

import { Histogram } from "../../core/histogram.ts";
import { METRICS, type Metric, type MetricSources, type Reading } from "./table.ts";

const escaped = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
const numberText = (value: number): string => (value === Number.POSITIVE_INFINITY ? "+Inf" : String(value));

/** All metrics in Prometheus' text format, 0.0.4. */
export const metricsText = (sources: MetricSources): string =>
  Object.entries<Metric>(METRICS)
    .map(([name, metric]) => textOf(name, metric, metric.read(sources)))
    .join("");

function textOf(name: string, { type, help, labels = [] }: Metric, reading: Reading): string {
  if (reading === null) return "";
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
  if (reading instanceof Histogram) lines.push(...histogramLines(name, reading));
  else if (typeof reading === "number") lines.push(`${name} ${numberText(reading)}`);
  else
    for (const [values, value] of reading) {
      const pairs = labels.map((label, at) => `${label}="${escaped(values[at] ?? "")}"`);
      lines.push(`${name}{${pairs.join(",")}} ${numberText(value)}`);
    }
  return `${lines.join("\n")}\n`;
}

function histogramLines(name: string, { bounds, counts, sum, count }: Histogram): string[] {
  let below = 0;
  const lines = bounds.map((bound, place) => {
    below += counts[place] ?? 0;
    return `${name}_bucket{le="${bound}"} ${below}`;
  });
  return [...lines, `${name}_bucket{le="+Inf"} ${count}`, `${name}_sum ${sum}`, `${name}_count ${count}`];
}

/** For the documentation: a row a metric. */
export function metricsMarkdown(): string {
  const rows = Object.entries<Metric>(METRICS).map(([name, { type, help, labels = [] }]) => {
    const by = labels.map((label) => `\`${label}\``).join(", ");
    return `| \`${name}\` | ${type} | ${by === "" ? "–" : by} | ${help} |`;
  });
  return `| Metric | Type | Labels | What it tells |\n|---|---|---|---|\n${rows.join("\n")}`;
}

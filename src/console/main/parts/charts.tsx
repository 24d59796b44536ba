import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { count, millis } from "../../lib/format.ts";
import type { Series } from "../data/types.ts";
import { Chart, type ChartProps, type Values } from "./chart.tsx";

/** Four drawings on one axis of time; pointing at one points at all. */
export function Charts({
  series,
  seconds,
  span,
}: {
  readonly series: Series | null;
  readonly seconds: number;
  readonly span: string;
}): VNode {
  const charts = useMemo(() => chartsOf(series, seconds, span), [series, seconds, span]);
  return (
    <div class="charts">
      {charts.map((chart) => (
        <Chart key={chart.title} {...chart} />
      ))}
    </div>
  );
}

const whole = (value: number | null): string => (value === null ? "–" : count(Math.round(value * 100) / 100));

function chartsOf(series: Series | null, seconds: number, span: string): readonly ChartProps[] {
  const step = series?.step_seconds ?? 1;
  const until = Math.floor(Date.parse(series?.until ?? new Date().toISOString()) / 1000);
  const places = Math.round(seconds / step);
  const times = Array.from({ length: places }, (_, place) => until - (places - 1 - place) * step);
  // A server that is younger than the window has fewer values: they belong at the end of it.
  const fitted = (values: Values = []): Values => [
    ...Array<null>(Math.max(0, places - values.length)).fill(null),
    ...values.slice(-places),
  ];
  const common = { times, span };
  return [
    {
      ...common,
      title: "Connections",
      show: whole,
      least: 4,
      lines: [{ label: "Connections", values: fitted(series?.connections), colour: "--accent" }],
    },
    {
      ...common,
      title: "Messages a second",
      show: whole,
      least: 4,
      lines: [
        { label: "in", values: fitted(series?.frames_in), colour: "--accent" },
        { label: "out", values: fitted(series?.frames_out), colour: "--second", dashed: true },
      ],
    },
    {
      ...common,
      title: "Latency",
      show: millis,
      least: 1,
      bars: true,
      lines: [{ label: "Latency", values: fitted(series?.latency_ms), colour: "--accent" }],
    },
    {
      ...common,
      title: "Commit time",
      show: millis,
      least: 1,
      bars: true,
      lines: [{ label: "Commit time", values: fitted(series?.commit_ms), colour: "--accent" }],
    },
  ];
}

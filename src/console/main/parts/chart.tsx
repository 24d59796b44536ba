import { signal, useSignalEffect } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useApp } from "../app.ts";
import { colourOf } from "./colours.ts";

const HEIGHT = 148;
const FONT = '11px -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export type Values = readonly (number | null)[];

export interface Line {
  readonly label: string;
  readonly values: Values;
  /** A custom property of base.css. */
  readonly colour: "--accent" | "--second";
  /** Told apart without colour, too. */
  readonly dashed?: boolean;
}

export interface ChartProps {
  readonly title: string;
  /** Seconds since 1970, one for each value. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** A value in words: `12 ms`. */
  readonly show: (value: number | null) => string;
  /** The window in words: `last 5 minutes`. */
  readonly span: string;
  /** The axis goes up to this at least, so that a quiet line lies low. */
  readonly least: number;
  /** Values stand for themselves: each second is a bar, and an empty second is empty. */
  readonly bars?: boolean;
}

/** What a chart says, for whoever does not see it. */
function summaryOf({ title, lines, show, span }: ChartProps): string {
  const parts = lines.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    const name = lines.length > 1 ? `${label} ` : "";
    if (known.length === 0) return `${name}nothing measured`;
    const last = values.at(-1) ?? null;
    return `${name}between ${show(Math.min(...known))} and ${show(Math.max(...known))}, now ${last === null ? "nothing" : show(last)}`;
  });
  return `${title}, ${span}: ${parts.join("; ")}.`;
}

/** A card with a number now (or under the pointer) and a drawing of how it came about. */
export function Chart(props: ChartProps): VNode {
  const { title, times, lines, show } = props;
  const { themes } = useApp();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const pointed = useMemo(() => signal<number | null>(null), []);
  const shape = `${lines.map(({ label }) => label).join()} ${props.bars} ${props.least}`;

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(props, element.clientWidth, pointed), dataOf(times, lines), element);
    };
    draw();
    const sizes = new ResizeObserver(() => {
      if (plot.current !== null && plot.current.width !== element.clientWidth)
        plot.current.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    sizes.observe(element);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    redraw.current = draw;
    return () => {
      sizes.disconnect();
      dark.removeEventListener("change", draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);
  const redraw = useRef(() => {});
  // A canvas keeps the colours it was drawn with.
  useSignalEffect(() => {
    void themes.current.value;
    redraw.current();
  });
  useEffect(() => plot.current?.setData(dataOf(times, lines)), [times, lines]);

  // At rest, the last second in which anything was measured.
  const latest = times.findLastIndex((_, place) =>
    lines.some(({ values }) => (values[place] ?? null) !== null),
  );
  const at = pointed.value ?? latest;
  const time = at === times.length - 1 && pointed.value === null ? null : times[at];
  return (
    <figure class="card chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="dim small">{time === null || time === undefined ? "" : clockOf(time)}</span>
        <span class="grow" />
        {lines.map(({ label, values, colour, dashed }) => (
          <span key={label} class="reading">
            {lines.length > 1 ? (
              <span class="dim small row">
                <i class={dashed ? "swatch dashed" : "swatch"} style={{ color: `var(${colour})` }} />
                {label}
              </span>
            ) : null}
            <strong>{show(values[at] ?? null)}</strong>
          </span>
        ))}
      </figcaption>
      <div class="plot" ref={place} role="img" aria-label={summaryOf(props)} />
    </figure>
  );
}

const clockOf = (seconds: number): string => new Date(seconds * 1000).toLocaleTimeString("en-GB");

const dataOf = (times: readonly number[], lines: readonly Line[]): uPlot.AlignedData =>
  [[...times], ...lines.map(({ values }) => [...values])] as uPlot.AlignedData;

function optionsOf(
  { lines, least, show, bars }: ChartProps,
  width: number,
  pointed: { value: number | null },
): uPlot.Options {
  const dim = colourOf("--dim");
  const grid = { stroke: colourOf("--line"), width: 1 };
  return {
    width,
    height: HEIGHT,
    padding: [8, 12, 0, 4],
    legend: { show: false },
    cursor: { y: false, sync: { key: "overview" }, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      // Half a second more at both ends: the first and the last bar are whole.
      x: { range: (_plot, first, last) => [first - 0.5, last + 0.5] },
      y: { range: (_plot, _low, high) => [0, Math.max(least, high) * 1.1] },
    },
    axes: [
      {
        stroke: dim,
        font: FONT,
        size: 26,
        grid: { show: false },
        ticks: { show: false },
        space: 80,
        values: clockTicks,
      },
      {
        stroke: dim,
        font: FONT,
        size: 52,
        grid,
        ticks: { show: false },
        space: 34,
        values: (_plot, ticks) => ticks.map((tick) => (tick === 0 ? "0" : shortest(show(tick)))),
      },
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, bars === true))],
    hooks: {
      setCursor: [
        ({ cursor }) => {
          pointed.value = cursor.idx ?? null;
        },
      ],
    },
  };
}

function seriesOf({ label, colour, dashed }: Line, bars: boolean): uPlot.Series {
  const stroke = colourOf(colour);
  const common = { label, stroke, points: { show: false } };
  if (bars) {
    const paths = uPlot.paths.bars?.({ size: [0.7, 6, 2], radius: 0.3 });
    return { ...common, fill: stroke, width: 0, ...(paths === undefined ? {} : { paths }) };
  }
  const fill = dashed === true ? {} : { fill: faded(stroke) };
  return { ...common, ...fill, width: 1.5, ...(dashed === true ? { dash: [5, 3] } : {}) };
}

/** `0.50 ms` as `0.5 ms`, `2.0 ms` as `2 ms`. */
const shortest = (text: string): string => text.replace(/(\.\d*?)0+(?!\d)/, "$1").replace(/\.(?!\d)/, "");

/** The colour as a breath under its line. */
const faded = (colour: string): string => colour.replace(/^rgb\((.*)\)$/, "rgba($1, 0.09)");

const clockTicks = (_plot: uPlot, ticks: readonly number[]): string[] => {
  const seconds = ticks.some((tick) => tick % 60 !== 0);
  return ticks.map((tick) => clockOf(tick).slice(0, seconds ? 8 : 5));
};

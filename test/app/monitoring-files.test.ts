/** The dashboard and the alerts ask only for what the server tells. */
import { describe, expect, test } from "bun:test";
import { METRICS, type Metric } from "../../src/app/metrics/table.ts";

const DEPLOY = new URL("../../scripts/deploy/", import.meta.url).pathname;
const read = (path: string): Promise<string> => Bun.file(`${DEPLOY}${path}`).text();

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly description: string };
}
interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const dashboard = JSON.parse(await read("grafana/dragoman.json")) as { panels: readonly Panel[] };
const alerts = Bun.YAML.parse(await read("prometheus/alerts.yml")) as {
  groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = alerts.groups.flatMap((group) => group.rules);
const asked: readonly (readonly [string, string])[] = [
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
];

/** Given by Prometheus itself. */
const ITS_OWN = new Set(["job", "instance", "le"]);

const metricOf = (name: string): readonly [string, Metric] | undefined => {
  const base = name.replace(/_(bucket|sum|count)$/, "");
  const metric = (METRICS as Readonly<Record<string, Metric>>)[base];
  const isPart = base !== name;
  return metric !== undefined && isPart === (metric.type === "histogram") ? [base, metric] : undefined;
};

const namesIn = (expr: string): string[] => expr.match(/\b(?:dragoman|process)_[a-z_]+/g) ?? [];

describe("every expression of the dashboard and the alerts", () => {
  for (const [title, expr] of asked)
    test(`${title}: ${expr}`, () => {
      const names = namesIn(expr);
      expect(names.filter((name) => metricOf(name) === undefined)).toEqual([]);
      const known = new Set(names.flatMap((name) => metricOf(name)?.[1].labels ?? []));
      const by = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/,\s*/));
      const chosen = [...expr.matchAll(/[{,]\s*([a-z_]+)\s*=~?"/g)].map(([, label = ""]) => label);
      expect([...by, ...chosen].filter((label) => !ITS_OWN.has(label) && !known.has(label))).toEqual([]);
    });
});

test("counters are asked for their rate, and histograms for a quantile or a mean", () => {
  const wrong = asked.filter(([, expr]) =>
    namesIn(expr).some((name) => {
      const type = metricOf(name)?.[1].type;
      return type !== undefined && type !== "gauge" && !/\b(rate|increase)\(/.test(expr);
    }),
  );
  expect(wrong).toEqual([]);
});

test("every metric but the plainest is on the dashboard", () => {
  const shown = new Set(
    dashboard.panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => namesIn(expr))),
  );
  const bases = new Set([...shown].map((name) => metricOf(name)?.[0]));
  expect(Object.keys(METRICS).filter((name) => !bases.has(name))).toEqual([
    "dragoman_connections_limit",
    "dragoman_published_bytes_total",
    "process_start_time_seconds",
  ]);
});

test("every alert says what it is and what to do", () => {
  for (const { alert, annotations } of rules) {
    expect(alert).toMatch(/^Dragoman[A-Z]\w+$/);
    expect(annotations.summary).toContain("{{ $labels.instance }}");
    expect(annotations.description.length).toBeGreaterThan(20);
  }
});

const promtool = Bun.which("promtool");

test.skipIf(promtool === null)("Prometheus itself reads the alerts and the scrape example", async () => {
  for (const args of [
    ["check", "rules", `${DEPLOY}prometheus/alerts.yml`],
    ["check", "config", "--syntax-only", `${DEPLOY}prometheus/scrape.yml`],
  ]) {
    const { exitCode, stderr } = Bun.spawnSync([promtool ?? "", ...args]);
    expect([exitCode, stderr.toString()]).toEqual([0, expect.any(String)]);
  }
});

/** Each alert comes with the fault that it is for, and none without one: Prometheus' own rule tests. */
import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "../cli/program.ts";

const FILE = new URL("../../scripts/deploy/prometheus/alerts.yml", import.meta.url).pathname;
const SERVER = `job="dragoman",instance="rt:8000"`;

/** Values of each minute, in Prometheus' short form: from+step x times. */
type Series = Readonly<Record<string, string>>;

/** A server with some hundred users on a good day, for a day. */
const FINE: Series = {
  [`up{${SERVER}}`]: "1x1440",
  [`dragoman_ready{${SERVER},part="store"}`]: "1x1440",
  [`dragoman_ready{${SERVER},part="writes"}`]: "1x1440",
  [`dragoman_write_faults_total{${SERVER}}`]: "0x1440",
  // A gigabyte a week of two hundred.
  [`dragoman_store_free_bytes{${SERVER}}`]: "2e11-100000x1440",
  [`dragoman_answer_seconds_bucket{${SERVER},le="0.005"}`]: "0+960x1440",
  [`dragoman_answer_seconds_bucket{${SERVER},le="0.5"}`]: "0+999x1440",
  [`dragoman_answer_seconds_bucket{${SERVER},le="1"}`]: "0+1000x1440",
  [`dragoman_answer_seconds_bucket{${SERVER},le="+Inf"}`]: "0+1000x1440",
  [`dragoman_event_loop_lag_seconds_bucket{${SERVER},le="0.005"}`]: "0+190x1440",
  [`dragoman_event_loop_lag_seconds_bucket{${SERVER},le="0.25"}`]: "0+240x1440",
  [`dragoman_event_loop_lag_seconds_bucket{${SERVER},le="1"}`]: "0+240x1440",
  [`dragoman_event_loop_lag_seconds_bucket{${SERVER},le="+Inf"}`]: "0+240x1440",
  // One an hour: a telephone in a tunnel.
  [`dragoman_connections_closed_total{${SERVER},cause="slow"}`]: "0+0.0166x1440",
  // Five a minute: tokens that were copied wrongly, and scanners.
  [`dragoman_refusals_total{${SERVER},door="http",cause="TOKEN_INVALID"}`]: "0+5x1440",
  [`dragoman_refusals_total{${SERVER},door="handshake",cause="TOKEN_EXPIRED"}`]: "0+100x1440",
  [`dragoman_bounds_met_total{${SERVER},bound="http_address"}`]: "0x1440",
  // Somebody's script that knows no pause is his own affair.
  [`dragoman_bounds_met_total{${SERVER},bound="http_user"}`]: "0+600x1440",
  [`dragoman_connections{${SERVER},dialect="chat"}`]: "300x1440",
  [`dragoman_connections{${SERVER},dialect="native"}`]: "400x1440",
  [`dragoman_connections_limit{${SERVER}}`]: "1000x1440",
  [`process_open_fds{${SERVER}}`]: "730x1440",
  [`process_max_fds{${SERVER}}`]: "65536x1440",
  [`dragoman_log_entries_total{${SERVER},level="error"}`]: "0x1440",
  [`dragoman_log_entries_total{${SERVER},level="warn"}`]: "0+0.1x1440",
};

/** What is other than on a good day. */
const FAULTS: Readonly<Record<string, Series>> = {
  DragomanDown: { [`up{${SERVER}}`]: "0x1440" },
  DragomanPartNotReady: { [`dragoman_ready{${SERVER},part="writes"}`]: "0x1440" },
  DragomanWritesFail: { [`dragoman_write_faults_total{${SERVER}}`]: "0+1x1440" },
  DragomanDiskFillsUp: { [`dragoman_store_free_bytes{${SERVER}}`]: "2e11-100000000x1440" },
  DragomanSlow: { [`dragoman_answer_seconds_bucket{${SERVER},le="0.5"}`]: "0+980x1440" },
  DragomanLoopLags: { [`dragoman_event_loop_lag_seconds_bucket{${SERVER},le="0.25"}`]: "0+200x1440" },
  DragomanReadersTooSlow: {
    [`dragoman_connections_closed_total{${SERVER},cause="slow"}`]: "0+10x1440",
  },
  DragomanLoginsRefused: {
    [`dragoman_refusals_total{${SERVER},door="http",cause="TOKEN_INVALID"}`]: "0+100x1440",
  },
  DragomanAddressCrowded: {
    [`dragoman_bounds_met_total{${SERVER},bound="http_address"}`]: "0+100x1440",
  },
  DragomanConnectionsNearLimit: { [`dragoman_connections{${SERVER},dialect="native"}`]: "650x1440" },
  DragomanFileDescriptorsNearLimit: { [`process_open_fds{${SERVER}}`]: "60000x1440" },
  DragomanErrorsLogged: { [`dragoman_log_entries_total{${SERVER},level="error"}`]: "0+0.1x1440" },
};

const { groups } = Bun.YAML.parse(await Bun.file(FILE).text()) as {
  groups: readonly { rules: readonly { alert: string }[] }[];
};
const ALERTS = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));

const promtool = Bun.which("promtool");

/** Which alerts fire after a day of this. */
function firing(series: Series): readonly string[] {
  using folder = tempFolder();
  const path = join(folder.path, "test.json");
  const spec = {
    rule_files: [FILE],
    evaluation_interval: "1m",
    tests: [
      {
        interval: "1m",
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        // How many of each fire is asked, and compared with none: what differs is told.
        promql_expr_test: ALERTS.map((alert) => ({
          expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
          eval_time: "23h",
          exp_samples: [],
        })),
      },
    ],
  };
  writeFileSync(path, JSON.stringify(spec));
  const { stdout, stderr } = Bun.spawnSync([promtool ?? "", "test", "rules", path]);
  const told = `${stdout.toString()}${stderr.toString()}`;
  expect(told).toMatch(/SUCCESS|FAILED/);
  return ALERTS.filter(
    (alert) => told.includes(`alertname="${alert}"`) || told.includes(`alertname=\\"${alert}\\"`),
  );
}

test("every alert has its fault here", () => {
  expect(Object.keys(FAULTS)).toEqual(ALERTS);
});

describe.skipIf(promtool === null)("after a day of it Prometheus fires", () => {
  test("nothing where all is well", () => {
    expect(firing(FINE)).toEqual([]);
  });

  test.each(Object.entries(FAULTS))("%s, and nothing else", (alert, fault) => {
    expect(firing({ ...FINE, ...fault })).toEqual([alert]);
  });
});

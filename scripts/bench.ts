#!/usr/bin/env bun
/**
 * Compares Dragoman with a bare Bun server that only forwards (the limit), and with Socket.IO and ws on
 * Node, in one run: each round measures every server once, so that what the machine does besides meets all.
 * What counts are the ratios; the figures themselves belong to this machine and this hour.
 * Before the first round each server works for a while uncounted: runtimes compile while they run, and
 * nobody starts a server for its first seconds. Two processes of one program differ, too: with --processes all
 * servers are started anew so many times, each for its share of the rounds.
 *
 * Usage: scripts/bench [scenario...] [--rounds 5] [--seconds 2] [--warm 5] [--processes 1]
 *   [--servers raw,stored,live,socketio,ws] [--json FILE]
 * The README's table is made of such a file: bun scripts/bench-table.ts FILE
 */
import type { Ready, Sample, Scenario } from "../src/cli/bench/measure.ts";
import { SCENARIOS } from "../src/cli/bench/scenarios.ts";
import { syncText, syncTimes } from "./bench-servers/disk.ts";
import { machine, type Report } from "./bench-servers/readme.ts";
import { type Row, rowsOf, table } from "./bench-servers/report.ts";
import { LOAD_CPU, pins, SERVERS, type ServerName, type Started } from "./bench-servers/servers.ts";
import { readArguments } from "./arguments.ts";
import { BUN, INSTALL, need } from "./run.ts";

const { values, positionals } = readArguments(import.meta.path, {
  rounds: { type: "string", default: "5" },
  seconds: { type: "string", default: "2" },
  warm: { type: "string", default: "5" },
  processes: { type: "string", default: "1" },
  servers: { type: "string", default: "raw,stored,live,socketio,ws" },
  json: { type: "string" },
});

await need(INSTALL);
// The load must not take the servers' processor.
if (pins() && process.env["BENCH_PINNED"] === undefined) {
  const child = Bun.spawn(["taskset", "-c", LOAD_CPU, BUN, ...process.argv.slice(1)], {
    env: { ...process.env, BENCH_PINNED: "1" },
    stdio: ["inherit", "inherit", "inherit"],
  });
  process.exit(await child.exited);
}

const unknown = positionals.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(
    `no scenario ${unknown.join(", ")}; there are: ${SCENARIOS.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
const rounds = Number(values.rounds);
const ms = Number(values.seconds) * 1000;
const warmMs = Number(values.warm) * 1000;
const processes = Math.min(Number(values.processes), rounds);
const names = values.servers.split(",") as ServerName[];
const chosen = SCENARIOS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

const rows: Row[] = [];
const syncs: number[] = [];
for (const scenario of chosen) {
  const before = syncs.length;
  const samples = await compare(scenario);
  const row = rowsOf(scenario, samples);
  rows.push(row);
  console.log(table([row]));
  console.log(`  a sync of the disk took ${syncText(syncs.slice(before))}\n`);
  if (values.json !== undefined) await report(values.json);
}
process.exit(0);

/** Whatever is measured so far. */
async function report(file: string): Promise<void> {
  const command = ["scripts/bench", ...process.argv.slice(2)].join(" ");
  const measured: Report = { command, machine: machine(pins()), rounds, rows, disk: syncText(syncs) };
  await Bun.write(file, `${JSON.stringify(measured, null, 2)}\n`);
}

/** By turns, in all rounds, of processes that are each there for some of them. */
async function compare(scenario: Scenario): Promise<Map<ServerName, Sample[]>> {
  const samples = new Map<ServerName, Sample[]>();
  for (let left = processes, done = 0; left > 0; left--) {
    const share = Math.ceil((rounds - done) / left);
    await measureBy(scenario, share, samples);
    done += share;
  }
  return samples;
}

/** Every server by turns, so many times. */
async function measureBy(
  scenario: Scenario,
  turns: number,
  samples: Map<ServerName, Sample[]>,
): Promise<void> {
  const stands: Stand[] = [];
  for (const name of names) stands.push(await stand(scenario, name));
  if (warmMs > 0) for (const at of stands) if (at.started !== null) await measure(scenario, at, warmMs);
  for (let turn = 0; turn < turns; turn++) {
    syncs.push(...(await syncTimes()));
    for (const at of stands) {
      const sample = await measure(scenario, at, ms);
      if (sample !== null) samples.set(at.name, [...(samples.get(at.name) ?? []), sample]);
    }
  }
  for (const { ready, started } of stands) {
    await ready?.close();
    await started?.stop();
  }
}

/** A server and its sockets, as far as they outlive a measurement. */
interface Stand {
  readonly name: ServerName;
  readonly started: Started | null;
  readonly ready: Ready | null;
}

async function stand({ fresh, crowded, prepare }: Scenario, name: ServerName): Promise<Stand> {
  if (fresh === true) return { name, started: null, ready: null };
  const started = await SERVERS[name]();
  return { name, started, ready: crowded === true ? null : await prepare(started.subject) };
}

async function measure(
  scenario: Scenario,
  { name, started, ready }: Stand,
  ms: number,
): Promise<Sample | null> {
  if (ready !== null) return ready.measure(ms);
  if (started !== null && scenario.crowded !== true) return null;
  const own = started ?? (await SERVERS[name]());
  const prepared = await scenario.prepare(own.subject);
  const sample = (await prepared?.measure(ms)) ?? null;
  await prepared?.close();
  if (started === null) await own.stop();
  return sample;
}

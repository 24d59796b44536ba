#!/usr/bin/env bun
/**
 * Loads a real server in every way at once (all dialects, HTTP, streams, people who come and go, nuisances)
 * and looks whether memory and file descriptors stay flat, and whether anything went wrong.
 *
 * Usage: scripts/soak [--minutes 5] [--clients 60]        exits with 1 where something grows or fails
 */
import { readArguments } from "./arguments.ts";
import { Load } from "./soak-load/clients.ts";
import { SoakServer } from "./soak-load/server.ts";
import { judge, megabytes, type Sample } from "./soak-load/verdict.ts";

const { values } = readArguments(import.meta.path, {
  minutes: { type: "string", default: "5" },
  clients: { type: "string", default: "60" },
});
const minutes = Number(values.minutes);
const clients = Number(values.clients);
if (!(minutes > 0 && minutes <= 24 * 60 && clients >= 1 && clients <= 10_000)) {
  console.error("give --minutes from above 0 to 1440, and --clients from 1 to 10000");
  process.exit(2);
}

/** So many looks however long it takes, but no more often than that. */
const LOOKS = 40;
const LEAST_MS = 2500;
/** Until what clients left behind is gone: a heartbeat and a half, and the ticker's second. */
const REST_MS = 15_000;

const everyMs = Math.max(LEAST_MS, (minutes * 60_000) / LOOKS);

await using server = await SoakServer.start();
console.log(`${clients} clients for ${minutes} min, at ${server.url}\n`);
console.log("    s    memory      heap   fds  sockets    opened    frames out");

const idle = shown(await server.sample());
const load = new Load(server.url);
load.start(clients);
const loaded: Sample[] = [];
const untilMs = performance.now() + minutes * 60_000;
while (performance.now() < untilMs) {
  await Bun.sleep(Math.min(everyMs, Math.max(0, untilMs - performance.now())));
  loaded.push(shown(await server.sample()));
}
await load.end();
const restedBy = performance.now() + REST_MS;
let rested = await server.sample();
while (performance.now() < restedBy && rested.connections > 0) rested = await server.sample();
// Connections that HTTP clients keep alive end after a while, too.
while (performance.now() < restedBy && rested.openFds > idle.openFds) rested = await server.sample();
shown(rested);

const findings = judge({ idle, loaded, rested, errors: server.errors, surprises: load.surprises });
console.log();
for (const { ok, what } of findings) console.log(`${ok ? "ok    " : "FAILED"}  ${what}`);
process.exitCode = findings.every(({ ok }) => ok) ? 0 : 1;

function shown(sample: Sample): Sample {
  const { atSeconds, rssBytes, heapBytes, openFds, connections, opened, framesSent } = sample;
  const cells = [
    atSeconds.toFixed(0).padStart(5),
    megabytes(rssBytes).padStart(9),
    megabytes(heapBytes).padStart(9),
    String(openFds).padStart(5),
    String(connections).padStart(8),
    String(opened).padStart(9),
    String(framesSent).padStart(13),
  ];
  console.log(cells.join(" "));
  return sample;
}

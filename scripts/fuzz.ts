#!/usr/bin/env bun
/**
 * The fuzzers of test/security for as long as wanted: each kind (frames, requests) gets so many cases,
 * against the real program in a process of its own. Ends with 0 where the server lived, failed nowhere
 * within, served its neighbour throughout and stayed small. What it finds is printed with the seed.
 *
 * Usage: scripts/fuzz [sockets|http] [--cases 100000] [--seed N]
 */
import { readArguments } from "./arguments.ts";
import { BUN, INSTALL, need, ROOT } from "./run.ts";

const { values, positionals } = readArguments(import.meta.path, {
  cases: { type: "string", default: "100000" },
  seed: { type: "string" },
});

const KINDS = ["sockets", "http"];
const cases = Number(values.cases);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const strange = positionals.filter((kind) => !KINDS.includes(kind));
if (strange.length > 0 || !Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed)) {
  console.error("Usage: scripts/fuzz [sockets|http] [--cases 100000] [--seed N]");
  process.exit(2);
}

await need(INSTALL);
console.log(`${cases} cases of each kind, seed ${seed}; again: scripts/fuzz --cases ${cases} --seed ${seed}`);
const kinds = positionals.length === 0 ? KINDS : positionals;
const files = kinds.map((kind) => `./test/security/fuzz-${kind}.test.ts`);
const env = { ...process.env, FUZZ_CASES: String(cases), FUZZ_SEED: String(seed) };
const child = Bun.spawn([BUN, "test", ...files], {
  cwd: ROOT,
  env,
  stdio: ["inherit", "inherit", "inherit"],
});
process.exit(await child.exited);

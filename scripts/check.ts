#!/usr/bin/env bun
/**
 * Everything that must hold before a change lands, one line a step; CI runs exactly this.
 * All steps run, whatever failed before them.
 *
 * Usage: bun scripts/check.ts [--fast | --long]        --fast leaves the tests out, --long adds a soak
 */
import { BUN, INSTALL, type Outcome, ROOT, run, tool } from "./run.ts";

/** A file that wants more lines is two files. */
const MAX_LINES = 320;

/** What tsconfig.portable.json leaves out must not come back by an import. */
const NOT_PORTABLE =
  /\/node_modules\/bun-types\/|\/src\/(main\.ts|cli\/.*|app\/.*|runtime\/bun\.ts|store\/sqlite\/.*)$/;

type Step = readonly [name: string, work: () => Promise<Outcome>];

const steps: readonly Step[] = [
  ["install", () => run(INSTALL)],
  ["format", () => run([BUN, "fmt", "--check", "--no-script"])],
  ["lint", () => run([...tool("oxlint"), "--type-aware", "src", "test", "scripts"])],
  ["types", () => run([...tool("tsc"), "--pretty", "false"])],
  ["portable types", portableTypes],
  ["import rules", () => run([BUN, "scripts/imports.ts"])],
  ["file length", fileLength],
  ["dead code", () => run([...tool("knip"), "--no-config-hints"])],
  ["generated files", () => run([BUN, "scripts/docs.ts", "--check"])],
];
const tests: Step = ["tests", () => run([BUN, "scripts/test.ts"])];

const soak: Step = ["soak", () => run([BUN, "scripts/soak.ts", "--minutes", "2"])];

const chosen = process.argv.includes("--fast")
  ? steps
  : [...steps, tests, ...(process.argv.includes("--long") ? [soak] : [])];
const failed: string[] = [];
const began = performance.now();

for (const [name, work] of chosen) {
  const start = performance.now();
  const { ok, output } = await work();
  console.log(`${ok ? "ok    " : "FAILED"} ${seconds(start)}  ${name}`);
  if (ok) continue;
  failed.push(name);
  console.log(output.trim().replace(/^/gm, "    "));
}

console.log(
  failed.length === 0
    ? `all ${chosen.length} steps ok in ${seconds(began).trim()}`
    : `${failed.length} of ${chosen.length} steps failed: ${failed.join(", ")}`,
);
process.exit(failed.length === 0 ? 0 : 1);

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`.padStart(7);
}

async function portableTypes(): Promise<Outcome> {
  const { ok, output } = await run([
    ...tool("tsc"),
    "-p",
    "tsconfig.portable.json",
    "--pretty",
    "false",
    "--listFiles",
  ]);
  const lines = output.split("\n");
  const files = lines.filter((line) => line.startsWith(ROOT));
  const strays = files.filter((file) => NOT_PORTABLE.test(file));
  const faults = [
    ...lines.filter((line) => line !== "" && !files.includes(line)),
    ...strays.map(
      (file) => `${file.slice(ROOT.length + 1)} is not portable, and something portable imports it`,
    ),
  ];
  return { ok: ok && strays.length === 0, output: faults.join("\n") };
}

async function fileLength(): Promise<Outcome> {
  const paths = [...new Bun.Glob("{src,test}/**/*.{ts,tsx}").scanSync(ROOT)].toSorted();
  const lengths = await Promise.all(
    paths.map(async (path) => (await Bun.file(`${ROOT}/${path}`).text()).split("\n").length - 1),
  );
  const long = paths.flatMap((path, at) => {
    const lines = lengths[at] ?? 0;
    return lines > MAX_LINES
      ? [`${path} has ${lines} lines; ${MAX_LINES} is the most: make it two files`]
      : [];
  });
  return { ok: long.length === 0, output: long.join("\n") };
}

#!/usr/bin/env bun
/**
 * Writes the files that are generated from the source.
 *
 * Usage: bun scripts/docs.ts [--check]        --check writes nothing, and fails when a file is not up to date
 */
import { BUN, ROOT } from "./run.ts";

interface Generated {
  /** The file it writes, from the project's folder. */
  readonly path: string;
  /** The file as it should be, given the file as it is (empty when there is none). */
  readonly make: (current: string) => string | Promise<string>;
}

const GENERATORS: readonly Generated[] = [];

const check = process.argv.includes("--check");
const stale: string[] = [];

for (const { path, make } of GENERATORS) {
  const file = Bun.file(`${ROOT}/${path}`);
  const current = (await file.exists()) ? await file.text() : "";
  const next = await formatted(path, await make(current));
  if (next === current) continue;
  stale.push(path);
  if (!check) await Bun.write(file, next);
}

for (const path of stale)
  console.log(`${path} ${check ? "is not up to date; run: bun scripts/docs.ts" : "written"}`);
process.exit(check && stale.length > 0 ? 1 : 0);

/** Generated files keep to the project's format like all others. */
async function formatted(path: string, text: string): Promise<string> {
  const child = Bun.spawn([BUN, "fmt", "--no-script", `--stdin-filepath=${path}`], {
    cwd: ROOT,
    stdin: new Blob([text]),
    stdout: "pipe",
    stderr: "inherit",
  });
  const out = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`bun fmt refuses what was generated for ${path}`);
  return out;
}

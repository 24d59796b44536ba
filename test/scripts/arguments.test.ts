import { expect, test } from "bun:test";
import { resolve } from "node:path";
import { run } from "../../scripts/run.ts";

const SCRIPTS = ["bench.ts", "build.ts", "fuzz.ts", "soak.ts"] as const;
const pathOf = (script: string): string => resolve(import.meta.dir, "../../scripts", script);

test.each(SCRIPTS)("%s explains itself, and does nothing else", async (script) => {
  const { ok, output } = await run([process.execPath, pathOf(script), "--help"]);
  expect({ ok, output }).toEqual({ ok: true, output: expect.stringMatching(/^[A-Z][^*]+\nUsage: /) });
});

test.each(SCRIPTS)("%s says what it does not know, and what there is", async (script) => {
  const { ok, output } = await run([process.execPath, pathOf(script), "--fsat"]);
  expect({ ok, output }).toEqual({
    ok: false,
    output: expect.stringMatching(/^error {2}Unknown option '--fsat'.*\n\n[^*]+\nUsage: /),
  });
});

#!/usr/bin/env bun
/**
 * Checks that imports in src/ keep to the rules of .dependency-cruiser.mjs.
 * Reading fewer modules than src/ has files is a failure: dependency-cruiser reads no TypeScript at all,
 * and finds no fault, when it doesn't know the installed version of the compiler.
 *
 * Usage: bun scripts/imports.ts [folder that holds src]
 */
import { resolve } from "node:path";
import { cruise, type ICruiseOptions, type ICruiseResult, type IViolation } from "dependency-cruiser";
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import { ROOT } from "./run.ts";

type Rules = NonNullable<NonNullable<ICruiseOptions["ruleSet"]>["forbidden"]>;

/** What is wrong, a text each, given the files that should have been read and what came of reading them. */
export function faultsOf(
  files: readonly string[],
  {
    modules,
    summary,
  }: Pick<ICruiseResult, "modules"> & { summary: Pick<ICruiseResult["summary"], "violations"> },
  rules: Rules = [],
): readonly string[] {
  const read = new Set(modules.map((module) => module.source));
  const unread = files.filter((file) => !read.has(file));
  return [
    ...(files.length === 0 ? ["nothing to read: there is no .ts file under src/"] : []),
    ...(unread.length > 0
      ? [`${unread.length} of ${files.length} files were not read: ${unread.join(", ")}`]
      : []),
    ...summary.violations.map((violation) => describe(violation, rules)),
  ];
}

function describe({ rule, from, to, cycle }: IViolation, rules: Rules): string {
  const road = [from, ...(cycle?.map((step) => step.name) ?? [to])].join(" → ");
  const comment = rules.find(({ name }) => name === rule.name)?.comment;
  return `${rule.name}: ${road}${comment === undefined ? "" : `\n    ${comment}`}`;
}

if (import.meta.main) {
  const root = resolve(process.argv[2] ?? ROOT);
  const options = await extractOptions(resolve(ROOT, ".dependency-cruiser.mjs"));
  const rules = options.ruleSet?.forbidden ?? [];
  const files = [...new Bun.Glob("src/**/*.{ts,tsx}").scanSync(root)];
  const { output } = await cruise(["src"], { ...options, baseDir: root });
  if (typeof output === "string") throw new Error(output);

  const faults = faultsOf(files, output, rules);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exit(1);
  console.log(`${files.length} files keep to ${rules.length} rules`);
}

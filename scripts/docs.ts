#!/usr/bin/env bun
/**
 * Writes the files that are generated from the source.
 *
 * Usage: bun scripts/docs.ts [--check]        --check writes nothing, and fails when a file is not up to date
 */
import { metricsMarkdown } from "../src/app/metrics/text.ts";
import { settingsMarkdown } from "../src/app/settings-text.ts";
import { defaultOf } from "../src/app/settings.ts";
import { BOUNDS } from "../src/core/bounds.ts";
import { CLOSES } from "../src/core/closes.ts";
import { LOG_CODES } from "../src/core/log-codes.ts";
import { ERRORS } from "../src/core/errors.ts";
import { DIALECTS } from "../src/dialects/all.ts";
import { BUN, ROOT } from "./run.ts";

interface Generated {
  /** The file it writes, from the project's folder. */
  readonly path: string;
  /** The file as it should be, given the file as it is (empty when there is none). */
  readonly make: (current: string) => string | Promise<string>;
}

const GUIDES = "src/console/docs/guides";

const GENERATORS: readonly Generated[] = [
  { path: `${GUIDES}/settings.md`, make: section("settings", settingsMarkdown()) },
  { path: `${GUIDES}/closes.md`, make: section("closes", closesMarkdown()) },
  {
    path: `${GUIDES}/monitoring.md`,
    make: (current) =>
      [
        section("metrics", metricsMarkdown()),
        section("bounds", boundsMarkdown()),
        section("log-codes", logCodesMarkdown()),
      ].reduce((text, replaced) => replaced(text), current),
  },
  { path: `${GUIDES}/errors.md`, make: section("errors", errorsMarkdown()) },
];

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

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function section(name: string, text: string): (document: string) => string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  return (document) => {
    const [from, to] = [document.indexOf(start), document.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`the marks ${start} and ${end} are missing`);
    return `${document.slice(0, from + start.length)}\n\n${text.trim()}\n\n${document.slice(to)}`;
  };
}

/** Why sockets are closed, with the remedy; a dialect's own codes beside the common ones. */
function closesMarkdown(): string {
  const rows = Object.entries(CLOSES).map(([cause, { code, reason, reconnect, remedy }]) => {
    const own = DIALECTS.flatMap(({ name, closes }) => {
      const close = (closes as Readonly<Record<string, { code: number } | undefined>> | undefined)?.[cause];
      return close === undefined ? [] : [`${name}: ${close.code}`];
    });
    const codes = [String(code), ...own].join("; ");
    return `| ${codes} | ${reason} | ${reconnect ? "yes" : "no"} | ${remedy} |`;
  });
  return `| Code | Reason | Reconnect as you are? | Remedy |\n|---|---|---|---|\n${rows.join("\n")}`;
}

/** What the log says, and what to do about it. */
function logCodesMarkdown(): string {
  const rows = Object.entries(LOG_CODES).map(
    ([code, { level, means, remedy }]) => `| \`${code}\` | ${level} | ${means} | ${remedy ?? "–"} |`,
  );
  return `| Code | Level | What it means | What to do |\n|---|---|---|---|\n${rows.join("\n")}`;
}

/** What turns somebody away, by the label of the metric. */
function boundsMarkdown(): string {
  const rows = Object.entries(BOUNDS).map(([bound, { setting, what, told }]) => {
    const held = setting === null ? "fixed" : `\`${setting}\`: ${String(defaultOf(setting, "serve"))}`;
    return `| \`${bound}\` | ${held} | ${what} | ${told} |`;
  });
  return `| Bound | Setting and default | Of what | Whoever meets it is told |\n|---|---|---|---|\n${rows.join("\n")}`;
}

/** What is refused over HTTP, by status. */
function errorsMarkdown(): string {
  const rows = Object.entries(ERRORS)
    .toSorted(([, one], [, other]) => one.status - other.status)
    .map(([code, { status, detail }]) => `| ${status} | \`${code}\` | ${detail.replaceAll("<", "&lt;")} |`);
  return `| Status | Code | What it says |\n|---|---|---|\n${rows.join("\n")}`;
}

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

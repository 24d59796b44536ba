import type { Command } from "commander";
import type { Problem } from "../app/config-problem.ts";
import { SETTING_GROUPS, SETTING_NAMES } from "../app/settings.ts";
import { describeSettings, type SettingRow } from "../app/settings-text.ts";
import { createAuth, SettingError } from "../auth/auth.ts";
import { systemClock } from "../core/clock.ts";
import { examples } from "./lib/command.ts";
import { EXIT, Failure } from "./lib/failure.ts";
import { explain } from "./lib/faults.ts";
import { type Configured, type Flags, loadSettings, withSettings } from "./lib/settings.ts";
import { type Paint, say, stdoutPaint, tellProblem } from "./lib/terminal.ts";

export function define(command: Command): void {
  withSettings(command.option("--json", "answer as JSON"), "serve").action(run);
  examples(command, [
    ["dragoman check-config", "before a start, and in CI: 78 where something is wrong"],
    ["PORT=9000 dragoman check-config --json", "what that would change, for programs"],
  ]);
}

function run(flags: Flags): void {
  const result = loadSettings("serve", flags);
  const problems = "problems" in result ? result.problems : keyProblems(result);
  if (flags["json"]) {
    const { warnings } = result;
    const told =
      "problems" in result || problems.length > 0
        ? { ok: false, problems, warnings }
        : { ok: true, settings: describeSettings(result.settings, result.sources), warnings };
    say(JSON.stringify(told, null, 2));
    if (!told.ok) throw new Failure([], EXIT.config);
    return;
  }
  for (const warning of result.warnings) tellProblem(warning, "warn");
  if ("problems" in result || problems.length > 0) throw new Failure(problems, EXIT.config);
  say(table(describeSettings(result.settings, result.sources), stdoutPaint()));
}

/** Keys are looked at as `serve` would: a public key that cannot be one is found here already. */
function keyProblems({ settings }: Configured): readonly Problem[] {
  try {
    const keys = { findKey: () => Promise.resolve(null), holds: () => Promise.resolve(false) };
    createAuth(settings, { clock: systemClock, apiKeys: [], keys });
    return [];
  } catch (fault) {
    if (fault instanceof SettingError) return explain(fault).problems;
    throw fault;
  }
}

/** By group; what is only a default stands back. */
function table(rows: readonly SettingRow[], paint: Paint): string {
  const width = Math.max(...SETTING_NAMES.map((name) => name.length)) + 2;
  const values = Math.min(40, Math.max(...rows.map((row) => row.value.length))) + 2;
  const groups = Object.entries(SETTING_GROUPS).map(([group, settings]) => {
    const lines = rows
      .filter((row) => row.name in settings)
      .map(({ name, value, source }) => {
        const line = `  ${name.padEnd(width)}${value.padEnd(values)}${source}`;
        return source === "default" ? paint("dim", line) : line;
      });
    return [paint("bold", group), ...lines].join("\n");
  });
  return groups.join("\n\n");
}

import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { type ConfigResult, loadConfig } from "../../app/config.ts";
import type { Sources } from "../../app/config-input.ts";
import { type SettingName, type Settings, flagOf, settingKeyOf, settingSpec } from "../../app/settings.ts";
import type { ServerCommand } from "../../app/settings-spec.ts";
import { settingOptions, settingsHelp } from "../../app/settings-text.ts";
import { EXIT, Failure } from "./failure.ts";
import { tellProblem } from "./terminal.ts";
import { shellWord } from "./words.ts";

/** What commander read: flags of settings by their camelCase keys, and `config`. */
export type Flags = Readonly<Record<string, unknown>>;

export interface Configured {
  readonly settings: Settings;
  readonly sources: Sources;
  readonly warnings: Extract<ConfigResult, { settings: Settings }>["warnings"];
}

/** Gives a command `--config` and the flags of all settings, told of by group in its help. */
export function withSettings(command: Command, defaults: ServerCommand): Command {
  addFlags(command, defaults);
  return command.addHelpText("after", () => `\n${settingsHelp(defaults).trimEnd()}`);
}

/** Gives a command `--config` and the flags of a few settings, among its own options. */
export const withSomeSettings = (command: Command, names: readonly SettingName[]): Command =>
  addFlags(command, "serve", names);

function addFlags(command: Command, defaults: ServerCommand, names?: readonly SettingName[]): Command {
  const heading = "Settings, as of the server (also from its environment and TOML file):";
  const config = new Option("--config <file>", "TOML file with settings (dragoman.toml)");
  command.addOption(names === undefined ? config : config.helpGroup(heading));
  for (const { name, flags, description } of settingOptions(defaults)) {
    if (names?.includes(name) === false) continue;
    const option = new Option(flags, description);
    const spec = settingSpec(name);
    // For completion only: what is wrong with a value, the loader says.
    if (spec.kind === "enum") option.argChoices = [...spec.values];
    command.addOption(names === undefined ? option.hideHelp() : option.helpGroup(heading));
  }
  return command;
}

export const loadSettings = (command: ServerCommand, flags: Flags): ConfigResult =>
  loadConfig({
    command,
    flags: Object.fromEntries(
      Object.entries(flags).filter((flag): flag is [string, string] => typeof flag[1] === "string"),
    ),
    env: process.env,
    configFile: textOf(flags["config"]),
    cwd: process.cwd(),
    readFile: (path) => readFileSync(path, "utf8"),
  });

/** The settings, or the end of the command. Warnings are the caller's to tell. */
export function readSettings(command: ServerCommand, flags: Flags): Configured {
  const result = loadSettings(command, flags);
  if ("settings" in result) return result;
  for (const warning of result.warnings) tellProblem(warning, "warn");
  throw new Failure(result.problems, EXIT.config);
}

/** The flags among these with which a command was started, so that another one finds the same: ` --data-dir /srv/d`. */
export const repeated = (flags: Flags, names: readonly SettingName[]): string =>
  [
    ["--config", flags["config"]] as const,
    ...names.map((name) => [flagOf(name), flags[settingKeyOf(name)]] as const),
  ]
    .flatMap(([flag, value]) =>
      typeof value === "string" && value !== "" ? [` ${flag} ${shellWord(value)}`] : [],
    )
    .join("");

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

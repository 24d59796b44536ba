import type { Sources } from "./config-input.ts";
import { escapeControl, redact } from "./log-safe.ts";
import {
  defaultOf,
  flagOf,
  isSecret,
  SETTING_GROUPS,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  type SettingValue,
  settingKeyOf,
  settingSpec,
} from "./settings.ts";
import type { ServerCommand, SettingSpec } from "./settings-spec.ts";

/** A setting as a command-line option, in the form that commander takes. */
export interface SettingOption {
  /** `--port <port>` */
  readonly flags: string;
  readonly description: string;
  readonly name: SettingName;
}

export interface SettingRow {
  readonly name: SettingName;
  readonly value: string;
  readonly source: string;
}

/** Every setting as an option of a command. Without defaults: those are the loader's. */
export const settingOptions = (command: ServerCommand): readonly SettingOption[] =>
  SETTING_NAMES.map((name) => ({
    name,
    flags: `${flagOf(name)} <${placeholder(settingSpec(name))}>`,
    description: `${settingSpec(name).help}${defaultNote(name, command)}`,
  }));

const HELP_WIDTH = 80;

/** In lines of at most so many characters, broken between words. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** All settings for a terminal: flag, default, environment name and TOML key, by group. */
export function settingsHelp(command: ServerCommand): string {
  const options = settingOptions(command);
  const width = Math.max(...options.map((option) => option.flags.length)) + 2;
  const groups = byGroup().map(([group, names]) => {
    const rows = options.filter((option) => names.includes(option.name));
    const lines = rows.map((row) => {
      const told = wrapped(row.description, HELP_WIDTH - width - 2);
      return `  ${row.flags.padEnd(width)}${told.join(`\n  ${" ".repeat(width)}`)}`;
    });
    return `${group}\n${lines.join("\n")}`;
  });
  const spelling = wrapped(
    "Each also as an environment variable (PORT), as a file that holds the value (PORT_FILE) and as a key of dragoman.toml (port = 8000). Flag > environment > file > TOML > default.",
    HELP_WIDTH,
  ).join("\n");
  return `${groups.join("\n\n")}\n\n${spelling}\n`;
}

/** The documentation's tables of settings, one for each group. */
export function settingsMarkdown(): string {
  const groups = byGroup().map(([group, names]) => {
    const rows = names.map(
      (name) => `| \`${name}\` | ${markdownDefault(name)} | ${meaning(name).replaceAll("|", "\\|")} |`,
    );
    return `## ${group}\n\n| Setting | Default | What it does |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  return groups.join("\n");
}

/** The settings in force and where each comes from, for check-config and the console. No secrets. */
export const describeSettings = (settings: Settings, sources: Sources): readonly SettingRow[] =>
  SETTING_NAMES.map((name) => ({
    name,
    value: shown(name, settings[settingKeyOf(name)]),
    source: escapeControl(sources[name]),
  }));

function shown(name: SettingName, value: SettingValue | undefined): string {
  if (value === undefined || (typeof value === "object" && value.length === 0)) return "(unset)";
  if (isSecret(name) || settingSpec(name).kind === "pem") return "(set)";
  return escapeControl(redact(typeof value === "object" ? value.join(", ") : String(value)));
}

const byGroup = (): [string, SettingName[]][] =>
  Object.entries(SETTING_GROUPS).map(([group, rows]) => [group, Object.keys(rows) as SettingName[]]);

function placeholder(spec: SettingSpec): string {
  if (spec.kind === "enum") return spec.values.join("|");
  if (spec.kind === "int") return "number";
  return spec.kind === "list" ? `${spec.item}s` : spec.kind;
}

const textOf = (value: SettingValue | undefined): string =>
  value === undefined ? "" : typeof value === "object" ? value.join(",") : String(value);

function defaultNote(name: SettingName, command: ServerCommand): string {
  const value = textOf(defaultOf(name, command));
  return value === "" ? "" : ` (${value}${value === "0" && zeroOf(name) === "off" ? " = off" : ""})`;
}

const zeroOf = (name: SettingName): string | undefined => {
  const spec = settingSpec(name);
  return "zero" in spec ? spec.zero : undefined;
};

function markdownDefault(name: SettingName): string {
  const serve = textOf(defaultOf(name, "serve"));
  const dev = textOf(defaultOf(name, "dev"));
  const code = (text: string): string => (text === "" ? "–" : `\`${text}\``);
  return serve === dev ? code(serve) : `${code(serve)}; \`dev\`: ${code(dev)}`;
}

/** The whole meaning: help, unit or values, range, what 0 means, and the doc line. */
function meaning(name: SettingName): string {
  const spec = settingSpec(name);
  const parts: string[] = [spec.help];
  if (spec.kind === "enum") parts.push(`One of ${spec.values.map((value) => `\`${value}\``).join(", ")}.`);
  if ("unit" in spec && spec.kind !== "port")
    parts.push(`In ${spec.unit}, ${spec.min} to ${spec.max}${zeroMeaning(spec.zero)}.`);
  if (spec.kind === "list") parts.push("Comma-separated; in TOML a list.");
  if (spec.doc !== undefined) parts.push(spec.doc);
  return parts.join(" ");
}

/** The whole meaning of a setting, as plain text. */
export const settingMeaning = (name: SettingName): string => meaning(name).replaceAll("`", "");

const zeroMeaning = (zero: "off" | "max" | undefined): string =>
  zero === undefined ? "" : zero === "off" ? "; 0 is off" : "; 0 is the largest";

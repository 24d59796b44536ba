import { type ConfigInput, type Source, type Sources, tryRead } from "./config-input.ts";
import type { Problem } from "./config-problem.ts";
import { checkTogether, nearMisses } from "./config-rules.ts";
import { readToml, type TomlEntry } from "./config-toml.ts";
import {
  defaultOf,
  flagOf,
  isSecret,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  type SettingValue,
  settingKeyOf,
  settingsFrom,
  settingSpec,
  tomlKeyOf,
} from "./settings.ts";
import type { ServerCommand } from "./settings-spec.ts";
import { parseSetting, quote } from "./settings-values.ts";

export type ConfigResult =
  | { readonly settings: Settings; readonly sources: Sources; readonly warnings: readonly Problem[] }
  | { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

/** A value as it was written, and how to speak of the place. */
interface Candidate {
  readonly raw: TomlEntry["raw"];
  readonly source: Source;
  readonly where: string;
}

/**
 * The settings of a server: flag > environment > NAME_FILE > TOML > default. An empty value in
 * flags and environment counts as unset. Finds all problems, not only the first; with any
 * problem there are no settings. Relative paths belong to `cwd`.
 */
export function loadConfig(input: ConfigInput): ConfigResult {
  const problems: Problem[] = [];
  const warnings: Problem[] = [...nearMisses(input.env)];
  const toml = readConfigFile(input, problems);
  const values = new Map<SettingName, SettingValue>();
  const sources: Partial<Record<SettingName, Source>> = {};

  for (const name of SETTING_NAMES) {
    const fromFile = toml.get(name);
    const winner =
      fromFlag(name, input, warnings) ?? fromEnvironment(name, input, problems, warnings) ?? fromFile;
    sources[name] = winner?.source ?? "default";
    // The file is judged as a whole: a value in it is checked even where another one wins.
    for (const candidate of new Set([fromFile, winner])) {
      const value = candidate && check(name, candidate, input.command, problems, warnings);
      if (candidate === winner && value !== undefined) values.set(name, value);
    }
  }

  const settings = settingsFrom((name) => values.get(name) ?? defaultOf(name, input.command));
  const given = sources as Sources;
  checkTogether(settings, given, input, problems, warnings);
  return problems.length > 0 ? { problems, warnings } : { settings, sources: given, warnings };
}

function readConfigFile(input: ConfigInput, problems: Problem[]): Map<SettingName, Candidate> {
  const fromEnv = input.env["DRAGOMAN_CONFIG"] || undefined;
  const named = input.configFile || fromEnv;
  const path = named ?? "dragoman.toml";
  const candidates = new Map<SettingName, Candidate>();
  const file = tryRead(input, path);
  if ("failure" in file) {
    if (named === undefined && file.missing) return candidates;
    const where = input.configFile ? "--config" : fromEnv ? "env DRAGOMAN_CONFIG" : "";
    problems.push({
      what: `${quote(path)} cannot be read: ${file.failure}`,
      where,
      fix: "check the path and its permissions",
    });
    return candidates;
  }
  const toml = readToml(path, file.text);
  problems.push(...toml.problems);
  for (const [name, { raw, line }] of toml.entries)
    candidates.set(name, { raw, source: `toml:${path}:${line}`, where: `${path}:${line}` });
  return candidates;
}

function fromFlag(name: SettingName, { flags }: ConfigInput, warnings: Problem[]): Candidate | undefined {
  const raw = flags[settingKeyOf(name)];
  if (!raw) return undefined;
  if (isSecret(name)) {
    warnings.push({
      what: "a secret on the command line is shown to everybody by ps",
      where: flagOf(name),
      fix: `use the environment (${name}) or a file (${name}_FILE)`,
    });
  }
  return { raw, source: "flag", where: flagOf(name) };
}

function fromEnvironment(
  name: SettingName,
  input: ConfigInput,
  problems: Problem[],
  warnings: Problem[],
): Candidate | undefined {
  const raw = input.env[name];
  const path = input.env[`${name}_FILE`];
  if (raw) {
    if (path)
      warnings.push({
        what: `${name} and ${name}_FILE are both set; ${name} wins`,
        where: `env ${name}_FILE`,
        fix: `unset one of them`,
      });
    return { raw, source: "env", where: `env ${name}` };
  }
  if (!path) return undefined;
  const where = `env ${name}_FILE`;
  // A secret put here by mistake would be shown as "the path".
  const shown = isSecret(name) ? "the file" : quote(path);
  const file = tryRead(input, path);
  if ("failure" in file) {
    problems.push({
      what: `${shown} cannot be read: ${file.failure}`,
      where,
      fix: `give the path of a file that holds the value, or set ${name}`,
    });
    return undefined;
  }
  const text = file.text.replace(/\r?\n$/, "");
  if (text !== "") return { raw: text, source: `file:${path}`, where };
  problems.push({ what: `${shown} is empty`, where, fix: `write the value into it, or unset ${name}_FILE` });
  return undefined;
}

/** Judges a value; undefined when it is bad, which the problems then say. */
function check(
  name: SettingName,
  candidate: Candidate,
  command: ServerCommand,
  problems: Problem[],
  warnings: Problem[],
): SettingValue | undefined {
  const { later } = settingSpec(name);
  const { where, raw } = candidate;
  if (later !== undefined) {
    problems.push({ ...later, where });
    return undefined;
  }
  const prefix = candidate.source.startsWith("toml:") ? `${tomlKeyOf(name)}: ` : "";
  const parsed =
    raw === ""
      ? { flaw: { what: "the value is empty", fix: "write a value, or remove the key" } }
      : parseSetting(name, raw, command);
  if ("flaw" in parsed) {
    problems.push({ what: prefix + parsed.flaw.what, where, fix: parsed.flaw.fix });
    return undefined;
  }
  if (parsed.warning) warnings.push({ what: prefix + parsed.warning.what, where, fix: parsed.warning.fix });
  return parsed.value;
}

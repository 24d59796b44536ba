import { parse, TomlError, type TomlTable, type TomlValue } from "smol-toml";
import { suggest } from "../core/suggest.ts";
import type { Problem } from "./config-problem.ts";
import { SETTING_NAMES, type SettingName, settingSpec, tomlKeyOf } from "./settings.ts";

/** A value of the file, as text or a list of texts, with its line (from 1). */
export interface TomlEntry {
  readonly raw: string | readonly string[];
  readonly line: number;
}

export interface TomlSettings {
  readonly entries: ReadonlyMap<SettingName, TomlEntry>;
  readonly problems: readonly Problem[];
}

const ALL_KEYS = "all keys: dragoman config";
const NAMES = new Map<string, SettingName>(SETTING_NAMES.map((name) => [tomlKeyOf(name), name]));

/** Reads the TOML file: flat keys, one spelling. `path` is how the reader knows the file. */
export function readToml(path: string, text: string): TomlSettings {
  const entries = new Map<SettingName, TomlEntry>();
  const problems: Problem[] = [];
  let table: TomlTable;
  try {
    table = parse(text);
  } catch (error) {
    return { entries, problems: [syntaxProblem(path, error)] };
  }
  const lines = linesOfKeys(text);
  for (const [key, value] of leavesOf(table)) {
    const line = lines.get(key) ?? 1;
    const name = NAMES.get(key);
    const raw = name === undefined ? undefined : rawOf(name, value);
    if (name === undefined) {
      problems.push({
        what: `unknown key ${JSON.stringify(key)}`,
        where: `${path}:${line}`,
        fix: `${hint(key)}${ALL_KEYS}`,
      });
    } else if (raw === undefined) {
      problems.push({
        what: `${key}: the value has the wrong type`,
        where: `${path}:${line}`,
        fix: typeFix(name, key),
      });
    } else {
      entries.set(name, { raw, line });
    }
  }
  return { entries, problems };
}

/** The parser's message goes on with a piece of the file, which may hold a secret: left out. */
function syntaxProblem(path: string, error: unknown): Problem {
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  const where = error instanceof TomlError ? `${path}:${error.line}:${error.column}` : path;
  return {
    what: first.replace("Invalid TOML document: ", "not valid TOML: "),
    where,
    fix: 'write one key = value a line, text in quotes, for example: host = "127.0.0.1"',
  };
}

function hint(key: string): string {
  const near = suggest(key, NAMES.keys()) ?? suggest(key.slice(key.lastIndexOf(".") + 1), NAMES.keys());
  const flat = key.includes(".") ? "keys have no tables or dots; " : "";
  return near === undefined ? `remove it; ${flat}` : `did you mean "${near}"? ${flat}`;
}

function typeFix(name: SettingName, key: string): string {
  const { kind } = settingSpec(name);
  if (kind === "list") return `write ${key} = ["…", "…"]`;
  return kind === "int" || kind === "bytes" || kind === "seconds" || kind === "port"
    ? `write ${key} = <number>`
    : `write it in quotes: ${key} = "…"`;
}

/** Numbers only where a number belongs: an unquoted secret of digits would lose its zeros. */
function rawOf(name: SettingName, value: TomlValue): TomlEntry["raw"] | undefined {
  const { kind } = settingSpec(name);
  if (typeof value === "string") return value;
  if (typeof value === "number")
    return kind === "int" || kind === "bytes" || kind === "seconds" || kind === "port"
      ? String(value)
      : undefined;
  return kind === "list" && Array.isArray(value) && value.every((item) => typeof item === "string")
    ? value
    : undefined;
}

/** Every value with its dotted path; an empty table counts as a value. */
function* leavesOf(table: TomlTable, prefix = ""): Generator<[string, TomlValue]> {
  for (const [key, value] of Object.entries(table)) {
    if (isTable(value) && Object.keys(value).length > 0) yield* leavesOf(value, `${prefix}${key}.`);
    else yield [prefix + key, value];
  }
}

const isTable = (value: TomlValue): value is TomlTable =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/**
 * The line of every key. The parser does not tell, so the (valid) text is parsed again in the
 * smallest pieces that are valid, each under its table's header.
 */
function linesOfKeys(text: string): Map<string, number> {
  const found = new Map<string, number>();
  const lines = text.split("\n");
  let header = "";
  let start = 0;
  for (let end = 1; end <= lines.length; end++) {
    const piece = `${lines.slice(start, end).join("\n")}\n`;
    const isHeader = piece.trimStart().startsWith("[");
    try {
      for (const [key] of leavesOf(parse(isHeader ? piece : header + piece))) {
        if (!found.has(key)) found.set(key, start + 1);
      }
    } catch {
      continue;
    }
    if (isHeader) header = piece;
    start = end;
  }
  return found;
}

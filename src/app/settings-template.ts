import {
  defaultOf,
  flagOf,
  SETTING_GROUPS,
  type SettingName,
  type SettingValue,
  settingSpec,
  tomlKeyOf,
} from "./settings.ts";
import { settingMeaning } from "./settings-text.ts";

/** A key of the TOML file, told in full. */
export interface SettingDoc {
  readonly key: string;
  readonly env: string;
  readonly flag: string;
  readonly group: string;
  readonly default: SettingValue | null;
  readonly meaning: string;
}

export const settingDocs = (): readonly SettingDoc[] =>
  Object.entries(SETTING_GROUPS).flatMap(([group, rows]) =>
    (Object.keys(rows) as SettingName[])
      .filter((name) => settingSpec(name).later === undefined)
      .map((name) => ({
        key: tomlKeyOf(name),
        env: name,
        flag: flagOf(name),
        group,
        default: defaultOf(name, "serve") ?? null,
        meaning: settingMeaning(name),
      })),
  );

/** A dragoman.toml in which every key stands with its default, to be uncommented. */
export function settingsToml(docs: readonly SettingDoc[], width: number): string {
  const groups = new Set(docs.map(({ group }) => group));
  return [...groups]
    .map((group) => {
      const rows = docs.filter((doc) => doc.group === group).map((doc) => tomlOf(doc, width));
      return [`# ${group}`, ...rows].join("\n\n");
    })
    .join("\n\n\n");
}

function tomlOf(doc: SettingDoc, width: number): string {
  const lines = wrapped(doc.meaning, width - 2).map((line) => `# ${line}`);
  return [...lines, `# ${doc.key} = ${valueOf(doc)}`].join("\n");
}

const valueOf = ({ default: value }: SettingDoc): string =>
  value === null ? '""' : JSON.stringify(value).replaceAll(",", ", ");

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

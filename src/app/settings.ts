import { ACCESS, DIALECTS, LIMITS, LOGS } from "./settings-rules.ts";
import { SERVER, STORE, TOKENS } from "./settings-server.ts";
import type { EnumSpec, ListSpec, NumberSpec, ServerCommand, SettingSpec } from "./settings-spec.ts";

/**
 * Every setting of the product, once. Flags, environment names, TOML keys, the type `Settings`,
 * help texts and the README's table come from here.
 */
export const SETTINGS = {
  ...SERVER,
  ...STORE,
  ...TOKENS,
  ...ACCESS,
  ...DIALECTS,
  ...LIMITS,
  ...LOGS,
} as const;

/** The same rows under the headings of help and README. */
export const SETTING_GROUPS = {
  Server: SERVER,
  Store: STORE,
  Tokens: TOKENS,
  Access: ACCESS,
  Dialects: DIALECTS,
  Limits: LIMITS,
  "Logs and metrics": LOGS,
} as const;

export type SettingName = keyof typeof SETTINGS;

/** `MAX_BODY_BYTES` → `maxBodyBytes`. */
type Camel<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<Camel<Tail>>}`
  : Lowercase<S>;

export type SettingKey = Camel<SettingName>;

type ValueOf<S extends SettingSpec> = S extends NumberSpec
  ? number
  : S extends ListSpec
    ? readonly string[]
    : S extends EnumSpec
      ? S["values"][number]
      : string;

type UnsetOf<S> = S extends { default: infer D }
  ? D extends { serve: unknown; dev: unknown }
    ? never
    : D extends { serve: unknown } | { dev: unknown }
      ? undefined
      : never
  : undefined;

/** What the server runs with: one camelCase key for each setting, `undefined` where unset. */
export type Settings = {
  readonly [N in SettingName as Camel<N>]: ValueOf<(typeof SETTINGS)[N]> | UnsetOf<(typeof SETTINGS)[N]>;
};

export type SettingValue = number | string | readonly string[];

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** A setting's row, in its general type. */
export const settingSpec = (name: SettingName): SettingSpec => SETTINGS[name];

/** `MAX_BODY_BYTES` → `max_body_bytes`: the key in the TOML file. */
export const tomlKeyOf = (name: SettingName): string => name.toLowerCase();

/** `MAX_BODY_BYTES` → `--max-body-bytes`. */
export const flagOf = (name: SettingName): string => `--${tomlKeyOf(name).replaceAll("_", "-")}`;

/** `MAX_BODY_BYTES` → `maxBodyBytes`: the key in `Settings`, and what commander makes of the flag. */
export const settingKeyOf = (name: SettingName): SettingKey =>
  tomlKeyOf(name).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) as SettingKey;

/** Whether a setting's value may appear in no output. */
export const isSecret = (name: SettingName): boolean => {
  const spec = settingSpec(name);
  return spec.kind === "secret" || (spec.kind === "list" && spec.item === "key");
};

/** The default of a setting under a command; undefined where it has none. */
export function defaultOf(name: SettingName, command: ServerCommand): SettingValue | undefined {
  const spec = settingSpec(name);
  if (spec.kind === "secret" || spec.default === undefined) return undefined;
  if (spec.kind === "list") return spec.default;
  return typeof spec.default === "object" ? spec.default[command] : spec.default;
}

/** All defaults of a command, with some values replaced: for embedding and tests. */
export function defaultSettings(command: ServerCommand, replaced: Partial<Settings> = {}): Settings {
  return { ...settingsFrom((name) => defaultOf(name, command)), ...replaced };
}

/** Collects one value for each setting. The values must come from the table or its parser. */
export const settingsFrom = (valueOf: (name: SettingName) => SettingValue | undefined): Settings =>
  Object.fromEntries(SETTING_NAMES.map((name) => [settingKeyOf(name), valueOf(name)])) as unknown as Settings;

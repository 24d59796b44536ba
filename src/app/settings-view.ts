import type { SettingGroup, SettingView } from "../core/admin.ts";
import type { Sources } from "./config-input.ts";
import { escapeControl, redact } from "./log-safe.ts";
import {
  defaultOf,
  isSecret,
  SETTING_GROUPS,
  type SettingName,
  type Settings,
  type SettingValue,
  settingKeyOf,
  settingSpec,
} from "./settings.ts";
import type { ServerCommand } from "./settings-spec.ts";

/**
 * Every setting by group, as `check-config` shows it, for programs. Without `sources` (a server
 * that is embedded) what is no default was given by the program.
 */
export const viewSettings = (
  settings: Settings,
  sources: Sources | undefined,
  command: ServerCommand,
): readonly SettingGroup[] =>
  Object.entries(SETTING_GROUPS).map(([title, rows]) => ({
    title,
    settings: (Object.keys(rows) as SettingName[]).map((name) => viewOf(name, settings, sources, command)),
  }));

function viewOf(
  name: SettingName,
  settings: Settings,
  sources: Sources | undefined,
  command: ServerCommand,
): SettingView {
  const value: SettingValue | undefined = settings[settingKeyOf(name)];
  const ordinary = defaultOf(name, command);
  // A public key is no secret, but nothing to read either.
  const secret = isSecret(name) || settingSpec(name).kind === "pem";
  const isDefault = JSON.stringify(value) === JSON.stringify(ordinary);
  return {
    name,
    value: secret || value === undefined ? null : shown(value),
    source: escapeControl(sources?.[name] ?? (isDefault ? "default" : "program")),
    default: secret || ordinary === undefined ? null : shown(ordinary),
    help: settingSpec(name).help,
    secret,
    set: value !== undefined && (typeof value !== "object" || value.length > 0),
  };
}

function shown(value: SettingValue): SettingValue {
  if (typeof value === "number") return value;
  return typeof value === "string" ? escapeControl(redact(value)) : value.map((entry) => redact(entry));
}

import { suggest } from "../core/suggest.ts";
import { type ConfigInput, type Source, type Sources, tryRead } from "./config-input.ts";
import type { Problem } from "./config-problem.ts";
import { flagOf, SETTING_NAMES, type SettingName, type Settings, settingSpec } from "./settings.ts";
import { quote } from "./settings-values.ts";

/** Rules between settings, and whether the files that they name are there. */
export function checkTogether(
  settings: Settings,
  sources: Sources,
  input: ConfigInput,
  problems: Problem[],
  warnings: Problem[],
): void {
  for (const [name, path, other, otherPath] of [
    ["TLS_CERT", settings.tlsCert, "TLS_KEY", settings.tlsKey],
    ["TLS_KEY", settings.tlsKey, "TLS_CERT", settings.tlsCert],
  ] as const) {
    if (path === undefined) continue;
    const where = placeOf(name, sources[name]);
    const file = tryRead(input, path);
    if ("failure" in file)
      problems.push({
        what: `${quote(path)} cannot be read: ${file.failure}`,
        where,
        fix: `give the path of a PEM file that the server may read`,
      });
    if (otherPath === undefined && sources[other] === "default")
      problems.push({
        what: `${name} is set without ${other}`,
        where,
        fix: `set ${other} too, or unset ${name} for plain HTTP`,
      });
  }
  if (settings.accessWebhookUrl !== undefined && settings.access === "open") {
    const where = placeOf("ACCESS_WEBHOOK_URL", sources.ACCESS_WEBHOOK_URL);
    warnings.push({
      what: "ACCESS_WEBHOOK_URL is never asked while ACCESS is open",
      where,
      fix: "set ACCESS=members",
    });
  }
}

function placeOf(name: SettingName, source: Source): string {
  if (source === "flag") return flagOf(name);
  if (source === "env") return `env ${name}`;
  return source.startsWith("toml:") ? source.slice("toml:".length) : `env ${name}_FILE`;
}

/** Variables that are nearly a setting: probably meant, certainly not read. */
export function nearMisses(env: ConfigInput["env"]): Problem[] {
  const known = new Set(SETTING_NAMES.flatMap((name) => [name as string, `${name}_FILE`]));
  const targets = SETTING_NAMES.filter((name) => name.length >= 6 && settingSpec(name).later === undefined);
  return Object.keys(env)
    .filter((name) => env[name] && !known.has(name))
    .flatMap((name) => {
      const suffix = name.endsWith("_FILE") ? "_FILE" : "";
      // Slips seldom hit the first two letters; comparing all with all would cost the start milliseconds.
      const start = name.slice(0, 2).toUpperCase();
      const meant = suggest(
        name.slice(0, name.length - suffix.length),
        targets.filter((target) => target.startsWith(start)),
        // In a short name two edits make another word.
        (length) => (length < 10 ? 1 : 2),
      );
      if (meant === undefined) return [];
      const fix = `did you mean ${meant}${suffix}?`;
      return [{ what: `${name} is no setting and is not read`, where: `env ${name}`, fix }];
    });
}

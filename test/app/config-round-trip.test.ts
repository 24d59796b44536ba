import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { stringify } from "smol-toml";
import { loadConfig } from "../../src/app/config.ts";
import {
  defaultSettings,
  isSecret,
  SETTING_NAMES,
  type SettingName,
  type SettingValue,
  settingKeyOf,
  settingSpec,
  tomlKeyOf,
} from "../../src/app/settings.ts";
import { describeSettings } from "../../src/app/settings-text.ts";
import { parseSetting } from "../../src/app/settings-values.ts";

const KEY = fc.stringMatching(/^[\w~^!$-]{32,48}$/);
const WORD = fc.stringMatching(/^[\w./:?=äß-]{1,20}$/);

/** Values of every setting, as the server would hold them. */
function valueArbitrary(name: SettingName): fc.Arbitrary<SettingValue> {
  const spec = settingSpec(name);
  switch (spec.kind) {
    case "int":
    case "bytes":
    case "seconds":
    case "port":
      return spec.zero === "off" ? fc.oneof(fc.constant(0), fc.integer(spec)) : fc.integer(spec);
    case "enum":
      return fc.constantFrom(...spec.values);
    case "secret":
      return KEY;
    case "pem":
      return WORD.map((word) => `-----BEGIN PUBLIC KEY-----\n${word}\n`);
    case "url":
      return fc.webUrl();
    case "host":
      return fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant("localhost"));
    case "list":
      return fc.uniqueArray(
        spec.item === "key"
          ? KEY
          : spec.item === "network"
            ? fc.ipV4()
            : fc.integer({ min: 1024, max: 65535 }).map((port) => `http://localhost:${port}`),
        { minLength: 1, maxLength: 4 },
      );
    case "path":
    case "string":
      return WORD;
  }
}

const OFFERED = SETTING_NAMES.filter((name) => settingSpec(name).later === undefined);
const PAIRED = ["TLS_CERT", "TLS_KEY"];
const anySettings = fc
  .record(
    Object.fromEntries(OFFERED.map((name) => [name, fc.option(valueArbitrary(name), { nil: undefined })])),
  )
  .map(
    (values) =>
      Object.entries(values).filter(
        ([name, one]) =>
          one !== undefined && (!PAIRED.includes(name) || PAIRED.every((half) => values[half] !== undefined)),
      ) as [SettingName, SettingValue][],
  );

const asText = (one: SettingValue): string => (typeof one === "object" ? one.join(",") : String(one));

describe("round trip", () => {
  const load = (given: { flags?: Record<string, string>; env?: Record<string, string>; toml?: string }) => {
    const result = loadConfig({
      command: "serve",
      flags: given.flags ?? {},
      env: given.env ?? {},
      configFile: "x.toml",
      cwd: "/",
      readFile: () => given.toml ?? "",
    });
    if ("problems" in result) throw new Error(JSON.stringify(result.problems));
    return result.settings;
  };

  test("any settings arrive unchanged as flags, environment, files and TOML", () => {
    fc.assert(
      fc.property(anySettings, (pairs) => {
        const expected = defaultSettings(
          "serve",
          Object.fromEntries(pairs.map(([name, one]) => [settingKeyOf(name), one])),
        );
        expect(
          load({ flags: Object.fromEntries(pairs.map(([name, one]) => [settingKeyOf(name), asText(one)])) }),
        ).toEqual(expected);
        expect(load({ env: Object.fromEntries(pairs.map(([name, one]) => [name, asText(one)])) })).toEqual(
          expected,
        );
        expect(
          load({ toml: stringify(Object.fromEntries(pairs.map(([name, one]) => [tomlKeyOf(name), one]))) }),
        ).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test("no text of any kind makes the loader throw or give a number out of range", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SETTING_NAMES),
        fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^\d+ ?[a-zA-Z]*$/)),
        (name, raw) => {
          const parsed = parseSetting(name, raw, "serve");
          const spec = settingSpec(name);
          if ("value" in parsed && "unit" in spec) {
            expect(Number.isSafeInteger(parsed.value)).toBe(true);
            expect(
              parsed.value === 0 || (Number(parsed.value) >= spec.min && Number(parsed.value) <= spec.max),
            ).toBe(true);
          }
        },
      ),
    );
  });

  test("no secret shows in problems, warnings or descriptions", () => {
    const secrets = SETTING_NAMES.filter(isSecret);
    fc.assert(
      fc.property(
        fc.constantFrom(...secrets),
        fc.stringMatching(/^q[\w/]{9,40}q$/),
        fc.constantFrom("env", "file", "toml", "flag"),
        (name, secret, from) => {
          const result = loadConfig({
            command: "serve",
            flags: from === "flag" ? { [settingKeyOf(name)]: secret } : {},
            env: from === "env" ? { [name]: secret } : from === "file" ? { [`${name}_FILE`]: secret } : {},
            cwd: "/",
            readFile(path) {
              if (path.endsWith("dragoman.toml") && from === "toml")
                return `${tomlKeyOf(name)} = "${secret}"`;
              throw Object.assign(new Error(path), { code: "ENOENT" });
            },
          });
          expect(
            JSON.stringify([
              result.warnings,
              "problems" in result ? result.problems : describeSettings(result.settings, result.sources),
            ]),
          ).not.toContain(secret);
        },
      ),
    );
  });
});

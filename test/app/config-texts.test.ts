import { describe, expect, test } from "bun:test";
import { loadConfig } from "../../src/app/config.ts";
import { defaultSettings, flagOf, SETTING_NAMES, settingKeyOf, settingSpec } from "../../src/app/settings.ts";
import {
  describeSettings,
  settingOptions,
  settingsHelp,
  settingsMarkdown,
} from "../../src/app/settings-text.ts";
import { parseSetting } from "../../src/app/settings-values.ts";

describe("texts from the table", () => {
  test("every setting has a one-line help and its own flag, as commander reads it", () => {
    expect(flagOf("MAX_CONNECTIONS_PER_USER")).toBe("--max-connections-per-user");
    expect(settingKeyOf("RETENTION_SECURITY_LOG_DAYS")).toBe("retentionSecurityLogDays");
    expect(new Set(settingOptions("serve").map((option) => option.flags)).size).toBe(SETTING_NAMES.length);
    for (const name of SETTING_NAMES) expect(settingSpec(name).help).toMatch(/^[^\n]{10,90}\.$/);
  });

  test("every default is a value that the setting accepts", () => {
    for (const name of SETTING_NAMES) {
      for (const command of ["serve", "dev"] as const) {
        const standard = defaultSettings(command)[settingKeyOf(name)];
        if (standard !== undefined && String(standard) !== "")
          expect(parseSetting(name, String(standard), command)).toEqual({ value: standard });
      }
    }
  });

  test("help and README tell of every setting once", () => {
    const help = settingsHelp("dev");
    expect(help).toContain("--access <members|open>");
    expect(help).toContain("Sockets in all. (0 = off)");
    const markdown = settingsMarkdown();
    for (const name of SETTING_NAMES) expect(markdown.split(`\n| \`${name}\` |`)).toHaveLength(2);
    expect(markdown).toContain(
      "| `ACCESS` | `members`; `dev`: `open` | Who may enter rooms and workspaces. One of `members`, `open`.",
    );
    expect(markdown).toContain(
      "| `WS_HEARTBEAT_INTERVAL` | `30` | Ping silent sockets and close those that do not answer. In seconds, 8 to 900; 0 is off. |",
    );
  });

  test("a description shows value and source", () => {
    const result = loadConfig({
      command: "serve",
      flags: {},
      env: { JWT_SECRET: "x".repeat(32), JWKS_URL: "https://u:pass@a.example/keys" },
      cwd: "/",
      readFile: () => "port = 0",
    });
    if ("problems" in result) throw new Error("refused");
    const rows = describeSettings(result.settings, result.sources);
    expect(rows).toContainEqual({ name: "JWT_SECRET", value: "(set)", source: "env" });
    expect(rows).toContainEqual({ name: "API_KEYS", value: "(unset)", source: "default" });
    expect(rows).toContainEqual({ name: "PORT", value: "0", source: "toml:dragoman.toml:1" });
    expect(rows).toContainEqual({
      name: "JWKS_URL",
      value: "https://[redacted]@a.example/keys",
      source: "env",
    });
  });
});

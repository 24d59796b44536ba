/** What is wrong with a certificate, a machine or a setting is a finding, judged by what it means. */
import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Sources } from "../../src/app/config-input.ts";
import { defaultSettings, type Settings } from "../../src/app/settings.ts";
import type { Finding, Level } from "../../src/cli/doctor/finding.ts";
import { examineMachine, measureFsync } from "../../src/cli/doctor/machine.ts";
import { examineSettings } from "../../src/cli/doctor/settings.ts";
import { judge } from "../../src/cli/doctor/tls.ts";
import { tempFolder } from "./program.ts";

const text = (finding: Finding): string => Object.values(finding).join("\n");

describe("certificates", () => {
  const NOW = Date.UTC(2026, 0, 1);
  const after = (days: number): string => new Date(NOW + days * 86_400_000 + 1000).toUTCString();
  const levels: readonly (readonly [number, string | null, Level])[] = [
    [60, null, "ok"],
    [10, null, "warn"],
    [3, null, "error"],
    [-5, null, "error"],
    [60, "SELF_SIGNED_CERT_IN_CHAIN", "error"],
  ];
  test.each(levels)("of %d more days (%s): %s", (days, untrusted, level) => {
    const finding = judge({ validTo: after(days), untrusted }, NOW, new URL("https://rt.example.com"));
    expect(finding.level).toBe(level);
    if (level !== "ok") expect(finding.fix).not.toBe("");
  });
});

describe("the machine", () => {
  const MEASURES = { freeBytes: () => 50e9, fsyncMs: () => 1, maxFds: () => 65_536 };
  const levelOf = (folder: string, check: string, more: Partial<typeof MEASURES> = {}): Level | undefined =>
    examineMachine(folder, { ...MEASURES, ...more }).find((finding) => finding.check === check)?.level;

  test("disk space, the speed of the disk and open files are judged by what they mean", () => {
    using folder = tempFolder();
    expect(levelOf(folder.path, "disk.space")).toBe("ok");
    expect(levelOf(folder.path, "disk.space", { freeBytes: () => 5e8 })).toBe("warn");
    expect(levelOf(folder.path, "disk.space", { freeBytes: () => 5e7 })).toBe("error");
    expect(levelOf(folder.path, "disk.fsync")).toBe("ok");
    expect(levelOf(folder.path, "disk.fsync", { fsyncMs: () => 40 })).toBe("warn");
    expect(levelOf(folder.path, "disk.fsync", { fsyncMs: () => 400 })).toBe("error");
    expect(levelOf(folder.path, "limits.fds")).toBe("ok");
    expect(levelOf(folder.path, "limits.fds", { maxFds: () => 1024 })).toBe("warn");
  });

  test("a folder that others may read, one that is not there, and one that cannot be written", () => {
    using folder = tempFolder();
    const data = join(folder.path, "data");
    expect(levelOf(data, "disk.folder")).toBe("note");
    mkdirSync(data, { mode: 0o700 });
    expect(levelOf(data, "disk.mode")).toBe("ok");
    chmodSync(data, 0o755);
    expect(levelOf(data, "disk.mode")).toBe("warn");
    const full = (): never => {
      throw new Error("ENOSPC: no space left on device");
    };
    expect(levelOf(data, "disk.fsync", { fsyncMs: full })).toBe("error");
    expect(measureFsync(data)).toBeGreaterThan(0);
  });
});

describe("settings", () => {
  const find = (replaced: Partial<Settings>): readonly Finding[] =>
    examineSettings(
      {
        settings: defaultSettings("serve", replaced),
        sources: { PORT: "env" } as Partial<Sources> as Sources,
        warnings: [],
      },
      true,
    );
  const SAFE: Partial<Settings> = {
    host: "127.0.0.1",
    corsOrigins: ["https://app.example.com"],
    metricsToken: "0123456789abcdef",
    jwtSecret: "hV9x2Qm4Lw8Zr6Tk1Yp3Nc5Bd7Gf0Js-",
  };

  test("where none is given here, that is said, and no secret is called good that nobody saw", () => {
    const sources = { DATA_DIR: "flag", PORT: "default" } as Partial<Sources> as Sources;
    const settings = defaultSettings("serve");
    const seen = (madeSecret: boolean) =>
      examineSettings({ settings, sources, warnings: [] }, madeSecret)
        .slice(0, 2)
        .map(({ check, level }) => [check, level]);
    expect(seen(false)).toEqual([
      ["settings.source", "note"],
      ["secret.strength", "note"],
    ]);
    expect(seen(true)).toEqual([
      ["settings.source", "note"],
      ["secret.strength", "ok"],
    ]);
  });

  test("good ones are said to be good", () => {
    expect(find(SAFE).map(({ check, level }) => [check, level])).toEqual([
      ["secret.strength", "ok"],
      ["settings.choices", "ok"],
    ]);
  });

  const changes: readonly (readonly [string, Level, Partial<Settings>])[] = [
    ["secret.strength", "error", { jwtSecret: "short" }],
    ["secret.strength", "error", { jwtSecret: "your-256-bit-secret-your-256-bit" }],
    ["secret.strength", "error", { jwtSecret: "ab".repeat(32) }],
    ["settings.access", "warn", { access: "open" }],
    ["settings.diary", "warn", { diary: "open" }],
    ["settings.origins", "note", { corsOrigins: [] }],
    ["settings.proxies", "error", { trustedProxies: ["0.0.0.0/0"] }],
    ["settings.tls", "warn", { host: "0.0.0.0" }],
    ["settings.rates", "warn", { rateLimitLogins: 0 }],
    ["settings.expiry", "note", { tokenExpiry: "ignore" }],
    ["settings.metrics", "note", { metricsToken: undefined }],
  ];
  test.each(changes)("%s is %s", (check, level, change) => {
    const finding = find({ ...SAFE, ...change }).find((one) => one.check === check);
    expect(finding?.level).toBe(level);
    expect(finding?.fix).not.toBe("");
    if (change.jwtSecret !== undefined) expect(text(finding as Finding)).not.toContain(change.jwtSecret);
  });
});

/** Each way in which a proxy, a machine or a setting can be wrong is a finding, with its fix. */
import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { defaultSettings, type Settings } from "../../src/app/settings.ts";
import type { Finding, Level } from "../../src/cli/doctor/finding.ts";
import { examineMachine, measureFsync } from "../../src/cli/doctor/machine.ts";
import { examinePublic } from "../../src/cli/doctor/public.ts";
import { examineSettings } from "../../src/cli/doctor/settings.ts";
import { judge } from "../../src/cli/doctor/tls.ts";
import type { Proof } from "../../src/cli/lib/proof.ts";
import { ALICE } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";
import { type Faults, startProxy, withLines, without } from "./doctor/proxy.ts";
import { dragoman, tempFolder } from "./program.ts";

const proofFor = (server: StartedServer): Proof => ({
  token: () => server.token(ALICE),
  key: undefined,
  userId: String(ALICE.id),
  from: "here",
  implied: false,
});

/** Passes on what a good proxy does. */
const GOOD = withLines("x-forwarded-for: 198.51.100.7");
const TRUSTING: Partial<Settings> = { ...NO_RATES, trustedProxies: ["127.0.0.1"], access: "members" };

interface Case {
  readonly faults: Faults;
  readonly settings?: Partial<Settings>;
  readonly finds: string;
  readonly level: Level;
  readonly says: RegExp;
  readonly patientMs?: number;
  readonly now?: () => number;
}

const CASES: Readonly<Record<string, Case>> = {
  "something else answers": {
    faults: { instead: () => "HTTP/1.1 502 Bad Gateway\r\nserver: nginx\r\ncontent-length: 0\r\n\r\n" },
    finds: "reach",
    level: "error",
    says: /answers 502.*\(nginx\)/s,
  },
  "the clock there is a minute ahead": {
    faults: { request: GOOD, answer: withLines(`date: ${new Date(Date.now() + 60_000).toUTCString()}`) },
    finds: "clock",
    level: "error",
    says: /ahead of/,
  },
  "the clock there is ten seconds behind": {
    faults: { request: GOOD, answer: withLines(`date: ${new Date(Date.now() - 10_000).toUTCString()}`) },
    finds: "clock",
    level: "warn",
    says: /behind/,
  },
  "the clock there is not told": {
    faults: { request: GOOD, answer: without("date") },
    finds: "clock",
    level: "note",
    says: /no Date/,
  },
  "the upgrade is swallowed": {
    faults: { request: (lines) => without("upgrade", "connection")(GOOD(lines)) },
    finds: "upgrade.chat",
    level: "error",
    says: /proxy_set_header Upgrade/,
  },
  "something before the server answers instead of an upgrade": {
    faults: {
      request: GOOD,
      instead: (line) =>
        /\/ws\//.test(line) ? "HTTP/1.1 400 Bad Request\r\ncontent-length: 4\r\n\r\nnope" : null,
    },
    finds: "upgrade.chat",
    level: "error",
    says: /answers 400 instead/,
  },
  "close codes are lost": {
    faults: { request: GOOD, swallowsCloses: true },
    finds: "closes",
    level: "error",
    says: /4401 Authentication Failed ended with 1006/,
  },
  "quiet sockets are cut": {
    faults: { request: GOOD, cutsAfterMs: 300 },
    finds: "heartbeat",
    level: "error",
    says: /ended after .*proxy_read_timeout/s,
    patientMs: 20_000,
  },
  "nobody watched quiet sockets": {
    faults: { request: GOOD },
    finds: "heartbeat",
    level: "note",
    says: /--patient/,
  },
  "the client's address is not forwarded": {
    faults: { request: without("x-forwarded-for") },
    finds: "proxy.address",
    level: "error",
    says: /does not forward.*X-Forwarded-For/s,
  },
  "the proxy is not trusted": {
    faults: { request: GOOD },
    settings: { ...TRUSTING, trustedProxies: [] },
    finds: "proxy.address",
    level: "warn",
    says: /TRUSTED_PROXIES=/,
  },
  "a proxy on the server's machine says nothing of clients": {
    faults: { request: without("x-forwarded-for") },
    settings: { ...TRUSTING, trustedProxies: [] },
    finds: "proxy.address",
    level: "error",
    says: /does not forward/,
  },
  "what clients claim is believed": {
    faults: {
      request: (lines) => (lines.some((line) => /^x-forwarded-for:/i.test(line)) ? lines : GOOD(lines)),
    },
    finds: "proxy.address",
    level: "error",
    says: /claims? to have/,
  },
  "the name is lost": {
    faults: { request: (lines) => withLines("host: 10.0.0.7:8000")(GOOD(lines)) },
    finds: "proxy.host",
    level: "warn",
    says: /proxy_set_header Host \$host/,
  },
  "the scheme is wrong": {
    faults: { request: (lines) => withLines("x-forwarded-proto: https")(GOOD(lines)) },
    finds: "proxy.host",
    level: "note",
    says: /X-Forwarded-Proto/,
  },
  "answers are kept back": {
    faults: { request: GOOD, buffers: true },
    finds: "proxy.stream",
    level: "error",
    says: /proxy_buffering off/,
  },
  "metrics are open through it": {
    faults: {},
    finds: "metrics.open",
    level: "error",
    says: /METRICS_TOKEN/,
  },
};

const text = (finding: Finding): string => Object.values(finding).join("\n");
const wrong = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ level }) => level === "error" || level === "warn").map(text);

/** What is kept back is waited for. */
const TEST_MS = 30_000;

describe("through a proxy", () => {
  for (const [name, { faults, settings = TRUSTING, finds, level, says, patientMs = 0 }] of Object.entries(
    CASES,
  ))
    test.concurrent(
      `${name}: ${finds}`,
      async () => {
        await using server = await startServer(settings);
        await using proxy = await startProxy(server.port, faults);
        const findings = await examinePublic({
          url: proxy.url,
          proof: proofFor(server),
          patientMs,
          timeoutMs: 3000,
        });
        const finding = findings.find(({ check }) => check === finds);
        expect(finding?.level).toBe(level);
        expect(text(finding as Finding)).toMatch(says);
        expect(finding?.why).not.toBe("");
        expect(finding?.fix).not.toBe("");
      },
      TEST_MS,
    );

  test("a good one has no fault, in any dialect, and a quiet socket outlives a heartbeat", async () => {
    await using server = await startServer({ ...TRUSTING, diary: "token", wsHeartbeatInterval: 8 });
    await using proxy = await startProxy(server.port, { request: GOOD });
    const findings = await examinePublic({ url: proxy.url, proof: proofFor(server), patientMs: 500 });
    expect(wrong(findings)).toEqual([]);
    const checks = findings.filter(({ level }) => level === "ok").map(({ check }) => check);
    for (const dialect of ["onetask", "onetask-v1", "chat", "diary", "notifier", "native"])
      expect(checks).toContain(`upgrade.${dialect}`);
    for (const check of [
      "closes",
      "clock",
      "heartbeat",
      "proxy.address",
      "proxy.host",
      "proxy.stream",
      "ready",
    ])
      expect(checks).toContain(check);
  });

  test("without a proof it finds what can be found, and says what it could not", async () => {
    await using server = await startServer(TRUSTING);
    const findings = await examinePublic({ url: new URL(server.url), proof: null, patientMs: 0 });
    expect(wrong(findings)).toEqual([]);
    expect(findings.find(({ check }) => check === "closes")?.level).toBe("ok");
    expect(findings.find(({ check }) => check === "proxy.address")?.fix).toContain("--token");
  });

  test("where nothing listens that is all it says", async () => {
    const findings = await examinePublic({ url: new URL("http://127.0.0.1:1"), proof: null, patientMs: 0 });
    expect(findings.map(({ check, level }) => [check, level])).toEqual([["reach", "error"]]);
  });

  test("a part that is not ready is told in the server's own words", async () => {
    await using server = await startServer(TRUSTING);
    const client = (server.assembly.store as unknown as { client: { run(sql: string): void } }).client;
    client.run("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 99999999999999)");
    const findings = await examinePublic({ url: new URL(server.url), proof: null, patientMs: 0 });
    expect(findings.find(({ check }) => check === "ready")).toMatchObject({
      level: "error",
      what: "not ready: migrations",
    });
  });
});

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
    examineSettings({ settings: defaultSettings("serve", replaced), sources: {} as never, warnings: [] });
  const SAFE: Partial<Settings> = {
    host: "127.0.0.1",
    corsOrigins: ["https://app.example.com"],
    metricsToken: "0123456789abcdef",
    jwtSecret: "hV9x2Qm4Lw8Zr6Tk1Yp3Nc5Bd7Gf0Js-",
  };

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

describe("the command", () => {
  test("exits with 0 where nothing is wrong, for programs and people", async () => {
    using folder = tempFolder();
    const data = join(folder.path, "data");
    mkdirSync(data, { mode: 0o700 });
    const env = { HOST: "127.0.0.1" };
    const asJson = await dragoman(["doctor", "--data-dir", data, "--json"], { env });
    expect([asJson.code, asJson.stderr]).toEqual([0, ""]);
    const { ok, findings } = JSON.parse(asJson.stdout) as { ok: boolean; findings: Finding[] };
    expect(ok).toBe(true);
    expect(findings.map(({ check }) => check)).toContain("disk.fsync");
    const told = await dragoman(["doctor", "--data-dir", data], { env });
    expect(told.stdout).toMatch(/\d+ in order, \d+ to know of, \d+ to look at, 0 wrong/);
  });

  test("exits with 1 where something is, and shows no secret", async () => {
    using folder = tempFolder();
    const { code, stdout, stderr } = await dragoman(
      ["doctor", "--url", "http://127.0.0.1:1", "--data-dir", folder.path],
      {
        env: { JWT_SECRET: "changeme-please-changeme-please-1" },
      },
    );
    expect(code).toBe(1);
    expect(stdout).toContain("JWT_SECRET begins like the examples");
    expect(stdout).toContain("127.0.0.1:1 cannot be reached");
    expect(stdout + stderr).not.toContain("changeme-please");
  });
});

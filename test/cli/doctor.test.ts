/** Each way in which what lies between clients and server can be wrong is a finding, with its fix. */
import { describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../../src/app/settings.ts";
import type { Finding, Level } from "../../src/cli/doctor/finding.ts";
import { addressFinding, type SeenAddress, type Whoami } from "../../src/cli/doctor/forwarding.ts";
import { examinePublic } from "../../src/cli/doctor/public.ts";
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
    says: /TRUSTED_PROXIES=127\.0\.0\.1 for.*nothing to change/s,
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
    level: "warn",
    says: /on this machine claims to have.*another machine/s,
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

describe("the address that the server counts", () => {
  const url = new URL("https://rt.example.com");
  const seenAs = (address: string, forwarded: Whoami["forwarded"] = "none"): Whoami => ({
    address,
    forwarded,
    host: "rt.example.com",
    secure: true,
  });
  const found = (seen: Whoami, more: Partial<SeenAddress> = {}): Finding =>
    addressFinding({ url, proxied: true, seen, forged: seen, own: ["192.168.1.5"], ...more });

  test("that a stranger can choose it is an error, whoever trusts this machine", () => {
    const finding = found(seenAs("198.51.100.7", "believed"), { forged: seenAs("203.0.113.77", "believed") });
    expect([finding.level, finding.what]).toEqual(["error", expect.stringContaining("whatever address")]);
  });

  test("a private one that is not this machine's is a container's or a proxy's, and all clients share it", () => {
    for (const address of ["172.17.0.1", "10.0.0.1", "100.64.0.1", "fd00:0:0:0::/64"])
      expect([address, found(seenAs(address)).level]).toEqual([address, "warn"]);
    expect(text(found(seenAs("172.17.0.1")))).toMatch(/share its limits.*TRUSTED_PROXIES/s);
  });

  test("a public one, and this machine's own in the same network, are as they should be", () => {
    for (const address of ["198.51.100.7", "192.168.1.5", "172.32.0.1", "100.128.0.1"])
      expect([address, found(seenAs(address)).level]).toEqual([address, "ok"]);
  });
});

test("whoever looks again and again is not told to wait", async () => {
  await using server = await startServer(TRUSTING);
  for (let n = 0; n < 5; n++) {
    const findings = await examinePublic({
      url: new URL(server.url),
      proof: proofFor(server),
      patientMs: 0,
    });
    expect(findings.filter(({ check }) => /^(closes|upgrade)/.test(check)).map(({ level }) => level)).toEqual(
      findings.filter(({ check }) => /^(closes|upgrade)/.test(check)).map(() => "ok"),
    );
    expect(findings.map(({ check }) => check)).toContain("upgrade.native");
  }
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

/** The proxies' files of the repository, run as they are but for names, ports and folders: the doctor finds nothing wrong. */
import { describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { examinePublic } from "../../src/cli/doctor/public.ts";
import { WAIT_MS } from "../support/patience.ts";
import { ALICE } from "../support/people.ts";
import { NO_RATES, startServer } from "../support/server.ts";
import { tempFolder } from "../cli/program.ts";

const DEPLOY = new URL("../../scripts/deploy/", import.meta.url).pathname;

interface Place {
  readonly folder: string;
  readonly port: number;
  readonly backend: number;
}

interface ProxyProgram {
  /** Debian keeps some where only root looks. */
  readonly program: string | null;
  /** Writes what it is run with; answers with the command line. */
  readonly prepare: (place: Place) => readonly string[];
  /** What it wrote down of requests. */
  readonly log: (place: Place) => string;
}

const programNamed = (name: string): string | null =>
  Bun.which(name, { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin` });

const replaced = (text: string, pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((rest, [from, to]) => {
    if (!rest.includes(from)) throw new Error(`the file has no ${from} any more`);
    return rest.replaceAll(from, to);
  }, text);

const PROXIES: Readonly<Record<string, ProxyProgram>> = {
  nginx: {
    program: programNamed("nginx"),
    prepare({ folder, port, backend }) {
      makeCertificate(folder);
      const site = replaced(readFileSync(`${DEPLOY}nginx/dragoman.conf`, "utf8"), [
        ["listen 443 ssl", `listen 127.0.0.1:${port} ssl`],
        ["listen 80;", `listen unix:${folder}/plain.sock;`],
        ["/etc/letsencrypt/live/rt.example.com/fullchain.pem", `${folder}/cert.pem`],
        ["/etc/letsencrypt/live/rt.example.com/privkey.pem", `${folder}/key.pem`],
        ["127.0.0.1:8000", `127.0.0.1:${backend}`],
        ["/var/log/nginx/", `${folder}/`],
        // A name has no port where it is the usual one.
        ["Host $host;", `Host $host:${port};`],
      ]);
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((name) => `${name}_temp_path ${folder}/${name};`)
        .join("\n");
      writeFileSync(
        join(folder, "nginx.conf"),
        `daemon off; pid ${folder}/pid; error_log stderr; events {}\nhttp {\n${temporary}\n${site}\n}\n`,
      );
      return ["-p", folder, "-c", join(folder, "nginx.conf")];
    },
    log: ({ folder }) => readFileSync(join(folder, "dragoman.log"), "utf8"),
  },
  caddy: {
    program: programNamed("caddy"),
    prepare({ folder, port, backend }) {
      makeCertificate(folder);
      const site = replaced(readFileSync(`${DEPLOY}caddy/Caddyfile`, "utf8"), [
        [
          "\nrt.example.com {",
          `\n{\n\tadmin off\n\tauto_https disable_redirects\n}\nhttps://127.0.0.1:${port} {\n\tbind 127.0.0.1\n\ttls ${folder}/cert.pem ${folder}/key.pem`,
        ],
        ["127.0.0.1:8000", `127.0.0.1:${backend}`],
        ["/var/log/caddy/", `${folder}/`],
      ]);
      // Global options come first.
      writeFileSync(join(folder, "Caddyfile"), site.replace(/^(?:#.*\n)+/, ""));
      return ["run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")];
    },
    log: ({ folder }) => readFileSync(join(folder, "dragoman.log"), "utf8"),
  },
};

function makeCertificate(folder: string): void {
  const { exitCode, stderr } = Bun.spawnSync([
    "openssl",
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90"],
    ...["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
    ...["-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`],
  ]);
  if (exitCode !== 0) throw new Error(stderr.toString());
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: URL, running: Bun.Subprocess): Promise<void> {
  const untilMs = performance.now() + WAIT_MS;
  while (performance.now() < untilMs && running.exitCode === null) {
    const answer = await fetch(`${url.href}healthz`, { tls: { rejectUnauthorized: false } }).catch(
      () => null,
    );
    if (answer?.status === 200) return;
    await Bun.sleep(20);
  }
  throw new Error("the proxy does not answer");
}

describe("scripts/deploy/", () => {
  for (const [name, { program, prepare, log }] of Object.entries(PROXIES)) {
    if (program === null) console.log(`${name} is not installed: its file is not tried`);
    test.skipIf(program === null)(
      `${name}: the doctor finds nothing wrong, and no token is written down`,
      async () => {
        await using server = await startServer({
          ...NO_RATES,
          trustedProxies: ["127.0.0.1"],
          wsHeartbeatInterval: 8,
        });
        using folder = tempFolder();
        const place = { folder: folder.path, port: await freePort(), backend: server.port };
        const args = prepare(place);
        const running = Bun.spawn([program ?? "", ...args], {
          env: {
            ...process.env,
            HOME: folder.path,
            XDG_DATA_HOME: folder.path,
            XDG_CONFIG_HOME: folder.path,
          },
          stdout: Bun.file(join(folder.path, "out")),
          stderr: Bun.file(join(folder.path, "err")),
        });
        try {
          const url = new URL(`https://127.0.0.1:${place.port}`);
          await answers(url, running);
          const token = server.token(ALICE);
          const findings = await examinePublic({
            url,
            proof: {
              token: () => token,
              key: undefined,
              userId: String(ALICE.id),
              from: "here",
              implied: false,
            },
            patientMs: 1500,
          });
          expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
          expect(findings.map(({ check }) => check)).toContain("tls.certificate");
          expect(findings.find(({ check }) => check === "proxy.address")?.what).toContain("127.0.0.1");

          await fetch(`${url.href}api/v1/rooms?token=${token}`, { tls: { rejectUnauthorized: false } });
        } finally {
          running.kill();
          await running.exited;
        }
        const written = log(place);
        expect(written).toContain("/api/v1/rooms");
        expect(written).not.toContain(server.token(ALICE).split(".")[2] ?? "");
        expect(written).not.toMatch(/eyJ[\w-]{20}/);
      },
    );
  }
});

const systemd = Bun.which("systemd-analyze");

test.skipIf(systemd === null)("the systemd unit is one, and is closed as far as it can be", () => {
  using folder = tempFolder();
  const unit = join(folder.path, "dragoman.service");
  writeFileSync(
    unit,
    replaced(readFileSync(`${DEPLOY}systemd/dragoman.service`, "utf8"), [
      ["/usr/local/bin/dragoman serve", "/bin/true"],
    ]),
  );
  const verified = Bun.spawnSync([systemd ?? "", "verify", unit]);
  expect([verified.exitCode, verified.stderr.toString()]).toEqual([0, ""]);
  const judged = Bun.spawnSync([systemd ?? "", "security", "--offline=true", "--threshold=15", unit]);
  expect([judged.exitCode, judged.stdout.toString().split("\n").findLast(Boolean)]).toEqual([
    0,
    expect.stringContaining("OK"),
  ]);
});

test("the guide shows the files as they are", () => {
  const guide = readFileSync(new URL("../../src/console/docs/guides/deployment.md", import.meta.url), "utf8");
  for (const path of ["systemd/dragoman.service", "caddy/Caddyfile", "nginx/dragoman.conf"])
    expect(guide).toContain(readFileSync(DEPLOY + path, "utf8").trim());
});

/** Starts the servers that are compared, each a process of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signUserToken } from "../../src/app/offline-token.ts";
import { dragomanSubject } from "../../src/cli/bench/dragoman.ts";
import type { Subject } from "../../src/cli/bench/subject.ts";
import { BUN, ROOT } from "../run.ts";
import { rawSubject, socketIoSubject, wsSubject } from "./peers.ts";

export interface Started {
  readonly subject: Subject;
  stop(): Promise<void>;
}

export type ServerName = "raw" | "stored" | "live" | "socketio" | "ws";

/** Processor of the servers; the load has another one, where there are two and taskset is installed. */
const SERVER_CPU = "0";
export const LOAD_CPU = "1";

/** The load, once pinned itself, sees one processor only: it is told what there was before. */
export const pins = (): boolean =>
  (process.env["BENCH_PINNED"] !== undefined || navigator.hardwareConcurrency > 1) &&
  Bun.which("taskset") !== null;

/** Folder for profiles of Dragoman, which make it slower. */
const PROFILES = process.env["BENCH_PROFILES"];

const SECRET = "a-secret-of-the-benchmark-and-nothing-else";
const KEY = "a-service-key-of-the-benchmark";
const TTL_SECONDS = 3600;

export const SERVERS: Readonly<Record<ServerName, () => Promise<Started>>> = {
  raw: () => peer([BUN, "scripts/bench-servers/raw.ts"], rawSubject),
  ws: () => peer(["node", "scripts/bench-servers/ws.mjs"], wsSubject),
  socketio: () => peer(["node", "scripts/bench-servers/socketio.mjs"], socketIoSubject),
  stored: () => dragoman("stored"),
  live: () => dragoman("live"),
};

async function peer(
  command: readonly string[],
  subjectOf: (peer: { door: { hostname: string; port: number }; pid: number }) => Subject,
): Promise<Started> {
  const port = await freePort();
  const child = await spawn([...command, String(port)], {}, "listening");
  return {
    subject: subjectOf({ door: { hostname: "127.0.0.1", port }, pid: child.pid }),
    stop: () => end(child),
  };
}

/** As it is by default (tokens, memberships, storage that survives a power cut), but for the rates, which a load must exceed. */
async function dragoman(told: "stored" | "live"): Promise<Started> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "dragoman-bench-"));
  const child = await spawn(
    [...program(), "serve"],
    {
      HOST: "127.0.0.1",
      PORT: String(port),
      DATA_DIR: folder,
      JWT_SECRET: SECRET,
      API_KEYS: KEY,
      MAX_CONNECTIONS: "0",
      MAX_CONNECTIONS_PER_USER: "0",
      RATE_LIMIT_FRAMES: "0",
      RATE_LIMIT_HTTP: "0",
      RATE_LIMIT_CONNECTS: "0",
      LOG_FORMAT: "json",
    },
    "SERVER_STARTED",
  );
  let serial = 0;
  const token = (user: number): string =>
    signUserToken(
      { jwtUserIdClaim: "sub", jwtIssuer: undefined, jwtAudience: undefined },
      SECRET,
      {
        id: user,
        ttlSeconds: TTL_SECONDS,
        claims: { rooms: ["channel:*", "focus:*"], jti: String(serial++) },
      },
      Date.now(),
    );
  const subject = dragomanSubject({
    name: told === "stored" ? "Dragoman" : "Dragoman, live",
    door: { hostname: "127.0.0.1", port },
    pid: child.pid,
    token,
    authorization: `Bearer ${KEY}`,
    told,
  });
  return {
    subject,
    async stop() {
      await end(child, PROFILES === undefined ? "SIGKILL" : "SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** From the sources, unless an executable is named; with a profile of its time where a folder for it is. */
function program(): readonly string[] {
  const executable = process.env["DRAGOMAN_PROGRAM"];
  if (executable !== undefined) return [executable];
  const profile = PROFILES === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${PROFILES}`];
  return [BUN, ...profile, "src/main.ts"];
}

/** Starts a program on the servers' processor and waits until it says that it listens. */
async function spawn(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: string,
): Promise<Bun.Subprocess> {
  const child = Bun.spawn([...(pins() ? ["taskset", "-c", SERVER_CPU] : []), ...command], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let said = "";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      said = (said + decoder.decode(chunk, { stream: true })).slice(-4000);
      if (said.includes(ready)) resolve();
    }
  };
  void Promise.all([read(child.stdout), read(child.stderr)]).then(() =>
    reject(new Error(`${command.join(" ")} ended: ${said}`)),
  );
  await promise;
  return child;
}

async function end(child: Bun.Subprocess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  child.kill(signal);
  await child.exited;
}

/** A port that nobody listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUN, ROOT } from "../run.ts";
import type { Sample } from "./verdict.ts";

/** Known to the clients of a soak only. */
export const SECRET = "the-secret-of-a-soak-that-nobody-else-has";
export const KEY = "the-service-key-of-a-soak";

const START_MS = 20_000;
const STOP_MS = 15_000;
/** Until a collection that was asked for is done. */
const COLLECT_MS = 300;

/** Nothing that a client does here is too fast; small retention, so that pruning is part of it. */
const SETTINGS = {
  HOST: "127.0.0.1",
  PORT: "0",
  JWT_SECRET: SECRET,
  API_KEYS: KEY,
  ACCESS: "open",
  DIARY: "open",
  LOG_LEVEL: "info",
  LOG_FORMAT: "json",
  WS_HEARTBEAT_INTERVAL: "8",
  RETENTION_EVENTS_MAX: "5000",
  RETENTION_NOTIFICATIONS_MAX: "5000",
  RETENTION_SECURITY_LOG_MAX: "2000",
  MAX_CONNECTIONS_PER_USER: "50",
  RATE_LIMIT_FRAMES: "100000",
  RATE_LIMIT_HTTP: "100000",
  RATE_LIMIT_CONNECTS: "100000",
  RATE_LIMIT_LOGINS: "100000",
} as const;

/** The program itself, with its data in a folder that goes with it. */
export class SoakServer implements AsyncDisposable {
  readonly url: string;
  /** Codes of errors that it logged. */
  readonly errors: readonly string[];
  readonly #child: Bun.Subprocess<"ignore", "ignore", "pipe">;
  readonly #folder: string;
  readonly #began = performance.now();

  private constructor(
    child: Bun.Subprocess<"ignore", "ignore", "pipe">,
    folder: string,
    url: string,
    errors: readonly string[],
  ) {
    this.#child = child;
    this.#folder = folder;
    this.url = url;
    this.errors = errors;
  }

  static async start(): Promise<SoakServer> {
    const folder = mkdtempSync(join(tmpdir(), "dragoman-soak-"));
    const child = Bun.spawn(
      [BUN, "--preload", `${ROOT}/scripts/soak-load/gc.ts`, `${ROOT}/src/main.ts`, "serve"],
      {
        cwd: folder,
        env: { PATH: Bun.env["PATH"], ...SETTINGS, DATA_DIR: join(folder, "data") },
        stdin: "ignore",
        stdout: "ignore",
        stderr: "pipe",
      },
    );
    const started = Promise.withResolvers<string>();
    const errors: string[] = [];
    void readLog(child.stderr, started.resolve, errors);
    const timer = setTimeout(() => started.reject(new Error("the server did not start in time")), START_MS);
    void child.exited.then((code) => started.reject(new Error(`the server ended with ${code}`)));
    try {
      return new SoakServer(child, folder, await started.promise, errors);
    } catch (fault) {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
      throw fault;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Collects garbage, then looks. */
  async sample(): Promise<Sample> {
    const { pid } = this.#child;
    process.kill(pid, "SIGUSR2");
    await Bun.sleep(COLLECT_MS);
    const metrics = await (await fetch(`${this.url}/metrics`, { headers: { connection: "close" } })).text();
    const valueOf = (name: string): number =>
      [...metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].reduce(
        (sum, [, value]) => sum + Number(value),
        0,
      );
    return {
      atSeconds: (performance.now() - this.#began) / 1000,
      rssBytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024,
      heapBytes: valueOf("dragoman_heap_used_bytes"),
      openFds: readdirSync(`/proc/${pid}/fd`).length,
      connections: valueOf("dragoman_connections"),
      framesSent: valueOf("dragoman_frames_sent_total"),
      opened: valueOf("dragoman_connections_opened_total"),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    const hard = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    const code = await this.#child.exited;
    clearTimeout(hard);
    rmSync(this.#folder, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the server ended with ${code}`);
  }
}

interface Entry {
  readonly level?: string;
  readonly code?: string;
  readonly message?: string;
}

async function readLog(
  stream: ReadableStream<Uint8Array>,
  started: (url: string) => void,
  errors: string[],
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of stream) {
    const lines = `${rest}${decoder.decode(piece, { stream: true })}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter((one) => one.startsWith("{"))) {
      const { level, code = "", message = "" } = JSON.parse(line) as Entry;
      if (code === "SERVER_STARTED") started(/http:\/\/\S+/.exec(message)?.[0] ?? "");
      if (level === "error") errors.push(code);
    }
  }
}

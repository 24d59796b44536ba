/** A real server on a free port, with what it logged. */
import {
  createTestServer,
  type DragomanOptions,
  type Log,
  type Settings,
  type TestServer,
} from "../../src/app/dragoman.ts";
import type { WireId } from "../../src/core/ids.ts";

/** Somebody with a token; what else he has are claims. */
export interface User {
  readonly id: WireId;
  readonly username?: string;
  readonly ttlSeconds?: number;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A service key that every server of these tests knows. */
export const KEY = "a-service-key-of-these-tests";

export interface LogEntry {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly code: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Keeps everything that is logged. */
export class LogBook implements Log {
  readonly entries: LogEntry[];
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(entries: LogEntry[] = [], fields: Readonly<Record<string, unknown>> = {}) {
    this.entries = entries;
    this.#fields = fields;
  }
  debug = this.#writer("debug");
  info = this.#writer("info");
  warn = this.#writer("warn");
  error = this.#writer("error");
  child(fields: Readonly<Record<string, unknown>>): Log {
    return new LogBook(this.entries, { ...this.#fields, ...fields });
  }
  /** The entries with a code, oldest first. */
  of(code: string): LogEntry[] {
    return this.entries.filter((entry) => entry.code === code);
  }
  #writer(level: LogEntry["level"]): (code: string, message: string, fields?: LogEntry["fields"]) => void {
    return (code, message, fields) => {
      this.entries.push({ level, code, message, fields: { ...this.#fields, ...fields } });
    };
  }
}

export interface StartOptions extends Omit<DragomanOptions, "settings" | "log"> {
  /** The test means to make the server fail: errors in the log are expected. */
  readonly faults?: "expected";
}

export interface StartedServer extends TestServer {
  readonly logs: LogBook;
}

/**
 * `await using server = await startServer({ access: "members" })`: in memory and as open as `dev`
 * is, unless said otherwise. Whoever made the server log an error fails when it is stopped.
 */
export async function startServer(
  settings: Partial<Settings> = {},
  options: StartOptions = {},
): Promise<StartedServer> {
  const { faults, ...rest } = options;
  const logs = new LogBook();
  const server = await createTestServer({ ...rest, settings: { apiKeys: [KEY], ...settings }, log: logs });
  return {
    ...server,
    logs,
    async [Symbol.asyncDispose]() {
      await server.stop();
      const errors = logs.entries.filter((entry) => entry.level === "error");
      if (errors.length === 0 || faults === "expected") return;
      throw new Error(`the server logged errors:\n${errors.map(entryText).join("\n")}`);
    },
  };
}

const entryText = ({ code, message, fields }: LogEntry): string =>
  `${code} ${message} ${Bun.inspect(fields)}`;

/** Switches every rate off: for tests that do much at once, or stop the clock. */
export const NO_RATES = {
  rateLimitFrames: 0,
  rateLimitHttp: 0,
  rateLimitConnects: 0,
  rateLimitLogins: 0,
} as const satisfies Partial<Settings>;

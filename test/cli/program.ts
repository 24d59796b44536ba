/** Runs the real program, from source, in a folder and an environment of its own. */
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { type ChildProcess, spawn as spawnProcess } from "node:child_process";
import { WAIT_MS } from "../support/patience.ts";

const MAIN = resolve(import.meta.dir, "../../src/main.ts");

/** Reused by all runs: bun test ends without a last word in which it could be removed. */
const HOME = resolve(import.meta.dir, "../../node_modules/.cache/dragoman-tests");

/** Programs that `bun install` brings: wscat. */
const INSTALLED = resolve(import.meta.dir, "../../node_modules/.bin");

/** What programs and pasted lines run with: `dragoman` is on the path, and no test file sees the servers of another. */
export const ENV = {
  PATH: [pathWithDragoman(), dirname(process.execPath), INSTALLED, process.env["PATH"] ?? ""].join(delimiter),
  TMPDIR: ownTemporaryFolder(),
  NO_COLOR: "1",
} as const;

function pathWithDragoman(): string {
  const bin = join(HOME, "bin");
  mkdirSync(bin, { recursive: true });
  try {
    symlinkSync(MAIN, join(bin, "dragoman"));
  } catch {
    // It is there, or another process is making it.
  }
  return bin;
}

function ownTemporaryFolder(): string {
  for (const name of readdirSync(HOME))
    if (/^tmp-\d+$/.test(name) && !isRunning(Number(name.slice(4))))
      rmSync(join(HOME, name), { recursive: true, force: true });
  const path = join(HOME, `tmp-${process.pid}`);
  mkdirSync(path, { recursive: true });
  return path;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export interface Options {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** For Bun, before the program. */
  readonly bun?: readonly string[];
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that is gone after the test: `using folder = tempFolder()`. */
export function tempFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), "dragoman-cli-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * The program writes into files: Bun 1.4.5 sometimes stops reading a child's pipe on a busy machine,
 * and what is behind is never seen.
 */
const spawn = (args: readonly string[], { bun = [], ...options }: Options): Program =>
  spawnFile(process.execPath, [...bun, MAIN, ...args], options);

function spawnFile(
  file: string,
  args: readonly string[],
  { cwd = tmpdir(), env = {} }: Omit<Options, "bun">,
): Program {
  const folder = mkdtempSync(join(tmpdir(), "dragoman-out-"));
  const files = [join(folder, "stdout"), join(folder, "stderr")] as const;
  const [stdout, stderr] = [openSync(files[0], "w"), openSync(files[1], "w")];
  const child = spawnProcess(file, args, {
    cwd,
    env: { ...ENV, ...env },
    stdio: ["ignore", stdout, stderr],
  });
  closeSync(stdout);
  closeSync(stderr);
  return new Program(child, new Output(files[0]), new Output(files[1]), folder);
}

export const textOf = (stream: ReadableStream<Uint8Array>): Promise<string> => new Response(stream).text();

/** Runs a command to its end. */
export async function dragoman(args: readonly string[], options: Options = {}): Promise<Outcome> {
  await using program = start(args, options);
  const code = await program.exited();
  return { code, stdout: program.stdout.text, stderr: program.stderr.text };
}

/** Runs a line of bash to its end, with `dragoman` on the path; `args` are its `$@`. */
export async function shell(
  line: string,
  { args = [], ...options }: Omit<Options, "bun"> & { readonly args?: readonly string[] } = {},
): Promise<Outcome> {
  await using program = startShell(line, options, args);
  const code = await program.exited();
  return { code, stdout: program.stdout.text, stderr: program.stderr.text };
}

/** Starts a line of bash that goes on. */
export const startShell = (
  line: string,
  options: Omit<Options, "bun"> = {},
  args: readonly string[] = [],
): Program => spawnFile("bash", ["-c", line, "bash", ...args], options);

/** Starts a command that goes on; it is killed where the test forgets it: `await using server = start([…])`. */
export const start = (args: readonly string[], options: Options = {}): Program => spawn(args, options);

export class Program {
  readonly child: ChildProcess;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #folder: string;
  readonly #end: Promise<number>;

  constructor(child: ChildProcess, stdout: Output, stderr: Output, folder: string) {
    this.child = child;
    this.stdout = stdout;
    this.stderr = stderr;
    this.#folder = folder;
    this.#end = new Promise((resolve) => child.on("exit", (code) => resolve(code ?? -1)));
  }

  /** The address in the log of a server that has no terminal. */
  async listening(): Promise<string> {
    const [, url = ""] = await this.stderr.match(/listening on (http:\/\/[\d.]+:\d+)/);
    return url.replace("0.0.0.0", "127.0.0.1");
  }

  /** Sends a signal, and answers with the exit code. */
  async end(signal: "SIGTERM" | "SIGINT" = "SIGTERM"): Promise<number> {
    this.child.kill(signal);
    return this.exited();
  }

  exited(): Promise<number> {
    return this.#end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.#end;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const LOOK_EVERY_MS = 5;

/** What a program has written so far. */
class Output {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  get text(): string {
    return readFileSync(this.#file, "utf8");
  }

  /** Waits until it was written. */
  match(pattern: RegExp): Promise<RegExpExecArray> {
    const giveUpMs = performance.now() + WAIT_MS;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const { text } = this;
        const found = pattern.exec(text);
        if (found !== null) resolve(found);
        else if (performance.now() > giveUpMs) reject(new Error(`${pattern} was not written: ${text}`));
        else setTimeout(look, LOOK_EVERY_MS);
      };
      look();
    });
  }
}

/** A WebSocket that keeps what it hears. */
export class Listener {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly closed: Promise<number>;
  readonly heard: string[] = [];
  #waiting: (() => void)[] = [];

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
      this.heard.push(data);
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const look of waiting) look();
    });
    this.opened = new Promise((resolve, reject) => {
      this.socket.addEventListener("open", () => resolve());
      this.socket.addEventListener("error", () => reject(new Error(`${url} refused`)));
    });
    this.closed = new Promise((resolve) => {
      this.socket.addEventListener("close", ({ code }) => resolve(code));
    });
  }

  /** The first frame that contains the text, once it comes. */
  hear(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`"${text}" was not heard on ${this.socket.url}: ${this.heard.join("\n")}`)),
        WAIT_MS,
      );
      const look = (): void => {
        const found = this.heard.find((frame) => frame.includes(text));
        if (found === undefined) return void this.#waiting.push(look);
        clearTimeout(timer);
        resolve(found);
      };
      look();
    });
  }
}

export const listen = async (url: string): Promise<Listener> => {
  const listener = new Listener(url);
  await listener.opened;
  return listener;
};

/** The payload of a token, unverified. */
export const claimsIn = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

export const bearer = (proof: string): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${proof}` },
});

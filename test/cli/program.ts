/** Runs the real program, from source, in a folder and an environment of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ChildProcessByStdio, spawn as spawnProcess } from "node:child_process";
import type { Readable } from "node:stream";

const MAIN = resolve(import.meta.dir, "../../src/main.ts");

/** Generous: only a failing test ever waits so long. */
const TIMEOUT_MS = 10_000;

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

type Child = ChildProcessByStdio<null, Readable, Readable>;

function spawn(args: readonly string[], { cwd = tmpdir(), env = {}, bun = [] }: Options): Child {
  return spawnProcess(process.execPath, [...bun, MAIN, ...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/**
 * The exit code, when the process has ended and everything that it wrote was read. Bun may miss the
 * end of a pipe on a busy machine (the data has come then): so the end of the process is enough.
 */
const endOf = (child: Child): Promise<number> =>
  new Promise((resolve) => {
    child.on("close", (code) => resolve(code ?? -1));
    child.on("exit", (code) => setTimeout(() => resolve(code ?? -1), 500));
  });

export const textOf = (stream: ReadableStream<Uint8Array>): Promise<string> => new Response(stream).text();

/** Runs a command to its end. */
export async function dragoman(args: readonly string[], options: Options = {}): Promise<Outcome> {
  const program = start(args, options);
  const code = await program.exited();
  return { code, stdout: program.stdout.text, stderr: program.stderr.text };
}

/** Starts a command that goes on; it is killed where the test forgets it: `await using server = start([…])`. */
export const start = (args: readonly string[], options: Options = {}): Program =>
  new Program(spawn(args, options));

export class Program {
  readonly child: Child;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #end: Promise<number>;

  constructor(child: Child) {
    this.child = child;
    this.stdout = new Output(child.stdout);
    this.stderr = new Output(child.stderr);
    this.#end = endOf(child);
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
  }
}

/** What a program has written so far. */
class Output {
  text = "";
  #waiting: (() => void)[] = [];

  constructor(stream: Readable) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      this.text += text;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const look of waiting) look();
    });
  }

  /** Waits until it was written. */
  match(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${pattern} was not written: ${this.text}`)),
        TIMEOUT_MS,
      );
      const look = (): void => {
        const found = pattern.exec(this.text);
        if (found === null) return void this.#waiting.push(look);
        clearTimeout(timer);
        resolve(found);
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
        TIMEOUT_MS,
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

/** The real program in a process of its own, and a neighbour in it who only wants to be served. */
import { join } from "node:path";
import { signHs256 } from "../../../src/auth/sign.ts";
import { type Program, start, tempFolder } from "../../cli/program.ts";
import type { Client } from "../../support/client.ts";
import { chatIn } from "../../support/people.ts";
import { KEY, type User } from "../../support/server.ts";

const SECRET = "a secret of these fuzzers, of more than thirty-two bytes";
/** Whose id no example has. */
const NEIGHBOUR: User = { id: "the-neighbour", username: "neighbour" };
const ROOM = "channel:neighbourhood";
const MEGABYTE = 1 << 20;

/** How many cases: a few in CI, as many as are asked for by `scripts/fuzz`. */
export const CASES = Number(process.env["FUZZ_CASES"] ?? 3000);
export const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);

const SETTINGS = {
  PORT: "0",
  HOST: "127.0.0.1",
  JWT_SECRET: SECRET,
  API_KEYS: KEY,
  ACCESS: "open",
  DIARY: "open",
  DURABILITY: "normal",
  LOG_FORMAT: "json",
  MAX_CONNECTIONS_PER_USER: "0",
  RATE_LIMIT_FRAMES: "0",
  RATE_LIMIT_HTTP: "0",
  RATE_LIMIT_CONNECTS: "0",
  RATE_LIMIT_LOGINS: "0",
} as const;

export class Target implements AsyncDisposable {
  readonly url: string;
  readonly wsUrl: string;
  readonly #program: Program;
  readonly #folder: ReturnType<typeof tempFolder>;
  #neighbour: Client | null = null;
  #served = 0;

  static async start(): Promise<Target> {
    const folder = tempFolder();
    const env = { ...SETTINGS, DATA_DIR: join(folder.path, "data") };
    const program = start(["serve"], { cwd: folder.path, env });
    const target = new Target(program, folder, await program.listening());
    await target.serves();
    return target;
  }

  private constructor(program: Program, folder: ReturnType<typeof tempFolder>, url: string) {
    this.#program = program;
    this.#folder = folder;
    this.url = url;
    this.wsUrl = url.replace("http", "ws");
  }

  token({ id, username, claims }: User): string {
    const exp = Math.floor(Date.now() / 1000) + 7200;
    return signHs256(
      { sub: String(id), exp, ...(username === undefined ? {} : { username }), ...claims },
      SECRET,
    );
  }

  /** The neighbour says something in his room, and hears it. Throws where he does not. */
  async serves(): Promise<void> {
    const { exitCode, signalCode } = this.#program.child;
    if (exitCode !== null || signalCode !== null)
      throw new Error(`the server is gone (${exitCode ?? signalCode}): ${this.#program.stderr.text}`);
    // Fuzzed admins may have closed his socket, as they may.
    if (this.#neighbour === null || this.#neighbour.socket.readyState !== WebSocket.OPEN)
      this.#neighbour = await chatIn(this, NEIGHBOUR, [ROOM]);
    const content = `still here ${++this.#served}`;
    this.#neighbour.send({ type: "send_message", room: ROOM, data: { content } });
    await this.#neighbour.next((frame) => frame.data?.content === content);
    this.#neighbour.received.length = 0;
  }

  /** What the server logged as its own fault. */
  faults(): readonly string[] {
    return this.#program.stderr.text
      .split("\n")
      .filter((line) => /"level":"error"|INTERNAL|panic/.test(line));
  }

  async megabytes(): Promise<number> {
    const headers = { authorization: `Bearer ${KEY}` };
    const stats = (await (await fetch(`${this.url}/api/v1/admin/stats`, { headers })).json()) as {
      memory_bytes: number;
    };
    return Math.round(stats.memory_bytes / MEGABYTE);
  }

  /** Ends it in order; its exit code. */
  end(): Promise<number> {
    return this.#program.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { loadRemote, type Quantiles, type RemoteResult } from "./bench/remote.ts";
import { isLoopback, portOf } from "./lib/address.ts";
import { wholeNumber } from "./lib/choices.ts";
import { examples } from "./lib/command.ts";
import { EXIT, type Failure, failure, messageOf } from "./lib/failure.ts";
import { startProgress } from "./lib/progress.ts";
import { proofFor, signingAt } from "./lib/proof.ts";
import { addressFor, withServer } from "./lib/remote.ts";
import type { Flags } from "./lib/settings.ts";
import { hint, say } from "./lib/terminal.ts";

interface BenchFlags extends Flags {
  readonly sockets: string;
  readonly rate: string;
  readonly seconds: string;
  readonly room?: string;
  readonly tokens?: string;
  readonly json?: true;
}

/** A token outlives the longest run. */
const TTL_SECONDS = 3 * 3600;
const MAX = { sockets: 100_000, rate: 10_000, seconds: 3600 } as const;

export function define(command: Command): void {
  withServer(
    command
      .argument("[url]", "the server, instead of --url")
      .option("--sockets <number>", "so many listen in one room", "100")
      .option("--rate <messages>", "messages a second, each heard by all of them", "10")
      .option("--seconds <number>", "how long they speak", "5")
      .option("--room <room>", "which room; a free one of its own unless named")
      .option("--tokens <file>", "tokens of different users, one a line"),
  )
    .addHelpText(
      "after",
      "\nThe messages are stored like any other. Beside the server's data every socket\nis a user of its own; elsewhere the limits of one user hold for all of them\n(MAX_CONNECTIONS_PER_USER), unless --tokens names more.",
    )
    .action(run);
  examples(command, [
    ["dragoman bench --sockets 50 --seconds 1", "the server on this machine, every socket another user"],
    ["dragoman bench --sockets 4 --rate 50 --seconds 1 --as bob --json", "as one user; for a script"],
  ]);
}

async function run(address: string | undefined, flags: BenchFlags): Promise<void> {
  const at = address === undefined ? flags : { ...flags, url: address };
  const url = addressFor(at);
  const sockets = wholeNumber(flags.sockets, "--sockets", { min: 1, max: MAX.sockets });
  const load = {
    door: doorOf(url),
    mount: url.pathname.replace(/\/$/, ""),
    token: tokensFor(url, at),
    sockets,
    messagesPerSecond: wholeNumber(flags.rate, "--rate", { min: 1, max: MAX.rate }),
    seconds: wholeNumber(flags.seconds, "--seconds", { min: 1, max: MAX.seconds }),
    room: flags.room ?? `bench-${randomUUID().slice(0, 8)}`,
  };
  const progress = startProgress();
  try {
    const result = await loadRemote(load, (text) => progress.tell(text));
    progress.clear();
    tell(url, result, flags.json === true);
  } catch (fault) {
    throw refusal(url, messageOf(fault));
  } finally {
    progress.clear();
  }
}

const doorOf = (url: URL) => ({
  hostname: url.hostname.replace(/^\[|\]$/g, ""),
  port: portOf(url),
  ...(url.protocol === "https:"
    ? { tls: { rejectUnauthorized: !isLoopback(url), serverName: url.hostname } }
    : {}),
});

/** Tokens of a file by turns, the one that was given, or, beside the server's secret, one for each socket. */
function tokensFor(url: URL, flags: Flags): (socket: number) => string {
  const file = flags["tokens"];
  if (typeof file === "string") {
    const tokens = readFileSync(file, "utf8").split(/\s+/).filter(Boolean);
    if (tokens.length === 0)
      throw failure(`there is no token in ${file}`, "write one a line", EXIT.usage, "--tokens");
    return (socket) => tokens[socket % tokens.length] ?? "";
  }
  const proof = proofFor(url, flags);
  if (proof.implied) {
    const sign = signingAt(url, flags);
    return (socket) => sign({ id: `bench-${socket}`, username: `bench-${socket}`, ttlSeconds: TTL_SECONDS });
  }
  const { token } = proof;
  if (token === undefined)
    throw failure(
      "a key opens no sockets here",
      "give a user's token: --token TOKEN, or --tokens FILE",
      EXIT.usage,
    );
  return token;
}

const REMEDIES: readonly (readonly [pattern: RegExp, fix: string])[] = [
  [
    /^HTTP 429/,
    "use fewer sockets (--sockets), or raise the server's RATE_LIMIT_CONNECTS, MAX_CONNECTIONS_PER_USER or MAX_CONNECTIONS",
  ],
  [/^HTTP 40[13]/, "give a token that the server accepts: --token TOKEN (env DRAGOMAN_TOKEN)"],
  [/^connect/, "is a server running there? dragoman healthcheck"],
];

const refusal = (url: URL, why: string): Failure =>
  failure(
    `${url.origin} refused a socket: ${why}`,
    REMEDIES.find(([pattern]) => pattern.test(why))?.[1] ?? "see what the server says: dragoman log",
  );

const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
const spread = ({ p50, p99, max }: Quantiles): string => `p50 ${ms(p50)}   p99 ${ms(p99)}   max ${ms(max)}`;

function tell(url: URL, result: RemoteResult, json: boolean): void {
  if (json) return say(JSON.stringify({ url: url.origin, ...result }));
  const closed = Object.entries(result.closed).map(([code, count]) => `${count} × ${code}`);
  say(`connects    ${result.connects_per_second}/s, ${result.sockets} sockets`);
  say(`deliveries  ${result.deliveries} of ${result.messages} messages, ${result.missing} missing`);
  say(`delivery    ${spread(result.delivery_ms)}`);
  say(`ping        ${spread(result.ping_ms)}`);
  if (closed.length > 0) say(`closed      ${closed.join(", ")}`);
  if (result.missing > 0)
    hint(
      "what is missing was refused by a limit (RATE_LIMIT_FRAMES), or its socket was closed: dragoman log",
    );
}

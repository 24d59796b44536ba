import { type Command, Option } from "commander";
import { parseJson } from "../../core/json.ts";
import { isLoopback, localAddress, readAddress } from "./address.ts";
import { devServerAt, type DevServer } from "./dev-file.ts";
import { EXIT, failure } from "./failure.ts";
import { explainRefusal, explainSilence, type Refused } from "./refusals.ts";
import { type Proof, proofFor } from "./proof.ts";
import { type Flags, readSettings } from "./settings.ts";
import { remark } from "./terminal.ts";

/** A server that a command speaks to, and as whom. */
export interface Remote {
  /** `http://127.0.0.1:8000`, with a path where the server is mounted under one. */
  readonly url: URL;
  readonly proof: Proof;
  /** The `dev` behind the address, if it is one. */
  readonly dev: DevServer | null;
  readonly get: <T>(path: string, query?: Query) => Promise<T>;
  readonly post: <T>(path: string, body?: unknown, more?: Sending) => Promise<T>;
  readonly put: <T>(path: string, body?: unknown) => Promise<T>;
  readonly patch: <T>(path: string, body: unknown) => Promise<T>;
  readonly delete: (path: string) => Promise<void>;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Sending {
  /** The same key gives the same answer for a day, and the thing happens once. */
  readonly idempotencyKey?: string;
  /** Waits where the server says that it is too much at once, rather than giving up. */
  readonly patient?: boolean;
}

/** A page of a collection. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

const GROUP = "Which server, and as whom:";

/** Gives a command the options that say which server it speaks to and as whom, and `--json`. */
export function withServer(command: Command): Command {
  const options = [
    new Option("--url <address>", "the server (env DRAGOMAN_URL; this machine's at PORT)"),
    new Option(
      "--as <user>",
      "act as this user, signed with the secret of the server on this machine",
    ).conflicts(["token", "key"]),
    new Option("--token <token>", "a user's token (env DRAGOMAN_TOKEN)").conflicts("key"),
    new Option("--key <key>", "a service key (env DRAGOMAN_KEY)"),
    new Option("--data-dir <folder>", "where the server on this machine has its secret (env DATA_DIR)"),
    new Option("--config <file>", "its TOML file with settings (dragoman.toml)"),
  ];
  for (const option of options) command.addOption(option.helpGroup(GROUP));
  return command.option("--json", "answer as JSON");
}

/** The server and the proof that the options, the environment and this machine name. Throws a Failure. */
export function remoteFor(flags: Flags): Remote {
  const url = addressFor(flags);
  const proof = proofFor(url, flags);
  if (proof.implied && flags["json"] !== true)
    remark(`(as an admin, signed with ${proof.from}; as somebody else: --as USER)`);
  const ask = asker(url, proof);
  return {
    url,
    proof,
    dev: devServerAt(url),
    get: (path, query = {}) => ask("GET", `${path}${textOf(query)}`),
    post: (path, body, more) => ask("POST", path, body, more),
    put: (path, body) => ask("PUT", path, body),
    patch: (path, body) => ask("PATCH", path, body),
    delete: (path) => ask("DELETE", path),
  };
}

/** `--url`, DRAGOMAN_URL, or the server of this machine's settings. */
export function addressFor(flags: Flags): URL {
  const { url } = flags;
  const { DRAGOMAN_URL } = process.env;
  if (typeof url === "string") return readAddress(url, "--url");
  if (DRAGOMAN_URL) return readAddress(DRAGOMAN_URL, "env DRAGOMAN_URL");
  const { settings } = readSettings("serve", flags);
  if (settings.port === 0)
    throw failure(
      "PORT is 0, so the server's port is not known",
      "name its address: --url http://127.0.0.1:PORT",
      EXIT.usage,
    );
  return new URL(localAddress(settings));
}

/** The headers that show who asks. */
const proofHeaders = ({ token, key }: Proof): Record<string, string> =>
  token === undefined ? { "x-api-key": key ?? "" } : { authorization: `Bearer ${token()}` };

/** An address of the server: `/api/v1/rooms` below where it is mounted. */
const addressOf = (url: URL, path: string): string => `${url.href.replace(/\/$/, "")}${path}`;

/**
 * How this machine's own server is asked: past any proxy, and by an address that its certificate
 * need not name.
 */
export function localAccess(url: URL): { readonly tls?: { readonly rejectUnauthorized: false } } {
  if (!isLoopback(url)) return {};
  process.env["NO_PROXY"] = "*";
  return { tls: { rejectUnauthorized: false } };
}

const TIMEOUT_MS = 60_000;
const MAX_PATIENCE_SECONDS = 60;

function asker(url: URL, proof: Proof) {
  return async function ask<T>(
    method: string,
    path: string,
    given?: unknown,
    more: Sending = {},
  ): Promise<T> {
    const init = {
      method,
      headers: {
        accept: "application/json",
        ...proofHeaders(proof),
        ...(given === undefined ? {} : { "content-type": "application/json" }),
        ...(more.idempotencyKey === undefined ? {} : { "idempotency-key": more.idempotencyKey }),
      },
      redirect: "manual" as const,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(given === undefined ? {} : { body: JSON.stringify(given) }),
      ...localAccess(url),
    };
    const answer = await fetch(addressOf(url, path), init).catch((fault: unknown) => {
      throw explainSilence(url, fault);
    });
    const body = await answer.text();
    const waitSeconds = Number(answer.headers.get("retry-after"));
    if (
      answer.status === 429 &&
      more.patient === true &&
      waitSeconds > 0 &&
      waitSeconds <= MAX_PATIENCE_SECONDS
    ) {
      await Bun.sleep(waitSeconds * 1000);
      return ask(method, path, given, more);
    }
    const value = parseJson(body);
    if (!answer.ok || (body !== "" && value === undefined))
      throw explainRefusal(url, proof, refusedBy(path, answer, body));
    return value as T;
  };
}

const refusedBy = (path: string, { status, headers }: Response, body: string): Refused => ({
  path,
  status,
  body,
  retryAfter: headers.get("retry-after"),
  server: headers.get("server"),
  location: headers.get("location"),
});

function textOf(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}

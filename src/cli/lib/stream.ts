import { CLOSES } from "../../core/closes.ts";
import { isObject, parseJson } from "../../core/json.ts";
import { type Failure, failure } from "./failure.ts";
import { explainExpiry, explainRefusal, type Refused } from "./refusals.ts";
import type { Remote } from "./remote.ts";
import { openSocket, type Socket, type SocketEnd, socketAddress } from "./socket.ts";
import { pause } from "./pause.ts";

export type Cursor = number | "latest";

/** A socket that comes back, and goes on where it was. */
export interface StreamOptions {
  readonly remote: Remote;
  readonly path: string;
  /** How the token is given: in the address, as documented clients do, or in a header. */
  readonly tokenIn: "query" | "header";
  /** Where to begin; undefined for a server that knows no resuming. */
  readonly since: Cursor | undefined;
  /** Sent after each opening, with the cursor that it goes on from. */
  readonly greeting: (since: Cursor | undefined) => readonly object[];
  /** A frame, as text and as JSON where it is an object. */
  readonly heard: (text: string, frame: Readonly<Record<string, unknown>> | null) => void;
  /** What a person should know: lost, back. */
  readonly told: (text: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const MIN_MS = 500;
const MAX_MS = 30_000;
const CROWDED_MS = 5000;
const RESTART_MS = 1500;

/** Listens until the signal, or until coming back makes no sense: then it throws a Failure. */
export async function listen(options: StreamOptions): Promise<void> {
  const { signal, told } = options;
  let since = options.since;
  let failures = 0;
  let lost = false;
  while (!signal.aborted) {
    const opened = await open(options, since, (id) => {
      since = id;
    }).catch((fault: unknown) => {
      if (!lost) throw fault;
      return null;
    });
    if (signal.aborted) return void (opened !== null && "closed" in opened && opened.close());
    const end = opened === null ? null : "closed" in opened ? await lasting(opened, signal, back) : opened;
    if (signal.aborted) return;
    if (end !== null) refuseToReturn(end, options.remote);
    lost = true;
    const waitMs = waitFor(end, failures++);
    told(`${reasonOf(end)}; trying again in ${(waitMs / 1000).toFixed(1)} s`);
    await pause(waitMs, signal);
  }

  function back(): void {
    failures = 0;
    if (lost) told("connected again");
    lost = false;
  }
}

async function open(
  options: StreamOptions,
  since: Cursor | undefined,
  advance: (id: number) => void,
): Promise<Socket | Refused> {
  const { remote, path, tokenIn } = options;
  const { token, key } = remote.proof;
  const query = {
    ...(tokenIn === "query" && token !== undefined ? { token: token() } : {}),
    ...(since === undefined ? {} : { last_event_id: String(since) }),
  };
  const headers = {
    ...(tokenIn === "header" && token !== undefined ? { authorization: `Bearer ${token()}` } : {}),
    ...(key === undefined ? {} : { "x-api-key": key }),
  };
  const socket = await openSocket(socketAddress(remote.url, path, query), headers, (text) => {
    const json = parseJson(text);
    const frame = isObject(json) ? json : null;
    const id = frame === null ? undefined : cursorIn(frame);
    if (id !== undefined) advance(id);
    options.heard(text, frame);
  });
  if ("closed" in socket) for (const frame of options.greeting(since)) socket.send(JSON.stringify(frame));
  return socket;
}

/** The event that a frame brings, or up to which all was told. */
function cursorIn({ type, event_id, data }: Readonly<Record<string, unknown>>): number | undefined {
  const id = type === "resumed" && isObject(data) ? data["last_event_id"] : event_id;
  return typeof id === "number" ? id : undefined;
}

function lasting(socket: Socket, signal: AbortSignal, back: () => void): Promise<SocketEnd> {
  back();
  signal.addEventListener("abort", () => socket.close(), { once: true });
  return socket.closed;
}

const FINAL_CODES = new Set([1008, 4401, 4403]);
const FINAL_STATUSES = new Set([400, 401, 403, 404, 405]);

/** Throws where the server would refuse again. */
function refuseToReturn(end: SocketEnd | Refused, remote: Remote): void {
  if ("status" in end) {
    if (FINAL_STATUSES.has(end.status)) throw explainRefusal(remote.url, remote.proof, end);
    return;
  }
  const expired = end.reason === CLOSES.expired.reason && remote.proof.userId !== undefined;
  const { flooding } = CLOSES;
  if (!FINAL_CODES.has(end.code) || expired || end.reason === flooding.reason) return;
  throw explainExpiry(remote.proof) ?? closedFor(end);
}

/** A close as what and fix, by the table of all closes. */
function closedFor({ code, reason }: SocketEnd): Failure {
  const known =
    Object.values(CLOSES).find((close) => close.reason === reason) ??
    Object.values(CLOSES).find((close) => close.code === code);
  const remedy = known?.remedy ?? "See the server's log.";
  return failure(`the server closed the socket: ${code} ${reason}`.trimEnd(), lowered(remedy));
}

const lowered = (text: string): string =>
  `${text.charAt(0).toLowerCase()}${text.slice(1).replace(/\.$/, "")}`;

function reasonOf(end: SocketEnd | Refused | null): string {
  if (end === null) return "the server does not answer";
  if ("status" in end) return `the server answers ${end.status}`;
  return `the connection is lost (${`${end.code} ${end.reason}`.trimEnd()})`;
}

/** Half of it is chance, so that not everybody comes at once. */
function waitFor(end: SocketEnd | Refused | null, failures: number): number {
  const spread = (ms: number): number => ms / 2 + (Math.random() * ms) / 2;
  if (end !== null && "code" in end && (end.code === 1012 || end.code === 1013)) return spread(RESTART_MS);
  if (end !== null && "retryAfter" in end && end.retryAfter !== null)
    return Number(end.retryAfter) * 1000 || CROWDED_MS;
  const crowded = end !== null && "code" in end && end.code === CLOSES.tooMany.code;
  return spread(Math.min(MAX_MS, (crowded ? CROWDED_MS : MIN_MS) * 2 ** failures));
}

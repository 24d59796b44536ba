import { compare } from "./compare.ts";
import { rule } from "./expect.ts";
import { knock } from "./knock.ts";
import type { Notebook } from "./notebook.ts";
import { type DialOptions, Peer, within } from "./peer.ts";
import type { Forged, Who } from "./people.ts";
import { Skip, Stop } from "./result.ts";
import type { Run } from "./run.ts";
import type { Scene } from "./scene.ts";
import type { DialStep, Params, Step } from "./steps.ts";

/** How a handshake ended: refused before the upgrade, closed behind it, or not at all. */
type Refusal =
  { readonly http: number } | { readonly close: number; readonly reason: string } | { readonly open: true };

interface Seen {
  readonly seen: Refusal;
  readonly retryAfterSeconds: number | null;
}

/** Refused in any way: the document says that proof is required, but not how its lack is told. */
export const REFUSED = rule("<refused>", (seen) => {
  const { http, close } = seen as { http?: number; close?: number };
  return (http !== undefined && http >= 400 && http < 500) || (close !== undefined && close !== 1000);
});

const FORGED = new Set<string>(["bad", "forged", "unsigned", "expired", "refreshing", "brief"]);

export function tokenOf(who: Who | Forged, { people }: Run): string | null {
  return FORGED.has(who) ? people.forged(who as Forged) : people.token(who as Who);
}

/** The names in an address: those of the step, else what the scene has. */
export function paramsOf(given: Params, as: Who | Forged, { a, b, workspace, session }: Scene): Params {
  return {
    workspace_id: workspace,
    session_id: session,
    user_id: as === "b" ? b.id : a.id,
    ...given,
  };
}

/** Opens a socket that must open. Where it is refused, that is the end of the check. */
export async function dial(
  path: string,
  step: DialStep,
  scene: Scene,
  run: Run,
  notes: Notebook,
  name: string,
): Promise<Peer> {
  const from = <T>(value: T | ((kept: Notebook["kept"]) => T) | undefined): T | undefined =>
    typeof value === "function" ? (value as (kept: Notebook["kept"]) => T)(notes.kept) : value;
  const params = paramsOf(from(step.params) ?? {}, step.as, scene);
  const query = from(step.query) ?? {};
  const { options, proof } = await proofOf(step, run);
  notes.note(`${name} opens ${run.place.path(path, params)}${queryText(query)}`);
  const url = run.place.socket(path, params, { ...query, ...proof });
  const peer = new Peer(url, { ...options, ...run.access });
  if ((await within(run.timeoutMs, peer.opened)) === true) return peer;
  await peer.close();
  const knocked = await knock(url, options.headers ?? {}, run);
  const why = detailOf(knocked.body);
  if (knocked.status === 429) throw new Skip(tooOften(knocked.retryAfterSeconds));
  if ([403, 404].includes(knocked.status) && isUnnamed(path, run))
    throw new Skip(`${run.place.path(path, params)} is refused with ${knocked.status}${why}: ${NAME_IT}`);
  notes.found(`${name} cannot open ${run.place.path(path, params)}`, "documented", {
    expected: "an open socket",
    got: knocked.status === 101 ? "no answer in time" : `HTTP ${knocked.status}${why}`,
  });
  throw new Stop();
}

const NAME_IT = "name what exists there, and the users may enter, with --workspace or --session";

/** What the path names was only our guess. */
const isUnnamed = (path: string, { given }: Run): boolean =>
  (path.includes(":session_id") && given.session === undefined) ||
  (path.includes(":workspace_id") && !given.workspaceNamed);

async function proofOf(
  { as, by = "query" }: DialStep,
  run: Run,
): Promise<{ options: DialOptions; proof: Params }> {
  const token = tokenOf(as, run);
  if (token === null) return { options: {}, proof: {} };
  switch (by) {
    case "query":
      return { options: {}, proof: { token } };
    case "header":
      return { options: { headers: { authorization: `Bearer ${token}` } }, proof: {} };
    case "subprotocol":
      return { options: { protocols: ["bearer", token] }, proof: {} };
    case "ticket": {
      const answer = await fetch(run.place.http("/api/v1/tickets", {}), {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(run.timeoutMs),
        ...run.access,
      });
      const body = (await answer.json().catch(() => null)) as { ticket?: unknown } | null;
      return { options: {}, proof: { ticket: String(body?.ticket) } };
    }
  }
}

/** A handshake that must be refused, and how. */
export async function expectRefusal(
  step: Extract<Step, { do: "refused" }>,
  scene: Scene,
  run: Run,
  notes: Notebook,
): Promise<void> {
  const params = paramsOf(step.params ?? {}, step.token, scene);
  const token = tokenOf(step.token, run);
  const query = { ...step.query, ...(token === null ? {} : { token }) };
  const url = run.place.socket(step.path, params, query);
  const asked = `${run.place.path(step.path, params)} with ${TOKENS[step.token] ?? "a token"}`;
  const look = (): Promise<Seen> => (step.closes ? refusalByClose(url, run) : refusalByStatus(url, run));
  const isTooOften = ({ seen }: Seen): boolean =>
    "http" in seen && seen.http === 429 && compare(seen, step.expected, new Map()).length > 0;
  const { seen } = await patiently(look, isTooOften, run);
  notes.note(`${asked}: ${seenText(seen)}`);
  notes.compared(`how ${asked} is refused`, seen, step.expected);
}

const TOKENS: Readonly<Record<string, string>> = {
  nobody: "no token",
  bad: "a bad token",
  forged: "a token of another secret",
  unsigned: "an unsigned token",
  expired: "an expired token",
  refreshing: "a token for refreshing",
};

/** First by hand, which shows the status; where that opens, as a WebSocket, which shows the close. */
async function refusalByStatus(url: string, run: Run): Promise<Seen> {
  const { status, retryAfterSeconds } = await knock(url, {}, run);
  return status === 101 ? refusalByClose(url, run) : { seen: { http: status }, retryAfterSeconds };
}

async function refusalByClose(url: string, run: Run): Promise<Seen> {
  const peer = new Peer(url, run.access);
  try {
    if ((await within(run.timeoutMs, peer.opened)) !== true) {
      const { status, retryAfterSeconds } = await knock(url, {}, run);
      return { seen: { http: status }, retryAfterSeconds };
    }
    const end = await within(run.waitMs, peer.ended);
    return {
      seen: end === null ? { open: true } : { close: end.code, reason: end.reason },
      retryAfterSeconds: null,
    };
  } finally {
    await peer.close();
  }
}

/** In all, for one handshake or request; of the time that a check may take. */
const MAX_PATIENCE_SECONDS = 6;

/** Asks again where the server wants a moment's patience; skips the check where it wants more. */
export async function patiently<T extends { readonly retryAfterSeconds: number | null }>(
  look: () => Promise<T>,
  isTooOften: (seen: T) => boolean,
  { timeoutMs }: Run,
): Promise<T> {
  let leftSeconds = Math.min(MAX_PATIENCE_SECONDS, (3 * timeoutMs) / 1000);
  for (;;) {
    const seen = await look();
    if (!isTooOften(seen)) return seen;
    const seconds = seen.retryAfterSeconds ?? 0;
    if (seconds <= 0 || seconds > leftSeconds) throw new Skip(tooOften(seen.retryAfterSeconds));
    leftSeconds -= seconds;
    await Bun.sleep(seconds * 1000);
  }
}

const tooOften = (seconds: number | null): string =>
  `the server has had too many of these and answers 429: run it again ${seconds === null || seconds <= 0 ? "later" : `in ${Math.ceil(seconds)} s`}`;

function seenText(seen: Refusal): string {
  if ("http" in seen) return `HTTP ${seen.http}`;
  return "close" in seen ? `closed with ${seen.close} ${seen.reason}` : "open";
}

export const queryText = (query: Params): string =>
  Object.keys(query).length === 0
    ? ""
    : `?${Object.entries(query)
        .map(([name, value]) => `${name}=${value}`)
        .join("&")}`;

/** What the answer itself says, where it is short. */
export function detailOf(body: string): string {
  try {
    const { detail } = JSON.parse(body) as { detail?: unknown };
    return typeof detail === "string" ? `, "${detail.slice(0, 200)}"` : "";
  } catch {
    return "";
  }
}

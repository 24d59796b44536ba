import { post } from "../../src/console/try/post.ts";
import { listOf, recordOf } from "../../src/console/try/documents.ts";
import { parseJson } from "../../src/core/json.ts";
import { millis } from "../../src/console/lib/format.ts";
import type { EventContext, TestEvent } from "./events.ts";
import type { Ground } from "./ground.ts";
import type { Listener } from "./listener.ts";
import { inDialect, say, style } from "./print.ts";

export interface Result {
  readonly name: string;
  /** Null where it could not be tried with what is at hand. */
  readonly ok: boolean | null;
  /** `202`, `by chat`, or why it was not told. */
  readonly told: string;
  /** By dialect: `heard` or `MISSING`. */
  readonly cells: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 5000;
/** None of the chosen sockets hears such an event. */
export const NOT_HEARD = "not heard here";
const NOT_ALLOWED = [401, 403];

/** Tells one event and waits for it on every socket that hears it. */
export async function tellOne(event: TestEvent, ground: Ground, open: readonly Listener[]): Promise<Result> {
  const { name } = event;
  const marker = `${event.name} ${crypto.randomUUID().slice(0, 8)}`;
  const lacking = event.needs === undefined || ground[event.needs] !== "" ? null : `no ${event.needs}`;
  const heardHere = open.some(({ name }) => event.hears[name] !== undefined);
  if (!heardHere) return { name, ok: null, told: NOT_HEARD, cells: {} };
  if (lacking !== null) return { name, ok: null, told: lacking, cells: {} };
  const sent = await send(event, { userId: ground.token.userId, marker, ...ground }, ground, open);
  if (!sent.ok) return { name, ok: sent.left ? null : false, told: sent.told, cells: {} };
  const cells = await arrivals(event, marker, open);
  return { name, ok: !Object.values(cells).includes("MISSING"), told: sent.told, cells };
}

/** Who is connected, as the diary asks it. */
export async function askStatus({ origin, token }: Ground, open: readonly Listener[]): Promise<Result> {
  const path = "/api/v1/ws/status";
  const { status, body } = await post(origin, {
    method: "GET",
    path,
    values: {},
    proof: token.text,
    body: "",
  });
  say(`\n${style("bold", "diary status")}\nGET ${path}\n${status} ${style("dim", body)}`);
  const ids = listOf(recordOf(parseJson(body)).active_user_ids);
  const result = { name: "diary status", told: String(status) };
  if (status === 404 || !open.some(({ socket }) => socket.personal))
    return { ...result, ok: null, cells: {} };
  return { ...result, ok: status === 200 && ids.includes(token.userId), cells: {} };
}

interface Sent {
  readonly ok: boolean;
  readonly told: string;
  /** Not allowed with what is at hand: no fault of the server. */
  readonly left: boolean;
}

async function send(
  event: TestEvent,
  context: EventContext,
  { origin, token, operator }: Ground,
  open: readonly Listener[],
): Promise<Sent> {
  const told = event.tell(context);
  say(`\n${style("bold", event.name)}`);
  if ("from" in told) {
    const speaker = open.find(({ name }) => name === told.from);
    speaker?.say(told.frame);
    const [dialect = ""] = told.from.split(" ");
    return {
      ok: speaker !== undefined,
      told: speaker === undefined ? "not open" : `by ${dialect}`,
      left: true,
    };
  }
  const proof = told.by === "operator" ? (operator ?? token) : token;
  const body = JSON.stringify(told.body);
  say(`POST ${told.path} ${style("dim", body)}`);
  const {
    status,
    ms,
    body: answer,
  } = await post(origin, {
    method: "POST",
    path: told.path,
    values: {},
    proof: proof.text,
    body,
  });
  say(`${style(status < 400 ? "good" : "bad", String(status))} ${style("dim", `${answer} (${millis(ms)})`)}`);
  const left = NOT_ALLOWED.includes(status) && operator === null;
  return { ok: status < 400, told: left ? `${status}, needs --key` : String(status), left };
}

/** What each dialect made of it; where several sockets of one listen, all of them. */
async function arrivals(
  event: TestEvent,
  marker: string,
  open: readonly Listener[],
): Promise<Readonly<Record<string, string>>> {
  const cells: Record<string, string> = {};
  const words: string[] = [];
  for (const listener of open) {
    const expected = event.hears[listener.name];
    if (expected === undefined) continue;
    const { dialect } = listener.socket;
    const all = await listener.heardAll(marker, expected, PATIENCE_MS);
    cells[dialect] = all && cells[dialect] !== "MISSING" ? "heard" : "MISSING";
    const labels = listener.labels(marker).map((label) => label || "{message}");
    words.push(`${inDialect(dialect, listener.name)} ${labels.join(", ") || style("bad", "MISSING")}`);
  }
  say(words.map((word) => `  = ${word}`).join("\n"));
  return cells;
}

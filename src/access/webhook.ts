import type { Clock } from "../core/clock.ts";
import type { MaybePromise } from "../core/command.ts";
import { toWireId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { Principal } from "../core/principal.ts";
import { idOf, typeOf, type Topic } from "../core/topic.ts";
import type { Action } from "./access.ts";
import { AnswerCache, pairKey } from "./cache.ts";
import type { Epochs } from "./epochs.ts";

export interface WebhookTarget {
  readonly url: string;
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** For the whole answer, body included. */
  readonly timeoutMs?: number | undefined;
}

export type AskWebhook = (who: Principal, topic: Topic, action: Action) => MaybePromise<boolean>;

const LOG_EVERY_MS = 10_000;
const FAILURE_MS = 1_000;
const MAX_BODY_BYTES = 65_536;
/** Questions about one user that are open at once; so many more wait, and beyond them the answer is no. */
const MAX_ASKED = 20;
const MAX_WAITING = 2_000;

/**
 * Asks the operator's backend: POST `{user_id, username, room, action}`, a 2xx with
 * `{"allow": true}` opens. Anything else (another status, a redirect, no JSON, no answer in 3 s)
 * denies and is logged as ACCESS_WEBHOOK_FAILED, at most once in 10 s.
 *
 * Answers are kept for `cacheMs`, failures for at most a second, nothing beyond the user's next
 * epoch. Equal questions that are open at the same time are one request. A user who has many questions
 * has few of them open at once, so that he never keeps the backend from answering about others.
 */
export function createWebhook(
  target: WebhookTarget,
  cacheMs: number,
  epochs: Epochs,
  clock: Clock,
  log: Log,
): AskWebhook {
  const post = target.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));
  const timeoutMs = target.timeoutMs ?? 3_000;
  const answers = new AnswerCache<boolean>(clock);
  const flights = new Map<string, { readonly began: number; readonly answer: Promise<boolean> }>();
  const turns = new Turns(MAX_ASKED, MAX_WAITING);
  const report = failureLog(new URL(target.url).host, clock, log);

  const request = async (body: string): Promise<boolean> => {
    const response = await post(target.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) {
      void response.body?.cancel().catch(() => undefined);
      throw new WebhookFailure(`it answered ${response.status}`);
    }
    return readAllow(await readText(response));
  };

  return (who, topic, action) => {
    const key = `${action} ${pairKey(topic, who.id)}`;
    const epoch = epochs.of(who.id);
    const known = answers.get(key, epoch);
    if (known !== undefined) return known;
    const flying = flights.get(key);
    if (flying !== undefined && flying.began >= epoch) return flying.answer;

    const began = epochs.now();
    const settle = (allow: boolean, keepMs: number): boolean => {
      answers.set(key, allow, keepMs, began);
      if (flights.get(key)?.began === began) flights.delete(key);
      return allow;
    };
    const body = JSON.stringify({
      user_id: toWireId(who.id),
      username: who.username,
      room: roomName(topic),
      action,
    });
    const answer = turns
      .take(who.id, () => request(body))
      .then(
        (allow) => settle(allow, cacheMs),
        (error: unknown) => {
          report(error);
          return settle(false, Math.min(FAILURE_MS, cacheMs));
        },
      );
    flights.set(key, { began, answer });
    return answer;
  };
}

/** A room as the chat dialect spells it. */
const roomName = (topic: Topic): string => (typeOf(topic) === "workspace" ? `project:${idOf(topic)}` : topic);

/** A failure whose message may be logged; those of others may hold the address and its secrets. */
class WebhookFailure extends Error {}

/** Work done in turns, so much of it at once for each key. */
class Turns {
  readonly #keys = new Map<string, { running: number; readonly waiting: (() => void)[] }>();
  readonly #maxRunning: number;
  readonly #maxWaiting: number;

  constructor(maxRunning: number, maxWaiting: number) {
    this.#maxRunning = maxRunning;
    this.#maxWaiting = maxWaiting;
  }

  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const line = this.#keys.get(key) ?? { running: 0, waiting: [] };
    this.#keys.set(key, line);
    if (line.running < this.#maxRunning) line.running++;
    else if (line.waiting.length >= this.#maxWaiting)
      throw new WebhookFailure("one user asks for too many rooms at once");
    // Whoever goes hands his place on.
    else await new Promise<void>((resolve) => line.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = line.waiting.shift();
      if (next !== undefined) next();
      else if (--line.running === 0) this.#keys.delete(key);
    }
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new WebhookFailure("its answer is too long");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function readAllow(text: string): boolean {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new WebhookFailure("its answer is no JSON");
  }
  if (typeof answer === "object" && answer !== null && "allow" in answer && typeof answer.allow === "boolean")
    return answer.allow;
  throw new WebhookFailure('its answer has no "allow": true or false');
}

function failureLog(host: string, clock: Clock, log: Log): (error: unknown) => void {
  let loggedMs = Number.NEGATIVE_INFINITY;
  let failures = 0;
  return (error) => {
    failures++;
    if (clock.now() - loggedMs < LOG_EVERY_MS) return;
    log.warn(
      "ACCESS_WEBHOOK_FAILED",
      "The access webhook failed, so access was denied. Check ACCESS_WEBHOOK_URL.",
      { host, cause: causeOf(error), failures },
    );
    loggedMs = clock.now();
    failures = 0;
  };
}

function causeOf(error: unknown): string {
  if (error instanceof WebhookFailure) return error.message;
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return "it did not answer in time";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

import type { WireHooks } from "./attempt.ts";
import { endOfProblem } from "./closes.ts";
import { asError, clientError, DragomanError } from "./errors.ts";
import type { DragomanEvent } from "./events.ts";
import type { Published, ServerFrame } from "./frames.ts";
import { problemOf, proofHeaders } from "./http.ts";
import type { NativeDeps, NativeWire } from "./native-socket.ts";
import type { Letter } from "./outbox.ts";
import type { Proof } from "./tokens.ts";
import { PERSONAL } from "./topics.ts";
import { sseBlocks } from "./transport-sse.ts";

const EVENTS_PATH = "/api/v1/events";

/** How long a poll waits for an event, in seconds. */
const POLL_SECONDS = 25;
/** The server says something every 15 s; a stream that is silent for so long is broken. */
const SILENT_MS = 40_000;
/** The server answers a poll with at most so many: there may be more. */
const FULL_POLL = 1000;
/** What of a message is tried again, in milliseconds where the server names no time. */
const REST_MS = 1000;
const PASSING = new Set([0, 429, 502, 503, 504]);

interface Polled {
  readonly events: readonly DragomanEvent[];
  readonly last_event_id: number;
  readonly recovered: boolean;
}

/** What is common to both ways of hearing over HTTP: one request hears all topics from one cursor. */
abstract class NativeHttp implements NativeWire {
  protected readonly deps: NativeDeps;
  readonly #proof: Proof;
  readonly #hooks: WireHooks;
  #request = new AbortController();
  #opened = false;
  #closed = false;
  #silent: (() => void) | null = null;

  constructor(deps: NativeDeps, proof: Proof, hooks: WireHooks) {
    this.deps = deps;
    this.#proof = proof;
    this.#hooks = hooks;
    // Nothing is told before the wire is known.
    queueMicrotask(() => this.#listen());
  }

  /** Hears until it is aborted; resolves where the server ended it. */
  protected abstract listen(topics: readonly string[], signal: AbortSignal): Promise<void>;

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#silent?.();
    this.#request.abort();
    if (!this.#opened) return;
    this.deps.outbox.detach();
    this.deps.audience.ended();
  }

  sync(): void {
    const { audience } = this.deps;
    for (const member of audience.waiting) audience.join(member);
    if (this.#closed || audience.unheld.length === 0) return;
    this.#request.abort();
    this.#request = new AbortController();
    this.#listen();
  }

  #listen(): void {
    const { signal } = this.#request;
    if (this.#closed) return;
    const { audience } = this.deps;
    if (this.#opened) audience.ended();
    const topics = audience.wanted;
    // A key has nothing personal: there is nothing to hear yet.
    if (this.#proof.key !== undefined && topics.every((topic) => topic === PERSONAL)) return this.opened();
    this.listen(topics, signal).then(
      () => {
        if (!signal.aborted) this.end({ code: null, reason: "The stream ended" });
      },
      (fault: unknown) => {
        if (!signal.aborted) void this.#failed(asError(fault), signal);
      },
    );
  }

  async #failed(fault: DragomanError, signal: AbortSignal): Promise<void> {
    if (fault.status === 403 && (await this.#expel(signal))) return this.sync();
    if (!signal.aborted) this.end(endOfProblem(fault));
  }

  /** One room is refused, and all with it: each subscription is asked for by itself. True where it is known now. */
  async #expel(signal: AbortSignal): Promise<boolean> {
    let expelled = false;
    for (const member of this.deps.audience.waiting) {
      const topics = this.deps.audience.tracks(member);
      if (topics.every((topic) => topic === PERSONAL)) continue;
      await this.ask(topics, { after: "latest", wait: "0" }, "application/json", signal).catch(
        (fault: unknown) => {
          const refusal = asError(fault);
          if (refusal.status !== 403) return;
          expelled = true;
          member.fail(refusal);
        },
      );
    }
    return expelled && !signal.aborted;
  }

  /** The answer; rejects where it is none of 200 to 299. */
  protected async ask(
    topics: readonly string[],
    query: Readonly<Record<string, string>>,
    accept: string,
    signal: AbortSignal,
  ): Promise<Response> {
    const rooms = topics.filter((topic) => topic !== PERSONAL);
    const named = { topics: rooms.join(","), ...(rooms.length < topics.length ? { personal: "true" } : {}) };
    const params = new URLSearchParams({ ...(rooms.length > 0 ? named : {}), ...query });
    const response = await this.deps.fetch(`${this.deps.url}${EVENTS_PATH}?${params.toString()}`, {
      headers: { ...proofHeaders(this.#proof), accept },
      cache: "no-store",
      signal,
    });
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  /** The server listens. */
  protected opened(): void {
    if (this.#opened || this.#closed) return;
    this.#hooks.opened();
    if (this.#closed) return;
    this.#opened = true;
    this.deps.took(this);
    this.deps.outbox.attach((letter) => void this.#post(letter));
  }

  protected end(end: { readonly code: number | null; readonly reason: string }): void {
    if (!this.#closed) this.#hooks.ended(end);
  }

  /** Something came; nothing for longer than `ms` is the end. */
  protected alive(ms: number): void {
    this.#hooks.alive();
    this.#silent?.();
    this.#silent = this.deps.clock.after(ms, () =>
      this.end({ code: null, reason: "The connection was silent" }),
    );
  }

  async #post({ id, key, topic, content, metadata }: Letter): Promise<void> {
    const { http, outbox } = this.deps;
    try {
      const path = `/api/v1/rooms/${encodeURIComponent(topic)}/messages`;
      const said = await http.post<{ id: number; created_at: string }>(
        path,
        { content, metadata },
        { idempotencyKey: key },
      );
      outbox.done(id, { message_id: said.id, created_at: said.created_at } satisfies Published);
    } catch (fault) {
      const error = asError(fault);
      if (!PASSING.has(error.status)) outbox.failed(id, error);
      else if (!this.#closed) outbox.again((error.retryAfter ?? 0) * 1000 || REST_MS);
    }
  }
}

/** Server-sent events. */
export class NativeSse extends NativeHttp {
  protected async listen(topics: readonly string[], signal: AbortSignal): Promise<void> {
    const { audience } = this.deps;
    const after = audience.cursorOf(audience.active);
    this.alive(SILENT_MS);
    const query: Record<string, string> = after === "latest" ? {} : { last_event_id: String(after) };
    const response = await this.ask(topics, query, "text/event-stream", signal);
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (!isStream || response.body === null) throw clientError("UNREACHABLE");
    let began = false;
    const alive = (): void => {
      if (signal.aborted) return;
      this.alive(SILENT_MS);
      if (began) return;
      began = true;
      this.opened();
      audience.begin(topics, after, audience.active);
    };
    for await (const { event, data } of sseBlocks(response.body, alive)) {
      if (signal.aborted) return;
      if (event === "close") return this.end(JSON.parse(data) as { code: number; reason: string });
      const frame = JSON.parse(data) as ServerFrame;
      if (frame.type === "event") audience.tell(frame);
      else if (frame.type === "resumed") audience.resumed(frame.data);
      else if (frame.type === "reply" && frame.data !== undefined && "topics" in frame.data)
        audience.expelled(frame.data.topics);
    }
  }
}

/** Long-poll: kept events only. What is live has no place in the log that could be asked for. */
export class NativePoll extends NativeHttp {
  protected async listen(topics: readonly string[], signal: AbortSignal): Promise<void> {
    const { audience } = this.deps;
    let quiet = false;
    if (audience.active.some(({ seen }) => seen.floor === "latest")) {
      const now = await this.#poll(topics, "latest", 0, signal);
      for (const { seen } of audience.active) if (seen.floor === "latest") seen.raise(now.last_event_id);
    }
    let after = audience.cursorOf(audience.active);
    for (let wait = 0; !signal.aborted; wait = POLL_SECONDS) {
      const { events, ...data } = await this.#poll(topics, after, wait, signal);
      if (signal.aborted) return;
      this.opened();
      audience.begin(topics, after, audience.active);
      for (const event of events) audience.tell(event);
      after = data.last_event_id;
      if (events.length >= FULL_POLL) continue;
      audience.resumed(data, quiet);
      quiet = true;
    }
  }

  async #poll(
    topics: readonly string[],
    after: number | "latest",
    wait: number,
    signal: AbortSignal,
  ): Promise<Polled> {
    this.alive((wait + 15) * 1000);
    const response = await this.ask(
      topics,
      { after: String(after), wait: String(wait) },
      "application/json",
      signal,
    );
    return (await response.json()) as Polled;
  }
}

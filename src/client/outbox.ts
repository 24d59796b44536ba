import type { ClientClock } from "./clock.ts";
import { clientError, type DragomanError } from "./errors.ts";
import type { Published } from "./frames.ts";

/** A message on its way: sent under one key until it is answered, so that it is told once. */
export interface Letter {
  /** Of this client, for the answer. */
  readonly id: number;
  readonly key: string;
  readonly topic: string;
  readonly content: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface Entry {
  readonly letter: Letter;
  readonly resolve: (published: Published) => void;
  readonly reject: (fault: unknown) => void;
  /** Takes back the timer of its answer; null where it is not on its way. */
  sent: (() => void) | null;
}

/** A message without an answer for so long is sent again, in milliseconds. */
const ANSWER_MS = 10_000;

/**
 * Messages that wait for a connection or an answer. Those of one room are sent one after another,
 * so that they are told in the order of the calls.
 */
export class Outbox {
  readonly #entries = new Map<number, Entry>();
  readonly #limit: number;
  readonly #clock: ClientClock;
  #nextId = 1;
  #send: ((letter: Letter) => void) | null = null;
  #rest: (() => void) | null = null;

  constructor(limit: number, clock: ClientClock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Rejects with `QUEUE_FULL` where too many wait already, and with what the server refuses. */
  add(message: Omit<Letter, "id">, signal?: AbortSignal): Promise<Published> {
    if (this.#entries.size >= this.#limit) return Promise.reject(clientError("QUEUE_FULL"));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      this.#entries.set(id, { letter: { id, ...message }, resolve, reject, sent: null });
      signal?.addEventListener("abort", () => this.#settle(id)?.reject(signal.reason), {
        once: true,
      });
      this.#flush();
    });
  }

  /** There is a connection: everything unanswered goes out by `send`. */
  attach(send: (letter: Letter) => void): void {
    this.detach();
    this.#send = send;
    this.#flush();
  }

  detach(): void {
    this.#send = null;
    this.#rest?.();
    this.#rest = null;
    for (const entry of this.#entries.values()) unsend(entry);
  }

  done(id: number, published: Published): void {
    this.#settle(id)?.resolve(published);
    this.#flush();
  }

  failed(id: number, fault: DragomanError): void {
    this.#settle(id)?.reject(fault);
    this.#flush();
  }

  /** What is on its way was not taken: once more after a rest. */
  again(ms: number): void {
    for (const entry of this.#entries.values()) unsend(entry);
    this.#rest ??= this.#clock.after(ms, () => {
      this.#rest = null;
      this.#flush();
    });
  }

  /** The server closed because of a frame's size: the largest on its way is given back. */
  tooLarge(): void {
    const sizes = [...this.#entries.values()].filter(({ sent }) => sent !== null).map(({ letter }) => letter);
    const [largest] = sizes.toSorted((a, b) => b.content.length - a.content.length);
    if (largest !== undefined) this.failed(largest.id, clientError("TOO_LARGE", { closeCode: 1009 }));
  }

  /** No connection will come: everything is given back. */
  end(fault: DragomanError): void {
    this.detach();
    for (const id of [...this.#entries.keys()]) this.#settle(id)?.reject(fault);
  }

  #settle(id: number): Entry | undefined {
    const entry = this.#entries.get(id);
    if (entry !== undefined) unsend(entry);
    this.#entries.delete(id);
    return entry;
  }

  #flush(): void {
    if (this.#rest !== null) return;
    const busy = new Set<string>();
    for (const entry of this.#entries.values()) {
      if (this.#send === null) return;
      const { topic } = entry.letter;
      if (entry.sent === null && !busy.has(topic)) this.#dispatch(entry, this.#send);
      busy.add(topic);
    }
  }

  #dispatch(entry: Entry, send: (letter: Letter) => void): void {
    entry.sent = this.#clock.after(ANSWER_MS, () => {
      entry.sent = null;
      this.#flush();
    });
    send(entry.letter);
  }
}

function unsend(entry: Entry): void {
  entry.sent?.();
  entry.sent = null;
}

/** 32 random hexadecimal digits; works in pages without TLS too, unlike `crypto.randomUUID`. */
export const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );

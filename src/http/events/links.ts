import type { Socket } from "../../runtime/runtime.ts";
import { EventStream } from "../sse.ts";

const EVENT_ID = /,"event_id":(\d+)\}$/;
const RESUMED = '{"type":"resumed"';

/** The id that a frame carries; null where it is live. */
const eventIdOf = (frame: string): number | null => {
  const id = EVENT_ID.exec(frame)?.[1];
  return id === undefined ? null : Number(id);
};

const isResumed = (frame: string): boolean => frame.startsWith(RESUMED);

/** What wire topics and corks are for is the runtime's; here each frame comes by itself. */
abstract class Link implements Socket {
  abstract send(text: string): number;
  abstract close(code: number, reason: string): void;
  abstract getBufferedAmount(): number;
  subscribe(): void {}
  unsubscribe(): void {}
  cork<R>(callback: () => R): R {
    return callback();
  }
}

/** Server-sent events: durable frames have their id, so that a browser resumes by itself. */
export class SseLink extends Link {
  readonly stream: EventStream;

  /** `drained` when a full stream has room again, `ended` when either side has closed it. */
  constructor(drained: () => void, ended: () => void) {
    super();
    this.stream = new EventStream(ended, drained);
    this.stream.write("retry: 2000\n\n");
  }

  send(frame: string): number {
    const id = eventIdOf(frame);
    const name = isResumed(frame) ? "event: resumed\n" : "";
    return this.stream.write(`${name}${id === null ? "" : `id: ${id}\n`}data: ${frame}\n\n`);
  }

  close(code: number, reason: string): void {
    this.stream.write(`event: close\ndata: ${JSON.stringify({ code, reason })}\n\n`);
    this.stream.close();
  }

  getBufferedAmount(): number {
    return this.stream.bufferedBytes;
  }
}

/** What one long-poll hears. */
export interface Polled {
  readonly frames: readonly string[];
  readonly recovered: boolean;
  /** The last id of which everything was sent; null where the hub closed the link before it said. */
  readonly lastEventId: number | null;
  /** The hub ended it: a cause to tell rather than an empty answer. */
  readonly closed: { readonly code: number; readonly reason: string } | null;
}

/** Characters after which an answer is long enough: who asks again gets the rest. */
const MAX_POLLED_LENGTH = 1 << 20;

/** One long-poll: takes what was missed; with nothing missed it waits for the first event. */
export class PollLink extends Link {
  readonly passing = true;
  readonly done: Promise<Polled>;
  readonly #frames: string[] = [];
  #resolve: (polled: Polled) => void = () => {};
  #resumed: { readonly recovered: boolean; readonly last_event_id: number } | null = null;
  #length = 0;
  #settling = false;
  #waits = true;
  readonly #max: number;

  /** Takes at most `max`. */
  constructor(max: number) {
    super();
    this.#max = max;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Only durable frames: whatever has no id cannot be asked for by a cursor. */
  send(frame: string): number {
    if (isResumed(frame))
      this.#resumed = (JSON.parse(frame) as { data: { recovered: boolean; last_event_id: number } }).data;
    else if (eventIdOf(frame) !== null && !this.#isFull) {
      this.#frames.push(frame);
      this.#length += frame.length;
    }
    if (this.#isFull) this.#finish(null);
    else if (this.#resumed !== null && (this.#frames.length > 0 || !this.#resumed.recovered || !this.#waits))
      this.#settle();
    return frame.length;
  }

  get #isFull(): boolean {
    return this.#frames.length >= this.#max || this.#length >= MAX_POLLED_LENGTH;
  }

  close(code: number, reason: string): void {
    this.#finish({ code, reason });
  }

  getBufferedAmount(): number {
    return 0;
  }

  /** Time is up: answers with what was missed, as soon as that is known. */
  timeOut(): void {
    this.#waits = false;
    if (this.#resumed !== null) this.#finish(null);
  }

  /** Nobody waits for the answer any more. */
  abandon(): void {
    this.#finish(null);
  }

  /** Whatever is told in the same turn belongs into the same answer. */
  #settle(): void {
    if (this.#settling) return;
    this.#settling = true;
    setImmediate(() => this.#finish(null));
  }

  #finish(closed: Polled["closed"]): void {
    const last = this.#frames.at(-1);
    const lastEventId = last === undefined ? (this.#resumed?.last_event_id ?? null) : eventIdOf(last);
    this.#resolve({ frames: this.#frames, recovered: this.#resumed?.recovered ?? true, lastEventId, closed });
  }
}

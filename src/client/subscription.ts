import { type Cursor, Seen } from "./cursors.ts";
import { Emitter } from "./emitter.ts";
import { clientError, type DragomanError } from "./errors.ts";
import type { DragomanEvent, EventKind, EventOf } from "./events.ts";
import { Feed } from "./feed.ts";
import type { Gap, Recovery } from "./options.ts";

export interface SubscriptionEvents<K extends EventKind = EventKind> {
  /** Each event once, in the order of the log. */
  event: EventOf<K>;
  /** After a connection was lost: what was missed has been told. */
  recovered: Recovery;
  /** Something is missing: the server no longer has all that came after the cursor. */
  lost: Gap;
  /** The subscription ended: access refused or taken away, or the client stopped. */
  error: DragomanError;
}

/**
 * What is heard in some rooms. Listen with `on("event", …)`, or loop: `for await (const event of room)`.
 *
 * Events wait for a loop that has not begun, up to `bufferLimit`. A loop that is slower than its
 * room makes the subscription pause: nothing more is taken in until half is worked off, then it
 * resumes behind the last event that it has, so that kept events are neither lost nor piled up.
 * Live ones (joins, leaves, relays) are not kept by the server: those told during a pause are missed.
 */
export interface Subscription<K extends EventKind = EventKind> extends AsyncIterable<EventOf<K>> {
  /** The rooms as the server spells them. */
  readonly topics: readonly string[];
  /** Resolves when the server listens for this subscription; rejects (DragomanError) where it refuses. */
  readonly ready: Promise<void>;
  /** The answer takes the listener off. */
  on<N extends keyof SubscriptionEvents<K>>(
    name: N,
    listener: (value: SubscriptionEvents<K>[N]) => void,
  ): () => void;
  /** Listens no longer; loops end. */
  close(): void;
}

/** What a subscription needs of its client. */
export interface Home {
  /** It paused, may go on, or closed. */
  changed(member: Member): void;
  /** An event was handed over. */
  consumed(): void;
}

/** An event on its way to those who want it. */
export interface Arrival {
  readonly event: DragomanEvent;
  /** Somebody was told. */
  told: boolean;
}

/** A subscription from inside. */
export class Member implements Subscription {
  readonly topics: readonly string[];
  readonly ready: Promise<void>;
  readonly seen: Seen;
  /** Topics that the connection tells from where this one wants them. */
  readonly held = new Set<string>();
  /** By id: what came while older events of its other topics may still come. */
  readonly early = new Map<number, Arrival>();
  /** No more than this may come too early, or wait for a loop. */
  readonly bufferLimit: number;
  /** Everything is held, and its past told. */
  attached = false;
  paused = false;
  closed = false;
  /** It came when the connection had brought, for others, something that it wants: only a new one brings that again. */
  late = false;
  /** It is being told what came too early. */
  settling = false;
  /** It was refused together with others, and is asked for by itself. */
  alone = false;

  readonly #kinds: ReadonlySet<EventKind> | null;
  readonly #home: Home;
  readonly #emitter = new Emitter<SubscriptionEvents>();
  readonly #feed: Feed<DragomanEvent>;
  readonly #settle: { readonly resolve: () => void; readonly reject: (fault: DragomanError) => void };

  constructor(
    home: Home,
    topics: readonly string[],
    options: {
      readonly since: Cursor;
      readonly kinds?: readonly EventKind[] | undefined;
      readonly bufferLimit: number;
    },
  ) {
    this.#home = home;
    this.topics = topics;
    this.seen = new Seen(options.since);
    this.#kinds = options.kinds === undefined ? null : new Set(options.kinds);
    this.bufferLimit = options.bufferLimit;
    this.#feed = new Feed(options.bufferLimit, () => this.#drained());
    const { promise, resolve, reject } = withResolvers();
    this.ready = promise;
    this.#settle = { resolve, reject };
    // Whoever does not wait for it hears of it by `error`.
    promise.catch(() => {});
  }

  on<N extends keyof SubscriptionEvents>(
    name: N,
    listener: (value: SubscriptionEvents[N]) => void,
  ): () => void {
    const off = this.#emitter.on(name, listener);
    if (name !== "event") return off;
    for (const event of this.#feed.release()) this.#emitter.emit("event", event);
    this.#drained();
    return off;
  }

  close(): void {
    if (!this.closed) this.#end(null);
  }

  /** It ends for a reason that its reader must know. */
  fail(fault: DragomanError): void {
    if (this.closed) return;
    this.#end(fault);
    this.#emitter.emit("error", fault);
  }

  attach(): void {
    this.attached = true;
    this.#settle.resolve();
  }

  detach(): void {
    this.attached = false;
    this.held.clear();
    this.early.clear();
  }

  /** Takes out what came too early, up to an event, in the order of the log; ends where there is nothing left. */
  *takeEarly(upTo: number): Generator<readonly [number, Arrival], void, undefined> {
    const due = [...this.early.keys()].filter((id) => id <= upTo).toSorted((a, b) => a - b);
    for (const id of due) {
      const arrival = this.early.get(id);
      if (arrival === undefined || this.closed) return;
      this.early.delete(id);
      yield [id, arrival];
    }
  }

  tellRecovered(recovery: Recovery): void {
    this.#emitter.emit("recovered", recovery);
  }

  tellLost(gap: Gap): void {
    this.#emitter.emit("lost", gap);
  }

  /** False where there is no room for it. */
  take(event: DragomanEvent): boolean {
    if (this.#kinds?.has(event.kind) === false) return true;
    if (!this.#feed.push(event)) return false;
    this.#emitter.emit("event", event);
    return true;
  }

  /** Everything up to here has been handed over; `latest` where it is not known yet. */
  get consumed(): Cursor {
    const { floor } = this.seen;
    const waiting = this.#feed.waiting.find((event) => event.event_id !== undefined)?.event_id;
    return waiting === undefined || floor === "latest" ? floor : Math.min(floor, waiting - 1);
  }

  [Symbol.asyncIterator](): AsyncIterator<DragomanEvent> {
    return this.#feed.loop();
  }

  #drained(): void {
    this.#home.consumed();
    if (!this.paused || !this.#feed.hasRoom) return;
    this.paused = false;
    this.#home.changed(this);
  }

  #end(fault: DragomanError | null): void {
    this.closed = true;
    this.#settle.reject(fault ?? clientError("CLOSED"));
    this.#feed.end(fault);
    this.#home.changed(this);
  }
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers(): {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (fault: DragomanError) => void;
} {
  let settle: [resolve: () => void, reject: (fault: DragomanError) => void] = [() => {}, () => {}];
  const promise = new Promise<void>((resolve, reject) => {
    settle = [resolve, reject];
  });
  return { promise, resolve: settle[0], reject: settle[1] };
}

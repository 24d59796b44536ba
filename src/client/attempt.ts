import type { ClientClock } from "./clock.ts";
import type { End } from "./closes.ts";
import type { TransportName } from "./options.ts";
import type { Proof } from "./tokens.ts";

/** One opened way to the server. */
export interface Wire {
  /** Ends it from here; nothing is heard of it any more. */
  close(): void;
  /** Asks for a sign of life. Not there where the other side gives one by itself. */
  ping?(): void;
  /** Hands in a fresh token. Not there where that cannot be. */
  refresh?(token: string): void;
}

/** What a wire tells, never before `open` has returned; after `ended` nothing more. */
export interface WireHooks {
  /** The server listens. */
  opened(): void;
  /** Something came. */
  alive(): void;
  ended(end: End): void;
}

/** A way to the server. */
export interface Route {
  readonly name: TransportName;
  /** Tries in a row that may fail without a word from the server before the next route is taken. */
  readonly tries: number;
  open(proof: Proof, hooks: WireHooks): Wire;
  /** Why it did not open, where the way itself cannot tell; null where that is not known. */
  probe?(): Promise<End | null>;
}

/** No longer than this may a connection take to open, and a ping to be answered, in milliseconds. */
const OPEN_MS = 15_000;
const PONG_MS = 10_000;

const ended = (reason: string): End => ({ code: null, reason });

export interface AttemptDeps {
  readonly clock: ClientClock;
  readonly heartbeatMs: number;
  readonly proof: () => Promise<Proof>;
  readonly opened: (attempt: Attempt) => void;
  /** It ended by itself; `fault` where there was no proof to begin with. */
  readonly ended: (attempt: Attempt, end: End, fault?: unknown) => void;
}

/** One try to be connected, and the connection that it becomes. */
export class Attempt {
  wire: Wire | null = null;
  done = false;
  /** Milliseconds since 1970; null before it is open. */
  openedAt: number | null = null;
  readonly route: Route;
  readonly #deps: AttemptDeps;
  readonly #timers = new Set<() => void>();
  #heardAt: number;

  constructor(route: Route, deps: AttemptDeps) {
    this.route = route;
    this.#deps = deps;
    this.#heardAt = deps.clock.now();
    this.after(OPEN_MS, () => {
      if (this.openedAt === null) this.#end(ended("The server did not answer in time"));
    });
    deps.proof().then(
      (proof) => {
        if (!this.done) this.#open(proof);
      },
      (fault: unknown) => this.#end(ended("There was no token to connect with"), fault),
    );
  }

  /** A timer that ends with the attempt. */
  after(ms: number, callback: () => void): void {
    const cancel = this.#deps.clock.after(ms, () => {
      this.#timers.delete(cancel);
      callback();
    });
    this.#timers.add(cancel);
  }

  /** From here; nobody is told. */
  close(): void {
    this.done = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.wire?.close();
  }

  #open(proof: Proof): void {
    const hooks: WireHooks = {
      opened: () => {
        if (this.done || this.openedAt !== null) return;
        this.openedAt = this.#heardAt = this.#deps.clock.now();
        this.#watch(this.#deps.heartbeatMs);
        this.#deps.opened(this);
      },
      alive: () => {
        this.#heardAt = this.#deps.clock.now();
      },
      ended: (end) => this.#end(end),
    };
    try {
      this.wire = this.route.open(proof, hooks);
    } catch (fault) {
      // A page with TLS may not open a socket without, for example.
      this.#end(ended(String(fault)));
    }
  }

  #end(end: End, fault?: unknown): void {
    if (this.done) return;
    this.close();
    this.#deps.ended(this, end, fault);
  }

  /** A silent connection is asked for a sign of life; one that gives none is given up. */
  #watch(ms: number): void {
    const { clock, heartbeatMs } = this.#deps;
    this.after(ms, () => {
      const quietMs = clock.now() - this.#heardAt;
      if (quietMs < heartbeatMs || this.wire?.ping === undefined)
        return this.#watch(Math.max(heartbeatMs - quietMs, 1000));
      this.wire.ping();
      const askedAt = clock.now();
      this.after(Math.min(PONG_MS, heartbeatMs), () => {
        if (this.#heardAt < askedAt) this.#end(ended("The connection was silent"));
        else this.#watch(heartbeatMs - (clock.now() - this.#heardAt));
      });
    });
  }
}

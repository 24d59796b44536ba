import { Attempt, type Route } from "./attempt.ts";
import { backoffMs, soonMs, waitMs } from "./backoff.ts";
import { type Act, type End, policyOf } from "./closes.ts";
import { asError, DragomanError } from "./errors.ts";
import { isOffline, onNetwork } from "./network.ts";
import type { ClientState, Closed, Resolved, TransportName } from "./options.ts";
import type { Tokens } from "./tokens.ts";

export interface LinkHooks {
  readonly state: (state: ClientState) => void;
  readonly close: (closed: Closed) => void;
  readonly error: (fault: DragomanError) => void;
  /** Nothing is tried any more: closed by us (null), or for a reason. */
  readonly stopped: (fault: DragomanError | null) => void;
}

export interface LinkDeps extends Pick<Resolved, "clock" | "backoff" | "heartbeatMs" | "retryWebSocketMs"> {
  /** Best first. */
  readonly routes: readonly Route[];
  readonly tokens: Tokens;
  readonly hooks: LinkHooks;
}

/** A connection that lasted so long was a good one, in milliseconds. */
const STEADY_MS = 5000;

/** Keeps one connection to the server: connects, waits, changes the way, gives up. */
export class Link {
  state: ClientState = "idle";
  /** Why it is closed; null where we closed it, and before. */
  fault: DragomanError | null = null;
  readonly #deps: LinkDeps;
  #current: Attempt | null = null;
  /** A better way that is tried while there is a makeshift. */
  #candidate: Attempt | null = null;
  #timer: (() => void) | null = null;
  #forgetNetwork: (() => void) | null = null;
  #route = 0;
  /** Tries since the last good connection: the longer, the longer the wait. */
  #tries = 0;
  /** Tries of this route in a row without a word from the server. */
  #failures = 0;
  /** Not even plain HTTP got through since it was last open. */
  #unreachable = false;
  #renewed = false;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  get transport(): TransportName | null {
    return this.state === "open" ? (this.#current?.route.name ?? null) : null;
  }

  start(): void {
    if (this.state !== "idle") return;
    this.#forgetNetwork = onNetwork((online) => this.#network(online));
    this.#connect();
  }

  /** For good. */
  stop(fault: DragomanError | null = null): void {
    if (this.state === "closed") return;
    this.#timer?.();
    this.#forgetNetwork?.();
    this.#candidate?.close();
    this.#current?.close();
    this.#candidate = this.#current = null;
    this.fault = fault;
    this.#set("closed");
    this.#deps.hooks.stopped(fault);
  }

  /** A new connection in place of this one, at once. */
  reopen(): void {
    if (this.#current === null) return;
    this.#current.close();
    this.#connect();
  }

  /** No connection until `resume`. */
  pause(): void {
    if (this.state === "closed") return;
    this.#timer?.();
    this.#current?.close();
    this.#current = null;
    this.#set("waiting");
  }

  resume(): void {
    if (this.state === "waiting" && this.#current === null) this.#connect();
  }

  #set(state: ClientState): void {
    if (this.state === state || this.state === "closed") return;
    this.state = state;
    this.#deps.hooks.state(state);
  }

  #connect(): void {
    this.#timer?.();
    this.#timer = null;
    this.#candidate?.close();
    this.#candidate = null;
    this.#set("connecting");
    this.#current = this.#try(this.#route);
  }

  #try(route: number): Attempt {
    const { clock, heartbeatMs, tokens, routes } = this.#deps;
    return new Attempt(routes[route] as Route, {
      clock,
      heartbeatMs,
      proof: () => tokens.proof(),
      opened: (attempt) => this.#opened(attempt),
      ended: (attempt, end, fault) => {
        if (fault !== undefined) this.#deps.hooks.error(asError(fault));
        if (attempt === this.#candidate) this.#notBetter();
        else if (attempt === this.#current) this.#why(attempt, end, fault !== undefined);
      },
    });
  }

  #opened(attempt: Attempt): void {
    if (attempt === this.#candidate) {
      this.#current?.close();
      this.#current = attempt;
      this.#candidate = null;
      this.#route = 0;
    }
    this.#failures = 0;
    this.#renewed = false;
    this.#renewInTime(attempt);
    if (this.#route > 0) this.#tryBetter(this.#unreachable ? 0 : this.#deps.retryWebSocketMs);
    this.#unreachable = false;
    this.#set("open");
  }

  /** A socket that does not open says nothing: whether it was refused is asked over HTTP. */
  #why(attempt: Attempt, end: End, proofless: boolean): void {
    const unknown = attempt.openedAt === null && end.code === null && !proofless;
    const probe = unknown ? attempt.route.probe?.() : undefined;
    if (probe === undefined) return this.#ended(attempt, end, proofless);
    probe.then(
      (refusal) => {
        if (attempt === this.#current) this.#ended(attempt, refusal ?? end, false);
      },
      () => {
        if (attempt === this.#current) this.#ended(attempt, end, false);
      },
    );
  }

  #ended({ openedAt }: Attempt, end: End, proofless: boolean): void {
    this.#current = null;
    const { clock, hooks, tokens } = this.#deps;
    if (openedAt !== null && clock.now() - openedAt >= STEADY_MS) this.#tries = 0;
    const { act, remedy } = policyOf(end);
    const renews = act === "renew" && tokens.renewable && !this.#renewed;
    const reconnects = renews || (act !== "stop" && act !== "renew");
    hooks.close({ code: end.code, reason: end.reason, reconnects, remedy });
    if (!reconnects) return this.stop(refusalOf(end, remedy));
    if (renews) return this.#renew();
    if (openedAt === null && end.code === null && !proofless) this.#unanswered();
    this.#wait(act, end);
  }

  /** Once more with a fresh token; refused again, it is for good. */
  #renew(): void {
    this.#renewed = true;
    this.#set("connecting");
    this.#deps.tokens.renew().then(
      () => {
        if (this.state === "connecting" && this.#current === null) this.#connect();
      },
      (fault: unknown) => {
        if (this.state === "closed") return;
        this.#renewed = false;
        this.#deps.hooks.error(asError(fault));
        this.#wait("backoff", { code: null, reason: "" });
      },
    );
  }

  /** Nobody answered: perhaps something between stops this way and lets another pass. */
  #unanswered(): void {
    const { routes } = this.#deps;
    this.#failures++;
    if (this.#route > 0) this.#unreachable = true;
    if (this.#failures < (routes[this.#route] as Route).tries) return;
    this.#failures = 0;
    this.#route = (this.#route + 1) % routes.length;
  }

  #wait(act: Act, { retryAfterMs }: End): void {
    const { backoff, clock } = this.#deps;
    const [tries, random] = [this.#tries++, clock.random()];
    const ms =
      act === "wait"
        ? waitMs(retryAfterMs, tries, random)
        : Math.max(retryAfterMs ?? 0, (act === "soon" ? soonMs : backoffMs)(backoff, tries, random));
    this.#set(isOffline() ? "offline" : "waiting");
    this.#timer?.();
    this.#timer = clock.after(ms, () => this.#connect());
  }

  #network(online: boolean): void {
    if (online && this.state === "offline") this.#connect();
    else if (!online && this.state === "waiting") this.#set("offline");
  }

  #renewInTime(attempt: Attempt): void {
    const { tokens, hooks } = this.#deps;
    const ms = tokens.renewalMs;
    if (ms === null || attempt.wire?.refresh === undefined) return;
    attempt.after(ms, () => {
      tokens
        .renew()
        .then(
          (token) => {
            if (!attempt.done) attempt.wire?.refresh?.(token);
          },
          (fault: unknown) => hooks.error(asError(fault)),
        )
        .finally(() => {
          if (!attempt.done) this.#renewInTime(attempt);
        });
    });
  }

  /** The first route is tried now and then; where it opens, it takes over. */
  #tryBetter(ms: number): void {
    this.#current?.after(ms, () => {
      this.#candidate ??= this.#try(0);
    });
  }

  #notBetter(): void {
    this.#candidate = null;
    this.#tryBetter(this.#deps.retryWebSocketMs);
  }
}

const CODES: Readonly<Record<number, string>> = { 4401: "TOKEN_INVALID", 4403: "FORBIDDEN" };

const refusalOf = ({ code, reason }: End, remedy: string): DragomanError =>
  new DragomanError(CODES[code ?? 0] ?? "DISCONNECTED", `${reason || "The server closed"}. ${remedy}`, {
    closeCode: code ?? undefined,
  });

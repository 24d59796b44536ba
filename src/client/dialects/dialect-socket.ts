import type { Wire, WireHooks } from "../attempt.ts";
import type { Cursor } from "../cursors.ts";
import { Emitter } from "../emitter.ts";
import { clientError, type DragomanError } from "../errors.ts";
import { Feed } from "../feed.ts";
import type { ResumedFrame } from "../frames.ts";
import { createHttp } from "../http.ts";
import { Link } from "../link.ts";
import { type ClientState, resolve, type Resolved, type WebSocketClass } from "../options.ts";
import { probe } from "../probe.ts";
import { type Proof, Tokens } from "../tokens.ts";
import { openSocket, type TextWire } from "../transport-websocket.ts";
import type { DialectClient, DialectEvents, DialectOptions, DialectSpec } from "./dialect-client.ts";
import { FrameCursor } from "./frame-cursor.ts";
import { Rooms } from "./rooms.ts";

/** What waits to be sent. */
interface Draft {
  readonly frame: object;
  /** Not before this room is joined. */
  readonly room: string | null;
  readonly resolve: () => void;
  readonly reject: (fault: DragomanError) => void;
}

type AnyEvents = Record<string, unknown>;

/** The machinery of all documented dialects. */
export class DialectSocket<F extends object> implements DialectClient<F> {
  readonly #spec: DialectSpec<F>;
  readonly #options: Resolved;
  readonly #resumes: boolean;
  readonly #emitter = new Emitter<AnyEvents>();
  readonly #feed: Feed<F>;
  readonly #cursor: FrameCursor;
  readonly #link: Link;
  readonly #rooms: Rooms<F>;
  #drafts: Draft[] = [];
  #wire: TextWire | null = null;
  #hooks: WireHooks | null = null;
  /** What is personal is still being told. */
  #personal = false;
  #paused = false;

  constructor(spec: DialectSpec<F>, options: DialectOptions) {
    const resolved = resolve(options);
    const { WebSocket, clock } = resolved;
    const tokens = new Tokens(options.token, undefined, clock);
    const http = createHttp(resolved.url, resolved.fetch, tokens);
    if (WebSocket === undefined) throw clientError("NO_WEBSOCKET");
    this.#spec = spec;
    this.#options = resolved;
    // Whoever shows no proof has nothing kept for him.
    this.#resumes = options.resume !== false && options.token !== undefined;
    this.#cursor = new FrameCursor(options.lastEventId ?? "latest");
    this.#feed = new Feed(resolved.bufferLimit, () => this.#drained());
    this.#rooms = new Rooms(spec, {
      clock,
      send: (frame) => this.#wire?.send(JSON.stringify(frame)),
      after: () => (this.#resumes ? this.#cursor.after : undefined),
      joined: () => this.#flush(),
      unanswered: () => this.#hooks?.ended({ code: null, reason: "The server did not answer a frame" }),
    });
    this.#link = new Link({
      ...resolved,
      tokens,
      routes: [
        {
          name: "websocket",
          tries: Number.POSITIVE_INFINITY,
          open: (proof, hooks) => this.#open(WebSocket, proof, hooks),
          ...(options.token === undefined ? {} : { probe: () => probe(http, clock, spec.topic) }),
        },
      ],
      hooks: {
        state: (state) => this.#emitter.emit("state", state),
        close: (closed) => this.#emitter.emit("close", closed),
        error: (fault) => this.#emitter.emit("failure", fault),
        stopped: (fault) => this.#stopped(fault),
      },
    });
    this.#link.start();
  }

  get state(): ClientState {
    return this.#link.state;
  }

  get lastEventId(): number | null {
    const { after } = this.#cursor;
    return after === "latest" ? null : after;
  }

  on<N extends keyof DialectEvents<F>>(name: N, listener: (value: DialectEvents<F>[N]) => void): () => void {
    const off = this.#emitter.on(name, listener as (value: unknown) => void);
    if (CONNECTION_EVENTS.has(name)) return off;
    for (const frame of this.#feed.release()) this.#tell(frame);
    this.#drained();
    return off;
  }

  frames(): AsyncIterable<F> {
    return { [Symbol.asyncIterator]: () => this.#feed.loop() };
  }

  ready(): Promise<void> {
    return new Promise((done, refuse) => {
      const look = (state: unknown): void => {
        if (state === "open") done();
        else if (state === "closed") refuse(this.#link.fault ?? clientError("CLOSED"));
        else return;
        off();
      };
      const off = this.#emitter.on("state", look);
      look(this.state);
    });
  }

  close(): void {
    this.#link.stop();
  }

  protected enter(room: string, since: Cursor | undefined): Promise<void> {
    if (this.state === "closed") return Promise.reject(this.#link.fault ?? clientError("CLOSED"));
    return this.#rooms.join(room, since);
  }

  leave(room: string): void {
    this.#rooms.leave(room);
  }

  /** Resolves when it was handed to the connection: at most once, whatever becomes of it then. */
  say(frame: object, room: string | null = null): Promise<void> {
    if (this.state === "closed") return Promise.reject(this.#link.fault ?? clientError("CLOSED"));
    if (this.#drafts.length >= this.#options.queueLimit) return Promise.reject(clientError("QUEUE_FULL"));
    return new Promise((done, refuse) => {
      this.#drafts.push({ frame, room, resolve: done, reject: refuse });
      this.#flush();
    });
  }

  #open(WebSocket: WebSocketClass, proof: Proof, hooks: WireHooks): Wire {
    const { path, welcome, ping, refresh } = this.#spec;
    this.#cursor.reconnects();
    const query: Record<string, string> = this.#resumes ? { last_event_id: String(this.#cursor.after) } : {};
    const begins = this.#cursor.after;
    const wire = openSocket(WebSocket, { url: this.#options.wsUrl + path, query }, proof, {
      ...hooks,
      started: () => {
        if (welcome === undefined && !this.#resumes) this.#opened(wire, hooks);
      },
      heard: (text) => {
        const frame = JSON.parse(text) as F | ResumedFrame;
        const first = isResumed(frame) ? welcome === undefined : welcome?.(frame) === true;
        if (first) this.#opened(wire, hooks);
        if (isResumed(frame)) this.#resumed(frame, begins);
        else this.#heard(frame);
      },
    });
    const say = (frame: object): void => wire.send(JSON.stringify(frame));
    return {
      close: () => {
        wire.close();
        if (this.#wire !== wire) return;
        this.#wire = null;
        this.#rooms.ended();
      },
      ...(ping === undefined ? {} : { ping: () => say(ping) }),
      ...(refresh === undefined ? {} : { refresh: (token: string) => say(refresh(token)) }),
    };
  }

  #opened(wire: TextWire, hooks: WireHooks): void {
    if (this.#wire === wire) return;
    this.#wire = wire;
    this.#hooks = hooks;
    hooks.opened();
    this.#personal = this.#resumes;
    if (!this.#personal) this.#rooms.begin();
    this.#flush();
  }

  #resumed({ data }: ResumedFrame, begins: Cursor): void {
    const run = this.#personal ? null : this.#rooms.resumed();
    const { room, since } = run ?? { room: null, since: begins };
    if (!data.recovered && typeof since === "number" && since > data.last_event_id) this.#cursor.reset();
    this.#cursor.begin(data.last_event_id);
    if (this.#personal) this.#rooms.begin();
    this.#personal = false;
    if (this.#rooms.settled) this.#cursor.steady(data.last_event_id);
    if (since === "latest") return;
    const what = { since, lastEventId: data.last_event_id, topics: room === null ? [] : [room] };
    this.#emitter.emit(data.recovered ? "recovered" : "lost", what);
  }

  #heard(frame: F): void {
    if (this.#feed.full) return this.#pause();
    this.#rooms.heard(frame);
    if (this.#spec.hidden?.(frame) === true) return;
    const id = (frame as { readonly event_id?: number }).event_id;
    if (id !== undefined && !this.#isNew(frame, id)) return;
    this.#feed.push(frame);
    this.#tell(frame);
  }

  #isNew(frame: F, id: number): boolean {
    const room = this.#spec.roomOf?.(frame) ?? null;
    return this.#rooms.isHistory(room, id, this.#cursor.after) || this.#cursor.take(id);
  }

  #tell(frame: F): void {
    this.#emitter.emit("frame", frame);
    this.#emitter.emit((frame as { readonly type?: string }).type ?? "message", frame);
  }

  /** A loop is slower than its frames: no connection until half of them is worked off. */
  #pause(): void {
    this.#paused = true;
    this.#link.pause();
  }

  #drained(): void {
    if (!this.#paused || !this.#feed.hasRoom) return;
    this.#paused = false;
    this.#link.resume();
  }

  #flush(): void {
    const wire = this.#wire;
    if (wire === null) return;
    this.#drafts = this.#drafts.filter(({ frame, room, resolve }) => {
      if (room !== null && this.#rooms.awaits(room)) return true;
      wire.send(JSON.stringify(frame));
      resolve();
      return false;
    });
  }

  #stopped(fault: DragomanError | null): void {
    const reason = fault ?? clientError("CLOSED");
    for (const { reject } of this.#drafts.splice(0)) reject(reason);
    this.#rooms.fail(reason);
    this.#feed.end(fault);
    if (fault !== null) this.#emitter.emit("failure", fault);
  }
}

const CONNECTION_EVENTS: ReadonlySet<unknown> = new Set(["state", "close", "failure", "recovered", "lost"]);

const isResumed = (frame: object): frame is ResumedFrame =>
  (frame as { readonly type?: string }).type === "resumed";

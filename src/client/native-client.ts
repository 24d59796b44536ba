import type { Route } from "./attempt.ts";
import { Audience } from "./audience.ts";
import { CursorKeeper } from "./cursor-keeper.ts";
import type { Cursor } from "./cursors.ts";
import type {
  ClientEvents,
  DragomanClient,
  InboxKind,
  PublishOptions,
  SubscribeOptions,
} from "./native-api.ts";
import { Emitter } from "./emitter.ts";
import { clientError, DragomanError } from "./errors.ts";
import type { Actor, EventKind } from "./events.ts";
import type { Published } from "./frames.ts";
import {
  createFocus,
  createInbox,
  createNotify,
  createPresence,
  createRooms,
  createTasks,
  createWorkspaces,
} from "./helpers.ts";
import { createHttp, type Http } from "./http.ts";
import { Link } from "./link.ts";
import { NativePoll, NativeSse } from "./native-http.ts";
import { type NativeDeps, NativeSocket, type NativeWire } from "./native-socket.ts";
import {
  type ClientOptions,
  type ClientState,
  resolve,
  type Resolved,
  type TransportName,
} from "./options.ts";
import { Outbox, randomKey } from "./outbox.ts";
import { probe } from "./probe.ts";
import { type Home, Member, type Subscription } from "./subscription.ts";
import { Tokens } from "./tokens.ts";
import { canonical, PERSONAL } from "./topics.ts";

const TRANSPORTS: readonly TransportName[] = ["websocket", "sse", "poll"];
const INBOX_KINDS: readonly InboxKind[] = [
  "notification.created",
  "notification.read",
  "notification.deleted",
  "announcement.created",
];

/** How to go there, and how often in vain before the next way is taken. */
const ROUTES = {
  websocket: { Wire: NativeSocket, tries: 2 },
  sse: { Wire: NativeSse, tries: 1 },
  poll: { Wire: NativePoll, tries: 1 },
} as const;

/**
 * `createClient({ url: "https://rt.example.com", token })`. Throws a DragomanError where the
 * options cannot work (`BAD_OPTIONS`, `NO_WEBSOCKET`).
 */
export const createClient = (options: ClientOptions = {}): DragomanClient => new NativeClient(options);

class NativeClient implements DragomanClient {
  readonly http: Http;
  readonly notify;
  readonly inbox: DragomanClient["inbox"];
  readonly presence;
  readonly rooms;
  readonly tasks;
  readonly workspaces;
  readonly focus;

  user: Actor | null = null;
  readonly #options: Resolved;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #audience: Audience;
  readonly #outbox: Outbox;
  readonly #link: Link;
  readonly #keeper: CursorKeeper;
  readonly #home: Home;
  /** Where subscriptions begin that do not say. */
  #since: Cursor;
  #wire: NativeWire | null = null;
  #syncing = false;

  constructor(options: ClientOptions) {
    const resolved = resolve(options);
    const { clock } = resolved;
    const tokens = new Tokens(options.token, options.key, clock);
    this.#options = resolved;
    this.#keeper = new CursorKeeper(options, resolved, () => this.lastEventId);
    this.#since = options.lastEventId ?? this.#keeper.stored ?? "latest";
    this.#outbox = new Outbox(resolved.queueLimit, clock);
    this.#audience = new Audience({
      event: (event) => this.#emitter.emit("event", event),
      recovered: (recovery) => this.#emitter.emit("recovered", recovery),
      lost: (gap) => this.#emitter.emit("lost", gap),
      paused: () => this.#sync(),
    });
    this.#home = {
      changed: (member) => {
        if (member.closed) this.#audience.members.delete(member);
        else this.#audience.add(member);
        this.#sync();
      },
      consumed: () => this.#keeper.changed(),
    };
    this.http = createHttp(resolved.url, resolved.fetch, tokens);
    this.#link = new Link({
      ...resolved,
      tokens,
      routes: routesOf(options, {
        ...resolved,
        audience: this.#audience,
        outbox: this.#outbox,
        http: this.http,
        took: (wire) => this.#took(wire),
        reopen: () => this.#link.reopen(),
        error: (fault) => this.#emitter.emit("error", fault),
      }),
      hooks: {
        state: (state) => this.#emitter.emit("state", state),
        close: (closed) => this.#emitter.emit("close", closed),
        error: (fault) => this.#emitter.emit("error", fault),
        stopped: (fault) => this.#stopped(fault),
      },
    });
    this.notify = createNotify(this.http);
    this.inbox = { ...createInbox(this.http), subscribe: (more) => this.#hearPersonal(more) };
    this.presence = createPresence(this.http);
    this.rooms = createRooms(this.http);
    this.tasks = createTasks(this.http);
    this.workspaces = createWorkspaces(this.http);
    this.focus = createFocus(this.http);
    // What is personal is told to the client's own listeners, whoever subscribes to it besides.
    this.#join([PERSONAL], {}).on("event", () => {});
  }

  get state(): ClientState {
    return this.#link.state;
  }

  get transport(): TransportName | null {
    return this.#link.transport;
  }

  get lastEventId(): number | null {
    const cursor = this.#audience.consumed;
    return cursor === "latest" ? null : cursor;
  }

  on<N extends keyof ClientEvents>(name: N, listener: (value: ClientEvents[N]) => void): () => void {
    if (name === "event") this.#link.start();
    return this.#emitter.on(name, listener);
  }

  connect(): Promise<void> {
    this.#link.start();
    return new Promise((resolve, reject) => {
      const look = (state: ClientState): void => {
        if (state === "open") resolve();
        else if (state === "closed") reject(this.#link.fault ?? clientError("CLOSED"));
        else return;
        off();
      };
      const off = this.#emitter.on("state", look);
      look(this.state);
    });
  }

  subscribe<K extends EventKind = EventKind>(
    rooms: string | readonly string[],
    options: SubscribeOptions<K> = {},
  ): Subscription<K> {
    const named = typeof rooms === "string" ? [rooms] : rooms;
    const topics = [...new Set(named.map(canonical))];
    if (topics.length === 0)
      throw new DragomanError("BAD_OPTIONS", 'Name at least one room: subscribe("channel:1").');
    this.#link.start();
    // What comes is of these kinds: the member asks for nothing else.
    return this.#join(topics, options) as unknown as Subscription<K>;
  }

  publish(room: string, content: string, options: PublishOptions = {}): Promise<Published> {
    this.#link.start();
    if (this.state === "closed") return Promise.reject(this.#link.fault ?? clientError("CLOSED"));
    const key = options.idempotencyKey ?? randomKey();
    const letter = { key, topic: canonical(room), content, metadata: options.metadata ?? {} };
    return this.#outbox.add(letter, options.signal);
  }

  close(): void {
    this.#keeper.save();
    this.#link.stop();
  }

  #hearPersonal(options: Omit<SubscribeOptions, "kinds"> = {}): Subscription<InboxKind> {
    this.#link.start();
    const member = this.#join([PERSONAL], { ...options, kinds: INBOX_KINDS });
    return member as unknown as Subscription<InboxKind>;
  }

  #join(topics: readonly string[], { since, kinds }: SubscribeOptions): Member {
    const member = new Member(this.#home, topics, {
      since: since ?? this.#since,
      kinds,
      bufferLimit: this.#options.bufferLimit,
    });
    if (this.state === "closed") member.fail(this.#link.fault ?? clientError("CLOSED"));
    else this.#audience.add(member);
    this.#sync();
    return member;
  }

  #took(wire: NativeWire): void {
    this.#wire = wire;
    this.user = this.#audience.user;
    this.#since = "latest";
    this.#sync();
  }

  /** Once for all that changes in one turn. */
  #sync(): void {
    if (this.#syncing) return;
    this.#syncing = true;
    queueMicrotask(() => {
      this.#syncing = false;
      if (this.state === "open") this.#wire?.sync();
    });
  }

  #stopped(fault: DragomanError | null): void {
    this.#keeper.stop();
    this.#outbox.end(fault ?? clientError("CLOSED"));
    for (const member of [...this.#audience.members]) {
      if (fault === null) member.close();
      else member.fail(fault);
    }
    if (fault !== null) this.#emitter.emit("error", fault);
  }
}

function routesOf({ transports = TRANSPORTS }: ClientOptions, deps: NativeDeps): readonly Route[] {
  const possible = transports.filter((name) => name !== "websocket" || deps.WebSocket !== undefined);
  if (possible.length === 0) throw clientError("NO_WEBSOCKET");
  return possible.map((name): Route => {
    const { Wire, tries } = ROUTES[name];
    const open: Route["open"] = (proof, hooks) => new Wire(deps, proof, hooks);
    return name === "websocket"
      ? { name, tries, open, probe: () => probe(deps.http, deps.clock) }
      : { name, tries, open };
  });
}

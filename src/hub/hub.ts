import type { Access } from "../access/access.ts";
import type { Bus } from "../bus/bus.ts";
import { CLOSES, type CloseCause } from "../core/closes.ts";
import type { Clock } from "../core/clock.ts";
import type { CommandArgs, CommandReply, MaybePromise } from "../core/command.ts";
import { type Refusal, isRefusal, refuse } from "../core/errors.ts";
import type { Publication } from "../core/event.ts";
import type { Log } from "../core/log.ts";
import type { Meters } from "../core/meters.ts";
import type { Principal } from "../core/principal.ts";
import type { Topic } from "../core/topic.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { FeatureSettings, Presence } from "../features/feature.ts";
import type { Server, SocketHandlers } from "../runtime/runtime.ts";
import type { OpName, Store, Write } from "../store/store.ts";
import { Admission, type Handshake, type Slots } from "./admission.ts";
import { Connection, type ConnectionServices, type Cursor, RefusedConnection } from "./connection.ts";
import { type Delivery, Dispatch, type FeatureCommand, type FeatureTable } from "./dispatch.ts";
import { Expiry } from "./expiry.ts";
import { Fanout } from "./fanout.ts";
import { Frames, type FrameBuckets } from "./frames.ts";
import { Registry } from "./registry.ts";
import { Replay } from "./replay.ts";
import { Security, type SecurityNote } from "./security.ts";
import { Sequencer } from "./sequencer.ts";
import { Subscriptions } from "./subscriptions.ts";
import { HARD_LIMIT_BYTES, Sweeper } from "./sweeper.ts";
import { Writer } from "./writer.ts";

export { HARD_LIMIT_BYTES };
export type { Cursor, FeatureTable };
/** What the runtime keeps with each socket. */
export type Link = Connection | RefusedConnection;

export interface HubOptions {
  readonly dialects: readonly Dialect[];
  readonly features: FeatureTable;
  readonly store: Store;
  readonly bus: Bus;
  readonly access: Access;
  readonly slots: Slots;
  readonly frameBuckets: FrameBuckets;
  readonly verifyToken: (token: string) => MaybePromise<Principal | Refusal>;
  readonly settings: FeatureSettings & { readonly tokenExpiry: "close" | "ignore" };
  readonly clock: Clock;
  readonly log: Log;
  readonly meters: Meters;
}

/** DOOR of the hub: accept, execute, publish, drain. */
export interface Hub {
  readonly presence: Presence;
  readonly sockets: SocketHandlers<Link>;
  /** Access, slot and a last look; the connection is then handed to `upgrade`. */
  admit(handshake: Handshake): MaybePromise<Connection | Refusal>;
  /** The upgrade failed: the client was gone. */
  abandon(connection: Connection): void;
  /** What `upgrade` is given where a dialect refuses by accepting and closing. */
  refused(dialect: Dialect, cause: CloseCause): RefusedConnection;
  execute<N extends FeatureCommand>(
    who: Principal,
    name: N,
    args: CommandArgs<N>,
    delivery?: Partial<Delivery>,
  ): Promise<CommandReply<N> | Refusal>;
  /** A write that answers nobody (a key created over HTTP, a user seen). */
  submit(write: Write<OpName>): void;
  /** For the security log; written within a second. Never a token in it. */
  note(note: SecurityNote): void;
  attach(server: Server<Link>): void;
  /** Once a second: expiries, slow readers, the security log. */
  tick(): void;
  stats(): {
    readonly connections: number;
    readonly users: number;
    readonly lastEventId: number;
    readonly queuedWrites: number;
    readonly byDialect: Readonly<Record<string, number>>;
  };
  /** Refuses newcomers, closes every socket with 1012, waits until all writes are settled. */
  drain(): Promise<void>;
}

/** Users remembered as seen, so that not every connect is a write. */
const SEEN_USERS = 10_000;

export async function createHub(options: HubOptions): Promise<Hub> {
  const { store, log, meters, clock, access, settings } = options;
  const registry = new Registry(options.dialects);
  const sweeper = new Sweeper(meters);
  const fanout = new Fanout({ registry, sweeper, meters, log });
  const expiry = new Expiry();
  let draining = false;

  const sequencer: Sequencer = new Sequencer({
    clock,
    log,
    told: (await store.ends()).last,
    read: (after, upTo, limit) => store.events(after, upTo, limit),
    exhausted: () => fanout.exhausted,
    committing: () => writer.committing,
    tell,
  });
  const writer: Writer = new Writer({ store, meters, log, tell: (events) => sequencer.enter(events) });
  const replay = new Replay({ registry, fanout, sequencer, store, clock, log });
  const subscriptions = new Subscriptions({ registry, fanout, sequencer, replay, access, store });
  const dispatch = new Dispatch({
    features: options.features,
    store,
    access,
    presence: registry,
    settings,
    writer,
    sequencer,
    clock,
    log,
  });
  const services: ConnectionServices = {
    clock,
    settings,
    strained: (connection) => sweeper.strained(connection),
  };
  const expires = settings.tokenExpiry === "close";
  const admission = new Admission({
    access,
    slots: options.slots,
    clock,
    subscriptions,
    services,
    expires,
    draining: () => draining,
  });
  const frames = new Frames({
    dispatch,
    subscriptions,
    access,
    buckets: options.frameBuckets,
    verifyToken: options.verifyToken,
    log,
    meters,
    afterTelling: (callback) => sequencer.afterTelling(callback),
    renewed,
    draining: () => draining,
  });
  const security = new Security({
    clock,
    submit: (write, bytes, settle) => writer.submit(write, bytes, settle),
  });
  const seen = new Map<string, string>();

  /** Everything that anybody hears passes here, in order. */
  function tell(event: Publication): void {
    if (event.kind === "member.added" || event.kind === "member.removed") access.changed(event.data.user_id);
    if (event.kind === "room.moved") access.reset();
    fanout.tell(event);
    if (event.kind === "member.removed") subscriptions.revoke(event);
    if (event.kind === "room.moved") subscriptions.moved(event);
    options.bus.ring([event], sequencer.told);
  }

  function see(who: Principal): void {
    if (who.kind !== "user" || seen.get(who.id) === who.username) return;
    if (seen.size >= SEEN_USERS) seen.clear();
    seen.set(who.id, who.username);
    writer.submit({ op: "user.seen", args: { id: who.id, username: who.username } }, 64, () => {});
  }

  /** A fresh token was handed in: later expiry, perhaps fewer grants. */
  async function renewed(connection: Connection, who: Principal): Promise<void> {
    if (expires) expiry.remove(connection);
    connection.who = who;
    if (expires) expiry.add(connection);
    await Promise.all([...connection.topics].map((topic) => regrant(connection, topic)));
  }

  /** By what a fresh token opens a topic that only a token had opened; nothing at all ends it. */
  async function regrant(connection: Connection, topic: Topic): Promise<void> {
    const grant = connection.grants[connection.topics.indexOf(topic)];
    if (grant !== "token" && grant !== "privileged") return;
    const opened = await subscriptions.open(connection.who, [topic], connection.dialect.roams === true);
    const place = connection.topics.indexOf(topic);
    if (connection.closed || place < 0) return;
    if (isRefusal(opened)) subscriptions.expel(connection, topic);
    else connection.grants[place] = opened[0]?.grant ?? "token";
  }

  function opened(connection: Connection): void {
    meters.opened++;
    registry.enter(connection);
    if (expires) expiry.add(connection);
    const admitted = admission.take(connection);
    const resumes = typeof connection.cursor === "number";
    if (resumes) connection.replaying = new Set(admitted.map(({ topic }) => topic));
    for (const { topic, grant } of admitted)
      subscriptions.hold(connection, topic, grant, resumes ? connection.cursor : sequencer.told);
    connection.send(connection.at.welcome?.(connection) ?? null);
    if (connection.path !== null) subscriptions.arrived(connection, connection.path);
    if (connection.cursor !== undefined) replay.start(connection, [...connection.topics], connection.cursor);
    see(connection.who);
    note(connection, { kind: "connected" });
  }

  /** A request over HTTP that listens is no socket: long-polls would drown the rest. */
  function note({ dialect, at, who, address, direct }: Connection, more: SecurityNote): void {
    if (!direct) security.note({ dialect: dialect.name, endpoint: at.name, who, address, ...more });
  }

  function closed(connection: Connection, code: number): void {
    if (connection.closed) return;
    connection.closed = true;
    meters.closed++;
    admission.release(connection);
    if (expires) expiry.remove(connection);
    registry.exit(connection);
    subscriptions.leaveAll(connection);
    connection.inbox = null;
    connection.onDrain?.();
    // Frames that are too large are closed by the runtime itself.
    const cause = connection.cause ?? (code === CLOSES.tooLarge.code ? "tooLarge" : null);
    note(connection, { kind: "closed", close_code: code, cause });
    log.debug("SOCKET_CLOSED", "a socket closed", {
      connection: connection.id,
      dialect: connection.dialect.name,
      user: connection.who.id,
      closeCode: code,
    });
  }

  const sockets: SocketHandlers<Link> = {
    open(link, socket) {
      if (link instanceof RefusedConnection) return socket.close(link.code, link.reason);
      link.socket = socket;
      opened(link);
    },
    message(link, frame) {
      if (link instanceof Connection) frames.receive(link, frame);
    },
    close(link, code) {
      if (link instanceof Connection) closed(link, code);
    },
    drain(link) {
      if (!(link instanceof Connection) || link.onDrain === null) return;
      const resume = link.onDrain;
      link.onDrain = null;
      resume();
    },
  };

  return {
    presence: registry,
    sockets,
    admit: (handshake) => admission.admit(handshake),
    abandon: (connection) => admission.release(connection),
    refused(dialect, cause) {
      const { code, reason } = dialect.closes?.[cause] ?? CLOSES[cause];
      return new RefusedConnection(code, reason);
    },
    execute: <N extends FeatureCommand>(
      who: Principal,
      name: N,
      args: CommandArgs<N>,
      delivery: Partial<Delivery> = {},
    ) => {
      if (draining) return Promise.resolve(refuse("SHUTTING_DOWN"));
      see(who);
      return new Promise<CommandReply<N> | Refusal>((resolve) => {
        dispatch.execute(who, null, { name, args } as never, { bytes: 256, ...delivery }, (reply) =>
          resolve(reply as CommandReply<N> | Refusal),
        );
      });
    },
    submit: (write) => writer.submit(write, 256, () => {}),
    note: (entry) => security.note(entry),
    attach: (server) => {
      fanout.server = server;
      options.bus.listen((publications) => sequencer.enter(publications));
    },
    tick() {
      security.flush();
      sweeper.sweep();
      for (const connection of expiry.due(Math.floor(clock.now() / 1000))) connection.close("expired");
    },
    stats: () => ({
      connections: registry.all.size,
      users: registry.users().length,
      lastEventId: sequencer.told,
      queuedWrites: writer.depth,
      byDialect: Object.fromEntries(
        registry.speakers.map((speaker) => [speaker.dialect.name, speaker.sockets]),
      ),
    }),
    async drain() {
      draining = true;
      await writer.idle();
      for (const connection of [...registry.all]) connection.close("restart");
      await writer.idle();
      security.flush();
      await writer.idle();
    },
  };
}

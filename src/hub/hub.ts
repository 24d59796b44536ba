import type { Access } from "../access/access.ts";
import type { Bus } from "../bus/bus.ts";
import { CLOSES, type CloseCause } from "../core/closes.ts";
import type { Clock } from "../core/clock.ts";
import type { CommandArgs, CommandReply, MaybePromise } from "../core/command.ts";
import { type Refusal, refuse } from "../core/errors.ts";
import type { Publication } from "../core/event.ts";
import type { Log } from "../core/log.ts";
import { FANOUT_EVERY, type Meters } from "../core/meters.ts";
import type { Principal } from "../core/principal.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { FeatureSettings, Office, Presence } from "../features/feature.ts";
import type { Server, SocketHandlers } from "../runtime/runtime.ts";
import type { OpName, Store, Write } from "../store/store.ts";
import { Admission, type Handshake, type Slots } from "./admission.ts";
import { Connection, type ConnectionServices, type Cursor, RefusedConnection } from "./connection.ts";
import { type Delivery, Dispatch, type FeatureCommand, type FeatureTable } from "./dispatch.ts";
import { Fanout } from "./fanout.ts";
import { Frames, type FrameBuckets } from "./frames.ts";
import { handlersOf, type Link } from "./handlers.ts";
import { Lifecycle } from "./lifecycle.ts";
import { hashOf, onceMessage, onceScope } from "./once.ts";
import { HubOversight } from "./oversight.ts";
import { Registry } from "./registry.ts";
import { Replay } from "./replay.ts";
import { Samples } from "./samples.ts";
import { Seen } from "./seen.ts";
import { Security, type SecurityNote, STORE_WAS_FULL } from "./security.ts";
import { Sequencer } from "./sequencer.ts";
import { Subscriptions } from "./subscriptions.ts";
import { HARD_LIMIT_BYTES, Sweeper } from "./sweeper.ts";
import { Watch, type Watcher } from "./watch.ts";
import { Writer } from "./writer.ts";

export { HARD_LIMIT_BYTES, hashOf, onceMessage, onceScope };
export type { Connection, Cursor, FeatureTable, Link, Watcher };

export interface HubOptions {
  readonly dialects: readonly Dialect[];
  readonly features: FeatureTable;
  readonly store: Store;
  readonly bus: Bus;
  readonly access: Access;
  readonly slots: Slots;
  readonly frameBuckets: FrameBuckets;
  /** Of all frames of one address. */
  readonly addressFrameBuckets: FrameBuckets;
  readonly verifyToken: (token: string) => MaybePromise<Principal | Refusal>;
  readonly office: Office;
  readonly settings: FeatureSettings & {
    readonly tokenExpiry: "close" | "ignore";
    readonly maxRoomsPerSocket: number;
    readonly maxQueuedFrames: number;
    readonly maxUnreadBytes: number;
  };
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
  /**
   * Looks on at a connection's frames until it ends or the answered function is called. NOT_FOUND
   * where there is no such connection, TOO_MANY_REQUESTS where too many look on.
   */
  watch(id: number, watcher: Watcher): (() => void) | Refusal;
  /** These service keys were revoked by another process: closes what is connected with them. */
  endKeys(ids: ReadonlySet<string>): void;
  attach(server: Server<Link>): void;
  /** Once a second: expiries, slow readers, the security log. */
  tick(): void;
  stats(): {
    readonly connections: number;
    readonly users: number;
    readonly lastEventId: number;
    readonly queuedWrites: number;
    /** False from a write that the store could not take until one that it did. */
    readonly writable: boolean;
    readonly byDialect: Readonly<Record<string, number>>;
  };
  /** What waits; looks at every connection. */
  backlog(): {
    readonly writes: number;
    readonly frames: number;
    readonly replays: number;
    readonly bytes: number;
  };
  /** Refuses newcomers, closes every socket with 1012, waits until all writes are settled. */
  drain(): Promise<void>;
}

export async function createHub(options: HubOptions): Promise<Hub> {
  const { store, log, meters, clock, access, settings } = options;
  const registry = new Registry(options.dialects);
  const sweeper = new Sweeper(meters, settings.maxUnreadBytes);
  const watch = new Watch();
  const samples = new Samples(meters, clock.now());
  const fanout = new Fanout({ registry, sweeper, meters, log, watch });
  let draining = false;
  /** The store takes no writes, and the security log was told. */
  let outage = false;
  /** Counts to the next event whose fan-out is timed. */
  let told = 0;

  const sequencer: Sequencer = new Sequencer({
    clock,
    log,
    told: (await store.ends()).last,
    read: (after, upTo, limit) => store.events(after, upTo, limit),
    exhausted: () => fanout.exhausted,
    committing: () => writer.committing,
    tell,
  });
  const seen = new Seen(clock, (write) => writer.submit(write, 64, () => {}));
  const writer: Writer = new Writer({
    store,
    meters,
    log,
    tell: (events) => sequencer.enter(events),
    first: () => seen.take(),
  });
  const replay = new Replay({ registry, fanout, sequencer, store, settings, clock, log });
  const subscriptions = new Subscriptions({
    registry,
    fanout,
    sequencer,
    replay,
    access,
    store,
    maxTopics: settings.maxRoomsPerSocket,
  });
  const security = new Security({
    clock,
    submit: (write, bytes, settle) => writer.submit(write, bytes, settle),
  });
  const { office } = options;
  const oversight = new HubOversight({
    seen,
    registry,
    sequencer,
    writer,
    security,
    samples,
    watch,
    meters,
    clock,
    office,
  });
  const dispatch = new Dispatch({
    features: options.features,
    store,
    access,
    presence: registry,
    oversight,
    settings,
    writer,
    sequencer,
    clock,
    log,
  });
  const services: ConnectionServices = {
    clock,
    settings,
    meters,
    tap: watch,
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
  const lifecycle: Lifecycle = new Lifecycle({
    registry,
    admission,
    subscriptions,
    replay,
    sequencer,
    seen,
    security,
    watch,
    clock,
    log,
    meters,
    expires,
  });
  const frames = new Frames({
    dispatch,
    subscriptions,
    access,
    buckets: options.frameBuckets,
    addressBuckets: options.addressFrameBuckets,
    maxQueued: settings.maxQueuedFrames,
    verifyToken: options.verifyToken,
    log,
    meters,
    samples,
    afterTelling: (callback) => sequencer.afterTelling(callback),
    renewed: (connection, who) => lifecycle.renewed(connection, who),
    draining: () => draining,
  });
  /** Everything that anybody hears passes here, in order. */
  function tell(event: Publication): void {
    if (event.kind === "member.added" || event.kind === "member.removed") access.changed(event.data.user_id);
    if (event.kind === "room.moved") access.reset();
    told = (told + 1) % FANOUT_EVERY;
    if (told !== 0) fanout.tell(event);
    else {
      const begunMs = performance.now();
      fanout.tell(event);
      meters.fanoutSeconds.observe((performance.now() - begunMs) / 1000);
    }
    if (event.kind === "member.removed") subscriptions.revoke(event);
    if (event.kind === "room.moved") subscriptions.moved(event);
    options.bus.ring([event], sequencer.told);
  }

  const sockets = handlersOf(lifecycle, frames);

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
      seen.see(who);
      return new Promise<CommandReply<N> | Refusal>((resolve) => {
        dispatch.execute(who, null, { name, args } as never, { bytes: 256, ...delivery }, (reply) =>
          resolve(reply as CommandReply<N> | Refusal),
        );
      });
    },
    submit: (write) => writer.submit(write, 256, () => {}),
    note: (entry) => security.note(entry),
    watch(id, watcher) {
      const connection = registry.byId(id);
      if (connection !== undefined) return watch.add(connection, watcher);
      return refuse("NOT_FOUND", "There is no such connection now.");
    },
    endKeys: (ids) => oversight.endKeys(ids),
    attach: (server) => {
      fanout.server = server;
      options.bus.listen((publications) => sequencer.enter(publications));
    },
    tick() {
      seen.flush();
      // Its own entry is the write that finds out, with nobody's help, when the store takes them again.
      if (writer.writable) outage = false;
      else if (!outage || security.idle) {
        outage = true;
        security.note({ kind: "dropped", detail: STORE_WAS_FULL });
      }
      security.flush();
      sweeper.sweep();
      lifecycle.expire();
      samples.take(clock.now(), registry.all.size);
    },
    stats: () => ({
      connections: registry.all.size,
      users: registry.userCount,
      lastEventId: sequencer.told,
      queuedWrites: writer.depth,
      writable: writer.writable,
      byDialect: registry.byDialect(),
    }),
    backlog() {
      let frames = 0;
      let bytes = 0;
      for (const { inbox, socket } of registry.all) {
        frames += inbox?.texts.length ?? 0;
        bytes += socket?.getBufferedAmount() ?? 0;
      }
      return { writes: writer.depth, frames, replays: replay.running, bytes };
    },
    async drain() {
      draining = true;
      await writer.idle();
      for (const connection of [...registry.all]) connection.close("restart");
      await writer.idle();
      seen.flush();
      security.flush();
      await writer.idle();
    },
  };
}

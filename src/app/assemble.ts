import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Hono } from "hono";
import { createAccess } from "../access/rules.ts";
import { type Auth, createAuth, type KeyStore } from "../auth/auth.ts";
import { SetupCode } from "../auth/setup.ts";
import { localBus } from "../bus/local.ts";
import type { CommandLine } from "../core/admin.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { type Meters, createMeters } from "../core/meters.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { FEATURES } from "../features/all.ts";
import { createApp } from "../http/app.ts";
import type { Env } from "../http/context.ts";
import { HARD_LIMIT_BYTES, type Hub, type Link, createHub } from "../hub/hub.ts";
import { createJobs } from "../jobs/jobs.ts";
import { createBuckets } from "../limits/buckets.ts";
import { createKnockGuard } from "../limits/refusals.ts";
import { createSlots } from "../limits/slots.ts";
import { bunRuntime } from "../runtime/bun.ts";
import type { Server } from "../runtime/runtime.ts";
import { MEMORY } from "../store/sqlite/database.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import type { Sources } from "./config-input.ts";
import { watchLag } from "./metrics/lag.ts";
import { freeBytesOf, processFacts } from "./metrics/process.ts";
import { metricsText } from "./metrics/text.ts";
import { createOffice } from "./office.ts";
import { createPages } from "./pages.ts";
import { readiness } from "./readiness.ts";
import type { Settings } from "./settings.ts";
import type { ServerCommand } from "./settings-spec.ts";
import { VERSION } from "./version.ts";
import { rememberWarnings } from "./warnings.ts";

export interface AssembleOptions {
  readonly settings: Settings;
  /** A file, or `:memory:`. */
  readonly database: string;
  readonly jwtSecret: string | undefined;
  /** Whose defaults: `dev` lets whoever is on this machine into the console. */
  readonly command: ServerCommand;
  /** Where the settings come from; undefined where a program gave them. */
  readonly sources: Sources | undefined;
  /** How the command line is typed here; undefined where a program embeds the server. */
  readonly commands?: (() => CommandLine) | undefined;
  readonly dialects: readonly Dialect[];
  readonly clock: Clock;
  readonly log: Log;
}

/** A server put together, listening or not. */
export interface Assembly {
  readonly app: Hono<Env>;
  readonly hub: Hub;
  readonly auth: Auth;
  readonly store: Store;
  readonly meters: Meters;
  /** A code for the console's first admin; an older one ends. Null where the server signs no tokens. */
  setupCode(): string | null;
  listen(): Server<Link>;
  /** What happens each second; for tests that move the clock. Resolves when what was due is done. */
  tick(): Promise<void>;
  stop(): Promise<void>;
}

/** Bodies beyond the limit by this much are cut off by the runtime; up to here the refusal is ours and says what to do. */
const BODY_SLACK_BYTES = 64 << 20;
/** One address may do as much as so many users: an office does not notice. */
const USERS_PER_ADDRESS = 20;
/** Seconds of frames and requests that may come at once. */
const BURST_SECONDS = 3;
const TICK_MS = 1000;
/** How long requests and sockets may take to end. */
const STOP_MS = 8000;

/** The only place that opens adapters: store, bus, runtime. */
export async function assemble(options: AssembleOptions): Promise<Assembly> {
  const { settings, clock, dialects } = options;
  const meters = createMeters();
  const { log, newest } = rememberWarnings(options.log, clock, meters);
  const store = openSqliteStore({
    path: options.database,
    durability: settings.durability,
    syncs: "after",
    clock,
  });
  const keys = liveKeys(store);
  const auth = createAuth(
    { ...settings, jwtSecret: options.jwtSecret },
    {
      clock,
      apiKeys: settings.apiKeys,
      keys,
      onWarning: (code, detail) => log.warn(code, detail),
    },
  );
  const access = createAccess({
    mode: settings.access,
    store,
    cacheSeconds: settings.accessCacheSeconds,
    webhook: settings.accessWebhookUrl === undefined ? undefined : { url: settings.accessWebhookUrl },
    clock,
    log,
  });
  const rate = (perSecond: number, burst = perSecond * BURST_SECONDS) =>
    createBuckets({ ratePerSecond: perSecond, burst, clock });
  const office = createOffice({
    settings,
    sources: options.sources,
    commands: options.commands,
    command: options.command,
    jwtSecret: options.jwtSecret,
    clock,
    warnings: newest,
    keysChanged: () => keys.forget(),
    verifyToken: (token) => auth.verifyToken(token),
  });
  const setup = new SetupCode(clock, options.command === "dev");
  const bus = localBus();
  const hub = await createHub({
    dialects,
    features: FEATURES,
    store,
    bus,
    access,
    slots: createSlots(settings.maxConnectionsPerUser, settings.maxConnections),
    frameBuckets: rate(settings.rateLimitFrames),
    addressFrameBuckets: rate(settings.rateLimitFrames * USERS_PER_ADDRESS),
    verifyToken: (token) => auth.verifyToken(token),
    office,
    settings,
    clock,
    log,
    meters,
  });
  let server: Server<Link> | null = null;
  let stopping = false;
  const ready = () => readiness({ store, bus, hub, accepting: server !== null && !stopping });
  const { app, fetch } = createApp({
    hub,
    auth,
    dialects,
    settings,
    rates: {
      http: rate(settings.rateLimitHttp),
      addresses: rate(settings.rateLimitHttp * USERS_PER_ADDRESS),
      connects: rate(settings.rateLimitConnects),
      logins: rate(settings.rateLimitLogins / 60, settings.rateLimitLogins),
    },
    knocks: createKnockGuard({ clock }),
    // One address never takes all places.
    handshakes: createSlots(Math.ceil(settings.maxHandshakes / 2), settings.maxHandshakes),
    clock,
    log,
    meters,
    version: VERSION,
    office,
    setup: { redeem: (code) => setup.redeem(code), open: options.command === "dev" },
    pages: createPages(),
    ready,
    metrics: async () =>
      metricsText({
        meters,
        stats: hub.stats(),
        backlog: hub.backlog(),
        process: processFacts(),
        store: store.size(),
        freeBytes: options.database === MEMORY ? null : freeBytesOf(dirname(options.database)),
        ready: await ready(),
        build: office.facts(),
        maxConnections: settings.maxConnections,
      }),
  });
  const jobs = createJobs({
    store,
    settings,
    clock,
    log,
    meters,
    execute: ({ scheduled_id, command, who }) =>
      hub.execute(who, command.name as never, command.args as never, { completes: scheduled_id }),
    drop: (scheduled_id) => hub.submit({ op: "schedule.drop", args: { scheduled_id } }),
  });
  const tick = async (): Promise<void> => {
    hub.tick();
    const jobsDone = jobs.tick();
    const revoked = await keys.revokedOutside();
    if (revoked !== null) hub.endKeys(revoked);
    await jobsDone;
  };
  const ticker = setInterval(() => void tick(), TICK_MS);
  ticker.unref();
  const endLag = watchLag(meters.lagSeconds);

  return {
    app,
    hub,
    auth,
    store,
    meters,
    setupCode: () => (office.signs ? setup.issue() : null),
    listen() {
      server = bunRuntime.serve<Link>({
        hostname: settings.host,
        port: settings.port,
        tls: tlsOf(settings),
        fetch,
        sockets: hub.sockets,
        maxMessageBytes: settings.maxMessageBytes,
        maxBodyBytes:
          settings.maxBodyBytes === 0 ? Number.MAX_SAFE_INTEGER : settings.maxBodyBytes + BODY_SLACK_BYTES,
        heartbeatSeconds: settings.wsHeartbeatInterval,
        hardLimitBytes: HARD_LIMIT_BYTES,
      });
      hub.attach(server);
      return server;
    },
    tick,
    async stop() {
      if (stopping) return;
      stopping = true;
      await jobs.stop();
      await hub.drain();
      if (server !== null)
        await Promise.race([server.stop(), new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
      await server?.stop(true);
      clearInterval(ticker);
      endLag();
      await store.close();
    },
  };
}

interface LiveKeys extends KeyStore {
  forget(): void;
  /** Ids of all keys that were revoked, where another process has changed something since the last call. */
  revokedOutside(): Promise<ReadonlySet<string> | null>;
}

/** Keys as the store has them; looked up anew when they were changed here, or by another process. */
function liveKeys(store: Store): LiveKeys {
  const known = new Map<string, { id: string; name: string }>();
  let changes = 0;
  let changedOutside = false;
  const forget = (): void => {
    changes++;
    known.clear();
  };
  const look = (): void => {
    if (!store.changedOutside()) return;
    changedOutside = true;
    forget();
  };
  return {
    forget,
    async findKey(hash) {
      look();
      const cached = known.get(hash);
      if (cached !== undefined) return cached;
      const before = changes;
      const key = await store.key(hash);
      if (key === null || key.revoked_at !== null) return null;
      if (changes === before) known.set(hash, key);
      return key;
    },
    holds: async (id) => (await store.keys()).some((key) => key.id === id && key.revoked_at === null),
    async revokedOutside() {
      look();
      if (!changedOutside) return null;
      changedOutside = false;
      return new Set((await store.keys()).filter((key) => key.revoked_at !== null).map(({ id }) => id));
    },
  };
}

const tlsOf = (settings: Settings): { cert: string; key: string } | undefined =>
  settings.tlsCert === undefined || settings.tlsKey === undefined
    ? undefined
    : { cert: readFileSync(settings.tlsCert, "utf8"), key: readFileSync(settings.tlsKey, "utf8") };

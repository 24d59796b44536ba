import { randomBytes } from "node:crypto";
import type { Hono } from "hono";
import type { CommandLine } from "../core/admin.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import type { WireId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import { DIALECTS } from "../dialects/all.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Env } from "../http/context.ts";
import { type Assembly, assemble } from "./assemble.ts";
import type { Sources } from "./config-input.ts";
import { type DataFolder, type FolderSecret, folderSecret, openDataFolder } from "./data-folder.ts";
import { hostLog } from "./log.ts";
import { type Notifications, createNotifications } from "./notifications.ts";
import { type TokenUser, signUserToken } from "./offline-token.ts";
import { type Settings, defaultSettings } from "./settings.ts";

export { DragomanError, type Notice, type Notifications } from "./notifications.ts";
export type { Dialect, Log, Settings, WireId };

export interface DragomanOptions {
  /** What differs from the defaults: `{ port: 9000, access: "open" }`. Without `dataDir` everything is kept in memory. */
  readonly settings?: Partial<Settings>;
  /** Whose defaults: `serve` is closed, `dev` is open. */
  readonly defaults?: "serve" | "dev";
  /** Where each setting comes from, for the console; a program's own where left out. */
  readonly sources?: Sources;
  /** How the command line is typed here, for the console; nothing where it is not there. */
  readonly commands?: () => CommandLine;
  readonly dialects?: readonly Dialect[];
  /** Silent unless LogTape is configured for the category `dragoman`. */
  readonly log?: Log;
  readonly clock?: Clock;
}

/** Where a server listens. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
  /** `http://127.0.0.1:8000`. */
  readonly url: string;
  /** `ws://127.0.0.1:8000`. */
  readonly wsUrl: string;
}

export interface Dragoman {
  /** Listens. Throws where the port is taken. */
  start(): Promise<Address>;
  /** Closes every socket with 1012, stores what was acknowledged, frees the folder. */
  stop(): Promise<void>;
  /** The HTTP side, for mounting or for `app.request()` in tests; sockets need `start`. */
  readonly app: Hono<Env>;
  readonly notifications: Notifications;
  /** A token as this server accepts it; only where it signs with a secret. */
  token(user: TokenUser): string;
  /** For the command line: what was opened. */
  readonly assembly: Assembly;
  readonly folder: DataFolder | null;
  /** The folder's own secret, where that is what tokens are signed with. */
  readonly secretFile: Pick<FolderSecret, "file" | "created"> | null;
}

/**
 * A server for embedding. Throws a StartError where the data folder is taken or unusable, and a
 * SettingError for keys that can never work.
 */
export async function createDragoman(options: DragomanOptions = {}): Promise<Dragoman> {
  const { clock = systemClock, log = hostLog(clock), dialects = DIALECTS } = options;
  const { defaults: command = "serve", sources, commands } = options;
  const settings = defaultSettings(command, { dataDir: undefined, ...options.settings });
  const folder = settings.dataDir === undefined ? null : openDataFolder(settings.dataDir);
  const database = folder?.database ?? ":memory:";
  const opened = async () => {
    const own = secretOf(settings, folder);
    const assembly = await assemble({
      settings,
      database,
      jwtSecret: own.secret,
      command,
      sources,
      commands,
      dialects,
      clock,
      log,
    });
    return { own, assembly };
  };
  const { own, assembly } = await opened().catch((fault: unknown) => {
    folder?.lock.release();
    throw fault;
  });

  return {
    app: assembly.app,
    assembly,
    folder,
    secretFile: own.file === undefined ? null : { file: own.file, created: own.created === true },
    notifications: createNotifications(assembly.hub),
    async start() {
      const { hostname, port } = assembly.listen();
      const host = hostname.includes(":") ? `[${hostname}]` : hostname;
      const secure = settings.tlsCert === undefined ? "" : "s";
      return {
        hostname,
        port,
        url: `http${secure}://${host}:${port}`,
        wsUrl: `ws${secure}://${host}:${port}`,
      };
    },
    async stop() {
      await assembly.stop();
      folder?.lock.release();
    },
    token(user) {
      if (own.secret === undefined)
        throw new Error("This server checks tokens with a public key; sign them where the private key is.");
      return signUserToken(settings, own.secret, user, clock.now());
    },
  };
}

/** JWT_SECRET; else the folder's own; else, in memory, one of this process. None beside public keys. */
function secretOf(settings: Settings, folder: DataFolder | null): Partial<FolderSecret> {
  if (settings.jwtSecret !== undefined) return { secret: settings.jwtSecret };
  if (settings.jwtPublicKey !== undefined || settings.jwksUrl !== undefined) return {};
  return folder === null ? { secret: randomBytes(32).toString("hex") } : folderSecret(folder.path);
}

/** A running server in memory, on a free port, open to every room: for `bun test`. */
export interface TestServer extends Dragoman, Address, AsyncDisposable {}

/** `await using server = await createTestServer()` */
export async function createTestServer(options: DragomanOptions = {}): Promise<TestServer> {
  const settings: Partial<Settings> = { port: 0, host: "127.0.0.1", ...options.settings };
  const dragoman = await createDragoman({ defaults: "dev", ...options, settings });
  const address = await dragoman.start();
  return { ...dragoman, ...address, [Symbol.asyncDispose]: () => dragoman.stop() };
}

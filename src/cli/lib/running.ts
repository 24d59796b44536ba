import type { Address, Dragoman } from "../../app/dragoman.ts";
import { createLog } from "../../app/log.ts";
import { VERSION } from "../../app/version.ts";
import type { Log } from "../../core/log.ts";
import type { Settings } from "../../app/settings.ts";
import type { ServerCommand } from "../../app/settings-spec.ts";
import { commandLine, type Opened } from "./command-line.ts";
import { EXIT, Failure } from "./failure.ts";
import { type Configured, type Flags, loadSettings } from "./settings.ts";
import { remark, stderrIsTerminal, tellProblem } from "./terminal.ts";

/** A server that answers. */
export interface Running extends Configured {
  readonly dragoman: Dragoman;
  readonly address: Address;
  readonly log: Log;
  /** Somebody reads along: pages rather than log entries. */
  readonly pretty: boolean;
}

export interface Launch {
  readonly command: ServerCommand;
  readonly flags: Flags;
  /** What this command puts in the place of settings that nobody has set. */
  readonly adapt?: (settings: Settings) => Settings;
  /** Before anything is opened. */
  readonly opening?: (settings: Settings) => void;
  /** Before it listens. */
  readonly prepare?: ((dragoman: Dragoman) => Promise<void>) | undefined;
  /** What to tell a person of it. */
  readonly show: (running: Running) => void;
}

/** A clean end takes less than this, or it is ended hard; Docker kills after 10 s. */
const STOP_MS = 9_500;

/** Starts a server and serves until a signal (then it returns) or a fault that nobody caught (a Failure). */
export async function serve({ command, flags, adapt, opening, prepare, show }: Launch): Promise<void> {
  const began = performance.now();
  const asked = await configure(command, flags);
  const configured = { ...asked, settings: adapt?.(asked.settings) ?? asked.settings };
  const { settings, warnings } = configured;
  const pretty = settings.logFormat === "pretty" || (settings.logFormat === "auto" && stderrIsTerminal());
  const log: Log = createLog({ level: settings.logLevel, format: settings.logFormat });
  for (const warning of warnings) {
    if (pretty) tellProblem(warning, "warn");
    else log.warn("CONFIG_WARNING", warning.what, { where: warning.where, fix: warning.fix });
  }
  const faults = { seen: false };
  const ended = endOf(log, faults);
  opening?.(settings);
  const { dragoman, address } = await start({ command, flags, prepare }, configured, log).catch(
    async (fault: unknown) => {
      throw settings.logFormat === "json" ? await logged(fault, log) : fault;
    },
  );
  if (!pretty) tellStarted(dragoman, address, log);
  show({ ...configured, dragoman, address, log, pretty });

  const end = await ended;
  const { connections } = dragoman.assembly.hub.stats();
  log.info("SERVER_STOPPING", `stopping: ${end}`, { sockets: connections });
  const hard = setTimeout(() => {
    log.error("STOP_TIMED_OUT", "the clean end took too long; what was acknowledged is stored");
    process.exit(EXIT.failure);
  }, STOP_MS);
  await dragoman.stop();
  clearTimeout(hard);
  log.info("SERVER_STOPPED", "stopped", { uptimeSeconds: Math.round((performance.now() - began) / 1000) });
  if (faults.seen) throw new Failure([]);
}

/** An address that a client can use, where the server listens on all of them. */
export const reachable = (url: string): string =>
  url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");

/** Whether the server has a secret, and not only public keys to check tokens with. */
export const signsTokens = ({ settings }: Pick<Configured, "settings">): boolean =>
  settings.jwtSecret !== undefined || (settings.jwtPublicKey === undefined && settings.jwksUrl === undefined);

/** The settings; where they are wrong, the end of the command, told as a log entry if that was asked for. */
async function configure(command: ServerCommand, flags: Flags): Promise<Configured> {
  const result = loadSettings(command, flags);
  if ("settings" in result) return result;
  const failed = new Failure(result.problems, EXIT.config);
  if ((flags["logFormat"] ?? process.env["LOG_FORMAT"]) === "json")
    throw await logged(failed, createLog({ level: "info", format: "json" }));
  for (const warning of result.warnings) tellProblem(warning, "warn");
  throw failed;
}

/** The banner of those who read logs. */
function tellStarted({ folder, secretFile }: Dragoman, { url }: Address, log: Log): void {
  log.info("SERVER_STARTED", `listening on ${url}`, {
    version: VERSION,
    bun: Bun.version,
    ...(folder === null ? {} : { dataDir: folder.path, dataDirCreated: folder.created }),
    ...(secretFile === null ? {} : { keyFile: secretFile.file, keyFileCreated: secretFile.created }),
  });
}

async function start(
  { command, flags, prepare }: Pick<Launch, "command" | "flags" | "prepare">,
  { settings, sources }: Configured,
  log: Log,
): Promise<{ dragoman: Dragoman; address: Address }> {
  const { createDragoman } = await import("../../app/dragoman.ts");
  const opened: Opened = { url: null, folder: null };
  const commands = () => commandLine(command, flags, opened);
  const dragoman = await createDragoman({ defaults: command, settings, sources, commands, log });
  try {
    await prepare?.(dragoman);
    const address = await dragoman.start();
    Object.assign(opened, { url: reachable(address.url), folder: dragoman.folder?.path ?? null });
    return { dragoman, address };
  } catch (fault) {
    await dragoman.stop();
    const { explainListening } = await import("./faults.ts");
    throw explainListening(fault, command, settings);
  }
}

/**
 * Why the server is to stop. After a fault that nobody caught no state can be trusted, so that ends
 * it too, cleanly. A second signal ends the process at once.
 */
function endOf(log: Log, faults: { seen: boolean }): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let asked = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (asked) process.exit(EXIT.failure);
      asked = true;
      // Behind the ^C that a terminal shows.
      if (signal === "SIGINT" && stderrIsTerminal()) remark("");
      resolve(signal);
    });
  }
  const unhandled = (fault: unknown): void => {
    faults.seen = true;
    log.error("UNHANDLED", "an error that nobody caught; the server stops", {
      fault,
      ...(fault instanceof Error && { stack: fault.stack }),
    });
    resolve("an error that nobody caught");
  };
  process.on("uncaughtException", unhandled);
  process.on("unhandledRejection", unhandled);
  return promise;
}

/** Tells a failed start as log entries, so that a log of JSON stays one. */
async function logged(fault: unknown, log: Log): Promise<Failure> {
  const { explain } = await import("./faults.ts");
  const failed = explain(fault);
  for (const { what, where, fix } of failed.problems)
    log.error("START_FAILED", what, { ...(where === "" ? {} : { where }), fix });
  return new Failure([], failed.exitCode);
}

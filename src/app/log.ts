import { compareLogLevel, getLogger, type LogLevel, type LogRecord, type Sink } from "@logtape/logtape";
import { type Clock, systemClock } from "../core/clock.ts";
import { jsonLine, prettyLine } from "./log-format.ts";
import { loggable, loggableText } from "./log-value.ts";

type Fields = Readonly<Record<string, unknown>>;
type Write = (code: string, message: string, fields?: Fields) => void;

/** A `Log` of the server's that takes codes of other programs too. */
export interface OpenLog extends Readonly<Record<"debug" | "info" | "warn" | "error", Write>> {
  child(fields: Fields): OpenLog;
}

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly format: "json" | "pretty" | "auto";
  /** Takes one entry with its line end; stderr by default, so that stdout stays a command's answer. */
  readonly write?: (text: string) => void;
  readonly clock?: Clock;
  /** Whether the reader is a terminal: `auto` is pretty then. Found out where `write` is not given. */
  readonly terminal?: boolean;
  /** By default on a terminal where NO_COLOR is unset. */
  readonly colour?: boolean;
}

/**
 * A log of its own level, format and target. It is made of LogTape's parts without LogTape's
 * one global configuration: that belongs to the embedding program, and several servers of one
 * process keep their logs apart.
 */
export function createLog(options: LogOptions): OpenLog {
  const terminal = options.terminal ?? (options.write === undefined && process.stderr.isTTY);
  const colour = options.colour ?? (terminal && !process.env["NO_COLOR"]);
  const pretty = options.format === "pretty" || (options.format === "auto" && terminal);
  const format = pretty ? prettyLine(colour) : jsonLine;
  const write = options.write ?? ((text: string) => void process.stderr.write(text));
  const least = LEVELS[options.level];
  const enabled = new Set(
    (Object.keys(LEVELS) as Level[]).filter((level) => compareLogLevel(LEVELS[level], least) >= 0),
  );
  return makeLog({
    sink: (record) => write(`${format(record)}\n`),
    enabled: (level) => enabled.has(level),
    clock: options.clock ?? systemClock,
  });
}

/**
 * The log of an embedded server: entries go to LogTape's category `dragoman`, which is silent
 * until the embedding program configures LogTape for it.
 */
export function hostLog(clock: Clock = systemClock): OpenLog {
  const logger = getLogger(CATEGORY);
  return makeLog({
    sink: (record) => logger.emit(record),
    enabled: (level) => logger.isEnabledFor(LEVELS[level]),
    clock,
  });
}

const nothing = (): void => {};

/** Writes nothing. */
export const silentLog: OpenLog = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
};

const CATEGORY = ["dragoman"];
const LEVELS = { debug: "debug", info: "info", warn: "warning", error: "error" } as const satisfies Record<
  string,
  LogLevel
>;
type Level = keyof typeof LEVELS;

interface Target {
  readonly sink: Sink;
  readonly enabled: (level: Level) => boolean;
  readonly clock: Clock;
}

/** Names that every entry has; a field of that name gets a trailing underscore. */
const TAKEN: ReadonlySet<string> = new Set(["time", "level", "code", "message"]);

function makeLog(target: Target, inherited: Fields = {}): OpenLog {
  const emit = (level: Level, code: string, message: string, fields?: Fields): void => {
    if (!target.enabled(level)) return;
    const text = loggableText(message);
    const properties = { code, ...inherited, ...cleanFields(fields, target) };
    const record: LogRecord = {
      category: CATEGORY,
      level: LEVELS[level],
      message: [text],
      rawMessage: text,
      timestamp: target.clock.now(),
      properties,
    };
    try {
      target.sink(record);
    } catch {
      // A full disk or a closed pipe under the log must not stop what is being logged.
    }
  };
  return {
    debug: (code, message, fields) => emit("debug", code, message, fields),
    info: (code, message, fields) => emit("info", code, message, fields),
    warn: (code, message, fields) => emit("warn", code, message, fields),
    error: (code, message, fields) => emit("error", code, message, fields),
    child: (fields) => makeLog(target, { ...inherited, ...cleanFields(fields, target) }),
  };
}

function cleanFields(fields: Fields | undefined, target: Target): Fields {
  if (fields === undefined) return {};
  // Stacks only where somebody looks for them.
  const cleaned = loggable(fields, target.enabled("debug"));
  if (typeof cleaned !== "object" || cleaned === null) return { fields: cleaned };
  return Object.fromEntries(
    Object.entries(cleaned).map(([name, value]) => [TAKEN.has(name) ? `${name}_` : name, value]),
  );
}

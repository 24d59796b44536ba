import type { LogLevel, LogRecord } from "@logtape/logtape";
import { isoTime } from "../core/clock.ts";
import { escapeControl } from "./log-safe.ts";

/** Turns a record of cleaned values into text of one line (an error's stack adds more). */
export type RecordFormat = (record: LogRecord) => string;

const NAMES: Readonly<Record<LogLevel, string>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warning: "warn",
  error: "error",
  fatal: "error",
};

const codeOf = ({ properties: { code } }: LogRecord): string => (typeof code === "string" ? code : "");
const messageOf = (record: LogRecord): string => record.message.join("");

function fieldsOf(record: LogRecord): Record<string, unknown> {
  const { code: _, ...fields } = record.properties;
  return fields;
}

/** `{"time":…,"level":…,"code":…,"message":…,…fields}` */
export const jsonLine: RecordFormat = (record) => {
  const head = {
    time: isoTime(record.timestamp),
    level: NAMES[record.level],
    code: codeOf(record),
    message: messageOf(record),
  };
  return escapeControl(JSON.stringify({ ...head, ...fieldsOf(record) }));
};

const COLOURS: Readonly<Record<string, string>> = {
  debug: "\u001b[2m",
  info: "\u001b[32m",
  warn: "\u001b[33m",
  error: "\u001b[31m",
};
const DIM = "\u001b[2m";
const OFF = "\u001b[0m";

/** `10:02:03 info  SERVER_STARTED  listening on http://… key=value`, in local time. */
export const prettyLine = (colour: boolean): RecordFormat => {
  const paint = (start: string | undefined, text: string): string =>
    colour && start !== undefined ? start + text + OFF : text;
  return (record) => {
    const level = NAMES[record.level];
    const stacks: string[] = [];
    const fields = Object.entries(fieldsOf(record)).map(
      ([name, value]) => ` ${paint(DIM, `${escapeControl(name)}=`)}${fieldText(value, stacks)}`,
    );
    const head = `${paint(DIM, timeOfDay(record.timestamp))} ${paint(COLOURS[level], level.padEnd(5))} ${escapeControl(codeOf(record))}`;
    const stack = stacks
      .flatMap((text) => text.split("\n"))
      .map((line) => `\n    ${paint(DIM, escapeControl(line.trim()))}`);
    return `${head}  ${escapeControl(messageOf(record))}${fields.join("")}${stack.join("")}`;
  };
};

function timeOfDay(ms: number): string {
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** Stacks go below the line, indented, so that no line of theirs looks like an entry. */
function fieldText(value: unknown, stacks: string[]): string {
  if (typeof value === "string")
    return /^[^\s"=\\]+$/.test(value) ? escapeControl(value) : escapeControl(JSON.stringify(value));
  if (typeof value === "object" && value !== null && "stack" in value && typeof value.stack === "string") {
    const { stack, ...rest } = value;
    stacks.push(stack);
    return escapeControl(JSON.stringify(rest));
  }
  return escapeControl(JSON.stringify(value));
}

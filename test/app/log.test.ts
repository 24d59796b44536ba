import { afterEach, describe, expect, test } from "bun:test";
import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import { createLog, hostLog, type LogOptions, type OpenLog, silentLog } from "../../src/app/log.ts";
import { ManualClock } from "../../src/core/clock.ts";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl-_";

function captured(options: Partial<LogOptions> = {}): {
  log: OpenLog;
  lines: string[];
  last: () => Record<string, unknown>;
} {
  const lines: string[] = [];
  const log = createLog({
    level: "info",
    format: "json",
    clock: new ManualClock(),
    write: (text) => lines.push(text),
    ...options,
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? "null") };
}

describe("entries", () => {
  test("in JSON are one line: time, level, code, message, then the fields", () => {
    const { log, lines } = captured();
    log.info("SERVER_STARTED", "listening", {
      port: 8000,
      at: new Date(0),
      list: [1, undefined],
      none: undefined,
    });
    expect(lines).toEqual([
      '{"time":"2026-01-01T00:00:00.000Z","level":"info","code":"SERVER_STARTED","message":"listening","port":8000,"at":"1970-01-01T00:00:00.000Z","list":[1,null]}\n',
    ]);
  });

  test("for people are time, level, code, message and key=value", () => {
    const clock = new ManualClock(new Date(2026, 0, 1, 10, 2, 3).getTime());
    const { log, lines } = captured({ format: "pretty", clock });
    log.info("SERVER_STARTED", "listening on http://127.0.0.1:8000", {
      port: 8000,
      data: "./d",
      why: "a b",
      more: { x: 1 },
    });
    expect(lines).toEqual([
      '10:02:03 info  SERVER_STARTED  listening on http://127.0.0.1:8000 port=8000 data=./d why="a b" more={"x":1}\n',
    ]);
  });

  test("are coloured on a terminal only, and auto is pretty there only", () => {
    const terminal = captured({ format: "auto", terminal: true, colour: true });
    terminal.log.warn("C", "m");
    expect(terminal.lines[0]).toContain("\u001b[33mwarn \u001b[0m C  m");
    const pipe = captured({ format: "auto" });
    pipe.log.warn("C", "m");
    expect(pipe.last()).toMatchObject({ level: "warn" });
    const pretty = captured({ format: "pretty" });
    pretty.log.warn("C", "m");
    expect(pretty.lines[0]).not.toContain("\u001b");
  });

  test("below the level are not written", () => {
    const { log, lines } = captured({ level: "warn" });
    log.debug("A", "a");
    log.info("B", "b");
    log.warn("C", "c");
    log.error("D", "d");
    expect(lines.map((line) => JSON.parse(line).code)).toEqual(["C", "D"]);
  });

  test("of a child carry its fields, and a field cannot take an entry's own name", () => {
    const { log, last } = captured();
    log
      .child({ connection: 7, code: 1006 })
      .child({ user: "5" })
      .info("SOCKET_CLOSED", "closed", { user: "6", level: "x" });
    expect(last()).toEqual({
      time: "2026-01-01T00:00:00.000Z",
      level: "info",
      code: "SOCKET_CLOSED",
      message: "closed",
      connection: 7,
      code_: 1006,
      user: "6",
      level_: "x",
    });
  });

  test("with an error show its code and message, and the stack only at debug", () => {
    const error = Object.assign(new Error(`bad ${JWT}`, { cause: new TypeError("inner") }), {
      code: "SQLITE_FULL",
    });
    const info = captured();
    info.log.error("WRITE_FAILED", "no", { error });
    expect(info.last()["error"]).toEqual({
      name: "SQLITE_FULL",
      message: "bad [redacted]",
      cause: { name: "TypeError", message: "inner" },
    });
    const debug = captured({ level: "debug", format: "pretty" });
    debug.log.error("WRITE_FAILED", "no", { error });
    expect(debug.lines[0]).toContain("\n    at ");
    expect(debug.lines[0]).not.toContain(JWT);
  });

  test("survive whatever they are given, and a target that fails", () => {
    const { log, last } = captured();
    const circle: Record<string, unknown> = {
      big: 10n,
      call: () => 1,
      not: Number.NaN,
      bytes: new Uint8Array(3),
      map: new Map([["k", new Set([1])]]),
    };
    circle["self"] = circle;
    circle["deep"] = { a: { b: { c: { d: { e: 1 } } } } };
    Object.defineProperty(circle, "trap", {
      enumerable: true,
      value: {
        get x() {
          throw new Error("no");
        },
      },
    });
    log.info("A", "a", {
      circle,
      many: Array.from({ length: 200 }, (_, index) => index),
      long: "x".repeat(10_000),
    });
    const entry = last();
    expect(entry["circle"]).toEqual({
      big: "10",
      call: "[function]",
      not: "NaN",
      bytes: "[3 bytes]",
      map: { k: [1] },
      self: "[circular]",
      deep: { a: { b: { c: "[deep]" } } },
      trap: "[unreadable]",
    });
    expect(entry["many"]).toHaveLength(101);
    expect(String(entry["long"])).toEndWith("… (1808 more)");
    const closed = createLog({
      level: "info",
      format: "json",
      write: () => {
        throw new Error("EPIPE");
      },
    });
    expect(() => closed.info("A", "a")).not.toThrow();
  });
});

describe("several in one process", () => {
  afterEach(() => resetSync());

  test("two logs keep their levels and targets apart, and touch nothing global", () => {
    const one = captured({ level: "debug" });
    const two = captured({ level: "error" });
    configureSync({ sinks: {}, loggers: [{ category: ["logtape", "meta"], sinks: [] }] });
    one.log.debug("A", "a");
    two.log.debug("B", "b");
    two.log.error("C", "c");
    expect([one.lines.length, two.lines.length]).toEqual([1, 1]);
  });

  test("an embedded server is silent until the program asks LogTape for `dragoman`", () => {
    const records: LogRecord[] = [];
    const log = hostLog(new ManualClock());
    log.error("EARLY", "nobody listens");
    configureSync({
      sinks: { all: (record) => records.push(record) },
      loggers: [
        { category: "dragoman", sinks: ["all"], lowestLevel: "info" },
        { category: ["logtape", "meta"], sinks: [] },
      ],
    });
    log.debug("QUIET", "below");
    log.child({ node: 1 }).warn("LATE", `{x} ${JWT}`, { a: 2 });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      category: ["dragoman"],
      level: "warning",
      message: ["{x} [redacted]"],
      properties: { code: "LATE", node: 1, a: 2 },
    });
  });

  test("the silent log is silent", () => {
    expect(silentLog.child({ a: 1 })).toBe(silentLog);
    expect(silentLog.error("A", "a")).toBeUndefined();
  });
});

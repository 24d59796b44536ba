import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { createLog } from "../../src/app/log.ts";
import { escapeControl, redact } from "../../src/app/log-safe.ts";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl-_";

function captured({ format = "json" }: { format?: "json" | "pretty" } = {}) {
  const lines: string[] = [];
  return { lines, log: createLog({ level: "info", format, write: (text) => lines.push(text) }) };
}

describe("secrets", () => {
  test("are removed from messages, fields, nested values and names", () => {
    const { log, lines } = captured();
    const url = `wss://h/ws?x=1&token=abc.def&ticket=t-1#f`;
    log.info("A", `from ${url} with ${JWT}, and dgk_live_Ab-9.`, {
      url,
      deep: [{ header: `Bearer ${"k".repeat(20)}` }],
      [JWT]: 1,
      authorization: "Basic x",
      redis: "redis://me:pw@host",
      token: "short",
    });
    expect(lines[0]).not.toMatch(/eyJ|abc|t-1|dgk_|kkk|Basic|pw@|short/);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      message: "from wss://h/ws?x=1&token=[redacted]&ticket=[redacted]#f with [redacted], and [redacted].",
      deep: [{ header: "Bearer [redacted]" }],
      "[redacted]": 1,
      authorization: "[redacted]",
      redis: "redis://[redacted]@host",
    });
  });

  test("are found wherever in a text they stand; what is no secret stays", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (before, after) => !redact(before + JWT + after).includes("c2lnbmF0dXJl"),
      ),
    );
    for (const plain of [
      "eyJ is how a token begins",
      "www.example.com",
      "the token is gone",
      "bearer authentication",
      "a@b.example",
      "dragoman.toml:3",
    ])
      expect(redact(plain)).toBe(plain);
  });

  test("are looked for in time linear in the text", () => {
    const started = performance.now();
    for (const part of ["eyJ", "eyJ.", "token=", "://", "bearer ", "dgk_"]) redact(part.repeat(50_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("control characters", () => {
  test("cannot begin a line or steer the terminal, in either format", () => {
    const evil = "x\n10:02:03 error FORGED\r\u001b[2J\u0085\u2028\u202e";
    for (const format of ["json", "pretty"] as const) {
      const { log, lines } = captured({ format });
      log.info("A", evil, { [evil]: evil, nested: { [evil]: [evil] } });
      expect(lines[0]).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028\u202e]+\n$/);
    }
  });

  test("come out of JSON as they went in", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        (text) => JSON.parse(escapeControl(JSON.stringify(text))) === text,
      ),
    );
  });
});

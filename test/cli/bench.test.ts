import { afterAll, beforeAll, expect, test } from "bun:test";
import { dragoman, type Program, start } from "./program.ts";

let server: Program;
let url: string;

beforeAll(async () => {
  server = start(["dev", "--port", "0"]);
  url = await server.listening();
});
afterAll(() => server[Symbol.asyncDispose]());

const BRIEF = ["--sockets", "4", "--rate", "20", "--seconds", "1"];

interface Result {
  readonly messages: number;
  readonly deliveries: number;
}

test("every message is heard by every socket, and what it took is told", async () => {
  const { code, stdout } = await dragoman(["bench", url, ...BRIEF, "--json"]);
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as Result;
  const spread = { p50: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) };
  expect(result).toEqual({
    url,
    sockets: 4,
    connects_per_second: expect.any(Number),
    messages: expect.any(Number),
    deliveries: result.messages * 4,
    missing: 0,
    delivery_ms: spread,
    ping_ms: spread,
    closed: {},
  } as never);
  expect(result.messages).toBeGreaterThan(0);
});

test("people get four lines", async () => {
  const { stdout } = await dragoman(["bench", "--url", url, ...BRIEF, "--as", "bob"]);
  expect(stdout).toMatch(
    /^connects {4}\d+\/s, 4 sockets\ndeliveries {2}\d+ of \d+ messages, 0 missing\ndelivery {4}p50 .* ms {3}p99 .* ms {3}max .* ms\nping {8}p50 .* ms\n$/,
  );
});

test("who is not let in is told why, and what to do", async () => {
  const bench = (...more: string[]) => dragoman(["bench", url, ...BRIEF, ...more]);
  expect((await bench("--token", "a.b.c")).stderr).toMatch(
    /^error {2}.* refused a socket: HTTP 401\nfix {4}give a token that the server accepts/,
  );
  expect((await bench("--as", "bob", "--sockets", "9")).stderr).toMatch(
    /^error {2}.* refused a socket: HTTP 429\nfix {4}use fewer sockets \(--sockets\)/,
  );
  expect((await bench("--key", "dgk_x")).stderr).toMatch(/^error {2}a key opens no sockets here\n/);
  expect((await bench("--sockets", "0")).code).toBe(2);
});

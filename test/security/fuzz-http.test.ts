/** Every HTTP endpoint is asked what nobody should ask; nothing fails within, and others are served. */
import { afterAll, expect, test } from "bun:test";
import { connect as connectTcp } from "node:net";
import * as fc from "fast-check";
import { EVENT_STREAM, type Operation, operationsOf, requestsOf } from "../contract/operations.ts";
import type { Document } from "../contract/schemas.ts";
import { ADMIN, ALICE, tell } from "../contract/story.ts";
import { http } from "../support/http.ts";
import { KEY } from "../support/server.ts";
import { nastyText, spoiled } from "./fuzz/inputs.ts";
import { CASES, SEED, Target } from "./fuzz/target.ts";

const PER_RUN = 10;
const MEAN_PER_RUN = 3;
const MAX_MEGABYTES = 400;
const TIMEOUT_MS = 60_000 + CASES * 20;
/** Streams and polls wait; of these the beginning is enough. */
const WAIT_MS = 300;

const target = await Target.start();
afterAll(() => target[Symbol.asyncDispose]());
const document = (await (await fetch(`${target.url}/openapi.json`)).json()) as Document;
const OPERATIONS = operationsOf(document).map((one) => [`${one.method} ${one.path}`, one] as const);

/** Of all answers, to see how far the requests come. */
const statuses = new Map<number, number>();

interface Asked {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Parts of an address as they are sent: also what no encoder writes. */
const inAddress = fc.oneof(
  { weight: 3, arbitrary: nastyText.map((text) => encodeURIComponent(text.slice(0, 3000).toWellFormed())) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "%00",
      "%ff",
      "%c3%28",
      "%",
      "%zz",
      "%2e%2e%2f",
      "%2F",
      "..",
      ".",
      ";",
      "a%20b",
      "+",
      "%ed%a0%80",
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("1", "101", "12345", "789", "channel:9", "user:1", "system", "everyone"),
  },
);

const inHeader = nastyText.map((text) =>
  text
    .replace(/[^\x20-\x7e]/g, "")
    .slice(0, 2000)
    .trim(),
);

const proof: fc.Arbitrary<Readonly<Record<string, string>>> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 4, arbitrary: fc.constant({ authorization: `Bearer ${target.token(ALICE)}` }) },
  { weight: 3, arbitrary: fc.constant({ authorization: `Bearer ${target.token(ADMIN)}` }) },
  { weight: 2, arbitrary: fc.constant({ "x-api-key": KEY }) },
);

/** So often what was deleted meanwhile is there again. */
const RUNS_PER_STORY = 25;
/** Where ids are found that the server gave: by what stands before them in a path. */
const LISTS: Readonly<Record<string, readonly [path: string, as: typeof ALICE | "key"]>> = {
  notifications: ["/api/v1/notifications", ALICE],
  messages: ["/api/v1/rooms/channel:9/messages", ALICE],
  keys: ["/api/v1/admin/keys", "key"],
  connections: ["/api/v1/admin/connections", "key"],
};
const real = new Map<string, readonly string[]>();

/** What the examples name is there, and a few things whose ids only the server knows. */
async function tellAgain(): Promise<void> {
  await tell(target);
  await http(target, "key").post("/api/v1/admin/keys", { name: "fuzz" });
  for (const [kind, [path, as]] of Object.entries(LISTS)) {
    const { items } = (await http(target, as).get(path)).body as { items: readonly { id: unknown }[] };
    real.set(kind, items.map(({ id }) => encodeURIComponent(String(id))).slice(0, 20));
  }
}

const HEADERS = [
  "if-match",
  "idempotency-key",
  "accept",
  "content-type",
  "last-event-id",
  "authorization",
  "x-api-key",
  "x-forwarded-for",
  "origin",
  "range",
  "expect",
  "accept-encoding",
];

/** Each part sometimes as documented, sometimes not. */
function askedOf(operation: Operation): fc.Arbitrary<Asked> {
  const requests = requestsOf(operation);
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const known = (name: string): string => encodeURIComponent(requests[0]?.params[name] ?? "1");
  const query = operation.parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
  const queryNames = [...query, "token", "ticket", "__proto__", "constructor", "limit", "cursor", "after"];
  const kind = /([a-z]+)\/\{id\}/.exec(operation.path)?.[1] ?? "";
  const existing = fc.nat(19).map((n) => {
    const ids = real.get(kind) ?? [];
    return ids[n % Math.max(1, ids.length)];
  });
  const oneIn = <T>(n: number, spoiled: fc.Arbitrary<T>, usual: T): fc.Arbitrary<T> =>
    fc.oneof({ weight: 1, arbitrary: spoiled }, { weight: n - 1, arbitrary: fc.constant(usual) });
  return fc
    .record({
      params: fc.tuple(
        ...names.map((name) =>
          oneIn(3, inAddress, undefined).chain((spoiled) =>
            spoiled === undefined
              ? existing.map((id) => (name === "id" ? id : undefined) ?? known(name))
              : fc.constant(spoiled),
          ),
        ),
      ),
      query: fc.array(fc.tuple(fc.constantFrom(...queryNames), inAddress), { maxLength: 3 }),
      proof,
      headers: fc.array(fc.tuple(fc.constantFrom(...HEADERS), inHeader), { maxLength: 2 }),
      body: oneIn(8, nastyText, ""),
      json: spoiled(requests.map(({ body }) => body).filter((body) => body !== undefined)),
    })
    .map(({ params, query: pairs, proof, headers, body, json }) => {
      const path = names.reduce(
        (text, name, n) => text.replace(`{${name}}`, params[n] ?? ""),
        operation.path,
      );
      const asked = pairs.map(([name, value]) => `${name}=${name === "wait" ? "0" : value}`);
      return {
        path: `${path}?${asked.join("&")}`,
        headers: { "content-type": "application/json", ...proof, ...Object.fromEntries(headers) },
        body: operation.method === "GET" ? undefined : body === "" ? json : body,
      };
    });
}

/** `200 41.3%, 400 30.1%, …` */
function sharesOf(counts: ReadonlyMap<number, number>): string {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([status, count]) => `${status} ${((100 * count) / all).toFixed(1)}%`)
    .join(", ");
}

async function ask(operation: Operation, { path, headers, body }: Asked): Promise<void> {
  const streams = Object.keys(operation.responses["200"]?.content ?? {}).includes(EVENT_STREAM);
  const init: RequestInit = { method: operation.method, headers };
  if (body !== undefined) init.body = body;
  if (streams) init.signal = AbortSignal.timeout(WAIT_MS);
  try {
    const answer = await fetch(target.url + path, init);
    if (answer.headers.get("content-type") === EVENT_STREAM) return answer.body?.cancel();
    const text = await answer.text();
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    expect([answer.status < 500, /\n\s+at |node_modules|\.ts:\d+/.test(text), text]).toEqual([
      true,
      false,
      text,
    ]);
  } catch (fault) {
    if (!(streams && fault instanceof DOMException)) throw fault;
  }
}

test.each(OPERATIONS)(
  "%s",
  async (_name, operation) => {
    let count = 0;
    let runs = 0;
    const property = fc.asyncProperty(
      fc.array(askedOf(operation), { minLength: 1, maxLength: PER_RUN }),
      async (all) => {
        if (runs++ % RUNS_PER_STORY === 0) await tellAgain();
        count += all.length;
        for (const asked of all) await ask(operation, asked);
        await target.serves();
        expect(target.faults()).toEqual([]);
      },
    );
    const streams = operation.media === EVENT_STREAM || operation.path === "/api/v1/events";
    const numRuns = Math.ceil(CASES / OPERATIONS.length / MEAN_PER_RUN / (streams ? 10 : 1));
    await fc.assert(property, { seed: SEED, numRuns });
    const megabytes = await target.megabytes();
    expect(megabytes).toBeLessThan(MAX_MEGABYTES);
    if (process.env["FUZZ_CASES"] !== undefined)
      console.log(`${count} × ${operation.method} ${operation.path}, ${megabytes} MB`);
  },
  TIMEOUT_MS,
);

/** Heads that are none, and bodies that are not as long as they say. */
const LINES = [
  "GET / HTTP/1.1",
  "GET /healthz HTTP/1.0",
  "GET /healthz HTTP/0.9",
  "GET /healthz HTTP/9.9",
  "GET  /healthz  HTTP/1.1",
  "get /healthz HTTP/1.1",
  "PRI * HTTP/2.0",
  "OPTIONS * HTTP/1.1",
  "CONNECT example.com:80 HTTP/1.1",
  "TRACE /healthz HTTP/1.1",
  "GET http://evil.example/api/v1/stream HTTP/1.1",
  "GET //api/v1/stream HTTP/1.1",
  "GET /api/v1/../../etc/passwd HTTP/1.1",
  "GET /api/v1/ws/%00 HTTP/1.1",
  "GET /console/..%2f..%2f..%2fetc/passwd HTTP/1.1",
  "GET /docs/%2e%2e/%2e%2e/package.json HTTP/1.1",
  "GET /\u00ff\u00fe HTTP/1.1",
  "POST /api/v1/notify/users/1 HTTP/1.1",
  "POST /api/v1/ws/notification HTTP/1.1",
  "GET /api/v1/stream HTTP/1.1",
];
const FIELDS = [
  "Host: x",
  "Host: x\r\nHost: y",
  "Host: ",
  "Host: [::1",
  "Content-Length: 5\r\nTransfer-Encoding: chunked",
  "Content-Length: 5\r\nContent-Length: 6",
  "Content-Length: -1",
  "Content-Length: 99999999999999999999",
  "Content-Length: 0x5",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: identity, chunked",
  "Transfer-Encoding: xchunked",
  "Expect: 100-continue",
  "Upgrade: websocket\r\nConnection: Upgrade",
  "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 99",
  "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk",
  "Connection: close, close, close",
  " folded: yes",
  "No-Colon",
  ": no name",
  "Nul: a\u0000b",
  "Bare: a\nInjected: b",
  `Authorization: Bearer ${"x".repeat(4000)}`,
  `Sec-WebSocket-Protocol: ${"bearer, ".repeat(200)}`,
  `Cookie: ${"a=b; ".repeat(500)}`,
];
const BODIES = [
  "",
  "hello",
  "5\r\nhello\r\n0\r\n\r\n",
  "ffffffffffffffff\r\n",
  "-1\r\n\r\n",
  "5;ext=\u0000\r\nhello\r\n0\r\n\r\n",
  "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
];

/** What comes back until the server, or after a moment this side, ends the connection. */
function exchange(bytes: string): Promise<string> {
  const { hostname, port } = new URL(target.url);
  return new Promise((resolve) => {
    let got = "";
    const tcp = connectTcp({ host: hostname, port: Number(port) }, () => tcp.end(bytes, "latin1"));
    tcp.setTimeout(WAIT_MS, () => tcp.destroy());
    tcp.on("data", (chunk) => (got += chunk.toString("latin1")));
    tcp.on("error", () => {});
    tcp.on("close", () => resolve(got));
  });
}

test(
  "heads, bodies and pipelines as bytes",
  async () => {
    const request = fc
      .tuple(
        fc.constantFrom(...LINES),
        fc.array(fc.constantFrom(...FIELDS), { maxLength: 5 }),
        fc.constantFrom(...BODIES),
      )
      .map(([line, fields, body]) => `${[line, ...fields].join("\r\n")}\r\n\r\n${body}`);
    const property = fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 4 }), async (all) => {
      const got = await exchange(all.join(""));
      const statuses = [...got.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      expect(statuses.filter((status) => status >= 500 && status !== 505)).toEqual([]);
      expect(got).not.toMatch(/root:x:0|"dependencies"/);
      await target.serves();
      expect(target.faults()).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: Math.min(400, Math.ceil(CASES / 60)) });
  },
  TIMEOUT_MS,
);

test("it ends in order afterwards", async () => {
  if (process.env["FUZZ_CASES"] !== undefined) console.log(sharesOf(statuses));
  expect(await target.end()).toBe(0);
  expect(target.faults()).toEqual([]);
});

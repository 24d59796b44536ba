/** The page for Prometheus: who may read it, and that what it counts is what happened. */
import { describe, expect, test } from "bun:test";
import { METRICS } from "../../src/app/metrics/table.ts";
import { ERRORS } from "../../src/core/errors.ts";
import { addressOf, connect } from "../support/client.ts";
import { expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, PATHS } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { KEY, NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const TOKEN = "a-token-for-the-metrics";
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const ask = (server: StartedServer, init?: RequestInit): Promise<Response> =>
  fetch(`${server.url}/metrics`, init);

async function read(server: StartedServer): Promise<Map<string, number>> {
  const lines = (await (await ask(server)).text()).split("\n");
  return new Map(
    lines
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

describe("who may read /metrics", () => {
  test("without METRICS_TOKEN a program of the same machine, and nobody through a proxy or by another name", async () => {
    await using server = await startServer();
    expect((await ask(server)).status).toBe(200);
    const strangers = [
      { "x-forwarded-for": "203.0.113.9" },
      { forwarded: "for=203.0.113.9" },
      { via: "1.1 proxy" },
      { host: "metrics.example.com" },
      { origin: "https://evil.example" },
    ];
    for (const headers of strangers) {
      const answer = await ask(server, { headers: headers as Record<string, string> });
      expect(answer.status).toBe(403);
      expect(((await answer.json()) as { detail: string }).detail).toContain("Set METRICS_TOKEN");
    }
  });

  test("with METRICS_TOKEN whoever sends it, and nobody else, not even an admin of the same machine", async () => {
    await using server = await startServer({ metricsToken: TOKEN });
    expect((await ask(server, bearer(TOKEN))).status).toBe(200);
    const others = [undefined, bearer(KEY), bearer(server.token(ADMIN)), bearer(`${TOKEN}x`)];
    for (const init of others) expect((await ask(server, init)).status).toBe(401);
    expect((await fetch(`${server.url}/metrics?token=${TOKEN}`)).status).toBe(401);
  });

  test("guesses are counted as failed logins are, noted, and slowed down; the right one always passes", async () => {
    await using server = await startServer({ metricsToken: TOKEN, rateLimitLogins: 2 });
    const answers = [];
    for (let n = 0; n < 3; n++) answers.push((await ask(server, bearer(`guess-${n}`))).status);
    expect(answers).toEqual([401, 401, 429]);
    expect((await ask(server, bearer(TOKEN))).status).toBe(200);
    await server.assembly.tick();
    await http(server, "key").post(`/api/v1/notify/users/${BOB.id}`, { message: "now" });
    const { body } = await http(server, ADMIN).get("/api/v1/admin/security-log?kind=login_failed");
    const { items } = body as { items: { endpoint: string; cause: string }[] };
    expect(items.map(({ endpoint, cause }) => [endpoint, cause])).toEqual([
      ["GET /metrics", "TOKEN_INVALID"],
      ["GET /metrics", "TOKEN_INVALID"],
    ]);
  });
});

describe("what /metrics tells", () => {
  test("connections, frames, refusals and ends are counted where they happen", async () => {
    await using server = await startServer({ ...NO_RATES, access: "members" });
    const alice = await connect(server, PATHS.chat, { as: ALICE });
    await alice.next("connected");
    const bob = await connect(server, PATHS.notifier, { as: BOB });
    await bob.next("info");
    alice.send({ type: "ping" });
    await alice.next("pong");
    alice.send({ type: "send_message", room: "channel:9", data: { content: "Hello" } });
    await alice.next("error");
    expectProblem(await knock(addressOf(server, PATHS.native, { token: "nonsense" })), 401);
    expect((await http(server).get("/api/v1/nothing/here")).status).toBe(404);
    expect((await http(server, ALICE).get("/api/v1/admin/stats")).status).toBe(403);
    await bob.close();
    await http(server, "key").post(`/api/v1/admin/users/${ALICE.id}/disconnect`);
    await alice.closed();

    const metrics = await read(server);
    const value = (name: string) => metrics.get(name);
    expect(value('dragoman_connections{dialect="chat"}')).toBe(0);
    expect(value("dragoman_connections_opened_total")).toBe(2);
    expect(value('dragoman_connections_closed_total{cause="disconnected"}')).toBe(1);
    expect(value('dragoman_connections_closed_total{cause="client"}')).toBe(1);
    expect(value("dragoman_frames_received_total")).toBe(2);
    expect(value('dragoman_refusals_total{door="handshake",cause="TOKEN_INVALID"}')).toBe(1);
    expect(value('dragoman_refusals_total{door="http",cause="NOT_FOUND"}')).toBe(1);
    expect(value('dragoman_refusals_total{door="http",cause="FORBIDDEN"}')).toBe(1);
    expect(value('dragoman_refusals_total{door="frame",cause="NOT_IN_ROOM"}')).toBe(1);
    expect(value('dragoman_http_responses_total{status="404"}')).toBe(1);
    expect(value('dragoman_ready{part="store"}')).toBe(1);
    expect(value("dragoman_commit_seconds_count")).toBeGreaterThan(0);
    expect(value("dragoman_commit_writes_sum")).toBeGreaterThan(0);
  });

  test("a refusal that is told by accepting and closing is one refusal", async () => {
    await using server = await startServer(NO_RATES);
    const stranger = await connect(server, PATHS.chat, { token: "nonsense" });
    expect((await stranger.closed()).code).toBe(4401);
    const metrics = await read(server);
    expect(metrics.get('dragoman_refusals_total{door="handshake",cause="TOKEN_INVALID"}')).toBe(1);
    expect(metrics.get("dragoman_connections_opened_total")).toBe(0);
  });

  test("labels come from tables: whatever clients send, the page does not grow", async () => {
    await using server = await startServer(NO_RATES);
    await read(server);
    for (let n = 0; n < 50; n++) {
      await http(server).get(`/api/v1/nothing/${n}`);
      await http(server).get(`/api/v1/presence/users/${n}?token=planted-${n}`);
      await knock(addressOf(server, `/api/v1/ws/${n}`, { token: `planted-${n}` }));
    }
    const text = await (await ask(server)).text();
    expect(text).not.toContain("planted");
    const names = [...(await read(server)).keys()];
    const causes = names.flatMap((name) => /^dragoman_refusals_total.*cause="(\w+)"/.exec(name)?.[1] ?? []);
    expect(causes.filter((cause) => !Object.hasOwn(ERRORS, cause))).toEqual([]);
    expect(names.length).toBeLessThan(200);
  });

  test("it is Prometheus' text format: each metric has its help and type, histograms add up", async () => {
    await using server = await startServer();
    const text = await (await ask(server)).text();
    const told = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type] as const);
    for (const [name = "", type] of told)
      expect([name, METRICS[name as keyof typeof METRICS].type as string]).toEqual([name, type ?? ""]);
    // In memory there is no disk to tell of.
    const silent = Object.keys(METRICS).filter((name) => !told.some(([known]) => known === name));
    expect(silent).toEqual(["dragoman_store_free_bytes"]);
    const metrics = await read(server);
    for (const [name] of told.filter(([, type]) => type === "histogram"))
      expect(metrics.get(`${name}_bucket{le="+Inf"}`)).toBe(metrics.get(`${name}_count`) as number);
    expect(text.endsWith("\n")).toBe(true);
    for (const line of text.trimEnd().split("\n"))
      expect(line).toMatch(/^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{[^}]*\})? (\+Inf|-?[\d.e+-]+))$/);
  });
});

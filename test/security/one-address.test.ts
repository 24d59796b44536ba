/** All users of one address together, and those who name no user at all. */
import { describe, expect, test } from "bun:test";
import { connect as connectTcp } from "node:net";
import { ManualClock } from "../../src/core/clock.ts";
import { expectProblem, http } from "../support/http.ts";
import { ALICE, nativeIn } from "../support/people.ts";
import { NO_RATES, startServer } from "../support/server.ts";

const PROXIES = { trustedProxies: ["127.0.0.1"] } as const;
const from = (address: string) => ({ "x-forwarded-for": address });

describe("one address", () => {
  test("asks over HTTP as much as twenty users, and no more, whoever it speaks for; the connection ends", async () => {
    await using server = await startServer(
      { ...NO_RATES, ...PROXIES, rateLimitHttp: 1 },
      { clock: new ManualClock() },
    );
    const ask = (address: string) => http(server).get("/nowhere", from(address));
    for (let n = 0; n < 60; n++) expectProblem(await ask("192.0.2.1"), 404);
    const slow = await ask("192.0.2.1");
    expectProblem(slow, 429);
    expect([slow.headers.get("retry-after"), slow.headers.get("connection")]).toEqual(["1", "close"]);
    expectProblem(await http(server, ALICE).get("/api/v1/presence/users", from("192.0.2.1")), 429);
    expectProblem(await ask("192.0.2.2"), 404);
    // Whoever watches the server is always answered.
    expect((await http(server).get("/healthz", from("192.0.2.1"))).status).toBe(200);
  });

  test("a pipeline of it ends with the first refusal", async () => {
    await using server = await startServer({ ...NO_RATES, rateLimitHttp: 1 }, { clock: new ManualClock() });
    const answers = await new Promise<string>((resolve) => {
      let got = "";
      const tcp = connectTcp({ host: server.hostname, port: server.port }, () =>
        tcp.write("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n".repeat(5000)),
      );
      tcp.on("data", (chunk) => (got += chunk.toString("latin1")));
      tcp.on("error", () => {});
      tcp.on("close", () => resolve(got));
    });
    const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    // What was answered last may be lost with the connection.
    expect(statuses.filter((status) => status === "404").length).toBeWithin(1, 61);
    expect(statuses.length).toBeLessThan(100);
  });

  test("sends as many frames as twenty users; others elsewhere are not held up", async () => {
    const settings = { ...NO_RATES, ...PROXIES, rateLimitFrames: 1, maxConnectionsPerUser: 0 };
    await using server = await startServer(settings, { clock: new ManualClock() });
    const at = (address: string, id: number) => nativeIn(server, { id }, [], { headers: from(address) });
    for (let id = 0; id < 20; id++) {
      const client = await at("192.0.2.1", id);
      for (let n = 0; n < 3; n++) client.send({ type: "ping" });
      for (let n = 0; n < 3; n++) await client.next("pong");
    }
    const crowded = await at("192.0.2.1", 20);
    crowded.send({ type: "ping" });
    expect(await crowded.next()).toMatchObject({ type: "reply", error: { code: "TOO_MANY_REQUESTS" } });
    const elsewhere = await at("192.0.2.2", 21);
    elsewhere.send({ type: "ping" });
    await elsewhere.next("pong");
  });
});

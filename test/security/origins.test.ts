/** Which pages may open sockets: a list, compared letter by letter; without a list a warning. */
import { describe, expect, test } from "bun:test";
import { DIALECTS } from "../../src/dialects/all.ts";
import { addressOf } from "../support/client.ts";
import { expectProblem, http } from "../support/http.ts";
import { ALICE } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const ALLOWED = ["https://example.com", "https://xn--bcher-kva.example", "http://localhost:5173"];

const FOREIGN = [
  "null",
  "",
  "https://evil.com",
  "https://example.com.evil.com",
  "https://evil-example.com",
  "https://evilexample.com",
  "https://sub.example.com",
  "https://example.co",
  "https://example.comm",
  "https://example.com:8443",
  "https://example.com:443",
  "http://example.com",
  "wss://example.com",
  "HTTPS://EXAMPLE.COM",
  "https://Example.com",
  "https://example.com.",
  "https://example.com/",
  "https://example.com/path",
  "https://example.com?x",
  "https://example.com#x",
  "https://example.com@evil.com",
  "https://user@example.com",
  "https://example.com https://evil.com",
  "https://evil.com, https://example.com",
  "https://bücher.example",
  "https://xn--bcher-kva.example.evil.com",
  "https://xn--bcher-kva",
  "http://localhost",
  "http://localhost:5174",
  "https://localhost:5173",
  "http://127.0.0.1:5173",
  "http://[::1]:5173",
  "file://",
  "chrome-extension://abcdefghijklmnop",
  "javascript:alert(1)",
  "*",
  "https://*.example.com",
  "__proto__",
  "0",
];

const DOORS = DIALECTS.flatMap(({ name, sockets }) =>
  sockets.map((at) => [`${name} ${at.name}`, at.path.replace(/:\w+/, String(ALICE.id))] as const),
);

const ask = (server: StartedServer, path: string, origin: string | null) =>
  knock(addressOf(server, path, { as: ALICE }), origin === null ? {} : { origin });

describe.each(DOORS)("%s", (_name, path) => {
  test("foreign, null and look-alike pages are refused, one's own and programs are let in", async () => {
    await using server = await startServer({ ...NO_RATES, corsOrigins: ALLOWED });
    for (const origin of FOREIGN) {
      const answer = await ask(server, path, origin);
      expect([origin, answer.status]).toEqual([origin, 403]);
      expectProblem(answer, 403, /CORS_ORIGINS/);
      if (origin.length > 4) expect(JSON.stringify(answer.body)).not.toContain(origin);
    }
    for (const origin of [...ALLOWED, null]) {
      const { status } = await ask(server, path, origin);
      expect([origin, status]).toEqual([origin, 101]);
    }
  });
});

test("a foreign page costs its address a place in the rate of connects, and one line of the log", async () => {
  await using server = await startServer({ corsOrigins: ALLOWED, rateLimitConnects: 1 });
  const statuses: number[] = [];
  for (let n = 0; n < 5; n++) statuses.push((await ask(server, "/api/v1/stream", "https://evil.com")).status);
  expect(statuses.slice(0, 3)).toEqual([403, 403, 403]);
  expect(statuses).toContain(429);
  expect(server.logs.of("ORIGIN_REFUSED").map(({ fields }) => fields["origin"])).toEqual([
    "https://evil.com",
  ]);
});

test("nothing of a made-up origin but scheme, host and port is written down", async () => {
  await using server = await startServer({ ...NO_RATES, corsOrigins: ALLOWED });
  const secrets = ["https://evil.com/?token=s3cret", "https://s3cret@evil.com", "s3cret", "s3cret://x"];
  for (const origin of secrets) expect((await ask(server, "/api/v1/stream", origin)).status).toBe(403);
  await server.assembly.tick();
  // A write of ours comes after that of the tick, and so does its answer.
  await http(server, "key").post("/api/v1/notify/users/1", { message: "now" });
  const page = await server.assembly.store.securityLog({ limit: 50 });
  expect(JSON.stringify([page, server.logs.entries])).not.toContain("s3cret");
  expect(JSON.stringify(page)).toContain("Origin: https://evil.com");
});

test("without a list every page may, and each foreign one is warned of once", async () => {
  await using server = await startServer(NO_RATES);
  const own = server.url.replace(/\/$/, "");
  for (const origin of [own, "https://one.example", "https://two.example", "https://one.example", "null"])
    for (const [, path] of DOORS) expect((await ask(server, path, origin)).status).toBeOneOf([101, 429]);
  const warned = server.logs.of("ORIGIN_UNCHECKED").map(({ fields }) => fields["origin"]);
  expect(warned).toEqual(["https://one.example", "https://two.example", "null"]);
  // However many are made up, the log stays short.
  for (let n = 0; n < 300; n++) await ask(server, "/api/v1/stream", `https://${n}.example`);
  expect(server.logs.of("ORIGIN_UNCHECKED").length).toBeLessThanOrEqual(100);
});

test("over HTTP only listed origins are told that they may read answers", async () => {
  await using server = await startServer({ ...NO_RATES, corsOrigins: ALLOWED });
  for (const origin of [...ALLOWED, ...FOREIGN.filter((text) => text !== "")]) {
    for (const method of ["GET", "OPTIONS"]) {
      const headers = { origin, "access-control-request-method": "POST" };
      const answer = await fetch(new URL("/api/v1/presence/users", server.url), { method, headers });
      const allowed = answer.headers.get("access-control-allow-origin");
      expect([origin, method, allowed]).toEqual([origin, method, ALLOWED.includes(origin) ? origin : null]);
    }
  }
});

test("what needs no proof is answered to no foreign page, where there is a list", async () => {
  await using server = await startServer({ ...NO_RATES, diary: "open", corsOrigins: ALLOWED });
  const { post, get } = http(server);
  for (const origin of ["https://evil.com", "null", "https://example.com.evil.com"]) {
    // As a page may without asking whether it may: the answer is kept from it, the deed would be done.
    const simple = { origin, "content-type": "text/plain" };
    expectProblem(await post("/api/v1/ws/notification", { message: "boo" }, simple), 403, /CORS_ORIGINS/);
    expectProblem(await get("/api/v1/ws/status", { origin }), 403, /CORS_ORIGINS/);
  }
  for (const headers of [{}, { origin: "https://example.com" }]) {
    expect((await get("/api/v1/ws/status", headers)).status).toBe(200);
    expectProblem(await post("/api/v1/ws/notification", { message: "hello" }, headers), 404);
  }
  const proven = http(server, ALICE);
  expect((await proven.get("/api/v1/ws/status", { origin: "https://evil.com" })).status).toBe(200);
});

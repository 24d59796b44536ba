/** /readyz names the part that is not ready, and says what to do. */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readiness } from "../../src/app/readiness.ts";
import { PARTS, type Part, type Readiness } from "../../src/core/readiness.ts";
import type { SqliteStore } from "../../src/store/sqlite/open.ts";
import { ALICE } from "../support/people.ts";
import { http } from "../support/http.ts";
import { type StartedServer, startServer } from "../support/server.ts";

interface Answer {
  readonly status: string;
  readonly parts: Readiness;
  readonly problems?: readonly { readonly part: Part; readonly detail: string; readonly fix: string }[];
}

async function ready(server: StartedServer): Promise<{ status: number; body: Answer }> {
  // Past the socket: it is asked while the server goes down, too.
  const answer = await server.app.request("/readyz");
  return { status: answer.status, body: (await answer.json()) as Answer };
}

async function expectOnly(server: StartedServer, part: Part): Promise<void> {
  const { status, body } = await ready(server);
  expect(status).toBe(503);
  expect(body.problems).toEqual([{ part, ...PARTS[part] }]);
  expect(Object.entries(body.parts).filter(([, is]) => !is)).toEqual([[part, false]]);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain(`dragoman_ready{part="${part}"} 0`);
}

const clientOf = (server: StartedServer): SqliteStore["client"] =>
  (server.assembly.store as unknown as SqliteStore).client;

const write = async (server: StartedServer): Promise<number> =>
  (await http(server, "key").post(`/api/v1/notify/users/${ALICE.id}`, { message: "x".repeat(8000) })).status;

test("a server that serves has all its parts", async () => {
  await using server = await startServer();
  const { status, body } = await ready(server);
  expect(status).toBe(200);
  expect(body).toEqual({
    status: "ready",
    parts: { store: true, writes: true, migrations: true, bus: true, accepting: true },
  });
});

test("a store that became read-only is told from the first write that failed, until one is stored, whoever writes", async () => {
  await using server = await startServer({}, { faults: "expected" });
  clientOf(server).run("PRAGMA query_only = ON");
  expect((await ready(server)).status).toBe(200);
  expect(await write(server)).toBe(507);
  await expectOnly(server, "writes");
  await server.assembly.tick();
  await expectOnly(server, "writes");
  clientOf(server).run("PRAGMA query_only = OFF");
  await server.assembly.tick();
  // Behind the write of the tick.
  await http(server, "key").get("/api/v1/admin/stats");
  expect(await write(server)).toBe(200);
  expect((await ready(server)).status).toBe(200);
});

test("a full disk is told, and recovers by itself without a write of anybody's", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dragoman-ready-"));
  try {
    await using server = await startServer({ dataDir: join(folder, "data") }, { faults: "expected" });
    // Migrations leave free pages behind, which would be used first.
    clientOf(server).run("VACUUM");
    const { page_count } = clientOf(server).prepare("PRAGMA page_count").get() as { page_count: number };
    clientOf(server).run(`PRAGMA max_page_count = ${page_count}`);
    expect(await write(server)).toBe(507);
    await expectOnly(server, "writes");
    clientOf(server).run("PRAGMA max_page_count = 1000000");
    for (let n = 0; n < 100 && (await ready(server)).status !== 200; n++) {
      await server.assembly.tick();
      // Lets the loop turn, and writes nothing itself.
      await http(server, "key").get("/api/v1/admin/stats");
    }
    expect((await ready(server)).status).toBe(200);
    const { items } = await server.assembly.store.securityLog({ limit: 10 });
    expect(items.map(({ kind, detail }) => [kind, detail])).toContainEqual([
      "dropped",
      expect.stringContaining("could not take writes"),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("another version's schema is told", async () => {
  await using server = await startServer();
  clientOf(server).run(
    "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 99999999999999)",
  );
  await expectOnly(server, "migrations");
});

test("whoever goes down accepts no more", async () => {
  await using server = await startServer();
  await server.stop();
  const { status, body } = await ready(server);
  expect(status).toBe(503);
  expect(body.parts.accepting).toBe(false);
  expect(body.problems?.find(({ part }) => part === "accepting")).toEqual({
    part: "accepting",
    ...PARTS.accepting,
  });
});

test("a store that cannot be read and a bus without others are parts, too", async () => {
  const unreadable = () => {
    throw new Error("disk I/O error");
  };
  const hub = { stats: () => ({ writable: true }) } as never;
  expect(
    await readiness({
      store: { message: unreadable, current: unreadable },
      bus: { ready: false },
      hub,
      accepting: true,
    }),
  ).toEqual({ store: false, writes: true, migrations: true, bus: false, accepting: true });
});

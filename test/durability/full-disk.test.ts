import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestServer, createTestServer } from "../../src/app/dragoman.ts";
import type { SqliteStore } from "../../src/store/sqlite/open.ts";

let folder: string;
let server: TestServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dragoman-full-"));
  server = await createTestServer({
    settings: { dataDir: join(folder, "data"), rateLimitHttp: 0, rateLimitFrames: 0 },
  });
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** A disk of so many pages more than are used now; null takes the limit away. */
function leave(pages: number | null): void {
  const { client } = server.assembly.store as unknown as SqliteStore;
  const { page_count } = client.prepare("PRAGMA page_count").get() as { page_count: number };
  client.run(`PRAGMA max_page_count = ${pages === null ? 1_000_000_000 : page_count + pages}`);
}

const token = (): string => server.token({ id: 101, username: "alice", claims: { role: "admin" } });

const notify = (message: string): Promise<Response> =>
  fetch(`${server.url}/api/v1/notify/users/101`, {
    method: "POST",
    headers: { authorization: `Bearer ${token()}`, "content-type": "application/json" },
    body: JSON.stringify({ message }),
  });

const stored = async (): Promise<Set<string>> => {
  const events = await server.assembly.store.events(0, Number.MAX_SAFE_INTEGER, 100_000);
  return new Set(events.map(({ data }) => (data as { content?: string }).content ?? ""));
};

test("a full disk answers 507, acknowledges nothing that is not stored, and goes on when there is room again", async () => {
  leave(4);
  const acknowledged: string[] = [];
  const refused: string[] = [];
  for (let n = 0; refused.length < 20; n++) {
    const message = `${n} ${"x".repeat(3000)}`;
    const response = await notify(message);
    if (response.status === 200) acknowledged.push(message);
    else refused.push(message);
    if (response.status === 200) continue;
    expect(response.status).toBe(507);
    expect(await response.json()).toMatchObject({ title: "Store full", status: 507 });
  }
  const kept = await stored();
  expect(acknowledged.filter((message) => !kept.has(message))).toEqual([]);
  expect(refused.filter((message) => kept.has(message))).toEqual([]);

  leave(null);
  expect((await notify("room again")).status).toBe(200);
  const ids = (await server.assembly.store.events(0, Number.MAX_SAFE_INTEGER, 100_000)).map(({ id }) => id);
  expect(ids).toEqual(ids.map((_, i) => (ids[0] as number) + i));
});

test("a socket is told of a full disk in its dialect's error frame, and stays open", async () => {
  const socket = new WebSocket(`${server.wsUrl}/api/v1/ws/connect?token=${token()}`);
  const send = (content: string): void =>
    socket.send(JSON.stringify({ type: "send_message", room: "channel:1", data: { content } }));
  const told: string[] = [];
  const ended = new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data)) as { type: string; data: { error?: string; content?: string } };
      if (frame.type === "connected") socket.send(JSON.stringify({ type: "join_room", room: "channel:1" }));
      if (frame.type === "user_joined") leave(0);
      if (frame.type === "user_joined" || (frame.type === "message" && frame.data.content !== "after"))
        send("x".repeat(20_000));
      if (frame.type === "error") {
        told.push(frame.data.error as string);
        leave(null);
        send("after");
      }
      if (frame.type === "message" && frame.data.content === "after") resolve();
    };
  });
  await ended;
  expect(told).toEqual(["The store cannot take more. Free disk space; nothing was lost or half done."]);
  socket.close();
});

/** What a client lives through: restarts, visits, slow readers, an admin; with a real server. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Closed, DragomanEvent } from "../../src/client/client.ts";
import { ALICE } from "../support/people.ts";
import { NO_RATES, startServer } from "../support/server.ts";
import { until } from "./lines.ts";
import { backendOf, clientOf, ROOM, textsOf } from "./sides.ts";

const folder = mkdtempSync(join(tmpdir(), "dragoman-client-life-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** As `localStorage`. */
function shelf() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string): string | null => kept.get(key) ?? null,
    setItem: (key: string, value: string): void => void kept.set(key, value),
  };
}

test("a server that restarts is left with 1012 and found again, and nothing is missed", async () => {
  const settings = { ...NO_RATES, dataDir: join(folder, "restart"), jwtSecret: "s".repeat(32) };
  const first = await startServer(settings);
  using side = clientOf(first, ALICE);
  const { client, clock } = side;
  const heard: DragomanEvent[] = [];
  const closes: Closed[] = [];
  client.on("close", (closed) => closes.push(closed));
  const room = client.subscribe(ROOM);
  room.on("event", (event) => heard.push(event));
  await room.ready;
  await backendOf(first).rooms.send(ROOM, { content: "before" });
  await first[Symbol.asyncDispose]();
  await until(client, clock, () => closes.length > 0);
  expect(closes[0]).toMatchObject({ code: 1012, reconnects: true });

  await using second = await startServer({ ...settings, port: Number(new URL(first.url).port) });
  await backendOf(second).rooms.send(ROOM, { content: "meanwhile" });
  await until(client, clock, () => client.state === "open");
  await backendOf(second).rooms.send(ROOM, { content: "after" });
  await until(client, clock, () => textsOf(heard).length === 3);
  expect(textsOf(heard)).toEqual(["before", "meanwhile", "after"]);
});

test("with a storage the next visit goes on where the last one ended", async () => {
  await using server = await startServer(NO_RATES);
  const backend = backendOf(server);
  const storage = shelf();
  const visit = async (told: readonly string[]): Promise<string[]> => {
    using side = clientOf(server, ALICE, { storage });
    const { client, clock } = side;
    const heard: DragomanEvent[] = [];
    const room = client.subscribe(ROOM);
    room.on("event", (event) => heard.push(event));
    await room.ready;
    for (const content of told) await backend.rooms.send(ROOM, { content });
    await until(client, clock, () => textsOf(heard).includes(told.at(-1) ?? ""));
    return textsOf(heard);
  };
  expect(await visit(["1", "2"])).toEqual(["1", "2"]);
  await backend.rooms.send(ROOM, { content: "3" });
  expect(await visit(["4"])).toEqual(["3", "4"]);
  expect([...storage.kept.keys()]).toEqual([`dragoman:${server.url}`]);
});

test("a cursor that the server no longer knows is told as lost, and the subscription goes on", async () => {
  await using server = await startServer(NO_RATES);
  using side = clientOf(server, ALICE, { lastEventId: 9e15 });
  const { client, clock } = side;
  const lost: unknown[] = [];
  client.on("lost", (gap) => lost.push(gap));
  const heard: DragomanEvent[] = [];
  const room = client.subscribe(ROOM);
  room.on("event", (event) => heard.push(event));
  await room.ready;
  expect(lost).not.toEqual([]);
  await backendOf(server).rooms.send(ROOM, { content: "new" });
  await until(client, clock, () => textsOf(heard).length > 0);
  expect(textsOf(heard)).toEqual(["new"]);
});

test("a loop that is slower than its room has everything in the end, and holds no more than it may", async () => {
  await using server = await startServer(NO_RATES);
  const backend = backendOf(server);
  using side = clientOf(server, ALICE, { bufferLimit: 10 });
  const { client } = side;
  const room = client.subscribe(ROOM, { since: 0, kinds: ["message.created"] });
  await room.ready;
  const count = 100;
  for (let n = 0; n < count; n++) await backend.rooms.send(ROOM, { content: String(n) });
  const seen: string[] = [];
  for await (const { data } of room) {
    seen.push(data.content);
    if (seen.length === count) break;
  }
  expect(seen).toEqual(Array.from({ length: count }, (_, n) => String(n)));
});

test("an admin who disconnects a user ends his client, which says whom to ask", async () => {
  await using server = await startServer(NO_RATES);
  using side = clientOf(server, ALICE);
  const { client, clock } = side;
  const closes: Closed[] = [];
  client.on("close", (closed) => closes.push(closed));
  await client.connect();
  await backendOf(server).http.post(`/api/v1/admin/users/${ALICE.id}/disconnect`);
  await until(client, clock, () => client.state === "closed");
  expect(closes).toEqual([
    { code: 1008, reason: "Disconnected by an admin", reconnects: false, remedy: "Ask the administrator." },
  ]);
  await expect(client.publish(ROOM, "Hello")).rejects.toMatchObject({ closeCode: 1008 });
});

test("what is personal is heard without naming a room, and the inbox agrees on every device", async () => {
  await using server = await startServer(NO_RATES);
  using phone = clientOf(server, ALICE);
  using desk = clientOf(server, ALICE, { transports: ["sse"] });
  const heard: string[] = [];
  const inbox = desk.client.inbox.subscribe();
  inbox.on("event", ({ kind }) => heard.push(kind));
  await Promise.all([phone.client.connect(), inbox.ready]);
  const { notification_id } = await backendOf(server).notify.user(ALICE.id, { message: "Done" });
  expect(await phone.client.inbox.unreadCount()).toBe(1);
  await phone.client.inbox.read(notification_id ?? 0);
  await until(desk.client, desk.clock, () => heard.length === 2);
  expect(heard).toEqual(["notification.created", "notification.read"]);
  expect((await desk.client.inbox.list()).items).toMatchObject([{ id: notification_id, read: true }]);
  expect(await backendOf(server).presence.user(ALICE.id)).toBe(true);
});

test("what one room, or the inbox, has brought already is heard in another room that is asked for later", async () => {
  await using server = await startServer(NO_RATES);
  const backend = backendOf(server);
  using side = clientOf(server, ALICE);
  const { client, clock } = side;
  const all: DragomanEvent[] = [];
  client.on("event", (event) => all.push(event));
  const task = client.subscribe("task:5");
  await task.ready;
  await backend.workspaces.create({ id: 789, name: "Website" });
  await backend.workspaces.addMember(789, ALICE.id);
  const event = {
    task_id: 5,
    title: "Write",
    action: "updated",
    workspace_id: 789,
    target_user_ids: [ALICE.id],
  };
  await backend.http.post("/api/v1/realtime/events/task", event);
  await until(client, clock, () => all.some(({ kind }) => kind === "task.updated"));

  const heard: DragomanEvent[] = [];
  const workspace = client.subscribe("workspace:789", {
    since: 0,
    kinds: ["workspace.created", "member.added", "task.updated"],
  });
  workspace.on("event", (told) => heard.push(told));
  await workspace.ready;
  expect(heard.map(({ kind }) => kind)).toEqual(["workspace.created", "member.added", "task.updated"]);
});

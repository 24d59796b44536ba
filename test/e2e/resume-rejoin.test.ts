/** Joins and leaves while the past of a room is still being sent. */
import { expect, test } from "bun:test";
import { addressOf, type Client } from "../support/client.ts";
import type { Frame } from "../support/frames.ts";
import { http } from "../support/http.ts";
import { ALICE, BOB, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { RawSocket } from "../support/raw-socket.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const ROOM = "channel:9";
const CROWD = { ...NO_RATES, maxConnectionsPerUser: 0 } as const;
const HISTORY = 5000;

const join = (room: string, last_event_id = 0) => ({ type: "join_room", room, data: { last_event_id } });
const leave = (room: string) => ({ type: "leave_room", room });
const lastId = (server: StartedServer): number => server.assembly.hub.stats().lastEventId;
const idsIn = (frames: readonly Frame[]): number[] =>
  frames.map(({ event_id }) => event_id).filter((id) => id !== undefined);

/** Too many ids to be shown whole: the first that are wrong. */
function expectEach(ids: readonly number[], first: number, last: number): void {
  const seen = new Set<number>();
  const twice = ids.filter((id) => seen.has(id) || !seen.add(id));
  const missing = Array.from({ length: last - first + 1 }, (_, n) => first + n).filter((id) => !seen.has(id));
  const unordered = ids.filter((id, place) => place > 0 && id < (ids[place - 1] as number));
  const few = (wrong: number[]) => ({ count: wrong.length, first: wrong.slice(0, 3) });
  const none = { count: 0, first: [] };
  expect({ twice: few(twice), missing: few(missing), unordered: few(unordered) }).toEqual({
    twice: none,
    missing: none,
    unordered: none,
  });
}

async function writeLive(server: StartedServer, count: number): Promise<void> {
  const writer = await nativeIn(server, ALICE);
  for (let n = 0; n < count; n++)
    writer.send({ type: "publish", id: n, data: { topic: ROOM, content: "live" } });
  await writer.next({ type: "reply", to: count - 1 });
}

test("a room that was left is heard no more, though its past was still being sent", async () => {
  await using server = await startServer(CROWD);
  await fill(server, HISTORY);
  const client = await chatIn(server, BOB);
  for (const frame of [join(ROOM), leave(ROOM)]) client.send(frame);
  await client.next("left_room");
  await writeLive(server, 100);
  expect((await client.drain()).filter(({ type }) => type === "message")).toEqual([]);
});

test("a room that was left and joined again is heard once, from the second join on", async () => {
  await using server = await startServer(CROWD);
  await fill(server, HISTORY);
  const client = await chatIn(server, BOB);
  for (const frame of [join(ROOM), leave(ROOM), join(ROOM), leave(ROOM), join(ROOM)]) client.send(frame);
  await writeLive(server, 100);
  await client.ever(({ event_id }) => event_id === lastId(server));
  await client.drain();
  const lastJoin = client.received.map(({ type }) => type).lastIndexOf("joined_room");
  expectEach(idsIn(client.received.slice(lastJoin)), lastId(server) - HISTORY - 99, lastId(server));
});

test("two rooms of one event, joined one right after the other, bring it once", async () => {
  await using server = await startServer(CROWD);
  const tell = (): Promise<unknown> =>
    server.notifications.notifyTask({
      taskId: 456,
      title: "T",
      action: "updated",
      workspaceId: 789,
      actorId: 5,
    });
  for (let n = 0; n < 20; n++) await Promise.all(Array.from({ length: 50 }, tell));
  const client = await chatIn(server, BOB);
  for (const frame of [join("project:789"), join("task:456")]) client.send(frame);
  await Promise.all(Array.from({ length: 50 }, tell));
  await client.next("resumed");
  await client.ever(
    (frame) =>
      frame.type === "resumed" && client.received.filter(({ type }) => type === "resumed").length === 2,
  );
  await client.drain();
  const ids = idsIn(client.received);
  expect({ heard: ids.length, once: new Set(ids).size }).toEqual({ heard: 1050, once: 1050 });
});

test("two rooms with a long past each, and a reader who is late: both pasts come whole", async () => {
  await using server = await startServer(CROWD);
  const rooms = ["channel:1", "channel:2"];
  const writer: Client = await nativeIn(server, ALICE);
  const content = "x".repeat(60_000);
  const HALF = 200;
  for (let n = 0; n < HALF; n++)
    for (const topic of rooms)
      writer.send({ type: "publish", id: `${topic} ${n}`, data: { topic, content } });
  await writer.next({ type: "reply", to: `channel:2 ${HALF - 1}` });
  const late = await RawSocket.open(addressOf(server, PATHS.chat, { as: BOB }));
  for (const room of rooms) late.sendText(JSON.stringify(join(room)));
  while (rooms.some((room) => server.notifications.getRoomMembers(room).length === 0)) await writer.drain();
  late.stopReading();
  // Long enough for the server to send all that the kernel takes.
  for (let turns = 0; turns < 100; turns++) await writer.drain();
  late.readOn();
  const count = (type: string): number =>
    late.texts.filter((text) => text.startsWith(`{"type":"${type}"`)).length;
  const patience = Bun.sleep(4000);
  await Promise.race([late.ever(() => count("resumed") === 2), patience]);
  expect({ resumed: count("resumed"), messages: count("message") }).toEqual({
    resumed: 2,
    messages: 2 * HALF,
  });
  expect(new Set(idsIn(late.texts.map((text) => JSON.parse(text) as Frame))).size).toBe(2 * HALF);
  late.destroy();
});

test("access lost while the past is still being sent ends it there", async () => {
  await using server = await startServer({ ...CROWD, access: "members" });
  await http(server, ALICE).post("/api/v1/workspaces", { id: 789, name: "W" });
  await http(server, ALICE).put("/api/v1/rooms/channel:9", { workspace_id: 789 });
  await http(server, ALICE).put(`/api/v1/workspaces/789/members/${BOB.id}`);
  await fill(server, HISTORY);
  const bob = await chatIn(server, BOB);
  const removal = http(server, ALICE).delete(`/api/v1/workspaces/789/members/${BOB.id}`);
  bob.send({ type: "join_room", room: ROOM, data: { last_event_id: 0 } });
  await removal;
  await bob.drain();
  const types = bob.received.map(({ type }) => type);
  const left = types.indexOf("left_room");
  if (left >= 0)
    expect(types.slice(left).filter((type) => type === "message" || type === "resumed")).toEqual([]);
  else expect(types).toContain("error");
});

/** Messages of the room, written as fast as they are taken. */
async function fill(server: StartedServer, count: number): Promise<void> {
  const writer = await notifierIn(server, ALICE);
  for (let n = 0; n < count; n += 500) {
    for (let some = 0; some < 500; some++)
      writer.send({ type: "room_message", room: "channel_9", data: `${n + some}` });
    writer.send({ type: "text", data: "done" });
    await writer.next("text");
  }
}

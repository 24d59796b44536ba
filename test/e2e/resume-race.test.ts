/** Resuming while writers go on: every id once, in order, none missing, whatever the moment. */
import { expect, test } from "bun:test";
import type { Client } from "../support/client.ts";
import { connect } from "../support/client.ts";
import type { Frame } from "../support/frames.ts";
import { http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const ROOM = "channel:9";
const CROWD = { ...NO_RATES, maxConnectionsPerUser: 0 } as const;

/** Sends messages to the room until it is told to stop; answers the ids of all of them. */
function keepWriting(writer: Client): () => Promise<number[]> {
  const going = { on: true };
  const ids: number[] = [];
  const done = (async () => {
    for (let n = 0; going.on; n++) {
      for (let burst = 0; burst < 7; burst++)
        writer.send({ type: "publish", data: { topic: ROOM, content: `${n} ${burst}` } });
      for (let burst = 0; burst < 7; burst++) ids.push((await writer.next("reply")).data.message_id);
    }
  })();
  return async () => {
    going.on = false;
    await done;
    return ids;
  };
}

const idsIn = (frames: readonly Frame[]): number[] =>
  frames.map(({ event_id }) => event_id).filter((id) => id !== undefined);

/** Everything of the log after the cursor, once, in order; `resumed` where replay ended. */
function expectWhole(client: Client, cursor: number, written: readonly number[]): void {
  const ids = idsIn(client.received);
  expect(ids).toEqual(written.filter((id) => id > cursor));
  expect(client.received.filter(({ type }) => type === "resumed")).toMatchObject([
    { data: { recovered: true } },
  ]);
}

test("rooms joined with a cursor in the middle of a stream", async () => {
  await using server = await startServer(CROWD);
  const writer = await nativeIn(server, ALICE);
  const stop = keepWriting(writer);
  const joined: { client: Client; cursor: number }[] = [];
  const enter = { chat: chatIn, notifier: notifierIn, native: nativeIn };
  const frame = (dialect: string, last_event_id: number) =>
    dialect === "native"
      ? { type: "subscribe", data: { topics: [ROOM], last_event_id } }
      : { type: "join_room", room: ROOM, data: { last_event_id } };
  for (let round = 0; round < 12; round++) {
    for (const [dialect, enterAs] of Object.entries(enter)) {
      // All of one user, so that no joins are told.
      const client = await enterAs(server, BOB);
      const told = server.assembly.hub.stats().lastEventId;
      const cursor = round % 3 === 0 ? 0 : Math.max(0, told - round * 3);
      client.send(frame(dialect, cursor));
      joined.push({ client, cursor });
    }
    await joined.at(-1)?.client.next("resumed");
  }
  const written = await stop();
  for (const { client, cursor } of joined) {
    await client.ever("resumed");
    await client.drain();
    expectWhole(client, cursor, written);
  }
  expect(written.length).toBeGreaterThan(100);
});

test("sockets opened with a cursor, of users who are told while they connect", async () => {
  await using server = await startServer(CROWD);
  const program = server.notifications;
  const written: number[] = [];
  const going = { on: true };
  const writing = (async () => {
    while (going.on) {
      const batch = Array.from({ length: 5 }, (_, n) =>
        program.notifySystem({ userId: ALICE.id, title: "T", content: String(n) }),
      );
      written.push(...(await Promise.all(batch)));
    }
  })();
  const opened: { client: Client; cursor: number }[] = [];
  for (let round = 0; round < 15; round++) {
    for (const path of [
      PATHS.notifications,
      PATHS.v1Notifications,
      PATHS.chat,
      PATHS.notifier,
      PATHS.native,
    ]) {
      const cursor = round % 3 === 0 ? 0 : (written.at(-1 - round) ?? 0);
      const client = await connect(server, path, { as: ALICE, query: { last_event_id: cursor } });
      opened.push({ client, cursor });
    }
  }
  going.on = false;
  await writing;
  for (const { client, cursor } of opened) {
    await client.ever("resumed");
    await client.drain();
    expectWhole(client, cursor, written);
  }
});

test("an admin's subscription to everything, in the middle of everything", async () => {
  await using server = await startServer(CROWD);
  const writer = await nativeIn(server, ALICE);
  const from = server.assembly.hub.stats().lastEventId;
  const stop = keepWriting(writer);
  const admins: Client[] = [];
  for (let round = 0; round < 10; round++) {
    const admin = await nativeIn(server, ADMIN);
    admin.send({ type: "subscribe", data: { topics: [ROOM, "*"], last_event_id: from } });
    await admin.next("reply");
    admins.push(admin);
  }
  const written = await stop();
  for (const admin of admins) {
    await admin.ever("resumed");
    await admin.drain();
    expect(idsIn(admin.received)).toEqual(
      Array.from({ length: server.assembly.hub.stats().lastEventId - from }, (_, n) => from + 1 + n),
    );
    expect(idsIn(admin.received)).toEqual(expect.arrayContaining(written));
  }
});

test("a second room joined with a cursor does not bring again what the first has brought", async () => {
  await using server = await startServer(CROWD);
  const tell = (n: number): Promise<unknown> =>
    http(server, "key").post("/api/v1/realtime/events/task", {
      task_id: 456,
      title: String(n),
      action: "updated",
      workspace_id: 789,
      user_id: 5,
    });
  await tell(1);
  const client = await chatIn(server, BOB);
  client.send({ type: "join_room", room: "project:789", data: { last_event_id: 0 } });
  await client.next("resumed");
  await tell(2);
  client.send({ type: "join_room", room: "task:456", data: { last_event_id: 0 } });
  await client.next("resumed");
  await tell(3);
  await client.drain();
  const ids = idsIn(client.received);
  expect(client.received.filter(({ type }) => type === "task.updated")).toHaveLength(3);
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
});

test("more than the ring holds: 5,000 events are replayed from the store, in order, beside live ones", async () => {
  await using server = await startServer(CROWD);
  await fill(server, 5000);
  const first = server.assembly.hub.stats().lastEventId - 5000 + 1;
  const client = await nativeIn(server, BOB);
  client.send({ type: "subscribe", data: { topics: [ROOM], last_event_id: 0 } });
  const writer = await nativeIn(server, ALICE);
  for (let n = 0; n < 200; n++)
    writer.send({ type: "publish", id: n, data: { topic: ROOM, content: "live" } });
  await writer.next({ type: "reply", to: 199 });
  await client.next("resumed");
  await client.drain();
  const ids = idsIn(client.received);
  expect(ids).toEqual(Array.from({ length: 5200 }, (_, n) => first + n));
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

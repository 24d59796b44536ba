/** A crowd costs one encoding a dialect, and a socket in several rooms of one event hears it once. */
import { describe, expect, test } from "bun:test";
import type { Client } from "../support/client.ts";
import { connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { ALICE, BOB, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const CROWD = { ...NO_RATES, maxConnectionsPerUser: 0 } as const;

/** What encoded while something was done; nothing else may be going on. */
async function encodings(server: StartedServer, act: () => Promise<unknown>): Promise<number> {
  const { meters } = server.assembly;
  const before = meters.encodings;
  await act();
  return meters.encodings - before;
}

/** Many at once, but not all: a listen queue is short. */
async function many(count: number, enter: (n: number) => Promise<Client>): Promise<Client[]> {
  const clients: Client[] = [];
  while (clients.length < count) {
    const next = Math.min(100, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length: next }, (_, n) => enter(clients.length + n)))));
  }
  return clients;
}

const taskEvent = (server: StartedServer): Promise<unknown> =>
  http(server, "key").post("/api/v1/realtime/events/task", {
    task_id: 456,
    title: "T",
    action: "updated",
    workspace_id: 789,
    user_id: 5,
  });

describe("1,000 listeners of one room", () => {
  test("of three dialects, plain and resumable, cost three encodings; every one hears it once", async () => {
    await using server = await startServer(CROWD);
    // All of one user, so that no joins are told.
    const query = (n: number) => (n % 2 === 0 ? {} : { query: { last_event_id: "latest" } });
    const crowd = [
      ...(await many(334, (n) => chatIn(server, BOB, ["channel:9"], query(n)))),
      ...(await many(333, (n) => notifierIn(server, BOB, ["channel_9"], query(n)))),
      ...(await many(333, (n) => nativeIn(server, BOB, ["channel:9"], query(n)))),
    ];
    const elsewhere = await chatIn(server, BOB, ["channel:8"]);
    const sender = await nativeIn(server, ALICE);
    for (const client of crowd) await client.drain();

    const cost = await encodings(server, async () => {
      sender.send({ type: "publish", data: { topic: "channel:9", content: "hello" } });
      await sender.next("reply");
      await Promise.all(crowd.map((client) => client.next()));
    });

    expect(cost).toBe(3);
    const texts = crowd.map(({ received }) => received.at(-1));
    expect(
      texts.filter(
        (frame) =>
          frame?.type === "message" || frame?.type === "room_message" || frame?.kind === "message.created",
      ),
    ).toHaveLength(1000);
    expect(texts.filter((frame) => frame?.event_id !== undefined)).toHaveLength(167 + 166 + 166);
    expect(new Set(texts.map((frame) => frame?.event_id)).size).toBe(2);
    for (const client of [...crowd.slice(0, 5), ...crowd.slice(-5), elsewhere]) await client.silent();
  });

  test("a notification for 100 users costs one encoding a dialect", async () => {
    await using server = await startServer(CROWD);
    const users = Array.from({ length: 100 }, (_, n) => n + 1);
    const crowd = [
      ...(await many(100, (n) => connect(server, PATHS.notifications, { as: { id: n + 1 } }))),
      ...(await many(100, (n) => chatIn(server, { id: n + 1 }))),
    ];
    const body = { task_id: 456, title: "T", action: "updated", target_user_ids: users };
    const cost = await encodings(server, async () => {
      await http(server, "key").post("/api/v1/realtime/events/task", body);
      await Promise.all(crowd.map((client) => client.next()));
    });
    expect(cost).toBe(2);
    for (const client of crowd) await client.silent();
  });

  test("without listeners nothing is encoded; a dialect that is silent is not asked", async () => {
    await using server = await startServer(CROWD);
    const sender = await nativeIn(server, ALICE);
    await connect(server, PATHS.notifications, { as: BOB });
    const cost = await encodings(server, async () => {
      sender.send({ type: "publish", data: { topic: "channel:9", content: "hello" } });
      await sender.next("reply");
    });
    expect(cost).toBe(0);
  });
});

describe("a socket in several rooms of one event hears it once", () => {
  /** One socket in both rooms of a task, one in each; plain and resumable. */
  const crowd = async (server: StartedServer, enter: typeof chatIn, project: string, task: string) => {
    const ids = { query: { last_event_id: "latest" } };
    const clients = {
      both: await enter(server, BOB, [project, task]),
      bothBackwards: await enter(server, BOB, [task, project]),
      bothWithIds: await enter(server, BOB, [project, task], ids),
      project: await enter(server, BOB, [project]),
      task: await enter(server, BOB, [task]),
      taskWithIds: await enter(server, BOB, [task], ids),
    };
    for (const client of Object.values(clients)) await client.drain();
    return clients;
  };

  /** What each heard; several times, since listening must be as before after each event. */
  async function heardThrice(
    server: StartedServer,
    clients: Readonly<Record<string, Client>>,
    roomOf: (frame: never) => string,
  ) {
    const rooms: Record<string, string[]> = {};
    for (let round = 0; round < 3; round++) {
      await taskEvent(server);
      for (const [name, client] of Object.entries(clients)) {
        (rooms[name] ??= []).push(...(await client.drain()).map((frame) => roomOf(frame as never)));
      }
    }
    return rooms;
  }

  const thrice = (room: string): string[] => [room, room, room];
  const expected = (project: string, task: string) => ({
    both: thrice(project),
    bothBackwards: thrice(project),
    bothWithIds: thrice(project),
    project: thrice(project),
    task: thrice(task),
    taskWithIds: thrice(task),
  });

  test("chat: the project's", async () => {
    await using server = await startServer(CROWD);
    const clients = await crowd(server, chatIn, "project:789", "task:456");
    expect(await heardThrice(server, clients, ({ room }: { room: string }) => room)).toEqual(
      expected("project:789", "task:456"),
    );
  });

  test("notifier and native, too", async () => {
    await using server = await startServer(CROWD);
    const notifiers = await crowd(server, notifierIn, "project_789", "task_456");
    expect(await heardThrice(server, notifiers, ({ room }: { room: string }) => room)).toEqual(
      expected("project_789", "task_456"),
    );
    const natives = await crowd(server, nativeIn, "workspace:789", "task:456");
    expect(await heardThrice(server, natives, ({ topic }: { topic: string }) => topic)).toEqual(
      expected("workspace:789", "task:456"),
    );
  });

  test("once rejoined, and once left, rooms are heard as they are now", async () => {
    await using server = await startServer(CROWD);
    const client = await chatIn(server, BOB, ["project:789", "task:456"]);
    const roomsHeard = async (): Promise<string[]> => {
      await client.drain();
      await taskEvent(server);
      return (await client.drain()).map(({ room }) => room);
    };
    expect(await roomsHeard()).toEqual(["project:789"]);
    client.send({ type: "leave_room", room: "project:789" });
    expect(await roomsHeard()).toEqual(["task:456"]);
    client.send({ type: "join_room", room: "project:789" });
    expect(await roomsHeard()).toEqual(["project:789"]);
    client.send({ type: "leave_room", room: "task:456" });
    expect(await roomsHeard()).toEqual(["project:789"]);
  });

  test("one room joined with event ids and the other without: once, in the first one's manner", async () => {
    await using server = await startServer(CROWD);
    for (const [resumable, plain] of [
      ["task:456", "project:789"],
      ["project:789", "task:456"],
    ] as const) {
      const client = await chatIn(server, BOB, [plain]);
      client.send({ type: "join_room", room: resumable, data: { last_event_id: "latest" } });
      await client.next("resumed");
      for (let round = 0; round < 3; round++) {
        await taskEvent(server);
        const [frame, ...more] = await client.drain();
        expect({ room: frame?.room, hasId: frame?.event_id !== undefined, more }).toEqual({
          room: "project:789",
          hasId: resumable === "project:789",
          more: [],
        });
      }
      await client.close();
    }
  });

  test("a user told personally and in the room hears a room's notification once", async () => {
    await using server = await startServer(CROWD);
    const clients = [
      await chatIn(server, BOB, ["project:789"]),
      await notifierIn(server, BOB, ["project_789"]),
      await nativeIn(server, BOB, ["workspace:789"]),
    ];
    await http(server, "key").post("/api/v1/notify/rooms/project_789", { message: "once" });
    for (const client of clients) {
      await client.next();
      await client.silent();
    }
  });

  test("an admin who listens to everything hears each event once, whatever else he subscribed to", async () => {
    await using server = await startServer(CROWD);
    const admin = await nativeIn(server, { id: BOB.id, claims: { role: "admin" } }, [
      "*",
      "workspace:789",
      `user:${ALICE.id}`,
    ]);
    await http(server, "key").post("/api/v1/realtime/events/task", {
      task_id: 456,
      title: "T",
      action: "updated",
      workspace_id: 789,
      target_user_ids: [ALICE.id, BOB.id],
    });
    expect((await admin.drain()).map(({ kind }) => kind)).toEqual(["task.updated", "notification.created"]);
    await http(server, "key").post("/api/v1/notify/broadcast", { message: "M" });
    expect((await admin.drain()).map(({ kind }) => kind)).toEqual(["announcement.created"]);
  });
});

/** One order: replies before what they cause, frames of a socket one after another, ids without holes. */
import { describe, expect, test } from "bun:test";
import type { Client } from "../support/client.ts";
import { connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, CAROL, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { NO_RATES, startServer, type User } from "../support/server.ts";

const ROOM = "channel:9";
const say = (content: string) => ({ type: "send_message", room: ROOM, data: { content } });

describe("replies come before the broadcasts that they cause", () => {
  test("native: publish is answered, then heard", async () => {
    await using server = await startServer();
    const client = await nativeIn(server, ALICE, [ROOM]);
    for (let n = 1; n <= 20; n++)
      client.send({ type: "publish", id: n, data: { topic: ROOM, content: String(n) } });
    for (let n = 1; n <= 20; n++) {
      const reply = await client.next();
      expect(reply).toMatchObject({ type: "reply", to: n });
      expect(await client.next()).toMatchObject({
        type: "event",
        data: { message_id: reply.data.message_id, content: String(n) },
      });
    }
  });

  test("native: subscribe is answered, then one's own join is heard", async () => {
    await using server = await startServer();
    const client = await nativeIn(server, ALICE);
    client.send({ type: "subscribe", data: { topics: [ROOM] } });
    expect((await client.take(2)).map(({ type, kind }) => kind ?? type)).toEqual(["reply", "user.joined"]);
    client.send({ type: "unsubscribe", data: { topics: [ROOM] } });
    expect((await client.take(2)).map(({ type, kind }) => kind ?? type)).toEqual(["reply", "user.left"]);
  });

  test("chat: join and leave", async () => {
    await using server = await startServer();
    const client = await chatIn(server, ALICE);
    for (const type of ["join_room", "leave_room"]) client.send({ type, room: ROOM });
    expect((await client.take(4)).map(({ type }) => type)).toEqual([
      "joined_room",
      "user_joined",
      "left_room",
      "user_left",
    ]);
  });

  test("HTTP: who is answered can read what he was told of", async () => {
    await using server = await startServer();
    const client = await connect(server, PATHS.notifications, { as: ALICE });
    for (let n = 1; n <= 10; n++) {
      await http(server, ALICE).post("/api/v1/realtime/events/system", { title: String(n), content: "c" });
      // Already sent when the answer came: the pong is behind it.
      expect(await client.drain()).toMatchObject([{ title: String(n) }]);
    }
  });
});

describe("frames of one socket are executed in order", () => {
  test("fifty messages, a leave, and one message more", async () => {
    await using server = await startServer();
    const bob = await chatIn(server, BOB, [ROOM]);
    const alice = await chatIn(server, ALICE, [ROOM]);
    await bob.drain();
    const sent = Array.from({ length: 50 }, (_, n) => `message ${n}`);
    for (const content of sent) alice.send(say(content));
    alice.send({ type: "leave_room", room: ROOM });
    alice.send(say("too late"));
    const heard = await alice.take(53);
    expect(heard.slice(0, 50).map(({ data }) => data.content)).toEqual(sent);
    expect(heard.slice(50).map(({ type }) => type)).toEqual(["left_room", "user_left", "error"]);
    expect(heard.at(-1)?.data.error).toBe(`Not in room ${ROOM}`);
    expect((await bob.drain()).map(({ type, data }) => data.content ?? type)).toEqual([...sent, "user_left"]);
  });

  test("large messages, more than one turn of the loop can take, and a leave", async () => {
    await using server = await startServer(NO_RATES);
    const alice = await chatIn(server, ALICE, [ROOM]);
    const bob = await chatIn(server, BOB, [ROOM]);
    await alice.drain();
    const content = "x".repeat(60_000);
    for (let n = 0; n < 200; n++) alice.send(say(content));
    alice.send({ type: "leave_room", room: ROOM });
    alice.send({ type: "ping" });
    const types = (await alice.take(203)).map(({ type }) => type);
    expect(types).toEqual([
      ...Array.from({ length: 200 }, () => "message"),
      "left_room",
      "user_left",
      "pong",
    ]);
    await bob.next("user_left");
    expect(bob.received.filter(({ type }) => type === "message")).toHaveLength(200);
  });

  test("pings between messages are answered in their place", async () => {
    await using server = await startServer();
    const client = await chatIn(server, ALICE, [ROOM]);
    for (let n = 0; n < 20; n++) {
      client.send(say(String(n)));
      client.send({ type: "ping" });
    }
    const heard = await client.take(40);
    expect(heard.map(({ type }) => type)).toEqual(
      Array.from({ length: 20 }, () => ["message", "pong"]).flat(),
    );
  });

  test("a join and what follows it wait for access that must be asked for", async () => {
    const { promise: asked, resolve: open } = Promise.withResolvers<void>();
    using webhook = Bun.serve({ port: 0, fetch: async () => (await asked, Response.json({ allow: true })) });
    await using server = await startServer({ access: "members", accessWebhookUrl: webhook.url.href });
    const client = await chatIn(server, ALICE);
    client.send({ type: "join_room", room: ROOM });
    client.send(say("first"));
    client.send({ type: "ping" });
    client.send({ type: "leave_room", room: ROOM });
    client.send(say("second"));
    await client.silent();
    open();
    const heard = await client.take(7);
    expect(heard.map(({ type }) => type)).toEqual([
      "joined_room",
      "user_joined",
      "message",
      "pong",
      "left_room",
      "user_left",
      "error",
    ]);
  });

  test("two rooms joined at once are joined one after another", async () => {
    await using server = await startServer();
    const client = await notifierIn(server, ALICE);
    for (const room of ["a", "b", "c"]) client.send({ type: "join_room", room });
    client.send({ type: "leave_room", room: "b" });
    const heard = await client.take(4);
    expect(heard.map(({ message }) => message)).toEqual([
      "Joined room: a",
      "Joined room: b",
      "Joined room: c",
      "Left room: b",
    ]);
    expect(heard.at(-1)?.data).toEqual({ rooms: [`user_${ALICE.id}`, "a", "c"] } as never);
  });

  test("what is in flight when the socket closes is done", async () => {
    await using server = await startServer();
    const bob = await chatIn(server, BOB, [ROOM]);
    const alice = await chatIn(server, ALICE, [ROOM]);
    await bob.drain();
    for (let n = 0; n < 50; n++) alice.send(say(String(n)));
    await alice.close();
    const heard = await bob.take(51);
    expect(heard.map(({ type, data }) => data.content ?? type).toSorted()).toEqual(
      [...Array.from({ length: 50 }, (_, n) => String(n)), "user_left"].toSorted(),
    );
  });
});

describe("event ids", () => {
  test("increase by one over everything that mixed writers do", async () => {
    await using server = await startServer(NO_RATES);
    const everything = await nativeIn(server, ADMIN, [], { query: { last_event_id: "latest" } });
    const from = (await everything.next("resumed")).data.last_event_id;
    everything.send({ type: "subscribe", data: { topics: ["*"] } });
    await everything.next("reply");
    const writers = await Promise.all([ALICE, BOB, CAROL].map((user) => writerOf(user)));
    await Promise.all(writers.map((write) => write(30)));
    const last = server.assembly.hub.stats().lastEventId;
    const heard = (await everything.drain()).filter(({ event_id }) => event_id !== undefined);
    expect(heard.map(({ event_id }) => event_id)).toEqual(
      Array.from({ length: last - from }, (_, n) => from + 1 + n),
    );
    expect(new Set(heard.map(({ kind }) => kind))).toEqual(
      new Set([
        "message.created",
        "message.edited",
        "task.updated",
        "notification.created",
        "focus.updated",
        "announcement.created",
      ]),
    );

    async function writerOf(user: User): Promise<(rounds: number) => Promise<void>> {
      const chat = await chatIn(server, user, [ROOM]);
      const focus = await connect(server, PATHS.v1Focus, { as: user });
      const { post } = http(server, user);
      return async (rounds) => {
        for (let n = 0; n < rounds; n++) {
          chat.send(say(`${user.id} ${n}`));
          focus.send({ current_task_id: n });
          const { message_id } = (await chat.next({ type: "message", data: { content: `${user.id} ${n}` } }))
            .data;
          chat.send({ type: "edit_message", data: { message_id, content: "edited" } });
          await Promise.all([
            post("/api/v1/realtime/events/task", { task_id: n, title: "T", action: "updated" }),
            post("/api/v1/realtime/events/system", { title: "T", content: "C" }),
            post("/api/v1/ws/notification", { message: "M" }),
            focus.next({ type: "focus_update", data: { user: { id: user.id }, current_task_id: n } }),
            chat.next({ type: "message.edited", data: { message_id } }),
          ]);
        }
      };
    }
  });

  test("every listener of a room hears the same events in the same order", async () => {
    await using server = await startServer(NO_RATES);
    const listeners: Client[] = [
      await chatIn(server, CAROL, [ROOM]),
      await nativeIn(server, CAROL, [ROOM]),
      await notifierIn(server, CAROL, ["channel_9"]),
    ];
    const writers = [await notifierIn(server, ALICE), await notifierIn(server, BOB)];
    for (let n = 0; n < 100; n++)
      for (const [place, writer] of writers.entries()) {
        writer.send({ type: "room_message", room: ROOM, data: `${place} ${n}` });
      }
    const texts = await Promise.all(
      listeners.map(async (client) => {
        const heard: string[] = [];
        while (heard.length < 200) {
          const { type, kind, data, message } = await client.next();
          if (type === "message" || kind === "message.created") heard.push(data.content);
          else if (type === "room_message") heard.push(message);
        }
        return heard;
      }),
    );
    expect(texts[1]).toEqual(texts[0] as string[]);
    expect(texts[2]).toEqual(texts[0] as string[]);
    for (const place of [0, 1]) {
      expect(texts[0]?.filter((text) => text.startsWith(`${place} `))).toEqual(
        Array.from({ length: 100 }, (_, n) => `${place} ${n}`),
      );
    }
  });

  test("a refused write takes no id", async () => {
    await using server = await startServer();
    const before = server.assembly.hub.stats().lastEventId;
    const client = await chatIn(server, ALICE);
    client.send(say("not in the room"));
    client.send({ type: "edit_message", data: { message_id: 1, content: "of nobody" } });
    await client.take(2);
    await http(server, ALICE).post("/api/v1/realtime/events/system", {
      title: "T",
      content: "C",
      user_id: BOB.id,
    });
    expect(server.assembly.hub.stats().lastEventId).toBe(before);
  });
});

/** Every frame of the WebSocket API Documentation (seed 002), against a server. */
import { describe, expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { connect } from "../support/client.ts";
import { ID } from "../support/frames.ts";
import { ALICE, BOB, chatIn, PATHS } from "../support/people.ts";
import { startServer, type StartedServer } from "../support/server.ts";

const NOW = "2025-11-13T12:00:00.000Z";
const startDocumented = (): Promise<StartedServer> =>
  startServer({}, { clock: new ManualClock(Date.parse(NOW)) });

describe("Connection Flow", () => {
  test("the welcome message", async () => {
    await using server = await startDocumented();
    const alice = await connect(server, `/api/v1/ws/connect?token=${server.token(ALICE)}`);
    await alice.expect({
      type: "connected",
      data: { message: "Connected successfully", user_id: 12345, username: "alice" },
      timestamp: NOW,
    });
    await alice.silent();
  });
});

describe("Client → Server Messages", () => {
  const joined = {
    type: "joined_room",
    room: "channel:456",
    data: { message: "Joined room channel:456" },
    timestamp: NOW,
  };
  const userJoined = {
    type: "user_joined",
    room: "channel:456",
    data: { username: "alice", user_id: 12345 },
    sender: "alice",
    timestamp: NOW,
  };

  test("join_room: the response, then the broadcast, which the others hear too", async () => {
    await using server = await startDocumented();
    const bob = await chatIn(server, BOB, ["channel:456"]);
    const alice = await chatIn(server, ALICE);
    alice.sendText(`{
      "type": "join_room",
      "room": "channel:456"
    }`);
    await alice.expect(joined, userJoined);
    await bob.expect(userJoined);
  });

  test("leave_room: the response, then user_left, which the others hear too", async () => {
    await using server = await startDocumented();
    const bob = await chatIn(server, BOB, ["channel:456"]);
    const alice = await chatIn(server, ALICE, ["channel:456"]);
    await bob.next("user_joined");
    alice.sendText(`{
      "type": "leave_room",
      "room": "channel:456"
    }`);
    const userLeft = { ...userJoined, type: "user_left" };
    await alice.expect(
      { type: "left_room", room: "channel:456", data: { message: "Left room channel:456" }, timestamp: NOW },
      userLeft,
    );
    await bob.expect(userLeft);
  });

  test("leaving a room where one is not is answered by left_room alone", async () => {
    await using server = await startDocumented();
    const bob = await chatIn(server, BOB, ["channel:456"]);
    const alice = await chatIn(server, ALICE);
    alice.send({ type: "leave_room", room: "channel:456" });
    await alice.expect({
      type: "left_room",
      room: "channel:456",
      data: { message: "Left room channel:456" },
      timestamp: NOW,
    });
    await alice.silent();
    await bob.silent();
  });

  test("send_message: the broadcast, with one field more, to everybody in the room", async () => {
    await using server = await startDocumented();
    const bob = await chatIn(server, BOB, ["channel:456"]);
    const alice = await chatIn(server, ALICE, ["channel:456"]);
    await bob.next("user_joined");
    alice.sendText(`{
      "type": "send_message",
      "room": "channel:456",
      "data": {
        "content": "Hello everyone!",
        "metadata": {
          "reply_to": 789
        }
      }
    }`);
    const message = {
      type: "message",
      room: "channel:456",
      data: {
        content: "Hello everyone!",
        username: "alice",
        user_id: 12345,
        metadata: { reply_to: 789 },
        message_id: ID,
      },
      sender: "alice",
      timestamp: NOW,
    };
    await alice.expect(message);
    await bob.expect(message);
  });

  test("the wscat example: a room, and a message without metadata", async () => {
    await using server = await startDocumented();
    const alice = await chatIn(server, ALICE);
    alice.sendText(`{"type": "join_room", "room": "channel:1"}`);
    await alice.take(2);
    alice.sendText(`{"type": "send_message", "room": "channel:1", "data": {"content": "Hello"}}`);
    const data = { content: "Hello", username: "alice", user_id: 12345, metadata: {}, message_id: ID };
    await alice.expect({ type: "message", room: "channel:1", data, sender: "alice", timestamp: NOW });
  });

  test("ping", async () => {
    await using server = await startDocumented();
    const alice = await chatIn(server, ALICE);
    alice.sendText(`{
      "type": "ping"
    }`);
    await alice.expect({ type: "pong", data: { timestamp: NOW }, timestamp: NOW });
  });
});

test("the complete chat client of the document: it connects, joins and hears messages and tasks", async () => {
  await using server = await startDocumented();
  const client = await connect(server, PATHS.chat, { as: ALICE });
  await client.next("connected");
  client.send({ type: "join_room", room: "channel:1" });
  client.send({ type: "send_message", room: "channel:1", data: { content: "Hi" } });
  expect((await client.next("message")).data.content).toBe("Hi");
});

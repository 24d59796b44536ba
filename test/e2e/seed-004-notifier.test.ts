/** Every frame and every example of the WebSocket Feature with Room Management (seed 004), against a server. */
import { describe, expect, test } from "bun:test";
import { connect } from "../support/client.ts";
import { ALICE, BOB, chatIn, notifierIn } from "../support/people.ts";
import { startServer, type User } from "../support/server.ts";

const USER: User = { id: 123, username: "dana" };
const error = (message: string) => ({ type: "error", message, data: { level: "error" }, room: null });

describe("Connecting to WebSocket", () => {
  test("the user is added to a personal room, which the welcome names", async () => {
    await using server = await startServer();
    const client = await connect(server, `/api/v1/ws?token=${server.token(USER)}`);
    await client.expect({
      type: "info",
      message: "Connected successfully. You are in room: user_123",
      data: { user_id: 123, rooms: ["user_123"] },
      room: null,
    });
    await client.silent();
  });
});

describe("Message Format", () => {
  test("text is echoed", async () => {
    await using server = await startServer();
    const client = await notifierIn(server, USER);
    client.sendText(`{
      "type": "text",
      "data": "message content or data",
      "room": "room_name (optional, required for room operations)"
    }`);
    await client.expect({ type: "text", message: "Echo: message content or data", data: null, room: null });
  });

  test("join_room and leave_room, as the frontend sends them; no other client is told", async () => {
    await using server = await startServer();
    const other = await notifierIn(server, BOB, ["project_123"]);
    const client = await notifierIn(server, USER);
    client.send({ type: "join_room", room: "project_123" });
    await client.expect({
      type: "info",
      message: "Joined room: project_123",
      data: { rooms: ["user_123", "project_123"] },
      room: "project_123",
    });
    client.send({ type: "leave_room", room: "project_123" });
    await client.expect({
      type: "info",
      message: "Left room: project_123",
      data: { rooms: ["user_123"] },
      room: "project_123",
    });
    await other.silent();
  });

  test("room_message reaches everybody in the room, the sender too if he is in it", async () => {
    await using server = await startServer();
    const inside = await notifierIn(server, BOB, ["project_123"]);
    const elsewhere = await notifierIn(server, ALICE, ["project_124"]);
    const client = await notifierIn(server, USER);
    const send = (): void =>
      client.send({ type: "room_message", room: "project_123", data: "Hello everyone in the project!" });
    const message = {
      type: "room_message",
      message: "Hello everyone in the project!",
      data: { from_user_id: 123 },
      room: "project_123",
    };
    send();
    await inside.expect(message);
    await client.silent();
    client.send({ type: "join_room", room: "project_123" });
    await client.next("info");
    send();
    await inside.expect(message);
    await client.expect(message);
    await elsewhere.silent();
  });

  test("broadcast reaches every notifier socket, the sender's too, and no other dialect", async () => {
    await using server = await startServer();
    const bob = await notifierIn(server, BOB);
    const chat = await chatIn(server, BOB);
    const client = await notifierIn(server, USER);
    client.send({ type: "broadcast", data: "to everybody" });
    for (const hearer of [client, bob]) {
      await hearer.expect({
        type: "broadcast",
        message: "to everybody",
        data: { from_user_id: 123 },
        room: null,
      });
    }
    await chat.silent();
  });

  test("BROADCAST=admins refuses users", async () => {
    await using server = await startServer({ broadcast: "admins" });
    const bob = await notifierIn(server, BOB);
    const client = await notifierIn(server, USER);
    client.send({ type: "broadcast", data: "to everybody" });
    const refused = await client.next();
    expect(refused).toMatchObject({ type: "error", data: { level: "error" }, room: null });
    expect(refused.message).toStartWith("Forbidden: ");
    await bob.silent();
  });

  test("a room of any other name is a free room; names are one room in every spelling", async () => {
    await using server = await startServer();
    const bob = await notifierIn(server, BOB, ["lobby", "channel_9"]);
    const client = await notifierIn(server, USER);
    client.send({ type: "room_message", room: "lobby", data: "free" });
    await bob.expect({ type: "room_message", message: "free", data: { from_user_id: 123 }, room: "lobby" });
    client.send({ type: "room_message", room: "channel:9", data: "one room" });
    await bob.expect({
      type: "room_message",
      message: "one room",
      data: { from_user_id: 123 },
      room: "channel_9",
    });
  });

  test("data that is no text is written as text", async () => {
    await using server = await startServer();
    const client = await notifierIn(server, USER, ["lobby"]);
    client.send({ type: "room_message", room: "lobby", data: { a: [1, null] } });
    await client.expect({
      type: "room_message",
      message: '{"a":[1,null]}',
      data: { from_user_id: 123 },
      room: "lobby",
    });
  });
});

describe("errors", () => {
  test("bad input is told with the reason, and the socket stays open", async () => {
    await using server = await startServer();
    const client = await notifierIn(server, USER);
    for (const text of ["{not json", `["a list"]`, `{"type":"dance"}`, `{"data":"no type"}`]) {
      client.sendText(text);
      const frame = await client.next();
      expect(frame).toEqual(error(frame.message) as never);
      expect(frame.message).toMatch(/^Invalid message format: ./);
    }
    for (const type of ["join_room", "leave_room", "room_message"]) {
      client.send({ type, data: "x" });
      await client.expect(error("Invalid message format: Room name is required"));
    }
    client.send({ type: "text", data: "still here" });
    await client.next("text");
  });

  test("the reserved type notification is not for clients", async () => {
    await using server = await startServer();
    const client = await notifierIn(server, USER);
    client.send({ type: "notification", data: "fake" });
    expect((await client.next()).type).toBe("error");
  });

  test("no access: an error frame, and the socket stays open", async () => {
    await using server = await startServer({ access: "members" });
    const client = await notifierIn(server, USER);
    for (const type of ["join_room", "room_message"]) {
      client.send({ type, room: "project_123", data: "Hello" });
      const frame = await client.next();
      expect(frame).toEqual(error(frame.message) as never);
      expect(frame.message).toStartWith("Forbidden: ");
    }
    client.send({ type: "text", data: "still here" });
    await client.next("text");
  });
});

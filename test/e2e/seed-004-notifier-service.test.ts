/** The NotificationService of the WebSocket Feature with Room Management (seed 004), over HTTP. */
import { describe, expect, test } from "bun:test";
import { ID } from "../support/frames.ts";
import { expectAnswer, http } from "../support/http.ts";
import { ALICE, BOB, notifierIn } from "../support/people.ts";
import { startServer, type User } from "../support/server.ts";

const USER: User = { id: 123, username: "dana" };

describe("Using the Notification Service, over HTTP", () => {
  test("Basic Usage: notify_user, who is connected or not", async () => {
    await using server = await startServer();
    const { post } = http(server, "key");
    const body = { message: "Your project upload is complete!", level: "success", data: { project_id: 456 } };
    expectAnswer(await post("/api/v1/notify/users/123", body), 200, {
      delivered: false,
      notification_id: ID,
    });
    const client = await notifierIn(server, USER);
    const other = await notifierIn(server, BOB);
    expectAnswer(await post("/api/v1/notify/users/123", body), 200, { delivered: true, notification_id: ID });
    await client.expect({
      type: "info",
      message: "Your project upload is complete!",
      data: { project_id: 456, level: "success", notification: true },
      room: null,
    });
    await other.silent();
  });

  test("every level, info where none is given", async () => {
    await using server = await startServer();
    const client = await notifierIn(server, USER);
    for (const level of ["info", "success", "warning", "error", undefined]) {
      await http(server, "key").post("/api/v1/notify/users/123", { message: "m", level });
      await client.expect({
        type: "info",
        message: "m",
        data: { level: level ?? "info", notification: true },
        room: null,
      });
    }
  });

  test("notify_room: the number of users, who hear it once though they have two sockets", async () => {
    await using server = await startServer();
    const clients = [
      await notifierIn(server, USER, ["project_123"]),
      await notifierIn(server, USER, ["project_123"]),
      await notifierIn(server, BOB, ["project_123"]),
    ];
    const away = await notifierIn(server, ALICE);
    const answer = await http(server, "key").post("/api/v1/notify/rooms/project_123", {
      message: "New screening result available",
      level: "info",
    });
    expectAnswer(answer, 200, { count: 2 });
    for (const client of clients) {
      await client.expect({
        type: "room_message",
        message: "New screening result available",
        data: { level: "info", notification: true },
        room: "project_123",
      });
      await client.silent();
    }
    await away.silent();
  });

  test("broadcast: the number of users", async () => {
    await using server = await startServer();
    const clients = [
      await notifierIn(server, USER),
      await notifierIn(server, USER),
      await notifierIn(server, BOB),
    ];
    const answer = await http(server, "key").post("/api/v1/notify/broadcast", {
      message: "System maintenance in 5 minutes",
      level: "warning",
    });
    expectAnswer(answer, 200, { count: 2 });
    for (const client of clients) {
      await client.expect({
        type: "broadcast",
        message: "System maintenance in 5 minutes",
        data: { level: "warning", notification: true },
        room: null,
      });
    }
  });

  test("notify_user_in_room: the personal room is named", async () => {
    await using server = await startServer();
    const client = await notifierIn(server, USER);
    const body = { message: "You have a new message", level: "info" };
    expectAnswer(await http(server, "key").post("/api/v1/notify/rooms/user_123", body), 200, { count: 1 });
    await client.expect({
      type: "info",
      message: "You have a new message",
      data: { level: "info", notification: true },
      room: "user_123",
    });
    await client.silent();
  });

  test("Check Connection Status", async () => {
    await using server = await startServer();
    const { get } = http(server, "key");
    await notifierIn(server, USER, ["project_123"]);
    await notifierIn(server, BOB);
    expectAnswer(await get("/api/v1/presence/users/123"), 200, { connected: true });
    expectAnswer(await get("/api/v1/presence/users/124"), 200, { connected: false });
    expectAnswer(await get("/api/v1/presence/users"), 200, { users: [123, 67890] });
    expectAnswer(await get("/api/v1/presence/rooms/project_123"), 200, { users: [123] });
  });

  test("level, notification and the sender cannot be forged by given data", async () => {
    await using server = await startServer();
    const client = await notifierIn(server, USER, ["lobby"]);
    const data = { level: "error", notification: false, from_user_id: 9, project_id: 456 };
    await http(server, "key").post("/api/v1/notify/users/123", { message: "m", level: "success", data });
    const told = await client.next();
    expect(told.data).toEqual({
      from_user_id: 9,
      project_id: 456,
      level: "success",
      notification: true,
    } as never);
    client.send({
      type: "room_message",
      room: "lobby",
      data: "m",
      from_user_id: 9,
      level: "error",
      notification: true,
    });
    await client.expect({ type: "room_message", message: "m", data: { from_user_id: 123 }, room: "lobby" });
  });
});

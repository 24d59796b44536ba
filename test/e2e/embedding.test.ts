/** Dragoman inside a program: the NotificationService of document 004, and the app without a port. */
import { describe, expect, test } from "bun:test";
import { createDragoman, createTestServer, DragomanError } from "../../src/app/dragoman.ts";
import { connect } from "../support/client.ts";
import { expectExactly, ID } from "../support/frames.ts";
import { answerOf, expectProblem, http } from "../support/http.ts";
import { ALICE, BOB, CAROL, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { KEY, startServer, type User } from "../support/server.ts";

const USER: User = { id: 123, username: "dana" };

describe("Available Methods", () => {
  test("1. notify a specific user: true if connected, false otherwise", async () => {
    await using server = await startServer();
    const notice = {
      userId: 123,
      message: "Processing complete!",
      level: "success",
      data: { custom_field: "value" },
    } as const;
    expect(await server.notifications.notifyUser(notice)).toBe(false);
    const client = await notifierIn(server, USER);
    expect(await server.notifications.notifyUser(notice)).toBe(true);
    expect(await server.notifications.notifyUser({ ...notice, userId: "123" })).toBe(true);
    const told = {
      type: "info",
      message: "Processing complete!",
      data: { custom_field: "value", level: "success", notification: true },
      room: null,
    };
    await client.expect(told, told);
    await client.silent();
  });

  test("2. notify all users in a room: the number of users", async () => {
    await using server = await startServer();
    const notice = {
      roomName: "project_123",
      message: "New screening result available",
      level: "info",
    } as const;
    expect(await server.notifications.notifyRoom(notice)).toBe(0);
    const clients = [
      await notifierIn(server, USER, ["project_123"]),
      await notifierIn(server, USER, ["project_123"]),
      await notifierIn(server, BOB, ["project_123"]),
    ];
    await chatIn(server, CAROL, ["project:123"]);
    expect(await server.notifications.notifyRoom(notice)).toBe(3);
    for (const client of clients) {
      await client.expect({
        type: "room_message",
        message: "New screening result available",
        data: { level: "info", notification: true },
        room: "project_123",
      });
    }
  });

  test("3. broadcast to all connected users: the number of users", async () => {
    await using server = await startServer();
    const notice = { message: "System maintenance in 5 minutes", level: "warning" } as const;
    expect(await server.notifications.broadcast(notice)).toBe(0);
    const client = await notifierIn(server, USER);
    await chatIn(server, USER);
    await connect(server, PATHS.notifications, { as: BOB });
    expect(await server.notifications.broadcast(notice)).toBe(2);
    await client.expect({
      type: "broadcast",
      message: "System maintenance in 5 minutes",
      data: { level: "warning", notification: true },
      room: null,
    });
  });

  test("4. notify a user's personal room", async () => {
    await using server = await startServer();
    const notice = { userId: 123, message: "You have a new message", level: "info" } as const;
    expect(await server.notifications.notifyUserInRoom(notice)).toBe(false);
    const client = await notifierIn(server, USER);
    expect(await server.notifications.notifyUserInRoom(notice)).toBe(true);
    await client.expect({
      type: "info",
      message: "You have a new message",
      data: { level: "info", notification: true },
      room: "user_123",
    });
    await client.silent();
  });

  test("5. check connection status", async () => {
    await using server = await startServer();
    const { notifications } = server;
    expect(notifications.isUserConnected(123)).toBe(false);
    expect(notifications.getConnectedUsers()).toEqual([]);
    expect(notifications.getRoomMembers("project_123")).toEqual([]);
    const client = await notifierIn(server, USER, ["project_123"]);
    await chatIn(server, { id: "eve" });
    expect(notifications.isUserConnected(123)).toBe(true);
    expect(notifications.isUserConnected("123")).toBe(true);
    expect(notifications.isUserConnected("0123")).toBe(false);
    expect(notifications.getConnectedUsers()).toEqual([123, "eve"]);
    for (const name of ["project_123", "project:123", "workspace:123"])
      expect(notifications.getRoomMembers(name)).toEqual([123]);
    await client.close();
    expect(notifications.getConnectedUsers()).toEqual(["eve"]);
    expect(notifications.getRoomMembers("project_123")).toEqual([]);
  });
});

describe("beyond the document", () => {
  test("notifyTask: the workspace hears the change, the targets are notified and counted", async () => {
    await using server = await startServer();
    const tasks = await connect(server, PATHS.tasks, { as: BOB });
    const alice = await connect(server, PATHS.notifications, { as: ALICE });
    const told = { taskId: 456, title: "T", action: "completed", workspaceId: 789, actorId: BOB.id } as const;
    expect(
      await server.notifications.notifyTask({ ...told, targetUserIds: [ALICE.id, CAROL.id, ALICE.id] }),
    ).toBe(2);
    const data = { task_id: 456, action: "completed", workspace_id: 789, actor_id: BOB.id };
    for (const client of [tasks, alice])
      expect(await client.next()).toMatchObject({ title: "Task Completed", data });
  });

  test("notifyWorkspace: all members but the excluded, who are counted", async () => {
    await using server = await startServer();
    await http(server, ALICE).post("/api/v1/workspaces", { id: 789, name: "W" });
    await http(server, ALICE).put(`/api/v1/workspaces/789/members/${BOB.id}`);
    const bob = await connect(server, PATHS.notifications, { as: BOB });
    const event = { workspaceId: 789, title: "T", content: "C" };
    expect(await server.notifications.notifyWorkspace(event)).toBe(2);
    expect(
      await server.notifications.notifyWorkspace({
        ...event,
        type: "move",
        excludeUserIds: [String(ALICE.id)],
      }),
    ).toBe(1);
    expect(
      (await bob.take(2)).map(
        (frame) => (frame as unknown as { notification_type: string }).notification_type,
      ),
    ).toEqual(["workspace", "move"]);
  });

  test("notifySystem: the id that the user sees", async () => {
    await using server = await startServer();
    const alice = await connect(server, PATHS.notifications, { as: ALICE });
    const id = await server.notifications.notifySystem({
      userId: ALICE.id,
      title: "T",
      content: "C",
      data: { a: 1 },
    });
    expect(await alice.next()).toMatchObject({
      notification_id: id,
      title: "T",
      content: "C",
      data: { a: 1 },
    });
  });

  test("a refusal is a DragomanError with its code", async () => {
    await using server = await startServer({ access: "members" });
    const { notifications } = server;
    const refusals: [Promise<unknown>, string][] = [
      [notifications.notifyWorkspace({ workspaceId: 1, title: "T", content: "C" }), "NOT_FOUND"],
      [notifications.notifyTask({ taskId: 1, title: "T", action: "updated" }), "NO_TARGET"],
      [notifications.notifyUser({ userId: "", message: "m" }), "BAD_FIELDS"],
      [notifications.notifyUser({ userId: 1, message: "" }), "BAD_FIELDS"],
      [notifications.notifyRoom({ roomName: "a\nb", message: "m" }), "BAD_ROOM"],
    ];
    for (const [refused, code] of refusals) {
      const error = await refused.then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(DragomanError);
      expect((error as DragomanError).code).toBe(code as never);
      expect((error as DragomanError).message).toMatch(/./);
    }
  });
});

describe("app.request()", () => {
  test("answers without a port; sockets need one", async () => {
    const dragoman = await createDragoman({ defaults: "dev", settings: { apiKeys: [KEY] } });
    try {
      const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
      const body = JSON.stringify({ message: "Hello" });
      const answer = await answerOf(
        await dragoman.app.request("/api/v1/notify/users/1", { method: "POST", headers, body }),
      );
      expectExactly(answer.body, { delivered: false, notification_id: ID });
      const token = dragoman.token({ id: 1 });
      const socket = await answerOf(
        await dragoman.app.request(`/ws/notifications?token=${token}`, { headers: { upgrade: "websocket" } }),
      );
      expectProblem(socket, 426);
      expect(await dragoman.notifications.notifyUser({ userId: 1, message: "m" })).toBe(false);
    } finally {
      await dragoman.stop();
    }
  });

  test("createTestServer is open, in memory, on a free port, and ends with its scope", async () => {
    let url: string;
    {
      await using server = await createTestServer();
      url = server.url;
      expect(server.folder).toBeNull();
      expect(server.port).toBeGreaterThan(0);
      const client = await nativeIn(server, ALICE, ["channel:9"]);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      void client;
    }
    expect(
      await fetch(url).then(
        () => "answered",
        () => "gone",
      ),
    ).toBe("gone");
  });

  test("two servers of one process keep apart", async () => {
    await using one = await startServer();
    await using two = await startServer();
    const client = await notifierIn(one, USER);
    expect(await two.notifications.notifyUser({ userId: 123, message: "m" })).toBe(false);
    await client.silent();
    const refused = await connect(two, PATHS.notifier, { token: one.token(USER) }).then(
      () => "open",
      () => "refused",
    );
    expect(refused).toBe("refused");
  });
});

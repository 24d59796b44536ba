/** Every frame and every example of the Diary's WebSocket Integration Guide (seed 003), against a server. */
import { describe, expect, test } from "bun:test";
import { addressOf, type Client, connect } from "../support/client.ts";
import { expectAnswer, expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, chatIn, diaryPath, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { type StartedServer, startServer } from "../support/server.ts";

const IDS = ["123456789", "987654321", "555666777"];

const connectAll = (server: StartedServer): Promise<Client[]> =>
  Promise.all(IDS.map((id) => connect(server, `/api/v1/ws/${id}`)));

const MAINTENANCE = `{
  "message": "Server maintenance scheduled for tomorrow"
}`;

describe("Send Notification", () => {
  test("the documented request, answer and frame, with three users connected", async () => {
    await using server = await startServer();
    const clients = await connectAll(server);
    const answer = await http(server).post("/api/v1/ws/notification", MAINTENANCE);
    expectAnswer(answer, 200, {
      status: "success",
      message: "Notification sent to 3 users",
      sent_count: 3,
      total_connections: 3,
      disconnected_users: 0,
    });
    for (const client of clients) {
      await client.expect({ message: "Server maintenance scheduled for tomorrow" });
      await client.silent();
    }
  });

  test("users are counted once, connections each", async () => {
    await using server = await startServer();
    await connectAll(server);
    await connect(server, "/api/v1/ws/123456789");
    const answer = await http(server).post("/api/v1/ws/notification", { message: "Test notification" });
    expectAnswer(answer, 200, {
      status: "success",
      message: "Notification sent to 3 users",
      sent_count: 3,
      total_connections: 4,
      disconnected_users: 0,
    });
  });

  test("no active connections: 404, and nothing is stored", async () => {
    await using server = await startServer({ announcements: "inbox" });
    await chatIn(server, ALICE).then((alice) => alice.close());
    const before = server.assembly.hub.stats().lastEventId;
    expectProblem(
      await http(server).post("/api/v1/ws/notification", MAINTENANCE),
      404,
      "No active WebSocket connections",
    );
    expect(server.assembly.hub.stats().lastEventId).toBe(before);
    const later = await connect(server, "/api/v1/ws/12345", { as: ALICE, query: { last_event_id: 0 } });
    expect((await later.next("resumed")).data.recovered).toBe(true);
    expect(later.received).toHaveLength(1);
  });

  test("reaches every connected user on every dialect", async () => {
    await using server = await startServer();
    const diary = await connect(server, diaryPath(ALICE));
    const onetask = await connect(server, PATHS.notifications, { as: BOB });
    const v1 = await connect(server, PATHS.v1Notifications, { as: BOB });
    const chat = await chatIn(server, BOB);
    const notifier = await notifierIn(server, BOB);
    const native = await nativeIn(server, BOB);
    const answer = await http(server).post("/api/v1/ws/notification", { message: "Hello" });
    expect(answer.body).toMatchObject({ sent_count: 2, total_connections: 6 });
    await diary.expect({ message: "Hello" });
    expect(await onetask.next()).toMatchObject({
      type: "notification",
      title: "Notification",
      content: "Hello",
    });
    expect(await v1.next()).toMatchObject({
      type: "notification",
      data: { title: "Notification", content: "Hello", read: false },
    });
    expect(await chat.next()).toMatchObject({
      type: "notification.new",
      data: { title: "Notification", message: "Hello" },
    });
    await notifier.expect({
      type: "broadcast",
      message: "Hello",
      data: { level: "info", notification: true },
      room: null,
    });
    expect(await native.next()).toMatchObject({
      type: "event",
      kind: "announcement.created",
      data: { content: "Hello" },
    });
  });
});

describe("WebSocket Status Endpoint", () => {
  test("the documented answer", async () => {
    await using server = await startServer();
    await connectAll(server);
    const { body, status } = await http(server).get("/api/v1/ws/status");
    const { active_user_ids, ...counted } = body as { active_user_ids: string[] };
    expect({ status, counted }).toEqual({ status: 200, counted: { connected_users: 3, status: "active" } });
    expect(Object.keys(body as object)).toEqual(["connected_users", "status", "active_user_ids"]);
    expect(active_user_ids.toSorted()).toEqual(IDS.toSorted());
  });

  test("nobody connected; whoever left is not counted", async () => {
    await using server = await startServer();
    const nobody = { connected_users: 0, status: "active", active_user_ids: [] };
    expectAnswer(await http(server).get("/api/v1/ws/status"), 200, nobody);
    const client = await connect(server, "/api/v1/ws/123456789");
    expectAnswer(await http(server).get("/api/v1/ws/status"), 200, {
      connected_users: 1,
      status: "active",
      active_user_ids: ["123456789"],
    });
    await client.close();
    expectAnswer(await http(server).get("/api/v1/ws/status"), 200, nobody);
  });

  test("is the population that a notification reaches, whatever its dialects", async () => {
    await using server = await startServer();
    await connect(server, diaryPath(ALICE));
    await chatIn(server, ALICE);
    await notifierIn(server, BOB);
    const { body } = await http(server).get("/api/v1/ws/status");
    expect(body).toMatchObject({ connected_users: 2, active_user_ids: ["12345", "67890"] });
    const sent = await http(server).post("/api/v1/ws/notification", { message: "Hello" });
    expect(sent.body).toMatchObject({ sent_count: 2, total_connections: 3 });
  });
});

describe("WebSocket Endpoint", () => {
  test("there is no welcome, and incoming messages are not processed", async () => {
    await using server = await startServer();
    const client = await connect(server, "/api/v1/ws/123456789");
    await client.silent();
    client.send({ type: "notification", message: "no" });
    client.sendText("no json");
    await client.silent();
  });

  test("with the user's own token it hears his notifications too, without only announcements", async () => {
    await using server = await startServer();
    const known = await connect(server, diaryPath(ALICE), { as: ALICE });
    const claimed = await connect(server, diaryPath(ALICE));
    await http(server, "key").post("/api/v1/notify/users/12345", { message: "For Alice" });
    await known.expect({ message: "For Alice" });
    await claimed.silent();
  });

  test("a claimed id is listed in status, but is nobody's presence", async () => {
    await using server = await startServer();
    await connect(server, diaryPath(ALICE));
    const admin = http(server, ADMIN);
    expect((await admin.get("/api/v1/ws/status")).body).toMatchObject({ active_user_ids: ["12345"] });
    expectAnswer(await admin.get("/api/v1/presence/users/12345"), 200, { connected: false });
    expectAnswer(await admin.get("/api/v1/presence/users"), 200, { users: [] });
    expect((await admin.post("/api/v1/notify/users/12345", { message: "x" })).body).toMatchObject({
      delivered: false,
    });
  });
});

describe("DIARY", () => {
  test("token: sockets as ever, status with any proof, notifications by admins and keys", async () => {
    await using server = await startServer({ diary: "token" });
    const client = await connect(server, "/api/v1/ws/123456789");
    expectProblem(await http(server).get("/api/v1/ws/status"), 401);
    expect((await http(server, ALICE).get("/api/v1/ws/status")).status).toBe(200);
    expect((await http(server, "key").get("/api/v1/ws/status")).status).toBe(200);
    expectProblem(await http(server).post("/api/v1/ws/notification", MAINTENANCE), 401);
    expectProblem(await http(server, ALICE).post("/api/v1/ws/notification", MAINTENANCE), 401);
    for (const asker of [ADMIN, "key"] as const) {
      expect((await http(server, asker).post("/api/v1/ws/notification", MAINTENANCE)).status).toBe(200);
      await client.expect({ message: "Server maintenance scheduled for tomorrow" });
    }
  });

  test("off: nothing is there", async () => {
    await using server = await startServer({ diary: "off" });
    expectProblem(await http(server, "key").get("/api/v1/ws/status"), 404);
    expectProblem(await http(server, "key").post("/api/v1/ws/notification", MAINTENANCE), 404);
    expectProblem(await knock(addressOf(server, "/api/v1/ws/12345", { as: ALICE })), 404);
  });
});

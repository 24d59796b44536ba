/** A notification is told to every listener in the dialect that its client speaks. */
import { expect, test } from "bun:test";
import { expectExactly, ID, TIME } from "../support/frames.ts";
import { http } from "../support/http.ts";
import { heardBy, personalListeners } from "../support/listeners.ts";
import { ADMIN, ALICE, BOB, CAROL, chatIn, nativeIn, notifierIn } from "../support/people.ts";
import { startServer } from "../support/server.ts";

test("a workspace event is a notification for its members on every dialect", async () => {
  await using server = await startServer();
  await http(server, ALICE).post("/api/v1/workspaces", { id: 789, name: "Ours" });
  await http(server, ALICE).put(`/api/v1/workspaces/789/members/${BOB.id}`);
  const listeners = await personalListeners(server);
  const outsider = await chatIn(server, CAROL);
  const body = { workspace_id: 789, title: "Moved", content: "To the third floor.", data: { floor: 3 } };
  await http(server, ALICE).post("/api/v1/realtime/events/workspace", body);
  expect(await heardBy(listeners)).toMatchObject({
    onetask: {
      notification_type: "workspace",
      title: "Moved",
      content: "To the third floor.",
      data: { floor: 3 },
    },
    v1: { data: { title: "Moved", content: "To the third floor." } },
    chat: { type: "notification.new", data: { title: "Moved", message: "To the third floor." } },
    diary: { message: "To the third floor." },
    notifier: {
      type: "info",
      message: "To the third floor.",
      data: { floor: 3, level: "info", notification: true },
      room: null,
    },
    native: {
      kind: "notification.created",
      actor: { id: ALICE.id, username: "alice" },
      data: { notification_type: "workspace", data: { floor: 3 } },
    },
  });
  await outsider.silent();
});

test("a system event is a notification for one user on every dialect", async () => {
  await using server = await startServer();
  const listeners = await personalListeners(server);
  const body = { title: "Full", content: "Your disk is full.", user_id: BOB.id };
  await http(server, ADMIN).post("/api/v1/realtime/events/system", body);
  expect(await heardBy(listeners)).toMatchObject({
    onetask: { notification_type: "system", title: "Full", content: "Your disk is full.", data: {} },
    v1: {
      data: {
        title: "Full",
        content: "Your disk is full.",
        related_entity_type: null,
        related_entity_id: null,
      },
    },
    chat: { data: { title: "Full", message: "Your disk is full.", link: null, priority: "normal" } },
    diary: { message: "Your disk is full." },
    notifier: { type: "info", message: "Your disk is full." },
    native: {
      data: { notification_type: "system", level: "info", title: "Full", content: "Your disk is full." },
    },
  });
});

test("what notify_user says is told as far as each dialect can say it", async () => {
  await using server = await startServer();
  const listeners = await personalListeners(server);
  const notice = {
    message: "Done",
    title: "Upload",
    level: "success",
    data: { project_id: 4 },
    link: "/p/4",
    priority: "high",
  };
  await http(server, "key").post(`/api/v1/notify/users/${BOB.id}`, notice);
  const { native, ...heard } = await heardBy(listeners);
  expectExactly(heard, {
    onetask: {
      type: "notification",
      notification_id: ID,
      title: "Upload",
      content: "Done",
      notification_type: "system",
      related_entity_type: null,
      related_entity_id: null,
      created_at: TIME,
      data: { project_id: 4, level: "success", link: "/p/4", priority: "high" },
    },
    v1: {
      type: "notification",
      data: {
        id: ID,
        title: "Upload",
        content: "Done",
        created_at: TIME,
        read: false,
        related_entity_type: null,
        related_entity_id: null,
      },
    },
    chat: {
      type: "notification.new",
      data: { title: "Upload", message: "Done", link: "/p/4", priority: "high" },
      timestamp: TIME,
    },
    diary: { message: "Done" },
    notifier: {
      type: "info",
      message: "Done",
      data: { project_id: 4, level: "success", notification: true },
      room: null,
    },
  });
  expect(native).toMatchObject({
    data: {
      title: "Upload",
      content: "Done",
      level: "success",
      link: "/p/4",
      priority: "high",
      data: { project_id: 4 },
    },
  });
});

test("a notification for a room is heard in the room, in whatever spelling it was joined", async () => {
  await using server = await startServer();
  const listeners = {
    chat: await chatIn(server, BOB, ["project:7"]),
    notifier: await notifierIn(server, BOB, ["project_7"]),
    native: await nativeIn(server, BOB, ["workspace:7"]),
  };
  const answer = await http(server, "key").post("/api/v1/notify/rooms/project:7", {
    message: "Ready",
    level: "warning",
  });
  expect(answer.body).toEqual({ count: 1 });
  expect(await heardBy(listeners)).toMatchObject({
    chat: { type: "notification.new", room: "project:7", data: { message: "Ready" } },
    notifier: {
      type: "room_message",
      message: "Ready",
      data: { level: "warning", notification: true },
      room: "project_7",
    },
    native: {
      kind: "notification.created",
      topic: "workspace:7",
      data: { content: "Ready", level: "warning" },
    },
  });
});

test("a broadcast by HTTP reaches everybody", async () => {
  await using server = await startServer();
  const listeners = await personalListeners(server);
  const answer = await http(server, ADMIN).post("/api/v1/notify/broadcast", {
    message: "In 5 minutes",
    level: "warning",
    title: "Maintenance",
  });
  expect(answer.body).toEqual({ count: 1 });
  expect(await heardBy(listeners)).toMatchObject({
    onetask: { title: "Maintenance", content: "In 5 minutes", data: { level: "warning" } },
    v1: { data: { title: "Maintenance", content: "In 5 minutes" } },
    chat: { type: "notification.new", data: { title: "Maintenance", message: "In 5 minutes" } },
    diary: { message: "In 5 minutes" },
    notifier: {
      type: "broadcast",
      message: "In 5 minutes",
      data: { level: "warning", notification: true },
      room: null,
    },
    native: {
      kind: "announcement.created",
      data: { title: "Maintenance", content: "In 5 minutes", level: "warning" },
    },
  });
});

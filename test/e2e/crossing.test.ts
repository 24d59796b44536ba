/** What enters by one dialect is heard in all others: tasks, room messages, focus sessions. */
import { expect, test } from "bun:test";
import { connect } from "../support/client.ts";
import { expectExactly, ID, TIME } from "../support/frames.ts";
import { http } from "../support/http.ts";
import { heardBy, personalListeners } from "../support/listeners.ts";
import { ALICE, BOB, CAROL, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { startServer } from "../support/server.ts";

test("a task event by OneTask's REST is heard in every room of its workspace and of the task", async () => {
  await using server = await startServer();
  const listeners = {
    onetask: await connect(server, PATHS.tasks, { as: BOB }),
    v1: await connect(server, PATHS.v1Tasks, { as: BOB }),
    chatProject: await chatIn(server, BOB, ["project:789"]),
    chatTask: await chatIn(server, BOB, ["task:456"]),
    notifierProject: await notifierIn(server, BOB, ["project_789"]),
    notifierTask: await notifierIn(server, BOB, ["task_456"]),
    native: await nativeIn(server, BOB, ["workspace:789"]),
  };
  const stranger = await chatIn(server, CAROL, ["project:790", "task:457"]);
  const body = {
    task_id: 456,
    title: "Title",
    action: "updated",
    workspace_id: 789,
    target_user_ids: [ALICE.id],
  };
  await http(server, "key").post("/api/v1/realtime/events/task", body);

  const content = "Task 'Title' was updated.";
  const chat = (room: string) => ({
    type: "task.updated",
    room,
    data: { task_id: 456, title: "Title", changes: {} },
    sender: "system",
    timestamp: TIME,
  });
  const notifier = (room: string) => ({
    type: "room_message",
    message: content,
    data: { level: "info", notification: true, task_id: 456, action: "updated" },
    room,
  });
  const task = {
    title: "Title",
    description: null,
    status: null,
    priority: null,
    due_date: null,
    workspace_id: 789,
    user_id: null,
    assignee: null,
    creator: null,
  };
  expectExactly(await heardBy(listeners), {
    onetask: {
      type: "notification",
      notification_id: ID,
      title: "Task Updated",
      content,
      notification_type: "task",
      related_entity_type: "task",
      related_entity_id: 456,
      created_at: TIME,
      data: { task_id: 456, action: "updated", workspace_id: 789, actor_id: null },
    },
    v1: {
      type: "task_update",
      action: "updated",
      data: {
        id: 456,
        title: "Title",
        description: null,
        status: null,
        priority: null,
        due_date: null,
        workspace_id: 789,
        user_id: null,
      },
    },
    chatProject: chat("project:789"),
    chatTask: chat("task:456"),
    notifierProject: notifier("project_789"),
    notifierTask: notifier("task_456"),
    native: {
      type: "event",
      kind: "task.updated",
      topic: "workspace:789",
      data: { task_id: 456, action: "updated", title: "Title", task, changes: {}, notification_id: ID },
      actor: null,
      at: TIME,
    },
  });
  await stranger.silent();
});

test("a task event's recipient hears a notification on every dialect, all with one id", async () => {
  await using server = await startServer();
  const listeners = await personalListeners(server);
  const body = {
    task_id: 456,
    title: "Title",
    action: "completed",
    workspace_id: 789,
    target_user_ids: [BOB.id],
    user_id: ALICE.id,
  };
  await http(server, "key").post("/api/v1/realtime/events/task", body);
  const heard = await heardBy(listeners);
  const id = (heard.onetask as { notification_id: number }).notification_id;
  const content = "Task 'Title' was completed.";
  expect(heard).toMatchObject({
    onetask: {
      title: "Task Completed",
      content,
      data: { task_id: 456, action: "completed", workspace_id: 789, actor_id: ALICE.id },
    },
    v1: {
      type: "notification",
      data: { id, title: "Task Completed", content, related_entity_type: "task", related_entity_id: 456 },
    },
    chat: {
      type: "notification.new",
      data: { title: "Task Completed", message: content, link: null, priority: "normal" },
    },
    diary: { message: content },
    notifier: { type: "info", message: content, data: { level: "info", notification: true }, room: null },
    native: {
      type: "event",
      kind: "notification.created",
      topic: `user:${BOB.id}`,
      data: { id, title: "Task Completed", content },
    },
  });
});

test("a room message crosses between chat, notifier and native, whoever sends it", async () => {
  await using server = await startServer();
  const chat = await chatIn(server, ALICE, ["channel:9"]);
  const notifier = await notifierIn(server, ALICE, ["channel_9"]);
  const native = await nativeIn(server, ALICE, ["channel:9"]);
  const hear = async (content: string, metadata: object): Promise<void> => {
    const data = { content, username: "alice", user_id: ALICE.id, metadata, message_id: ID };
    await chat.expect({ type: "message", room: "channel:9", data, sender: "alice", timestamp: TIME });
    await notifier.expect({
      type: "room_message",
      message: content,
      data: { from_user_id: ALICE.id },
      room: "channel_9",
    });
    expect(await native.next("event")).toMatchObject({
      kind: "message.created",
      topic: "channel:9",
      data: { content, username: "alice", user_id: ALICE.id, metadata },
      actor: { id: ALICE.id, username: "alice" },
    });
  };
  await chat.drain();
  chat.send({
    type: "send_message",
    room: "channel:9",
    data: { content: "from chat", metadata: { reply_to: 789 } },
  });
  await hear("from chat", { reply_to: 789 });
  notifier.send({ type: "room_message", room: "channel_9", data: "from notifier" });
  await hear("from notifier", {});
  native.send({ type: "publish", data: { topic: "channel:9", content: "from native", metadata: { n: 1 } } });
  await hear("from native", { n: 1 });
  for (const client of [chat, notifier, native]) await client.silent();
});

test("a focus session is one, whichever of the two APIs its participants speak", async () => {
  await using server = await startServer();
  const onetask = await connect(server, PATHS.focus, { as: ALICE });
  const v1 = await connect(server, PATHS.v1Focus, { as: BOB });
  const native = await nativeIn(server, CAROL, ["focus:s1"]);
  for (const client of [onetask, v1, native]) await client.drain();
  const user = { id: ALICE.id, username: "alice" };
  const state = { status: "active", current_task_id: null };

  for (const [json, action] of [
    [{ action: "cheer", loud: true }, "cheer"],
    ["just text", "message"],
    [{ action: 7 }, "message"],
  ] as const) {
    onetask.send(json);
    await onetask.expect({ type: "focus_session_update", session_id: "s1", sender_id: ALICE.id, data: json });
    await v1.expect({ type: "focus_update", action, data: { session_id: "s1", user, ...state, data: json } });
    expect(await native.next()).toMatchObject({
      kind: "focus.relayed",
      topic: "focus:s1",
      data: { session_id: "s1", action, data: json },
    });
  }

  v1.send({ action: "status_change", status: "paused", current_task_id: 456, data: { why: "tea" } });
  const bob = { id: BOB.id, username: "bob" };
  const changed = { status: "paused", current_task_id: 456, data: { why: "tea" } };
  await v1.expect({
    type: "focus_update",
    action: "status_change",
    data: { session_id: "s1", user: bob, ...changed },
  });
  await onetask.expect({
    type: "focus_session_update",
    session_id: "s1",
    sender_id: BOB.id,
    data: { action: "status_change", user: bob, ...changed },
  });
  expect(await native.next()).toMatchObject({
    kind: "focus.updated",
    data: { status: "paused", current_task_id: 456, action: "status_change" },
  });
});

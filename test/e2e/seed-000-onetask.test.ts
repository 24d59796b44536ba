/** Every frame and every example of OneTask's Real-time API Documentation (seed 000), against a server. */
import { describe, expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { connect } from "../support/client.ts";
import { ID } from "../support/frames.ts";
import { expectAnswer, http } from "../support/http.ts";
import { ADMIN } from "../support/people.ts";
import { startServer, type StartedServer, type User } from "../support/server.ts";

const SUE: User = { id: 101, username: "sue" };
const TIM: User = { id: 102, username: "tim" };
const NOW = "2025-03-23T22:40:01.352Z";

/** A server at the documented moment, with workspace 789 of 101 and 102. */
async function startDocumented(): Promise<StartedServer> {
  const server = await startServer({ access: "members" }, { clock: new ManualClock(Date.parse(NOW)) });
  expect((await http(server, SUE).post("/api/v1/workspaces", { id: 789, name: "Documented" })).status).toBe(
    201,
  );
  expect((await http(server, SUE).put("/api/v1/workspaces/789/members/102")).status).toBe(204);
  return server;
}

/** "The message format is the same as the notifications WebSocket". */
const TASK_UPDATED = {
  type: "notification",
  notification_id: ID,
  title: "Task Updated",
  content: "Task 'Task Title' was updated.",
  notification_type: "task",
  related_entity_type: "task",
  related_entity_id: 456,
  created_at: NOW,
  data: { task_id: 456, action: "updated", workspace_id: 789, actor_id: 101 },
};

const DOCUMENTED_TASK_EVENT = `{
  "task_id": 456,
  "title": "Task Title",
  "action": "updated",
  "workspace_id": 789,
  "target_user_ids": [101, 102]
}`;

describe("Send Task Event", () => {
  test("the documented request is answered as documented, and heard by both targets and in the workspace", async () => {
    await using server = await startDocumented();
    const sue = await connect(server, "/ws/notifications", { as: SUE });
    const tim = await connect(server, "/ws/notifications", { as: TIM });
    const tasks = await connect(server, "/ws/tasks/789", { as: TIM });

    const answer = await http(server, SUE).post("/api/v1/realtime/events/task", DOCUMENTED_TASK_EVENT);

    expectAnswer(answer, 202, { status: "notifications sent", recipient_count: 2 });
    const heard = await Promise.all([sue, tim, tasks].map((client) => client.expect(TASK_UPDATED)));
    expect(new Set(heard.map((frame) => frame.notification_id)).size).toBe(1);
    for (const client of [sue, tim, tasks]) await client.silent();
  });

  test("without target_user_ids, and with an empty list, only the caller is notified", async () => {
    await using server = await startDocumented();
    const { post } = http(server, SUE);
    const sue = await connect(server, "/ws/notifications", { as: SUE });
    const tim = await connect(server, "/ws/notifications", { as: TIM });
    // As sendTaskEvent of the frontend example sends it.
    const fromTheExample = { task_id: 456, title: "Task Title", action: "updated" };
    const alone = { ...TASK_UPDATED, data: { ...TASK_UPDATED.data, workspace_id: null } };

    for (const body of [fromTheExample, { ...fromTheExample, target_user_ids: [] }]) {
      const answer = await post("/api/v1/realtime/events/task", body);
      expectAnswer(answer, 202, { status: "notifications sent", recipient_count: 1 });
      await sue.expect(alone);
    }
    await tim.silent();
  });

  test("every documented action has its title and content", async () => {
    await using server = await startDocumented();
    const tasks = await connect(server, "/ws/tasks/789", { as: SUE });
    for (const [action, title] of [
      ["created", "Task Created"],
      ["updated", "Task Updated"],
      ["completed", "Task Completed"],
      ["deleted", "Task Deleted"],
    ]) {
      await http(server, SUE).post("/api/v1/realtime/events/task", {
        task_id: 456,
        title: "Task Title",
        action,
        workspace_id: 789,
      });
      const content = `Task 'Task Title' was ${action}.`;
      await tasks.expect({ ...TASK_UPDATED, title, content, data: { ...TASK_UPDATED.data, action } });
    }
  });

  test("a recipient named twice is told and counted once", async () => {
    await using server = await startDocumented();
    const tim = await connect(server, "/ws/notifications", { as: TIM });
    const body = {
      task_id: 456,
      title: "Task Title",
      action: "updated",
      workspace_id: 789,
      target_user_ids: [102, "102", 102],
    };
    const answer = await http(server, SUE).post("/api/v1/realtime/events/task", body);
    expectAnswer(answer, 202, { status: "notifications sent", recipient_count: 1 });
    await tim.expect(TASK_UPDATED);
    await tim.silent();
  });

  test("the backend example's complete_task, by service key in the user's name", async () => {
    await using server = await startDocumented();
    const sue = await connect(server, "/ws/notifications", { as: SUE });
    const body = { user_id: 101, task_id: 456, title: "Task Title", action: "completed", workspace_id: 789 };
    const answer = await http(server, "key").post("/api/v1/realtime/events/task", body);
    expectAnswer(answer, 202, { status: "notifications sent", recipient_count: 1 });
    await sue.expect({
      ...TASK_UPDATED,
      title: "Task Completed",
      content: "Task 'Task Title' was completed.",
      data: { ...TASK_UPDATED.data, action: "completed" },
    });
  });
});

describe("Send Workspace Event", () => {
  const documented = `{
    "workspace_id": 789,
    "title": "Workspace Update",
    "content": "The workspace has been updated.",
    "type": "workspace",
    "related_entity_type": "workspace",
    "related_entity_id": 789,
    "data": {},
    "exclude_user_ids": [101]
  }`;
  const told = {
    type: "notification",
    notification_id: ID,
    title: "Workspace Update",
    content: "The workspace has been updated.",
    notification_type: "workspace",
    related_entity_type: "workspace",
    related_entity_id: 789,
    created_at: NOW,
    data: {},
  };

  test("the documented request reaches all members but the excluded one", async () => {
    await using server = await startDocumented();
    const sue = await connect(server, "/ws/notifications", { as: SUE });
    const tim = await connect(server, "/ws/notifications", { as: TIM });
    const tasks = await connect(server, "/ws/tasks/789", { as: TIM });
    const answer = await http(server, SUE).post("/api/v1/realtime/events/workspace", documented);
    expectAnswer(answer, 202, { status: "workspace notification sent" });
    await tim.expect(told);
    await sue.silent();
    // "filtered to only include task-related events"
    await tasks.silent();
  });

  test("optional fields may be left out: the type is workspace, everybody is told", async () => {
    await using server = await startDocumented();
    const clients = [
      await connect(server, "/ws/notifications", { as: SUE }),
      await connect(server, "/ws/notifications", { as: TIM }),
    ];
    const body = { workspace_id: 789, title: "Workspace Update", content: "The workspace has been updated." };
    expectAnswer(await http(server, TIM).post("/api/v1/realtime/events/workspace", body), 202, {
      status: "workspace notification sent",
    });
    for (const client of clients)
      await client.expect({ ...told, related_entity_type: null, related_entity_id: null });
  });
});

describe("Send System Event", () => {
  const documented = `{
    "title": "System Notification",
    "content": "Important system message.",
    "user_id": 101,
    "data": {}
  }`;
  const told = {
    type: "notification",
    notification_id: ID,
    title: "System Notification",
    content: "Important system message.",
    notification_type: "system",
    related_entity_type: null,
    related_entity_id: null,
    created_at: NOW,
    data: {},
  };

  test("the documented request, by the user himself, an admin and a service key", async () => {
    await using server = await startDocumented();
    const sue = await connect(server, "/ws/notifications", { as: SUE });
    for (const asker of [SUE, ADMIN, "key"] as const) {
      const answer = await http(server, asker).post("/api/v1/realtime/events/system", documented);
      expectAnswer(answer, 202, { status: "system notification sent" });
      await sue.expect(told);
    }
  });

  test("without user_id the current user is notified; given data is handed on", async () => {
    await using server = await startDocumented();
    const tim = await connect(server, "/ws/notifications", { as: TIM });
    const sue = await connect(server, "/ws/notifications", { as: SUE });
    const body = {
      title: "System Notification",
      content: "Important system message.",
      data: { b: 1, a: [true, null] },
    };
    expectAnswer(await http(server, TIM).post("/api/v1/realtime/events/system", body), 202, {
      status: "system notification sent",
    });
    await tim.expect({ ...told, data: { b: 1, a: [true, null] } });
    await sue.silent();
  });
});

describe("Focus Session WebSocket", () => {
  test("JSON from one participant reaches every participant, the sender too", async () => {
    await using server = await startServer();
    const sue = await connect(server, "/ws/focus-session/123", { as: SUE });
    await sue.next();
    const tim = await connect(server, "/ws/focus-session/123", { as: TIM });
    await Promise.all([sue.next(), tim.next()]);

    sue.sendText(`{"minutes": 25, "on": ["task", 456]}`);

    const frame = {
      type: "focus_session_update",
      session_id: "123",
      sender_id: 101,
      data: { minutes: 25, on: ["task", 456] },
    };
    for (const client of [sue, tim]) await client.expect(frame);
  });

  test("any JSON is relayed as it is, what is no JSON is ignored", async () => {
    await using server = await startServer();
    const sue = await connect(server, "/ws/focus-session/123", { as: SUE });
    await sue.next();
    sue.sendText("{not json");
    for (const data of ["a text", 7, null, [1, 2], true, {}]) {
      sue.send(data);
      await sue.expect({ type: "focus_session_update", session_id: "123", sender_id: 101, data });
    }
  });

  test("joins and leaves arrive as the same frame", async () => {
    await using server = await startServer();
    const notice = (user: User, action: string) => ({
      type: "focus_session_update",
      session_id: "123",
      sender_id: user.id,
      data: {
        action,
        user: { id: user.id, username: user.username },
        status: "active",
        current_task_id: null,
      },
    });
    const sue = await connect(server, "/ws/focus-session/123", { as: SUE });
    await sue.expect(notice(SUE, "participant_joined"));
    const tim = await connect(server, "/ws/focus-session/123", { as: TIM });
    for (const client of [sue, tim]) await client.expect(notice(TIM, "participant_joined"));
    await tim.close();
    await sue.expect(notice(TIM, "participant_left"));
  });
});

test("there is no welcome, and what clients send to notifications and tasks is ignored", async () => {
  await using server = await startServer();
  const clients = [
    await connect(server, "/ws/notifications", { as: SUE }),
    await connect(server, "/ws/tasks/789", { as: SUE }),
  ];
  for (const client of clients) {
    await client.silent();
    client.send({ type: "ping" });
    client.sendText("no json");
    await client.silent();
  }
});

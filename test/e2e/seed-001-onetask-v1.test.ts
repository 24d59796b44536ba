/** Every frame of the WebSocket Integration Guide for OneTask (seed 001), against a server. */
import { describe, expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { type Client, connect } from "../support/client.ts";
import { ID, TIME } from "../support/frames.ts";
import { expectAnswer, http } from "../support/http.ts";
import { startServer, type StartedServer, type User } from "../support/server.ts";

const JOHN: User = { id: 101, username: "johndoe" };
const MARY: User = { id: 102, username: "mary" };
const NOW = "2025-03-23T14:30:00.000Z";

async function startDocumented(): Promise<StartedServer> {
  const server = await startServer({ access: "members" }, { clock: new ManualClock(Date.parse(NOW)) });
  expect((await http(server, JOHN).post("/api/v1/workspaces", { id: 789, name: "Documented" })).status).toBe(
    201,
  );
  expect((await http(server, JOHN).put("/api/v1/workspaces/789/members/102")).status).toBe(204);
  return server;
}

const notifications = (server: StartedServer, as: User): Promise<Client> =>
  connect(server, "/api/v1/ws/notifications", { as });
const taskUpdates = (server: StartedServer, as: User): Promise<Client> =>
  connect(server, "/api/v1/ws/workspaces/789/tasks", { as });

describe("1. Notifications WebSocket", () => {
  test("the documented frame", async () => {
    await using server = await startDocumented();
    const john = await notifications(server, JOHN);
    const body = {
      workspace_id: 789,
      title: "Task Completed",
      content: "You've completed 'Project Proposal'",
      related_entity_type: "task",
      related_entity_id: 456,
    };
    await http(server, JOHN).post("/api/v1/realtime/events/workspace", body);
    await john.expect({
      type: "notification",
      data: {
        id: ID,
        title: "Task Completed",
        content: "You've completed 'Project Proposal'",
        created_at: NOW,
        read: false,
        related_entity_type: "task",
        related_entity_id: 456,
      },
    });
  });

  test("has the same id as OneTask's own notification", async () => {
    await using server = await startServer();
    const v1 = await notifications(server, JOHN);
    const onetask = await connect(server, "/ws/notifications", { as: JOHN });
    await http(server, JOHN).post("/api/v1/realtime/events/system", { title: "T", content: "C" });
    expect((await v1.next()).data.id).toBe((await onetask.next()).notification_id);
  });
});

describe("2. Task Updates WebSocket", () => {
  test("of a task that is not stored, what is unknown is null; completed has its status", async () => {
    await using server = await startDocumented();
    const mary = await taskUpdates(server, MARY);
    for (const action of ["created", "updated", "deleted", "completed"]) {
      await http(server, JOHN).post("/api/v1/realtime/events/task", {
        task_id: 456,
        title: "New Task",
        action,
        workspace_id: 789,
      });
      await mary.expect({
        type: "task_update",
        action,
        data: {
          id: 456,
          title: "New Task",
          description: null,
          status: action === "completed" ? "completed" : null,
          priority: null,
          due_date: null,
          workspace_id: 789,
          user_id: null,
        },
      });
    }
    await mary.silent();
  });

  test("an event of another workspace is not heard", async () => {
    await using server = await startServer();
    const mary = await taskUpdates(server, MARY);
    await http(server, JOHN).post("/api/v1/realtime/events/task", {
      task_id: 1,
      title: "T",
      action: "updated",
      workspace_id: 790,
    });
    await mary.silent();
  });

  test("the documented frame, of a stored task", async () => {
    await using server = await startDocumented();
    const mary = await taskUpdates(server, MARY);
    const task = {
      id: 456,
      title: "New Task",
      description: "Task description",
      status: "todo",
      priority: "high",
      due_date: "2025-04-01T12:00:00Z",
      user_id: 101,
    };
    expect((await http(server, MARY).post("/api/v1/workspaces/789/tasks", task)).status).toBe(201);
    await mary.expect({
      type: "task_update",
      action: "created",
      data: {
        id: 456,
        title: "New Task",
        description: "Task description",
        status: "todo",
        priority: "high",
        due_date: "2025-04-01T12:00:00.000Z",
        workspace_id: 789,
        user_id: 101,
      },
    });
  });
});

describe("Task-Specific Notifications", () => {
  const told = (title: string, content: string) => ({
    type: "notification",
    data: {
      id: ID,
      title,
      content,
      created_at: TIME,
      read: false,
      related_entity_type: "task",
      related_entity_id: 456,
    },
  });

  test("creation tells the assignee; update, completion and deletion tell assignee and creator", async () => {
    await using server = await startDocumented();
    const john = await notifications(server, JOHN);
    const mary = await notifications(server, MARY);
    const { post, patch, delete: remove } = http(server, MARY);
    const both = [john, mary];

    await post("/api/v1/workspaces/789/tasks", { id: 456, title: "Proposal", user_id: 101 });
    await john.expect(told("Task Created", "Task 'Proposal' was created."));
    await mary.silent();

    await patch("/api/v1/tasks/456", { title: "Project Proposal" });
    for (const client of both)
      await client.expect(told("Task Updated", "Task 'Project Proposal' was updated."));

    await post("/api/v1/tasks/456/complete");
    for (const client of both)
      await client.expect(told("Task Completed", "Task 'Project Proposal' was completed."));

    expectAnswer(await remove("/api/v1/tasks/456"), 204);
    for (const client of both)
      await client.expect(told("Task Deleted", "Task 'Project Proposal' was deleted."));
  });

  test("a backend's event notifies whom it names, on this API too", async () => {
    await using server = await startDocumented();
    const john = await notifications(server, JOHN);
    const mary = await notifications(server, MARY);
    const body = {
      task_id: 456,
      title: "Proposal",
      action: "completed",
      workspace_id: 789,
      target_user_ids: [101],
    };
    await http(server, "key").post("/api/v1/realtime/events/task", body);
    await john.expect(told("Task Completed", "Task 'Proposal' was completed."));
    await mary.silent();
  });
});

describe("3. Focus Session WebSocket", () => {
  const session = (server: StartedServer, as: User): Promise<Client> =>
    connect(server, "/api/v1/ws/focus-sessions/focus-123", { as });
  const update = (action: string, user: User, status: string, task: number | null, more: object = {}) => ({
    type: "focus_update",
    action,
    data: {
      session_id: "focus-123",
      user: { id: user.id, username: user.username },
      status,
      current_task_id: task,
      ...more,
    },
  });

  test("the documented frame: somebody joins a session that is at a task", async () => {
    await using server = await startServer();
    const mary = await session(server, MARY);
    await mary.expect(update("participant_joined", MARY, "active", null));
    mary.send({ current_task_id: 456 });
    await mary.expect(update("status_change", MARY, "active", 456));

    const john = await session(server, JOHN);

    // Exactly what stands in the document.
    for (const client of [john, mary]) {
      await client.expect({
        type: "focus_update",
        action: "participant_joined",
        data: {
          session_id: "focus-123",
          user: { id: 101, username: "johndoe" },
          status: "active",
          current_task_id: 456,
        },
      });
    }
    await john.close();
    await mary.expect(update("participant_left", JOHN, "active", 456));
  });

  test("a change updates the session and is published to all; what it does not name stays", async () => {
    await using server = await startServer();
    const john = await session(server, JOHN);
    await john.next();
    john.send({ action: "status_change", status: "paused", current_task_id: 7 });
    await john.expect(update("status_change", JOHN, "paused", 7));
    john.send({ action: "cheer", data: { emoji: "🎉" } });
    await john.expect(update("cheer", JOHN, "paused", 7, { data: { emoji: "🎉" } }));
    john.send({ status: "done", current_task_id: null });
    await john.expect(update("status_change", JOHN, "done", null));
    // Kept: whoever comes later joins the session as it is.
    await john.close();
    const mary = await session(server, MARY);
    await mary.expect(update("participant_joined", MARY, "done", null));
  });

  test("nobody can pass for another user, and bad frames are ignored", async () => {
    await using server = await startServer();
    const john = await session(server, JOHN);
    await john.next();
    john.sendText("{not json");
    john.send([1, 2]);
    john.send({ status: 7 });
    john.send({ status: "here", user: { id: 102, username: "mary" }, user_id: 102, session_id: "other" });
    await john.expect(update("status_change", JOHN, "here", null));
    await john.silent();
  });
});

test("there is no welcome, and what clients send to notifications and tasks is ignored", async () => {
  await using server = await startServer();
  for (const client of [await notifications(server, JOHN), await taskUpdates(server, JOHN)]) {
    await client.silent();
    client.send({ type: "ping" });
    await client.silent();
  }
});

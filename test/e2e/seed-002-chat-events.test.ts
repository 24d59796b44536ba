/** Server → Client Events of the WebSocket API Documentation (seed 002), against a server. */
import { describe, expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { ID } from "../support/frames.ts";
import { expectAnswer, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, chatIn } from "../support/people.ts";
import { startServer, type StartedServer } from "../support/server.ts";

const NOW = "2025-11-13T12:00:00.000Z";
const startDocumented = (): Promise<StartedServer> =>
  startServer({}, { clock: new ManualClock(Date.parse(NOW)) });

describe("Chat Events", () => {
  test("message.edited and message.deleted, by the author's frames", async () => {
    await using server = await startDocumented();
    const bob = await chatIn(server, BOB, ["channel:456"]);
    const alice = await chatIn(server, ALICE, ["channel:456"]);
    alice.send({ type: "send_message", room: "channel:456", data: { content: "Helo" } });
    const { message_id } = (await alice.next("message")).data;
    await bob.next("message");
    const envelope = (type: string, data: object) => ({
      type,
      room: "channel:456",
      data,
      sender: "alice",
      timestamp: NOW,
    });

    alice.send({ type: "edit_message", data: { message_id, content: "Hello" } });
    const edited = envelope("message.edited", {
      message_id,
      content: "Hello",
      new_content: "Hello",
      edited_at: NOW,
    });
    for (const client of [alice, bob]) await client.expect(edited);

    alice.send({ type: "delete_message", data: { message_id } });
    const deleted = envelope("message.deleted", { message_id, deleted_at: NOW });
    for (const client of [alice, bob]) await client.expect(deleted);
  });

  test("nobody but the author or an admin edits or deletes", async () => {
    await using server = await startDocumented();
    const alice = await chatIn(server, ALICE, ["channel:456"]);
    const bob = await chatIn(server, BOB, ["channel:456"]);
    const admin = await chatIn(server, ADMIN, ["channel:456"]);
    alice.send({ type: "send_message", room: "channel:456", data: { content: "mine" } });
    const { message_id } = (await bob.next("message")).data;
    bob.send({ type: "edit_message", data: { message_id, content: "his" } });
    expect((await bob.next("error")).data.error).toMatch(/author|admin/);
    bob.send({ type: "delete_message", data: { message_id } });
    await bob.next("error");
    admin.send({ type: "delete_message", data: { message_id } });
    await admin.next("message.deleted");
    // Neither of the first two was told.
    expect((await alice.drain()).map((frame) => frame.type)).toEqual([
      "user_joined",
      "user_joined",
      "message",
      "message.deleted",
    ]);
  });
});

describe("Task Events", () => {
  const event = (type: string, data: object, sender = "alice", room = "project:123") => ({
    type,
    room,
    data,
    sender,
    timestamp: NOW,
  });

  test("of a backend's task that is not stored, in the project and in the task's room", async () => {
    await using server = await startDocumented();
    const inProject = await chatIn(server, BOB, ["project:123"]);
    const inTask = await chatIn(server, BOB, ["task:789"]);
    const { post } = http(server, ALICE);
    const tell = async (action: string): Promise<unknown> =>
      post("/api/v1/realtime/events/task", { task_id: 789, title: "New feature", action, workspace_id: 123 });
    const status = { task_id: 789, old_status: null, new_status: "completed", changed_by: "alice" };
    const created = {
      task_id: 789,
      title: "New feature",
      status: null,
      priority: null,
      assignee: null,
      creator: "alice",
    };
    for (const [action, type, data, sender] of [
      ["created", "task.created", created, "alice"],
      ["updated", "task.updated", { task_id: 789, title: "New feature", changes: {} }, "alice"],
      ["completed", "task.status_changed", status, "system"],
      ["deleted", "task.deleted", { task_id: 789, title: "New feature" }, "alice"],
    ] as const) {
      await tell(action);
      await inProject.expect(event(type, data, sender));
      await inTask.expect(event(type, data, sender, "task:789"));
    }
  });

  test("task.created and task.status_changed as documented, of a stored task", async () => {
    await using server = await startDocumented();
    await http(server, ALICE).post("/api/v1/workspaces", { id: 123, name: "Documented" });
    await http(server, ALICE).put("/api/v1/workspaces/123/members/67890");
    const bob = await chatIn(server, BOB, ["project:123"]);
    const body = {
      id: 789,
      title: "New feature implementation",
      status: "todo",
      priority: "high",
      user_id: 67890,
    };
    await http(server, ALICE).post("/api/v1/workspaces/123/tasks", body);
    const { title, status, priority } = body;
    await bob.expect(
      event("task.created", { task_id: 789, title, status, priority, assignee: "bob", creator: "alice" }),
    );
    await bob.next("notification.new");

    await http(server, BOB).patch("/api/v1/tasks/789", { status: "in_progress" });
    const changed = { task_id: 789, old_status: "todo", new_status: "in_progress", changed_by: "bob" };
    await bob.expect(event("task.status_changed", changed, "system"));
  });

  test("one PATCH of several fields is one frame for each kind of change", async () => {
    await using server = await startDocumented();
    await http(server, ALICE).post("/api/v1/workspaces", { id: 123, name: "Documented" });
    await http(server, ALICE).post("/api/v1/workspaces/123/tasks", { id: 789, title: "Old" });
    const bob = await chatIn(server, BOB, ["project:123"]);
    await http(server, ALICE).patch("/api/v1/tasks/789", { title: "New", status: "done", user_id: 67890 });
    const frames = (await bob.drain()).filter((frame) => frame.type.startsWith("task."));
    expect(frames.map((frame) => frame.type).toSorted()).toEqual([
      "task.assigned",
      "task.status_changed",
      "task.updated",
    ]);
  });
});

describe("Project Events", () => {
  test("project.updated and project.archived", async () => {
    await using server = await startDocumented();
    await http(server, ALICE).post("/api/v1/workspaces", { id: 123, name: "Old" });
    const bob = await chatIn(server, BOB, ["project:123"]);
    const event = (type: string, data: object) => ({
      type,
      room: "project:123",
      data,
      sender: "alice",
      timestamp: NOW,
    });
    await http(server, ALICE).patch("/api/v1/workspaces/123", { name: "New" });
    const changes = { name: { old: "Old", new: "New" } };
    await bob.expect(event("project.updated", { project_id: 123, name: "New", changes }));
    await http(server, ALICE).post("/api/v1/workspaces/123/archive");
    await bob.expect(event("project.archived", { project_id: 123, name: "New" }));
  });
});

describe("notification.new", () => {
  test("the documented frame, without room or sender", async () => {
    await using server = await startDocumented();
    const alice = await chatIn(server, ALICE);
    const answer = await http(server, "key").post("/api/v1/notify/users/12345", {
      title: "You were mentioned",
      message: "Alice mentioned you in channel #general",
      link: "/project/123/channel/456",
      priority: "normal",
    });
    expectAnswer(answer, 200, { delivered: true, notification_id: ID });
    await alice.expect({
      type: "notification.new",
      data: {
        title: "You were mentioned",
        message: "Alice mentioned you in channel #general",
        link: "/project/123/channel/456",
        priority: "normal",
      },
      timestamp: NOW,
    });
  });

  test("what is left out has its default; told to a room, the room is named", async () => {
    await using server = await startDocumented();
    const alice = await chatIn(server, ALICE, ["project:123"]);
    await http(server, "key").post("/api/v1/notify/users/12345", { message: "Short" });
    const data = { title: "Notification", message: "Short", link: null, priority: "normal" };
    await alice.expect({ type: "notification.new", data, timestamp: NOW });
    expectAnswer(
      await http(server, "key").post("/api/v1/notify/rooms/project_123", { message: "Short" }),
      200,
      { count: 1 },
    );
    await alice.expect({ type: "notification.new", room: "project:123", data, timestamp: NOW });
    await alice.silent();
  });
});

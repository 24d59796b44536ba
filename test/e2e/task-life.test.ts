import { describe, expect, test } from "bun:test";
import { connect } from "../support/client.ts";
import { expectExactly, ID, TIME } from "../support/frames.ts";
import { expectAnswer, expectProblem, http } from "../support/http.ts";
import { ALICE, BOB, CAROL, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { KEY, startServer } from "../support/server.ts";

/** Alice's workspace 789, where Bob works; Carol has no access. Everybody was seen. */
async function office() {
  const server = await startServer({ access: "members" });
  const alice = http(server, ALICE);
  const bob = http(server, BOB);
  const carol = http(server, CAROL);
  await alice.post("/api/v1/workspaces", { id: 789, name: "Office" });
  await alice.put(`/api/v1/workspaces/789/members/${BOB.id}`, {});
  for (const { get } of [bob, carol]) await get("/api/v1/workspaces");
  return { server, alice, bob, carol };
}

const TASKS = "/api/v1/workspaces/789/tasks";
const TASK = "/api/v1/tasks/42";

const shown = (more: Record<string, unknown> = {}) => ({
  id: 42,
  workspace_id: 789,
  title: "Proposal",
  description: null,
  status: "todo",
  priority: "normal",
  due_date: null,
  user_id: null,
  creator_id: ALICE.id,
  version: 1,
  created_at: TIME,
  updated_at: TIME,
  completed_at: null,
  ...more,
});

describe("a task over HTTP", () => {
  test("is created, read, changed, completed and deleted, its version in the ETag", async () => {
    const { server, alice, bob } = await office();
    await using _ = server;
    const created = await alice.post(TASKS, {
      id: 42,
      title: " Proposal ",
      due_date: "2026-04-01T14:00:00+02:00",
    });
    expectAnswer(created, 201, shown({ due_date: "2026-04-01T12:00:00.000Z" }));
    expect(created.headers.get("etag")).toBe('"1"');
    const changed = await bob.patch(TASK, { due_date: null, user_id: BOB.id, priority: "high" });
    expectAnswer(changed, 200, shown({ user_id: BOB.id, priority: "high", version: 2 }));
    expect(changed.headers.get("etag")).toBe('"2"');
    const done = shown({
      user_id: BOB.id,
      priority: "high",
      status: "completed",
      version: 3,
      completed_at: TIME,
    });
    expectAnswer(await bob.post(`${TASK}/complete`), 200, done);
    expectAnswer(await bob.post(`${TASK}/complete`), 200, done);
    expectAnswer(await alice.get(TASK), 200, done);
    expectAnswer(await alice.get(TASKS), 200, { items: [done], next: null });
    expectAnswer(await alice.delete(TASK), 204);
    expectProblem(await alice.get(TASK), 404, "Task not found");
    expectProblem(await alice.delete(TASK), 404, "Task not found");
    expectAnswer(await alice.get(TASKS), 200, { items: [], next: null });
    expectProblem(await alice.post(TASKS, { id: 42, title: "Again" }), 409);
  });

  test("is not to be known of without access; its workspace must be stored, in the open mode too", async () => {
    const { server, alice, carol } = await office();
    await using _ = server;
    await alice.post(TASKS, { id: 42, title: "Proposal" });
    for (const answer of [
      await carol.get(TASK),
      await carol.patch(TASK, { title: "x" }),
      await carol.delete(TASK),
    ])
      expectProblem(answer, 404, "Task not found");
    for (const answer of [await carol.get(TASKS), await carol.post(TASKS, { title: "x" })])
      expectProblem(answer, 404, "Workspace not found");
    await using open = await startServer({ access: "open" });
    const elsewhere = await http(open, CAROL).post("/api/v1/workspaces/1/tasks", { title: "x" });
    expectProblem(elsewhere, 404, "Workspace not found");
  });

  test("says which fields are wrong", async () => {
    const { server, alice } = await office();
    await using _ = server;
    expectProblem(await alice.post(TASKS, {}), 400, "Missing required fields: title");
    expectProblem(await alice.post(TASKS, { title: "x", due_date: "soon" }), 400, /due_date/);
    await alice.post(TASKS, { id: 42, title: "Proposal" });
    expectProblem(await alice.patch(TASK, { title: null }), 400, /title/);
    expectProblem(await alice.patch(TASK, { status: "" }), 400, /status/);
  });
});

describe("a version", () => {
  test("that another change has overtaken is a conflict: nobody's work is lost", async () => {
    const { server, alice, bob } = await office();
    await using _ = server;
    await alice.post(TASKS, { id: 42, title: "Proposal" });
    const headers = { "if-match": '"1"' };
    const answers = await Promise.all([
      alice.patch(TASK, { title: "By Alice" }, headers),
      bob.patch(TASK, { title: "By Bob" }, headers),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const [won, lost] = answers.toSorted((a, b) => a.status - b.status);
    expectProblem(lost!, 409, "The task is at version 2, not 1. Read it again.");
    expect((await alice.get(TASK)).body).toEqual(won!.body);
  });

  test("may be said in the body, as an ETag strong or weak, or as *", async () => {
    const { server, alice } = await office();
    await using _ = server;
    await alice.post(TASKS, { id: 42, title: "Proposal" });
    const change = async (ifMatch: string | null, body: object = {}) => {
      const headers: Record<string, string> = ifMatch === null ? {} : { "if-match": ifMatch };
      return (await alice.patch(TASK, { priority: crypto.randomUUID(), ...body }, headers)).status;
    };
    expect(await change('W/"1"')).toBe(200);
    expect(await change("2")).toBe(200);
    expect(await change("*")).toBe(200);
    expect(await change(null, { version: 4 })).toBe(200);
    expect(await change('"5"', { version: 5 })).toBe(200);
    expect(await change(null, { version: 1 })).toBe(409);
    expect(await change('"5"', { version: 6 })).toBe(400);
    expect(await change('"five"')).toBe(400);
    expectProblem(await alice.delete(TASK, { "if-match": '"1"' }), 409);
    expectProblem(await alice.delete(`${TASK}?version=1`), 409);
    expectProblem(await alice.post(`${TASK}/complete`, { version: 1 }), 409);
    expectProblem(await alice.post(`${TASK}/complete`, undefined, { "if-match": '"1"' }), 409);
    expectAnswer(await alice.delete(`${TASK}?version=6`), 204);
  });

  test("is the same for a repeated request", async () => {
    const { server, alice } = await office();
    await using _ = server;
    const once = () => alice.post(TASKS, { title: "Proposal" }, { "idempotency-key": "k" });
    const [first, second] = [await once(), await once()];
    expect(second.body).toEqual(first.body);
    expect((await alice.get(TASKS)).body).toEqual({ items: [first.body], next: null });
  });
});

describe("one change, heard by everybody", () => {
  test("one PATCH of several fields, in every dialect", async () => {
    const { server, alice } = await office();
    await using _ = server;
    await alice.post(TASKS, { id: 42, title: "Proposal", user_id: ALICE.id });
    const tasks = await connect(server, PATHS.tasks, { as: BOB });
    const v1Tasks = await connect(server, PATHS.v1Tasks, { as: BOB });
    const inbox = await connect(server, PATHS.notifications, { as: BOB });
    const chat = await chatIn(server, BOB, ["task:42", "project:789"]);
    const notifier = await notifierIn(server, BOB, ["project_789"]);
    const native = await nativeIn(server, BOB, ["task:42"]);
    for (const socket of [chat, notifier, native]) await socket.drain();

    const change = { title: "Offer", status: "doing", user_id: BOB.id };
    expect((await alice.patch(TASK, change)).status).toBe(200);

    const notice = {
      type: "notification",
      notification_id: ID,
      title: "Task Updated",
      content: "Task 'Offer' was updated.",
      notification_type: "task",
      related_entity_type: "task",
      related_entity_id: 42,
      created_at: TIME,
      data: { task_id: 42, action: "updated", workspace_id: 789, actor_id: ALICE.id },
    };
    const heard = await tasks.expect(notice);
    const personal = await inbox.expect(notice);
    expect(personal.notification_id).toBe(heard.notification_id);
    await v1Tasks.expect({
      type: "task_update",
      action: "updated",
      data: {
        id: 42,
        title: "Offer",
        description: null,
        status: "doing",
        priority: "normal",
        due_date: null,
        workspace_id: 789,
        user_id: BOB.id,
      },
    });

    const frame = (type: string, data: object, sender: string) => ({
      type,
      room: "project:789",
      data: { task_id: 42, ...data },
      sender,
      timestamp: TIME,
    });
    const frames = (await chat.take(4)).filter(({ type }) => type !== "notification.new");
    expectExactly(frames, [
      frame(
        "task.status_changed",
        { old_status: "todo", new_status: "doing", changed_by: "alice" },
        "system",
      ),
      frame("task.assigned", { title: "Offer", assignee: "bob", assigned_by: "alice" }, "alice"),
      frame(
        "task.updated",
        { title: "Offer", changes: { title: { old: "Proposal", new: "Offer" } } },
        "alice",
      ),
    ]);

    const room = await notifier.next("room_message");
    expectExactly(room, {
      type: "room_message",
      message: "Task 'Offer' was updated.",
      data: { level: "info", notification: true, task_id: 42, action: "updated" },
      room: "project_789",
    });

    const told = await native.next({ kind: "task.updated" });
    expectExactly(told, {
      type: "event",
      kind: "task.updated",
      topic: "task:42",
      data: {
        task_id: 42,
        action: "updated",
        title: "Offer",
        task: {
          title: "Offer",
          description: null,
          status: "doing",
          priority: "normal",
          due_date: null,
          workspace_id: 789,
          user_id: BOB.id,
          assignee: "bob",
          creator: "alice",
        },
        changes: {
          title: { old: "Proposal", new: "Offer" },
          status: { old: "todo", new: "doing" },
          user_id: { old: ALICE.id, new: BOB.id },
        },
        notification_id: heard.notification_id,
      },
      actor: { id: ALICE.id, username: "alice" },
      at: TIME,
    });
    await native.next({ kind: "notification.created" });
    await notifier.next("info");
    for (const socket of [tasks, inbox, v1Tasks, chat, notifier, native]) await socket.silent();
  });

  test("a change that changes nothing is heard by nobody", async () => {
    const { server, alice } = await office();
    await using _ = server;
    await alice.post(TASKS, { id: 42, title: "Proposal", user_id: BOB.id });
    const tasks = await connect(server, PATHS.tasks, { as: BOB });
    const inbox = await connect(server, PATHS.notifications, { as: BOB });
    expectAnswer(await alice.patch(TASK, { title: "Proposal" }), 200, shown({ user_id: BOB.id }));
    await tasks.silent();
    await inbox.silent();
  });

  test("a reassignment reaches the old and the new assignee and the creator, whoever acted", async () => {
    const { server, alice } = await office();
    await using _ = server;
    await alice.post(TASKS, { id: 42, title: "Proposal", user_id: BOB.id });
    const inboxes = await Promise.all(
      [ALICE, BOB, CAROL].map((user) => connect(server, PATHS.notifications, { as: user })),
    );
    const headers = { "x-api-key": KEY };
    await http(server).patch(TASK, { user_id: CAROL.id }, headers);
    for (const inbox of inboxes) {
      expect(await inbox.next()).toMatchObject({ title: "Task Updated", data: { actor_id: null } });
      await inbox.silent();
    }
  });
});

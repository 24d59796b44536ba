/** The details that the original backends gave, word by word. */
import { describe, expect, test } from "bun:test";
import { expectAnswer, expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, CAROL, chatIn } from "../support/people.ts";
import { NO_RATES, startServer } from "../support/server.ts";

const EVENTS = "/api/v1/realtime/events";

describe("Missing required fields", () => {
  test.each([
    [`${EVENTS}/task`, "task_id, title, action", { task_id: 456, title: "T", action: "updated" }],
    [`${EVENTS}/workspace`, "workspace_id, title, content", { workspace_id: 789, title: "T", content: "C" }],
    [`${EVENTS}/system`, "title, content", { title: "T", content: "C" }],
    ["/api/v1/ws/notification", "message", { message: "m" }],
    ["/api/v1/notify/users/7", "message", { message: "m" }],
    ["/api/v1/notify/rooms/lobby", "message", { message: "m" }],
    ["/api/v1/notify/broadcast", "message", { message: "m" }],
  ])("%s names the whole list, and each missing one: %s", async (path, list, whole) => {
    await using server = await startServer(NO_RATES);
    const { post } = http(server, ADMIN);
    for (const field of Object.keys(whole)) {
      for (const absent of [undefined, null, ""]) {
        const problem = expectProblem(await post(path, { ...whole, [field]: absent }), 400);
        expect(problem.detail).toStartWith(`Missing required fields: ${list}`);
        expect(problem.errors?.map((error) => error.path)).toEqual([field]);
      }
    }
    const problem = expectProblem(await post(path, {}), 400);
    expect(problem.errors?.map((error) => error.path)).toEqual(Object.keys(whole));
  });

  test("an id of 0 is there", async () => {
    await using server = await startServer();
    expect(
      (await http(server, ALICE).post(`${EVENTS}/task`, { task_id: 0, title: "T", action: "updated" }))
        .status,
    ).toBe(202);
  });
});

describe("workspace events", () => {
  const event = (workspace_id: unknown) => ({ workspace_id, title: "T", content: "C" });

  test("Workspace not found", async () => {
    await using server = await startServer({ access: "members" });
    for (const asker of [ALICE, ADMIN, "key"] as const) {
      expectProblem(
        await http(server, asker).post(`${EVENTS}/workspace`, event(789)),
        404,
        "Workspace not found",
      );
    }
  });

  test("You don't have access to this workspace, in either mode", async () => {
    for (const access of ["members", "open"] as const) {
      await using server = await startServer({ access });
      await http(server, ALICE).post("/api/v1/workspaces", { id: 789, name: "W" });
      expectProblem(
        await http(server, CAROL).post(`${EVENTS}/workspace`, event(789)),
        403,
        "You don't have access to this workspace",
      );
      for (const asker of [ALICE, ADMIN, "key"] as const) {
        expect((await http(server, asker).post(`${EVENTS}/workspace`, event("789"))).status).toBe(202);
      }
    }
  });
});

describe("system events", () => {
  const event = { title: "T", content: "C", user_id: BOB.id };

  test("Only admins can send system notifications to other users", async () => {
    for (const access of ["members", "open"] as const) {
      await using server = await startServer({ access });
      const before = server.assembly.hub.stats().lastEventId;
      expectProblem(
        await http(server, ALICE).post(`${EVENTS}/system`, event),
        403,
        "Only admins can send system notifications to other users",
      );
      expect(server.assembly.hub.stats().lastEventId).toBe(before);
      for (const asker of [BOB, ADMIN, "key"] as const)
        expect((await http(server, asker).post(`${EVENTS}/system`, event)).status).toBe(202);
    }
  });

  test("a key has no user of its own: it names one", async () => {
    await using server = await startServer();
    expectProblem(
      await http(server, "key").post(`${EVENTS}/system`, { title: "T", content: "C" }),
      400,
      /user_id/,
    );
  });
});

describe("task events", () => {
  const event = { task_id: 456, title: "T", action: "updated" };

  test("a key without targets or user_id is told to name them", async () => {
    await using server = await startServer();
    for (const body of [event, { ...event, workspace_id: 789 }, { ...event, target_user_ids: [] }]) {
      expectProblem(await http(server, "key").post(`${EVENTS}/task`, body), 400, /target_user_ids/);
    }
    for (const body of [
      { ...event, target_user_ids: [7] },
      { ...event, user_id: 7 },
    ]) {
      expectAnswer(await http(server, "key").post(`${EVENTS}/task`, body), 202, {
        status: "notifications sent",
        recipient_count: 1,
      });
    }
  });

  test("naming a workspace needs access to it", async () => {
    await using server = await startServer({ access: "members" });
    expectProblem(await http(server, ALICE).post(`${EVENTS}/task`, { ...event, workspace_id: 789 }), 403);
    expect((await http(server, ALICE).post(`${EVENTS}/task`, event)).status).toBe(202);
    expect((await http(server, ADMIN).post(`${EVENTS}/task`, { ...event, workspace_id: 789 })).status).toBe(
      202,
    );
  });

  test("naming others needs them and the caller to be members of the workspace, in either mode", async () => {
    for (const access of ["members", "open"] as const) {
      await using server = await startServer({ access });
      await http(server, ALICE).post("/api/v1/workspaces", { id: 789, name: "W" });
      await http(server, ALICE).put(`/api/v1/workspaces/789/members/${BOB.id}`);
      const { post } = http(server, ALICE);
      const named = { ...event, workspace_id: 789 };
      expect((await post(`${EVENTS}/task`, { ...named, target_user_ids: [BOB.id] })).status).toBe(202);
      expectProblem(await post(`${EVENTS}/task`, { ...named, target_user_ids: [BOB.id, CAROL.id] }), 403);
      expectProblem(await post(`${EVENTS}/task`, { ...event, target_user_ids: [BOB.id] }), 403);
      expectProblem(
        await http(server, CAROL).post(`${EVENTS}/task`, { ...named, target_user_ids: [BOB.id] }),
        403,
      );
      for (const asker of [ADMIN, "key"] as const) {
        expect(
          (await http(server, asker).post(`${EVENTS}/task`, { ...event, target_user_ids: [CAROL.id] }))
            .status,
        ).toBe(202);
      }
    }
  });

  test("a user cannot act as another: user_id is for admins and keys", async () => {
    await using server = await startServer();
    const bob = await chatIn(server, BOB, ["task:456"]);
    await http(server, ALICE).post(`${EVENTS}/task`, { ...event, user_id: BOB.id });
    expect((await bob.next("task.updated")) as unknown).toMatchObject({ sender: "alice" });
    await bob.silent();
  });
});

describe("diary", () => {
  test("No active WebSocket connections", async () => {
    await using server = await startServer();
    expectProblem(
      await http(server).post("/api/v1/ws/notification", { message: "m" }),
      404,
      "No active WebSocket connections",
    );
  });
});

describe("workspaces", () => {
  test("an id that is taken is a conflict; one that is unknown, or not to be known of, is not found", async () => {
    await using server = await startServer({ access: "members" });
    const { post, get, patch } = http(server, ALICE);
    const created = await post("/api/v1/workspaces", { id: 789, name: "W" });
    expect(created).toMatchObject({
      status: 201,
      body: { id: 789, name: "W", owner_id: ALICE.id, archived: false },
    });
    expectProblem(await post("/api/v1/workspaces", { id: "789", name: "W" }), 409);
    expectProblem(await get("/api/v1/workspaces/790"), 404, "Workspace not found");
    expectProblem(await http(server, CAROL).get("/api/v1/workspaces/789"), 404, "Workspace not found");
    expectProblem(await http(server, CAROL).patch("/api/v1/workspaces/789", { name: "Mine" }), 404);
    expectProblem(await patch("/api/v1/workspaces/789", { name: "" }), 400, /name/);
    expectProblem(await http(server, ALICE).delete(`/api/v1/workspaces/789/members/${ALICE.id}`), 409);
  });

  test("pages: newest first, the next one by its cursor, null at the end", async () => {
    await using server = await startServer(NO_RATES);
    const { post, get } = http(server, ALICE);
    for (let id = 1; id <= 5; id++) await post("/api/v1/workspaces", { id, name: `W${id}` });
    const pages: number[][] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const { body } = await get(`/api/v1/workspaces?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      const page = body as { items: { id: number }[]; next: string | null };
      expect(Object.keys(page)).toEqual(["items", "next"]);
      pages.push(page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(pages.flat()).toEqual([5, 4, 3, 2, 1]);
    expect(pages.slice(0, 2).map((page) => page.length)).toEqual([2, 2]);
    for (const limit of ["0", "501", "x"])
      expectProblem(await get(`/api/v1/workspaces?limit=${limit}`), 400, /limit/);
  });

  test("a cursor that is none is a bad field, not the end of the list", async () => {
    await using server = await startServer();
    await http(server, ALICE).post("/api/v1/workspaces", { name: "W" });
    expectProblem(await http(server, ALICE).get("/api/v1/workspaces?cursor=nonsense"), 400, /cursor/);
  });
});

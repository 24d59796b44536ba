/** Nobody is told of a task whose workspace he may not know of, whoever gives it to him. */
import { expect, test } from "bun:test";
import { connect } from "../support/client.ts";
import { http, type Requests } from "../support/http.ts";
import { ALICE, BOB, CAROL, chatIn, PATHS } from "../support/people.ts";
import { NO_RATES, startServer, type StartedServer } from "../support/server.ts";

const TASKS = "/api/v1/workspaces/789/tasks";

/** Alice's workspace, with Bob in it. */
async function start(): Promise<{ readonly server: StartedServer; readonly alice: Requests }> {
  const server = await startServer({ ...NO_RATES, access: "members" });
  const alice = http(server, ALICE);
  await alice.post("/api/v1/workspaces", { id: 789, name: "Website" });
  await alice.put(`/api/v1/workspaces/789/members/${BOB.id}`);
  return { server, alice };
}

const inboxOf = async (who: Requests): Promise<readonly unknown[]> =>
  ((await who.get("/api/v1/notifications")).body as { items: unknown[] }).items;

test("a stranger is not notified of a task that he is given, nor is his name told", async () => {
  const { server, alice } = await start();
  await using _ = server;
  const carol = await connect(server, PATHS.notifications, { as: CAROL });
  const chat = await chatIn(server, BOB, ["project:789"]);
  expect((await alice.post(TASKS, { title: "Buy now", user_id: CAROL.id })).status).toBe(201);
  expect(await chat.next("task.created")).toMatchObject({ data: { assignee: String(CAROL.id) } });
  await carol.silent();
  expect(await inboxOf(http(server, CAROL))).toEqual([]);
});

test("who made a task hears no more of it when he is no member any more", async () => {
  const { server, alice } = await start();
  await using _ = server;
  const bob = http(server, BOB);
  await bob.post(TASKS, { id: 7, title: "Proposal" });
  await alice.patch("/api/v1/tasks/7", { title: "The proposal" });
  expect((await inboxOf(bob)).length).toBe(1);
  await alice.delete(`/api/v1/workspaces/789/members/${BOB.id}`);
  await alice.patch("/api/v1/tasks/7", { title: "What Bob may not know" });
  await http(server, "key").patch("/api/v1/tasks/7", { title: "Nor this" });
  await alice.delete("/api/v1/tasks/7");
  expect((await inboxOf(bob)).length).toBe(1);
});

test("a backend may give a task to whom it likes", async () => {
  const { server } = await start();
  await using _ = server;
  expect((await http(server, "key").post(TASKS, { title: "Audit", user_id: CAROL.id })).status).toBe(201);
  expect((await inboxOf(http(server, CAROL))).length).toBe(1);
});

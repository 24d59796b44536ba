import { describe, expect, test } from "bun:test";
import { connect } from "../support/client.ts";
import { ID, TIME } from "../support/frames.ts";
import { expectAnswer, expectProblem, http } from "../support/http.ts";
import { ALICE, BOB, CAROL, chatIn, nativeIn, PATHS } from "../support/people.ts";
import { startServer } from "../support/server.ts";

/** Workspace 789 of Alice with Bob and channel 9; workspace 790 of Carol. */
async function office() {
  const server = await startServer({ access: "members" });
  const [alice, bob, carol] = [http(server, ALICE), http(server, BOB), http(server, CAROL)];
  await alice.post("/api/v1/workspaces", { id: 789, name: "Office" });
  await alice.put(`/api/v1/workspaces/789/members/${BOB.id}`, {});
  await alice.put("/api/v1/rooms/channel_9", { workspace_id: 789 });
  await carol.post("/api/v1/workspaces", { id: 790, name: "Elsewhere" });
  await bob.get("/api/v1/rooms");
  return { server, alice, bob, carol, key: http(server, "key") };
}

const HISTORY = "/api/v1/rooms/channel:9/messages";

describe("the history of a room", () => {
  test("keeps what was said, edited and taken back, in any spelling of the room", async () => {
    const { server, alice, bob, carol } = await office();
    await using _ = server;
    const chat = await chatIn(server, BOB, ["channel:9"]);
    const said = await alice.post("/api/v1/rooms/channel_9/messages", {
      content: "Helo",
      metadata: { a: 1 },
    });
    const message = {
      id: ID,
      room: "channel:9",
      user_id: ALICE.id,
      username: "alice",
      content: "Helo",
      metadata: { a: 1 },
      created_at: TIME,
      edited_at: null,
      deleted_at: null,
    };
    expectAnswer(said, 201, message);
    const { id } = said.body as { id: number };
    expect(await chat.next("message")).toMatchObject({ data: { content: "Helo", message_id: id } });
    expectAnswer(await alice.get(HISTORY), 200, { items: [said.body], next: null });

    expectProblem(await bob.patch(`/api/v1/messages/${id}`, { content: "Mine" }), 403);
    const edited = await alice.patch(`/api/v1/messages/${id}`, { content: "Hello" });
    expectAnswer(edited, 200, { id, content: "Hello", edited_at: TIME });
    expect(await chat.next("message.edited")).toMatchObject({
      data: { message_id: id, new_content: "Hello" },
    });
    expectAnswer(await alice.delete(`/api/v1/messages/${id}`), 204);
    await chat.next("message.deleted");
    expectAnswer(await bob.get(HISTORY), 200, {
      items: [{ ...message, id, content: null, edited_at: TIME, deleted_at: TIME }],
      next: null,
    });
    expectProblem(await alice.delete(`/api/v1/messages/${id}`), 404, "Message not found");
    expectProblem(await carol.get(HISTORY), 403);
    expectProblem(await carol.post(HISTORY, { content: "x" }), 403);
    expectProblem(await alice.post(HISTORY, { content: " " }), 400, /content/);
  });

  test("is read back by a cursor, and on from a message", async () => {
    const { server, alice, key } = await office();
    await using _ = server;
    for (const content of ["a", "b", "c"]) await alice.post(HISTORY, { content });
    await key.post(HISTORY, { content: "d" });
    type Page = { items: { id: number; content: string; user_id: unknown }[]; next: string | null };
    const page = async (query: string) => (await alice.get(`${HISTORY}?${query}`)).body as Page;
    const newest = await page("limit=3");
    expect(newest.items.map(({ content }) => content)).toEqual(["d", "c", "b"]);
    expect(newest.items[0]?.user_id).toBe("system");
    const [oldest] = (await page(`limit=3&cursor=${newest.next}`)).items;
    const onward = await page(`limit=2&after=${oldest?.id}`);
    expect(onward.items.map(({ content }) => content)).toEqual(["b", "c"]);
    expect((await page(`limit=2&after=${onward.next}`)).items.map(({ content }) => content)).toEqual(["d"]);
  });
});

describe("rooms", () => {
  test("are listed, newest first, as far as memberships go", async () => {
    const { server, alice, bob, carol, key } = await office();
    await using _ = server;
    for (const id of [10, 11]) await alice.put(`/api/v1/rooms/channel:${id}`, { workspace_id: 789 });
    await key.put(`/api/v1/rooms/task:7/members/${BOB.id}`, {});
    const rooms = async (who: typeof alice) => {
      const found: string[] = [];
      for (let cursor = ""; ;) {
        const { items, next } = (await who.get(`/api/v1/rooms?limit=1${cursor}`)).body as {
          items: { room: string; workspace_id: number | null }[];
          next: string | null;
        };
        found.push(...items.map(({ room, workspace_id }) => `${room} ${workspace_id}`));
        if (next === null) return found;
        cursor = `&cursor=${next}`;
      }
    };
    const placed = ["channel:11 789", "channel:10 789", "channel:9 789"];
    expect(await rooms(alice)).toEqual(placed);
    expect(await rooms(bob)).toEqual(["task:7 null", ...placed]);
    expect(await rooms(carol)).toEqual([]);
    expect(await rooms(key)).toEqual(await rooms(bob));
  });

  test("that move are left by whom only the old workspace let in", async () => {
    const { server, key } = await office();
    await using _ = server;
    await key.put(`/api/v1/workspaces/790/members/${ALICE.id}`, {});
    const bob = await chatIn(server, BOB, ["channel:9"]);
    const alice = await nativeIn(server, ALICE, ["channel:9"]);
    const holder = { ...CAROL, id: 777, claims: { workspaces: [789] } };
    const byToken = await chatIn(server, holder, ["channel:9"]);
    await bob.drain();
    await alice.drain();
    expectAnswer(await key.put("/api/v1/rooms/channel:9", { workspace_id: 790 }), 200, {
      room: "channel:9",
      workspace_id: 790,
    });
    expect(await alice.next({ kind: "room.moved" })).toMatchObject({
      data: { topic: "channel:9", workspace_id: 790, old_workspace_id: 789 },
    });
    for (const socket of [bob, byToken]) await socket.next("left_room");
    await bob.drain();
    // Alice is a member there too: she stays, and hears what is said.
    await http(server, CAROL).post(HISTORY, { content: "Welcome" });
    await alice.next({ kind: "message.created" });
    await bob.silent();
    bob.send({ type: "join_room", room: "channel:9" });
    expect(await bob.closed()).toMatchObject({ code: 4403 });
  });
});

describe("focus sessions", () => {
  const SESSIONS = "/api/v1/focus-sessions";
  const shown = (more: object = {}) => ({
    id: "12",
    title: "Deep work",
    workspace_id: null,
    status: "active",
    current_task_id: null,
    created_at: TIME,
    updated_at: TIME,
    ...more,
  });

  test("are created by anybody and shared by their owner", async () => {
    const { server, alice, bob, carol } = await office();
    await using _ = server;
    expectAnswer(await bob.post(SESSIONS, { id: 12, title: "Deep work" }), 201, shown());
    expectProblem(await alice.post(SESSIONS, { id: "12" }), 409);
    expectProblem(await alice.get(`${SESSIONS}/12`), 404, "Focus session not found");
    expectProblem(await alice.put(`${SESSIONS}/12/participants/${ALICE.id}`), 404);
    expectAnswer(await bob.put(`${SESSIONS}/12/participants/${ALICE.id}`), 204);
    expectAnswer(await alice.get(`${SESSIONS}/12`), 200, shown());
    expectProblem(await alice.put(`${SESSIONS}/12/participants/${CAROL.id}`), 403);
    expectAnswer(await alice.patch(`${SESSIONS}/12`, { status: "paused", current_task_id: 42 }), 200, {
      ...shown({ status: "paused", current_task_id: 42 }),
    });
    const own = await bob.post(SESSIONS, { workspace_id: 789 });
    expect(own.body).toMatchObject({ id: expect.any(String), title: null, workspace_id: 789 });
    const listed = async (who: typeof alice) =>
      ((await who.get(SESSIONS)).body as { items: { id: string }[] }).items.map(({ id }) => id);
    const id = (own.body as { id: string }).id;
    expect([await listed(alice), await listed(carol)]).toEqual([[id, "12"], []]);
    expectProblem(await carol.post(SESSIONS, { workspace_id: 789 }), 404, "Workspace not found");
  });

  test("tell their participants who may come, what changes, and who may not any more", async () => {
    const { server, alice, bob } = await office();
    await using _ = server;
    await bob.post(SESSIONS, { id: "s1" });
    const onetask = await connect(server, PATHS.focus, { as: BOB });
    const v1 = await connect(server, PATHS.v1Focus, { as: BOB });
    await Promise.all([onetask.drain(), v1.drain()]);
    const user = { id: ALICE.id, username: "alice" };
    const state = { status: "active", current_task_id: null };
    const old = (action: string, more: object = state) => ({
      type: "focus_session_update",
      session_id: "s1",
      sender_id: ALICE.id,
      data: { action, user, ...more },
    });
    const young = (action: string, more: object = state) => ({
      type: "focus_update",
      action,
      data: { session_id: "s1", user, ...more },
    });
    await bob.put(`${SESSIONS}/s1/participants/${ALICE.id}`);
    await onetask.expect(old("participant_joined"));
    await v1.expect(young("participant_joined"));
    await alice.patch(`${SESSIONS}/s1`, { status: "paused" });
    const paused = { status: "paused", current_task_id: null };
    await onetask.expect(old("status_change", paused));
    await v1.expect(young("status_change", paused));
    await alice.patch(`${SESSIONS}/s1`, { title: "Quiet" });

    const hers = await connect(server, PATHS.v1Focus, { as: ALICE });
    await v1.expect(young("participant_joined", paused));
    await bob.delete(`${SESSIONS}/s1/participants/${ALICE.id}`);
    await v1.expect(young("participant_left", paused));
    expect(await hers.closed()).toMatchObject({ code: 1008, reason: "Access removed" });
    expectProblem(await alice.get(`${SESSIONS}/s1`), 404);
  });
});

/** Who may enter what: memberships, grants of the token, the webhook, and what nobody may. */
import { afterAll, describe, expect, test } from "bun:test";
import { addressOf, connect } from "../support/client.ts";
import { expectAnswer, expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, CAROL, chatIn, nativeIn, notifierIn } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { KEY, NO_RATES, type StartedServer, startServer, type User } from "../support/server.ts";

/** Whether chat lets this user in. */
async function mayJoin(server: StartedServer, user: User, room: string): Promise<boolean> {
  const client = await chatIn(server, user);
  client.send({ type: "join_room", room });
  const { type } = await client.next();
  await client.close();
  return type === "joined_room";
}

/** Whether the sockets whose paths name a topic open. */
async function opens(server: StartedServer, path: string, as: User): Promise<boolean> {
  return (await knock(addressOf(server, path, { as }))).status === 101;
}

const closedSettings = { ...NO_RATES, access: "members", forbiddenJoin: "error" } as const;

describe("ACCESS=members", () => {
  test("is the default of serve, open that of dev", async () => {
    await using serve = await startServer({ dataDir: undefined }, { defaults: "serve" });
    expect(await opens(serve, "/ws/tasks/789", ALICE)).toBe(false);
    await using dev = await startServer({}, { defaults: "dev" });
    expect(await opens(dev, "/ws/tasks/789", ALICE)).toBe(true);
  });

  test("workspaces, channels, tasks and sessions are closed; free rooms are for everybody", async () => {
    await using server = await startServer(closedSettings);
    for (const room of ["project:1", "channel:1", "task:1"])
      expect(await mayJoin(server, ALICE, room)).toBe(false);
    for (const path of [
      "/ws/tasks/1",
      "/ws/focus-session/1",
      "/api/v1/ws/workspaces/1/tasks",
      "/api/v1/ws/focus-sessions/1",
    ]) {
      expect(await opens(server, path, ALICE)).toBe(false);
    }
    await notifierIn(server, ALICE, ["lobby"]);
    await nativeIn(server, ALICE, ["room:lobby"]);
  });

  test("native refuses with its stable code, and the socket stays open", async () => {
    await using server = await startServer(closedSettings);
    const client = await nativeIn(server, ALICE);
    client.send({ type: "subscribe", id: 1, data: { topics: ["room:lobby", "channel:1"] } });
    expect(await client.next()).toMatchObject({ type: "reply", to: 1, error: { code: "FORBIDDEN" } });
    client.send({ type: "publish", id: 2, data: { topic: "channel:1", content: "hi" } });
    expect(await client.next()).toMatchObject({ type: "reply", to: 2, error: { code: "FORBIDDEN" } });
    client.send({ type: "ping" });
    await client.next("pong");
  });

  test("an admin and a service key may everything", async () => {
    await using server = await startServer(closedSettings);
    for (const room of ["project:1", "channel:1", "task:1"])
      expect(await mayJoin(server, ADMIN, room)).toBe(true);
    for (const claims of [
      { role: "admin" },
      { is_superuser: true },
      { scope: "read admin" },
      { scope: ["admin"] },
    ]) {
      expect(await mayJoin(server, { id: 7, claims }, "channel:1")).toBe(true);
    }
    const key = await connect(server, "/ws/tasks/789", { headers: { "x-api-key": KEY } });
    await http(server, "key").post("/api/v1/realtime/events/task", {
      task_id: 1,
      title: "T",
      action: "updated",
      workspace_id: 789,
      user_id: 5,
    });
    await key.next({ title: "Task Updated" });
    for (const claims of [{ role: "user" }, { is_superuser: "true" }, { scope: "administrator" }]) {
      expect(await mayJoin(server, { id: 8, claims }, "channel:1")).toBe(false);
    }
  });
});

describe("a token's grants", () => {
  test.each([
    [{ rooms: ["channel:9"] }, { "channel:9": true, "channel:90": false, "task:9": false }],
    [{ rooms: ["channel_9"] }, { "channel:9": true, "channel:1": false }],
    [{ rooms: ["channel:*"] }, { "channel:9": true, "channel:abc": true, "project:9": false }],
    [{ rooms: ["project_789"] }, { "project:789": true, "project:7": false }],
    [{ rooms: ["*"] }, { "channel:9": true, "project:9": true, "task:9": true }],
    [{ workspaces: [789] }, { "project:789": true, "project:790": false, "channel:789": false }],
    [{ workspaces: ["789"] }, { "project:789": true }],
    [{ rooms: [] }, { "channel:9": false }],
  ])("%j", async (claims, rooms) => {
    await using server = await startServer(closedSettings);
    for (const [room, allowed] of Object.entries(rooms)) {
      expect([room, await mayJoin(server, { ...ALICE, claims }, room)]).toEqual([room, allowed]);
    }
  });

  test("open the sockets whose path names the topic", async () => {
    await using server = await startServer(closedSettings);
    const granted: User = { ...ALICE, claims: { workspaces: [789], rooms: ["focus:s1"] } };
    for (const path of [
      "/ws/tasks/789",
      "/api/v1/ws/workspaces/789/tasks",
      "/ws/focus-session/s1",
      "/api/v1/ws/focus-sessions/s1",
    ]) {
      expect(await opens(server, path, granted)).toBe(true);
      expect(await opens(server, path.replace("789", "790").replace("s1", "s2"), granted)).toBe(false);
    }
  });

  test("a workspace grant opens what is stored as belonging to it", async () => {
    await using server = await startServer(closedSettings);
    await http(server, "key").post("/api/v1/workspaces", { id: 789, name: "W" });
    expectAnswer(await http(server, "key").put("/api/v1/rooms/channel:9", { workspace_id: 789 }), 200, {
      room: "channel:9",
      workspace_id: 789,
    });
    expect(await mayJoin(server, { ...ALICE, claims: { workspaces: [789] } }, "channel:9")).toBe(true);
    expect(await mayJoin(server, { ...BOB, claims: { workspaces: [790] } }, "channel:9")).toBe(false);
  });
});

describe("stored memberships", () => {
  test("a workspace opens to its members, and what belongs to it", async () => {
    await using server = await startServer(closedSettings);
    const owner = http(server, ALICE);
    await owner.post("/api/v1/workspaces", { id: 789, name: "W" });
    await owner.put("/api/v1/rooms/channel_9", { workspace_id: 789 });
    const rooms = ["project:789", "channel:9"];
    for (const room of rooms)
      expect([await mayJoin(server, ALICE, room), await mayJoin(server, BOB, room)]).toEqual([true, false]);
    expectAnswer(await owner.put(`/api/v1/workspaces/789/members/${BOB.id}`), 204);
    for (const room of rooms)
      expect([await mayJoin(server, BOB, room), await mayJoin(server, CAROL, room)]).toEqual([true, false]);
    expect(await opens(server, "/ws/tasks/789", BOB)).toBe(true);
    expectAnswer(await owner.delete(`/api/v1/workspaces/789/members/${BOB.id}`), 204);
    for (const room of rooms) expect(await mayJoin(server, BOB, room)).toBe(false);
    expect(await opens(server, "/ws/tasks/789", BOB)).toBe(false);
  });

  test("a membership of a room opens that room alone", async () => {
    await using server = await startServer(closedSettings);
    for (const [room, spelled] of [
      ["channel_9", "channel:9"],
      ["task:7", "task:7"],
    ] as const) {
      expectAnswer(await http(server, "key").put(`/api/v1/rooms/${room}/members/${BOB.id}`), 204);
      expect(await mayJoin(server, BOB, spelled)).toBe(true);
      expect(await mayJoin(server, BOB, `${spelled}0`)).toBe(false);
    }
    expectAnswer(await http(server, "key").put(`/api/v1/rooms/focus:s1/members/${BOB.id}`), 204);
    expect(await opens(server, "/ws/focus-session/s1", BOB)).toBe(true);
    expect(await opens(server, "/api/v1/ws/focus-sessions/s2", BOB)).toBe(false);
  });

  test("are given and taken by owners, admins and keys, in either mode", async () => {
    for (const access of ["members", "open"] as const) {
      await using server = await startServer({ ...closedSettings, access });
      await http(server, ALICE).post("/api/v1/workspaces", { id: 789, name: "W" });
      await http(server, ALICE).put(`/api/v1/workspaces/789/members/${BOB.id}`);
      const path = `/api/v1/workspaces/789/members/${CAROL.id}`;
      for (const stranger of [BOB, CAROL]) {
        expect((await http(server, stranger).put(path)).status).toBeOneOf([403, 404]);
        expect(
          (await http(server, stranger).delete(`/api/v1/workspaces/789/members/${ALICE.id}`)).status,
        ).toBeOneOf([403, 404]);
        expect((await http(server, stranger).post("/api/v1/workspaces/789/archive")).status).toBeOneOf([
          403, 404,
        ]);
      }
      for (const entitled of [ALICE, ADMIN, "key"] as const)
        expectAnswer(await http(server, entitled).put(path), 204);
      expectAnswer(await http(server, ALICE).delete(path), 204);
    }
  });

  test("who the members are is told to members", async () => {
    await using server = await startServer({ access: "open" });
    await http(server, ALICE).post("/api/v1/workspaces", { id: 789, name: "W" });
    const { body } = await http(server, ALICE).get("/api/v1/workspaces/789/members");
    expect(body).toMatchObject({
      items: [{ user_id: ALICE.id, username: "alice", role: "owner" }],
      next: null,
    });
    expectProblem(await http(server, CAROL).get("/api/v1/workspaces/789/members"), 403);
  });
});

describe("ACCESS_WEBHOOK_URL", () => {
  const asked: unknown[] = [];
  const answers: Record<string, () => Response | Promise<Response>> = {
    yes: () => Response.json({ allow: true }),
    no: () => Response.json({ allow: false }),
    "no json": () => new Response("yes"),
    "no answer to the question": () => Response.json({ ok: true }),
    "a failure": () => Response.json({ allow: true }, { status: 500 }),
    "a redirect": () => Response.redirect("/yes", 302),
  };
  const backend = Bun.serve({
    port: 0,
    async fetch(request) {
      asked.push({ method: request.method, body: await request.json() });
      return answers[decodeURIComponent(new URL(request.url).pathname.slice(1))]!();
    },
  });
  afterAll(() => backend.stop(true));
  const hook = (name: string) => ({
    ...closedSettings,
    accessWebhookUrl: new URL(encodeURIComponent(name), backend.url).href,
  });

  test("a yes opens; the question names user, room and action", async () => {
    await using server = await startServer(hook("yes"));
    asked.length = 0;
    expect(await mayJoin(server, ALICE, "project:123")).toBe(true);
    expect(asked).toEqual([
      { method: "POST", body: { user_id: ALICE.id, username: "alice", room: "project:123", action: "join" } },
    ]);
    expect(await opens(server, "/ws/tasks/5", ALICE)).toBe(true);
  });

  test.each(Object.keys(answers).filter((name) => name !== "yes"))("%s denies", async (name) => {
    await using server = await startServer(hook(name));
    expect(await mayJoin(server, ALICE, "project:123")).toBe(false);
    expect(await opens(server, "/ws/tasks/5", ALICE)).toBe(false);
  });

  test("nobody there denies, and the operator reads it in the log", async () => {
    const gone = Bun.serve({ port: 0, fetch: () => new Response() });
    const accessWebhookUrl = gone.url.href;
    await gone.stop(true);
    await using server = await startServer({ ...closedSettings, accessWebhookUrl });
    expect(await mayJoin(server, ALICE, "project:123")).toBe(false);
    expect(server.logs.of("ACCESS_WEBHOOK_FAILED")).toHaveLength(1);
  });

  test("is asked last, and never about users or free rooms", async () => {
    await using server = await startServer(hook("yes"));
    asked.length = 0;
    await notifierIn(server, ALICE, ["lobby", `user_${ALICE.id}`]);
    expect(await mayJoin(server, ADMIN, "project:1")).toBe(true);
    expect(await mayJoin(server, { ...BOB, claims: { rooms: ["project:1"] } }, "project:1")).toBe(true);
    expect(await mayJoin(server, ALICE, `user:${BOB.id}`)).toBe(false);
    expect(asked).toEqual([]);
  });
});

describe("user:x", () => {
  test.each(["open", "members"] as const)("is only for x, ACCESS=%s", async (access) => {
    await using server = await startServer({ ...closedSettings, access });
    const greedy: User = { ...ALICE, claims: { rooms: ["*", "user:*", `user:${BOB.id}`] } };
    expect(await mayJoin(server, greedy, `user:${BOB.id}`)).toBe(false);
    expect(await mayJoin(server, greedy, `user:${ALICE.id}`)).toBe(true);
    const notifier = await notifierIn(server, greedy);
    for (const type of ["join_room", "room_message"]) {
      notifier.send({ type, room: `user_${BOB.id}`, data: "psst" });
      expect((await notifier.next()).message).toStartWith("Forbidden: ");
    }
    const native = await nativeIn(server, greedy);
    for (const topic of [`user:${BOB.id}`, "*", "everyone"]) {
      native.send({ type: "subscribe", data: { topics: [topic] } });
      const reply = await native.next();
      if (topic !== "everyone") expect(reply).toMatchObject({ error: { code: "FORBIDDEN" } });
    }
    expect(
      (await http(server, greedy).post(`/api/v1/notify/users/${BOB.id}`, { message: "psst" })).status,
    ).toBe(403);
  });

  test("an admin may listen to anybody, and to everything", async () => {
    await using server = await startServer(closedSettings);
    const admin = await nativeIn(server, ADMIN, [`user:${BOB.id}`]);
    const everything = await nativeIn(server, ADMIN, ["*"]);
    await http(server, "key").post(`/api/v1/notify/users/${BOB.id}`, { message: "for Bob" });
    for (const client of [admin, everything]) {
      expect(await client.next("event")).toMatchObject({
        kind: "notification.created",
        data: { content: "for Bob" },
      });
      await client.silent();
    }
  });
});

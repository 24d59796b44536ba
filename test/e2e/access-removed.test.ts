/** Access taken away takes effect at once: path sockets close, joined rooms are left with the dialect's own frame. */
import { describe, expect, test } from "bun:test";
import { type Client, connect } from "../support/client.ts";
import { TIME } from "../support/frames.ts";
import { expectAnswer, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, chatIn, nativeIn, notifierIn } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer, type User } from "../support/server.ts";

/** Alice owns workspace 789, Bob is its member, and channel 9 belongs to it. */
async function startWithMember(): Promise<StartedServer> {
  const server = await startServer({ ...NO_RATES, access: "members" });
  const owner = http(server, ALICE);
  await owner.post("/api/v1/workspaces", { id: 789, name: "W" });
  await owner.put("/api/v1/rooms/channel:9", { workspace_id: 789 });
  await owner.put(`/api/v1/workspaces/789/members/${BOB.id}`);
  return server;
}

const remove = async (server: StartedServer, topic = "workspaces/789", user: User = BOB): Promise<void> =>
  expectAnswer(await http(server, "key").delete(`/api/v1/${topic}/members/${user.id}`), 204);

const REVOKED = { code: 1008, reason: "Access removed" };

test.each(["/ws/tasks/789", "/api/v1/ws/workspaces/789/tasks"])("%s closes with 1008", async (path) => {
  await using server = await startWithMember();
  const bob = await connect(server, path, { as: BOB });
  const owner = await connect(server, path, { as: ALICE });
  await remove(server);
  expect(await bob.closed()).toEqual(REVOKED);
  await owner.silent();
  expect(bob.received).toEqual([]);
});

test.each(["/ws/focus-session/s1", "/api/v1/ws/focus-sessions/s1"])(
  "%s closes with 1008, and the others hear the leave",
  async (path) => {
    await using server = await startWithMember();
    for (const user of [ALICE, BOB])
      await http(server, "key").put(`/api/v1/rooms/focus:s1/members/${user.id}`);
    const alice = await connect(server, "/api/v1/ws/focus-sessions/s1", { as: ALICE });
    const bob = await connect(server, path, { as: BOB });
    await alice.next({ action: "participant_joined", data: { user: { id: BOB.id } } });
    await remove(server, "rooms/focus:s1");
    expect(await bob.closed()).toEqual(REVOKED);
    expect(await alice.next()).toMatchObject({ action: "participant_left", data: { user: { id: BOB.id } } });
  },
);

describe("chat", () => {
  const left = (room: string, type: string) => ({
    type,
    room,
    data: { username: "bob", user_id: BOB.id },
    sender: "bob",
    timestamp: TIME,
  });

  test("hears left_room and user_left of every room that the workspace opened; the others hear the leave", async () => {
    await using server = await startWithMember();
    const alice = await chatIn(server, ALICE, ["project:789", "channel:9"]);
    const bob = await chatIn(server, BOB, ["project:789", "channel:9"]);
    await alice.drain();
    await remove(server);
    for (const room of ["project:789", "channel:9"]) {
      await bob.expect(
        { type: "left_room", room, data: { message: `Left room ${room}` }, timestamp: TIME },
        left(room, "user_left"),
      );
      await alice.expect(left(room, "user_left"));
    }
    // The socket stays, but is in the room no more.
    bob.send({ type: "send_message", room: "channel:9", data: { content: "still here?" } });
    expect((await bob.next()).data.error).toBe("Not in room channel:9");
    alice.send({ type: "send_message", room: "channel:9", data: { content: "gone" } });
    await alice.next("message");
    await bob.silent();
  });

  test("of two sockets both leave, and the others hear it once", async () => {
    await using server = await startWithMember();
    const alice = await chatIn(server, ALICE, ["channel:9"]);
    const sockets = [await chatIn(server, BOB, ["channel:9"]), await chatIn(server, BOB, ["channel:9"])];
    await alice.drain();
    await remove(server);
    for (const socket of sockets) await socket.next("left_room");
    await alice.expect(left("channel:9", "user_left"));
    await alice.silent();
  });

  test("a room that another membership still opens is not left", async () => {
    await using server = await startWithMember();
    await http(server, "key").put(`/api/v1/rooms/channel:9/members/${BOB.id}`);
    const bob = await chatIn(server, BOB, ["channel:9"]);
    await remove(server, "rooms/channel:9");
    await bob.silent();
    await remove(server);
    await bob.next("left_room");
  });

  test("rooms that were opened otherwise are not left", async () => {
    await using server = await startWithMember();
    const granted = await chatIn(server, { ...BOB, claims: { workspaces: [789] } }, ["project:789"]);
    await remove(server);
    await granted.silent();
  });
});

test("notifier hears Left room", async () => {
  await using server = await startWithMember();
  const bob = await notifierIn(server, BOB, ["project_789", "lobby"]);
  await remove(server);
  await bob.expect({
    type: "info",
    message: "Left room: project_789",
    data: { rooms: [`user_${BOB.id}`, "lobby"] },
    room: "project_789",
  });
  await bob.silent();
});

test("native hears what came of its subscriptions", async () => {
  await using server = await startWithMember();
  const bob = await nativeIn(server, BOB, ["workspace:789", "room:lobby"]);
  await remove(server);
  const reply = await bob.next("reply");
  expect(reply).toMatchObject({
    to: "unsubscribe",
    data: { topics: ["workspace:789"], rooms: [`user:${BOB.id}`, "room:lobby"] },
  });
});

test("nothing that happens after the removal was answered is heard", async () => {
  await using server = await startWithMember();
  const sockets: Client[] = [
    await connect(server, "/ws/tasks/789", { as: BOB }),
    await chatIn(server, BOB, ["project:789"]),
    await notifierIn(server, BOB, ["project_789"]),
    await nativeIn(server, BOB, ["workspace:789"]),
  ];
  await remove(server);
  await http(server, "key").post("/api/v1/realtime/events/task", {
    task_id: 1,
    title: "Secret",
    action: "updated",
    workspace_id: 789,
    user_id: 5,
  });
  await sockets[0]?.closed();
  for (const socket of sockets.slice(1)) await socket.drain();
  expect(JSON.stringify(sockets.map((socket) => socket.received))).not.toContain("Secret");
});

test("whoever is let in again may come in again at once", async () => {
  await using server = await startWithMember();
  const bob = await chatIn(server, BOB, ["channel:9"]);
  await remove(server);
  await bob.next("user_left");
  expectAnswer(await http(server, ALICE).put(`/api/v1/workspaces/789/members/${BOB.id}`), 204);
  bob.send({ type: "join_room", room: "channel:9" });
  await bob.next("joined_room");
});

test("a fresh token with fewer grants leaves what the old one opened", async () => {
  await using server = await startServer({ access: "members" });
  const bob = await chatIn(server, { ...BOB, claims: { rooms: ["channel:1", "channel:2"] } }, [
    "channel:1",
    "channel:2",
  ]);
  bob.send({ type: "refresh", data: { token: server.token({ ...BOB, claims: { rooms: ["channel:2"] } }) } });
  const frames = [await bob.next(), await bob.next(), await bob.next()];
  expect(frames.map(({ type }) => type).toSorted()).toEqual(["left_room", "refreshed", "user_left"]);
  expect(frames.filter(({ type }) => type !== "refreshed").map(({ room }) => room)).toEqual([
    "channel:1",
    "channel:1",
  ]);
  await bob.silent();
});

test("an admin's socket without his role is closed where the role was its way in", async () => {
  await using server = await startServer({ access: "members" });
  const native = await nativeIn(server, ADMIN, ["channel:1"]);
  native.send({ type: "refresh", data: { token: server.token({ id: ADMIN.id }) } });
  const frames = [await native.next(), await native.next()];
  expect(frames).toContainEqual(
    expect.objectContaining({
      to: "unsubscribe",
      data: { topics: ["channel:1"], rooms: [`user:${ADMIN.id}`] },
    }),
  );
});

test("what a fresh token opens no more, but a membership does, ends with the membership", async () => {
  await using server = await startWithMember();
  const bob = await chatIn(server, { ...BOB, claims: { workspaces: [789] } }, ["project:789"]);
  bob.send({ type: "refresh", data: { token: server.token(BOB) } });
  await bob.next("refreshed");
  await bob.silent();
  await remove(server);
  expect(await bob.next()).toMatchObject({ type: "left_room", room: "project:789" });
});

test("a room taken out of a workspace is left by whoever that workspace let in", async () => {
  await using server = await startWithMember();
  const bob = await chatIn(server, BOB, ["channel:9", "project:789"]);
  expectAnswer(await http(server, ALICE).put("/api/v1/rooms/channel:9", { workspace_id: null }), 200, {
    room: "channel:9",
    workspace_id: null,
  });
  expect(await bob.next()).toMatchObject({ type: "left_room", room: "channel:9" });
  expect(await bob.drain()).toHaveLength(1);
});

/** A room moved to another workspace or to none, and memberships that overlap: what opened a room decides. */
import { describe, expect, test } from "bun:test";
import { connect } from "../support/client.ts";
import { expectAnswer, http } from "../support/http.ts";
import { ALICE, BOB, CAROL, chatIn, nativeIn, notifierIn } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer, type User } from "../support/server.ts";

const ROOM = "channel:9";

/** Alice owns workspace 789, Bob is its member, and the room belongs to it; 790 is nobody's. */
async function startWithRoom(room = ROOM): Promise<StartedServer> {
  const server = await startServer({ ...NO_RATES, access: "members", forbiddenJoin: "error" });
  const owner = http(server, ALICE);
  await owner.post("/api/v1/workspaces", { id: 789, name: "W" });
  await http(server, "key").post("/api/v1/workspaces", { id: 790, name: "Elsewhere" });
  await owner.put(`/api/v1/rooms/${room}`, { workspace_id: 789 });
  await addTo(server, "workspaces/789", BOB);
  return server;
}

const addTo = async (server: StartedServer, place: string, { id }: User): Promise<void> =>
  expectAnswer(await http(server, "key").put(`/api/v1/${place}/members/${id}`), 204);

const removeFrom = async (server: StartedServer, place: string, { id }: User): Promise<void> =>
  expectAnswer(await http(server, "key").delete(`/api/v1/${place}/members/${id}`), 204);

async function move(server: StartedServer, workspace_id: number | null, room = ROOM): Promise<void> {
  const answer = await http(server, "key").put(`/api/v1/rooms/${room}`, { workspace_id });
  expectAnswer(answer, 200, { room, workspace_id });
}

const say = async (server: StartedServer, content: string): Promise<void> => {
  const { status } = await http(server, "key").post(`/api/v1/rooms/${ROOM}/messages`, { content });
  expect(status).toBe(201);
};

describe("a room moved out of its workspace", () => {
  test("is left by all sockets that the workspace let in: nothing after the answer is heard or taken", async () => {
    await using server = await startWithRoom();
    const chat = [await chatIn(server, BOB, [ROOM]), await chatIn(server, BOB, [ROOM])];
    const notifier = await notifierIn(server, BOB, ["channel_9"]);
    const native = await nativeIn(server, BOB, [ROOM]);
    await move(server, null);
    await say(server, "secret");
    for (const client of chat) await client.next({ type: "left_room", room: ROOM });
    await notifier.next({ type: "info", message: "Left room: channel_9" });
    await native.next({ type: "reply", to: "unsubscribe", data: { topics: [ROOM] } });
    for (const client of [...chat, notifier, native]) {
      await client.drain();
      expect(JSON.stringify(client.received)).not.toContain("secret");
    }
    const [bob] = chat;
    bob!.send({ type: "send_message", room: ROOM, data: { content: "still here?" } });
    expect((await bob!.next()).data.error).toBe(`Not in room ${ROOM}`);
    bob!.send({ type: "join_room", room: ROOM });
    expect((await bob!.next()).data.error).toBe(`No access to room ${ROOM}`);
  });

  test("is left by whoever came in by a token for the workspace", async () => {
    await using server = await startWithRoom();
    const carol = await chatIn(server, { ...CAROL, claims: { workspaces: [789] } }, [ROOM]);
    await move(server, null);
    await carol.next({ type: "left_room", room: ROOM });
    carol.send({ type: "join_room", room: ROOM });
    await carol.next("error");
  });

  test.each(["/ws/focus-session/s1", "/api/v1/ws/focus-sessions/s1"])("closes %s with 1008", async (path) => {
    await using server = await startWithRoom("focus:s1");
    const bob = await connect(server, path, { as: BOB });
    await move(server, null, "focus:s1");
    expect(await bob.closed()).toEqual({ code: 1008, reason: "Access removed" });
  });

  test("stays open to whoever was let in otherwise: by name in the token, as an admin, as a member of the room", async () => {
    await using server = await startWithRoom();
    await addTo(server, `rooms/${ROOM}`, BOB);
    const clients = [
      await chatIn(server, BOB, [ROOM]),
      await chatIn(server, { ...CAROL, claims: { rooms: [ROOM] } }, [ROOM]),
      await chatIn(server, { id: 99, claims: { role: "admin" } }, [ROOM]),
    ];
    for (const client of clients) await client.drain();
    await move(server, null);
    await say(server, "on we go");
    for (const client of clients) expect((await client.drain()).map(({ type }) => type)).toEqual(["message"]);
  });
});

test("a room moved to another workspace is opened to its members, and stays with those of both", async () => {
  await using server = await startWithRoom();
  const carol = await chatIn(server, CAROL);
  await addTo(server, "workspaces/790", CAROL);
  await addTo(server, "workspaces/789", { id: 4 });
  await addTo(server, "workspaces/790", { id: 4 });
  const both = await chatIn(server, { id: 4 }, [ROOM]);
  const bob = await chatIn(server, BOB, [ROOM]);
  await both.drain();
  await move(server, 790);
  await bob.next({ type: "left_room", room: ROOM });
  carol.send({ type: "join_room", room: ROOM });
  await carol.next("joined_room");
  expect((await both.drain()).map(({ type }) => type)).toEqual(["user_left", "user_joined"]);
  // What opens it to him now is the other workspace.
  await removeFrom(server, "workspaces/789", { id: 4 });
  await both.silent();
  await removeFrom(server, "workspaces/790", { id: 4 });
  await both.next({ type: "left_room", room: ROOM });
});

test("a member of the room itself stays when his membership of the workspace ends, until that of the room does", async () => {
  await using server = await startWithRoom();
  const clients = [await chatIn(server, BOB, [ROOM]), await nativeIn(server, BOB, [ROOM])];
  // Let in by the workspace, a member of the room only later.
  await addTo(server, `rooms/${ROOM}`, BOB);
  for (const client of clients) await client.drain();
  await removeFrom(server, "workspaces/789", BOB);
  await say(server, "still here");
  for (const client of clients) {
    const frames = await client.drain();
    expect(frames.filter(({ type }) => type === "left_room" || type === "reply")).toEqual([]);
    expect(JSON.stringify(frames)).toContain("still here");
  }
  const [chat] = clients;
  chat!.send({ type: "send_message", room: ROOM, data: { content: "so am I" } });
  await chat!.next({ type: "message", data: { content: "so am I" } });
  await removeFrom(server, `rooms/${ROOM}`, BOB);
  await chat!.next({ type: "left_room", room: ROOM });
});

/** Who is there: users are counted, not sockets, whatever their dialects. */
import { describe, expect, test } from "bun:test";
import { type Client, connect } from "../support/client.ts";
import { expectAnswer, http } from "../support/http.ts";
import { ALICE, BOB, CAROL, chatIn, diaryPath, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { type StartedServer, startServer, type User } from "../support/server.ts";

const ROOM = "channel:9";

/** In no order that anybody promised. */
const usersIn = async (server: StartedServer, room: string): Promise<unknown> => {
  const { body } = await http(server, "key").get(`/api/v1/presence/rooms/${room}`);
  return new Set((body as { users: unknown[] }).users);
};

/** In and out of channel 9 by frame, in each dialect that has rooms. */
const ENTRIES: Readonly<
  Record<
    string,
    { enter: (server: StartedServer, user: User) => Promise<Client>; leave: (client: Client) => void }
  >
> = {
  chat: {
    enter: (server, user) => chatIn(server, user, [ROOM]),
    leave: (client) => client.send({ type: "leave_room", room: ROOM }),
  },
  notifier: {
    enter: (server, user) => notifierIn(server, user, ["channel_9"]),
    leave: (client) => client.send({ type: "leave_room", room: "channel_9" }),
  },
  native: {
    enter: (server, user) => nativeIn(server, user, [ROOM]),
    leave: (client) => client.send({ type: "unsubscribe", data: { topics: [ROOM] } }),
  },
};
const dialects = Object.keys(ENTRIES);
const pairs = dialects.flatMap((first) => dialects.map((second) => [first, second] as const));

describe.each(pairs)("a user with a socket of %s and one of %s", (first, second) => {
  const heard = (type: string) => ({
    type,
    room: ROOM,
    data: { username: "alice", user_id: ALICE.id },
    sender: "alice",
  });

  test("is told to the others when the first comes and when the last leaves", async () => {
    await using server = await startServer();
    const bob = await chatIn(server, BOB, [ROOM]);
    const one = await ENTRIES[first]!.enter(server, ALICE);
    expect(await bob.next()).toMatchObject(heard("user_joined"));
    const other = await ENTRIES[second]!.enter(server, ALICE);
    await bob.silent();
    expect(await usersIn(server, ROOM)).toEqual(new Set<unknown>([BOB.id, ALICE.id]));
    ENTRIES[first]!.leave(one);
    await one.drain();
    await bob.silent();
    ENTRIES[second]!.leave(other);
    expect(await bob.next()).toMatchObject(heard("user_left"));
    expect(await usersIn(server, ROOM)).toEqual(new Set<unknown>([BOB.id]));
    await bob.silent();
  });

  test("a closed socket leaves its rooms", async () => {
    await using server = await startServer();
    const bob = await chatIn(server, BOB, [ROOM]);
    const one = await ENTRIES[first]!.enter(server, ALICE);
    const other = await ENTRIES[second]!.enter(server, ALICE);
    await bob.next("user_joined");
    await one.close();
    await bob.silent();
    await other.close();
    expect(await bob.next()).toMatchObject(heard("user_left"));
    await bob.silent();
    expect(await usersIn(server, ROOM)).toEqual(new Set<unknown>([BOB.id]));
  });
});

test("the second socket's join is told to itself alone; in chat it hears its own user_joined", async () => {
  await using server = await startServer();
  const bob = await chatIn(server, BOB, [ROOM]);
  const first = await chatIn(server, ALICE, [ROOM]);
  await bob.next("user_joined");
  const second = await chatIn(server, ALICE);
  second.send({ type: "join_room", room: ROOM });
  expect((await second.take(2)).map((frame) => frame.type)).toEqual(["joined_room", "user_joined"]);
  for (const client of [bob, first]) await client.silent();
});

test("joining a room twice is answered twice, and told to nobody else", async () => {
  await using server = await startServer();
  const bob = await chatIn(server, BOB, [ROOM]);
  const alice = await chatIn(server, ALICE, [ROOM]);
  await bob.next("user_joined");
  alice.send({ type: "join_room", room: ROOM });
  expect((await alice.next()).type).toBe("joined_room");
  await alice.drain();
  await bob.silent();
});

test("a leave that is not the last is told to the leaver alone", async () => {
  await using server = await startServer();
  const bob = await chatIn(server, BOB, [ROOM]);
  const stays = await chatIn(server, ALICE, [ROOM]);
  const leaves = await chatIn(server, ALICE, [ROOM]);
  await bob.drain();
  leaves.send({ type: "leave_room", room: ROOM });
  expect((await leaves.take(2)).map((frame) => frame.type)).toEqual(["left_room", "user_left"]);
  for (const client of [bob, stays]) await client.silent();
});

test("whoever listens to a workspace by its path is seen there, but is told to nobody as a join", async () => {
  await using server = await startServer();
  const bob = await chatIn(server, BOB, ["project:789"]);
  const sockets = [
    await connect(server, PATHS.tasks, { as: ALICE }),
    await connect(server, PATHS.v1Tasks, { as: ALICE }),
  ];
  await bob.silent();
  expect(await usersIn(server, "project_789")).toEqual(new Set<unknown>([BOB.id, ALICE.id]));
  for (const socket of sockets) await socket.close();
  await bob.silent();
  expect(await usersIn(server, "workspace:789")).toEqual(new Set<unknown>([BOB.id]));
});

describe("a focus session", () => {
  const joined = (user: User) => ({
    action: "participant_joined",
    data: { user: { id: user.id, username: user.username } },
  });

  test("hears of a user's first socket and of his last, on either API", async () => {
    await using server = await startServer();
    const bob = await connect(server, PATHS.v1Focus, { as: BOB });
    expect(await bob.next()).toMatchObject(joined(BOB));
    const one = await connect(server, PATHS.focus, { as: ALICE });
    expect(await bob.next()).toMatchObject(joined(ALICE));
    const other = await connect(server, PATHS.v1Focus, { as: ALICE });
    await one.next();
    for (const client of [bob, one, other]) await client.silent();
    expect(await usersIn(server, "focus:s1")).toEqual(new Set<unknown>([BOB.id, ALICE.id]));
    await one.close();
    await bob.silent();
    await other.close();
    expect(await bob.next()).toMatchObject({ ...joined(ALICE), action: "participant_left" });
    await bob.silent();
  });

  test("is joined by a native subscription too", async () => {
    await using server = await startServer();
    const bob = await connect(server, PATHS.v1Focus, { as: BOB });
    await bob.next();
    const native = await nativeIn(server, ALICE, ["focus:s1"]);
    expect(await bob.next()).toMatchObject(joined(ALICE));
    native.send({ type: "unsubscribe", data: { topics: ["focus:s1"] } });
    expect(await bob.next()).toMatchObject({ action: "participant_left" });
  });
});

describe("over HTTP", () => {
  test("a user is connected as long as one socket of any dialect is", async () => {
    await using server = await startServer();
    const { get } = http(server, CAROL);
    const isConnected = async (): Promise<unknown> => (await get(`/api/v1/presence/users/${ALICE.id}`)).body;
    expect(await isConnected()).toEqual({ connected: false });
    for (const path of [...Object.values(PATHS), diaryPath(ALICE)]) {
      const client = await connect(server, path, { as: ALICE });
      expect(await isConnected()).toEqual({ connected: true });
      expectAnswer(await get("/api/v1/presence/users"), 200, { users: [ALICE.id] });
      await client.close();
      expect(await isConnected()).toEqual({ connected: false });
    }
    expectAnswer(await get("/api/v1/presence/users"), 200, { users: [] });
  });

  test("the users of a room are told to whoever has access to it", async () => {
    await using server = await startServer({ access: "members" });
    const member: User = { ...BOB, claims: { rooms: [ROOM] } };
    await chatIn(server, member, [ROOM]);
    const path = `/api/v1/presence/rooms/${ROOM}`;
    expectAnswer(await http(server, member).get(path), 200, { users: [BOB.id] });
    expect((await http(server, CAROL).get(path)).status).toBeOneOf([403, 404]);
    expect((await http(server).get(path)).status).toBe(401);
  });

  test("ids are written as ids: numbers where they are numbers", async () => {
    await using server = await startServer();
    for (const id of ["007", "9007199254740991", "9007199254740992", "eve"])
      await chatIn(server, { id }, [ROOM]);
    expect(await usersIn(server, ROOM)).toEqual(
      new Set<unknown>(["007", 9007199254740991, "9007199254740992", "eve"]),
    );
  });
});

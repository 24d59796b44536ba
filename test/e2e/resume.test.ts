/** `?last_event_id=`, on every dialect: welcome, what was missed, resumed, live; no gap, no duplicate. */
import { describe, expect, test } from "bun:test";
import { type Client, connect } from "../support/client.ts";
import { expectExactly, type Frame, ID, TIME } from "../support/frames.ts";
import { http } from "../support/http.ts";
import { ALICE, BOB, chatIn, diaryPath, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { type StartedServer, startServer } from "../support/server.ts";

const lastId = (server: StartedServer): number => server.assembly.hub.stats().lastEventId;

/** Alice's notifications 1…n by name; the workspace's tasks; the session's changes. */
const tellAlice = (server: StartedServer, content: string): Promise<unknown> =>
  http(server, "key").post(`/api/v1/notify/users/${ALICE.id}`, { message: content });
const tellWorkspace = (server: StartedServer, title: string): Promise<unknown> =>
  http(server, "key").post("/api/v1/realtime/events/task", {
    task_id: 1,
    title,
    action: "updated",
    workspace_id: 789,
    user_id: 5,
  });
async function tellSession(server: StartedServer, action: string): Promise<void> {
  const bob = await connect(server, PATHS.v1Focus, { as: BOB });
  bob.send({ action });
  await bob.next({ action });
  await bob.close();
}

interface Case {
  readonly path: string;
  readonly welcome?: string;
  readonly tell: (server: StartedServer, text: string) => Promise<unknown>;
}

const CASES: readonly Case[] = [
  { path: PATHS.notifications, tell: tellAlice },
  { path: PATHS.tasks, tell: tellWorkspace },
  { path: PATHS.focus, tell: tellSession },
  { path: PATHS.v1Notifications, tell: tellAlice },
  { path: PATHS.v1Tasks, tell: tellWorkspace },
  { path: PATHS.v1Focus, tell: tellSession },
  { path: PATHS.chat, welcome: "connected", tell: tellAlice },
  { path: diaryPath(ALICE), tell: tellAlice },
  { path: PATHS.notifier, welcome: "info", tell: tellAlice },
  { path: PATHS.native, welcome: "welcome", tell: tellAlice },
];

/** Joins and leaves are live; everything else that came. */
const kept = (frames: readonly Frame[]): Frame[] =>
  frames.filter((frame) => !/participant_(joined|left)/.test(JSON.stringify(frame)));

/** Where among the names each frame's text is. */
const namesIn = (frames: readonly Frame[]): string[] =>
  frames.map((frame) => /\b(one|two|three|four)\b/.exec(JSON.stringify(frame))?.[0] ?? frame.type);

describe.each(CASES)("$path", ({ path, welcome, tell }) => {
  const open = (server: StartedServer, last_event_id?: number | string): Promise<Client> =>
    connect(server, path, {
      as: ALICE,
      ...(last_event_id === undefined ? {} : { query: { last_event_id } }),
    });
  const before = welcome === undefined ? [] : [welcome];

  /** Everything up to what was told last, which came by the wire. */
  async function history(client: Client, server: StartedServer): Promise<Frame[]> {
    await tell(server, "four");
    await client.ever((frame) => namesIn([frame])[0] === "four");
    await client.drain();
    return kept(client.received);
  }

  test("0: everything kept, then resumed, then live, each with its event_id", async () => {
    await using server = await startServer();
    for (const text of ["one", "two", "three"]) await tell(server, text);
    const head = lastId(server);
    const heard = await history(await open(server, 0), server);
    expect(namesIn(heard)).toEqual([...before, "one", "two", "three", "resumed", "four"]);
    const resumed = heard.find(({ type }) => type === "resumed");
    expectExactly(resumed, { type: "resumed", data: { recovered: true, last_event_id: head } });
    const ids = heard
      .filter((frame) => !["resumed", welcome].includes(frame.type) || namesIn([frame])[0] !== frame.type)
      .map(({ event_id }) => event_id);
    expect(ids.every((id) => Number.isSafeInteger(id))).toBe(true);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(4);
  });

  test("N: what came after N", async () => {
    await using server = await startServer();
    await tell(server, "one");
    const cursor = lastId(server);
    for (const text of ["two", "three"]) await tell(server, text);
    expect(namesIn(await history(await open(server, cursor), server))).toEqual([
      ...before,
      "two",
      "three",
      "resumed",
      "four",
    ]);
    expect(namesIn(await history(await open(server, lastId(server)), server))).toEqual([
      ...before,
      "resumed",
      "four",
    ]);
  });

  test("latest: from now on, with event ids", async () => {
    await using server = await startServer();
    for (const text of ["one", "two"]) await tell(server, text);
    const heard = await history(await open(server, "latest"), server);
    expect(namesIn(heard)).toEqual([...before, "resumed", "four"]);
    expect(heard.at(-1)?.event_id).toBeGreaterThan(0);
  });

  test("the frames differ from those of a plain socket by event_id alone, which comes last", async () => {
    await using server = await startServer();
    const plain = await open(server);
    const resumable = await open(server, "latest");
    const [bare, numbered] = [
      await history(plain, server),
      (await resumable.drain(), kept(resumable.received)),
    ];
    const { event_id, ...rest } = numbered.at(-1) as Frame & Record<string, unknown>;
    expectExactly(rest, bare.at(-1));
    expect(Object.keys(numbered.at(-1) as Frame).at(-1)).toBe("event_id");
    expect(event_id).toBeGreaterThan(0);
    expect(bare.map((frame) => Object.hasOwn(frame, "event_id")).includes(true)).toBe(false);
    expect(bare.map(({ type }) => type)).not.toContain("resumed");
  });

  test("recovered is false beyond the log, and the socket lives on", async () => {
    await using server = await startServer();
    await tell(server, "one");
    for (const cursor of [lastId(server) + 1, 9_007_199_254_740_991, 1]) {
      const client = await open(server, cursor);
      const resumed = await client.next("resumed");
      expect(resumed.data).toEqual({ recovered: false, last_event_id: lastId(server) } as never);
      const heard = await history(client, server);
      expect(heard.at(-1)?.event_id).toBeGreaterThan(0);
      await client.close();
    }
  });
});

test("live events have no event_id, and do not come again", async () => {
  await using server = await startServer();
  const focus = await connect(server, PATHS.focus, { as: ALICE, query: { last_event_id: "latest" } });
  focus.send({ hello: 1 });
  const relayed = await focus.next((frame) => Object.hasOwn(frame.data, "hello"));
  expect(Object.keys(relayed)).toEqual(["type", "session_id", "sender_id", "data"]);
  const notifier = await notifierIn(server, ALICE, [], { query: { last_event_id: "latest" } });
  notifier.send({ type: "broadcast", data: "live" });
  expect(Object.hasOwn(await notifier.next("broadcast"), "event_id")).toBe(false);
  const again = await connect(server, PATHS.focus, { as: BOB, query: { last_event_id: 0 } });
  await again.next("resumed");
  expect(again.received.filter((frame) => Object.hasOwn(frame.data, "hello"))).toEqual([]);
});

test("each hears again only what it may hear", async () => {
  await using server = await startServer();
  for (const user of [ALICE, BOB])
    await http(server, "key").post(`/api/v1/notify/users/${user.id}`, { message: String(user.id) });
  for (const user of [ALICE, BOB]) {
    const client = await connect(server, diaryPath(user), { as: user, query: { last_event_id: 0 } });
    await client.next("resumed");
    expect(client.received.slice(0, -1).map(({ message }) => message)).toEqual([String(user.id)]);
  }
  // A diary socket without proof never hears again.
  const claimed = await connect(server, diaryPath(ALICE), { query: { last_event_id: 0 } });
  await claimed.silent();
});

describe("joining a room with data.last_event_id", () => {
  const ROOM = "channel:9";

  test("chat: joined_room, user_joined, what was missed, resumed, live", async () => {
    await using server = await startServer();
    const bob = await chatIn(server, BOB, [ROOM]);
    const say = async (content: string): Promise<Frame> => {
      bob.send({ type: "send_message", room: ROOM, data: { content } });
      return bob.next({ type: "message", data: { content } });
    };
    const { message_id: cursor } = (await say("old")).data;
    await say("one");
    await say("two");
    const alice = await chatIn(server, ALICE, ["channel:8"]);
    alice.send({ type: "join_room", room: ROOM, data: { last_event_id: cursor } });
    const message = (content: string) => ({
      type: "message",
      room: ROOM,
      data: { content, username: "bob", user_id: BOB.id, metadata: {}, message_id: ID },
      sender: "bob",
      timestamp: TIME,
      event_id: ID,
    });
    await alice.expect(
      { type: "joined_room", room: ROOM, data: { message: `Joined room ${ROOM}` }, timestamp: TIME },
      {
        type: "user_joined",
        room: ROOM,
        data: { username: "alice", user_id: ALICE.id },
        sender: "alice",
        timestamp: TIME,
      },
      message("one"),
      message("two"),
      { type: "resumed", data: { recovered: true, last_event_id: ID } },
    );
    await say("three");
    await alice.expect(message("three"));
    // Of that room alone.
    bob.send({ type: "join_room", room: "channel:8" });
    bob.send({ type: "send_message", room: "channel:8", data: { content: "plain" } });
    expect(Object.hasOwn(await alice.next({ type: "message", room: "channel:8" }), "event_id")).toBe(false);
  });

  test("notifier and native, too; recovered is false beyond the log", async () => {
    await using server = await startServer();
    const bob = await notifierIn(server, BOB, ["channel_9"]);
    bob.send({ type: "room_message", room: "channel_9", data: "one" });
    await bob.next("room_message");
    const notifier = await notifierIn(server, ALICE);
    notifier.send({ type: "join_room", room: "channel_9", data: { last_event_id: 0 } });
    expect(namesIn(await notifier.take(3))).toEqual(["info", "one", "resumed"]);
    const native = await nativeIn(server, ALICE);
    native.send({ type: "subscribe", data: { topics: [ROOM, "room:b"], last_event_id: 0 } });
    await native.next("resumed");
    expect(namesIn(native.received)).toContain("one");
    native.send({ type: "subscribe", data: { topics: ["channel:8"], last_event_id: lastId(server) + 5 } });
    expect((await native.next("resumed")).data).toMatchObject({ recovered: false });
  });
});

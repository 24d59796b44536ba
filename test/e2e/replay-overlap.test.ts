/** Replays that overlap: with each other, with a leave and a new join, with a reader that does not read. */
import { describe, expect, test } from "bun:test";
import { addressOf, type Client } from "../support/client.ts";
import type { Frame } from "../support/frames.ts";
import { http } from "../support/http.ts";
import { ALICE, BOB, CAROL, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { RawSocket } from "../support/raw-socket.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";

const ONE = "channel:1";
const TWO = "channel:2";
const THREE = "channel:3";
/** Of 30 kB each, 9 MB in a room: more than the kernel takes for a reader that has stopped. */
const HISTORY = 300;
const PADDING = "x".repeat(30_000);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const numberOf = (text: string): number => Number(text.split(" ")[0]);
const framesOf = (socket: RawSocket): Frame[] => socket.texts.map((text) => JSON.parse(text) as Frame);
const isMessage = ({ type, kind }: Frame): boolean =>
  type === "message" || type === "room_message" || kind === "message.created";
/** The numbers of the messages in these frames, in order; those of one room where it is named. */
const numbersIn = (frames: readonly Frame[], room?: string): number[] =>
  frames
    .filter((frame) => isMessage(frame) && (room === undefined || roomOf(frame) === room))
    .map((frame) => numberOf(frame.data.content ?? frame.message));
/** Native calls it a topic. */
const roomOf = (frame: Frame): string => frame.room ?? (frame as unknown as { topic: string }).topic;
const countOf = (frames: readonly Frame[], type: string): number =>
  frames.filter((frame) => frame.type === type).length;

/** Says message `n` in a room, and has its id. */
async function say(writer: Client, topic: string, n: number, padding = ""): Promise<number> {
  const id = `${topic} ${n}`;
  writer.send({ type: "publish", id, data: { topic, content: `${n} ${padding}` } });
  return (await writer.next({ type: "reply", to: id })).data.message_id;
}

/** Somebody who is in none of the rooms that he fills with history. */
async function filled(server: StartedServer, rooms: readonly string[]): Promise<Client> {
  const writer = await nativeIn(server, ALICE);
  for (const n of upTo(HISTORY))
    for (const topic of rooms)
      writer.send({ type: "publish", id: `${topic} ${n}`, data: { topic, content: `${n} ${PADDING}` } });
  await writer.next({ type: "reply", to: `${rooms.at(-1)} ${HISTORY - 1}` });
  return writer;
}

/** Carol by hand, and Bob, who sees when the server has read what she sent. */
async function slowOne(
  server: StartedServer,
  rooms: readonly string[],
): Promise<{ slow: RawSocket; tell: (frame: object, heard: string, room: string) => Promise<void> }> {
  const watcher = await chatIn(server, BOB, rooms);
  const slow = await RawSocket.open(addressOf(server, PATHS.chat, { as: CAROL }));
  slow.stopReading();
  return {
    slow,
    async tell(frame, type, room) {
      slow.sendText(JSON.stringify(frame));
      await watcher.next({ type, room, data: { username: "carol" } });
    },
  };
}

const join = (room: string, last_event_id?: number): object => ({
  type: "join_room",
  room,
  ...(last_event_id === undefined ? {} : { data: { last_event_id } }),
});

/** Until the socket has a text that matches so many times; each look is a round trip of another client. */
async function until(socket: RawSocket, fence: Client, pattern: RegExp, times = 1): Promise<void> {
  while (socket.texts.filter((text) => pattern.test(text)).length < times) await fence.drain();
}

/**
 * Until a replay to a socket that does not read can go no further: it sends some messages in each
 * turn of the loop, and a round trip takes at least one turn.
 */
async function stuck(fence: Client): Promise<void> {
  for (const _ of upTo(HISTORY)) await fence.drain();
}

const RESUMED = /^\{"type":"resumed"/;

describe("a reader that does not read yet", () => {
  test("has two rooms replayed, each resumed, each whole and live afterwards", async () => {
    await using server = await startServer(NO_RATES);
    const writer = await filled(server, [ONE, TWO]);
    const { slow, tell } = await slowOne(server, [ONE, TWO]);
    await tell(join(ONE, 0), "user_joined", ONE);
    await stuck(writer);
    await tell(join(TWO, 0), "user_joined", TWO);
    await stuck(writer);
    // Told while the replays wait for the reader.
    for (const room of [ONE, TWO]) await say(writer, room, HISTORY);
    slow.readOn();
    await until(slow, writer, RESUMED, 2);
    for (const room of [ONE, TWO]) await say(writer, room, HISTORY + 1);
    await until(slow, writer, new RegExp(`"${HISTORY + 1} "`), 2);
    const frames = framesOf(slow);
    for (const room of [ONE, TWO]) expect(numbersIn(frames, room)).toEqual(upTo(HISTORY + 2));
    expect(frames.filter(({ type }) => type === "resumed")).toMatchObject([
      { data: { recovered: true } },
      { data: { recovered: true } },
    ]);
    expect(server.assembly.meters.slowCloses).toBe(0);
    slow.destroy();
  }, 15_000);

  test("is closed with 1013 while it replays, before a live frame of another room would be lost", async () => {
    await using server = await startServer(NO_RATES);
    const writer = await filled(server, [ONE]);
    const { slow, tell } = await slowOne(server, [ONE]);
    const other = await chatIn(server, BOB, [THREE]);
    slow.sendText(JSON.stringify(join(THREE)));
    await other.next({ type: "user_joined", data: { username: "carol" } });
    await tell(join(ONE, 0), "user_joined", ONE);
    await stuck(writer);
    let said = 0;
    for (; server.assembly.meters.slowCloses === 0 && said < 1200; said += 20) {
      const from = said;
      await Promise.all(upTo(20).map((n) => say(writer, THREE, from + n, PADDING)));
    }
    expect(server.assembly.meters.slowCloses).toBe(1);
    slow.readOn();
    expect(await slow.ended).toEqual({ code: 1013, reason: "Reader too slow" });
    const frames = framesOf(slow);
    const [history, live] = [numbersIn(frames, ONE), numbersIn(frames, THREE)];
    expect(history).toEqual(upTo(history.length));
    expect(live).toEqual(upTo(live.length));
    expect(live.length).toBeGreaterThan(0);
    expect(countOf(frames, "resumed")).toBe(0);
    // Everybody else has all of it.
    await other.drain();
    expect(numbersIn(other.received)).toEqual(upTo(said));
  }, 15_000);
});

describe("a room that is left and joined again while its past is still being sent", () => {
  /** Carol's frames of her first stay and of her second, and the id of what was said live in between. */
  async function stays(
    replay: string,
    cursor?: number,
  ): Promise<{ first: Frame[]; second: Frame[]; live: number }> {
    await using server = await startServer(NO_RATES);
    const writer = await filled(server, [ONE]);
    const { slow, tell } = await slowOne(server, [ONE]);
    await tell(join(ONE, 0), "user_joined", ONE);
    if (replay === "waits for its reader") await stuck(writer);
    await tell({ type: "leave_room", room: ONE }, "user_left", ONE);
    await tell(join(ONE, cursor), "user_joined", ONE);
    const live = await say(writer, ONE, HISTORY);
    slow.readOn();
    await until(slow, writer, new RegExp(`"${HISTORY} "`));
    if (cursor !== undefined) await until(slow, writer, RESUMED);
    await say(writer, ONE, HISTORY + 1);
    await until(slow, writer, new RegExp(`"${HISTORY + 1} "`));
    slow.destroy();
    const frames = framesOf(slow);
    const again = frames.findLastIndex(({ type }) => type === "joined_room");
    return { first: frames.slice(0, again), second: frames.slice(again), live };
  }

  const replays = ["goes on", "waits for its reader"];

  test.each(replays)(
    "brings nothing of it to a plain join, whose frames carry no id: the replay %s",
    async (replay) => {
      const { first, second } = await stays(replay);
      const history = numbersIn(first);
      expect(history).toEqual(upTo(history.length));
      expect(history.length).toBeWithin(1, HISTORY);
      expect(numbersIn(second)).toEqual([HISTORY, HISTORY + 1]);
      expect(second.filter((frame) => isMessage(frame) && "event_id" in frame)).toEqual([]);
      expect(countOf(second, "resumed")).toBe(0);
    },
    15_000,
  );

  test.each(replays)(
    "brings all of it once to a join with a cursor, and says so once: the replay %s",
    async (replay) => {
      const { first, second, live } = await stays(replay, 0);
      const history = numbersIn(first);
      expect(history).toEqual(upTo(history.length));
      expect(history.length).toBeWithin(1, HISTORY);
      expect(numbersIn(second)).toEqual(upTo(HISTORY + 2));
      const ids = second.filter(isMessage).map(({ event_id }) => event_id);
      expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
      expect(ids[HISTORY]).toBe(live);
      expect([countOf(first, "resumed"), countOf(second, "resumed")]).toEqual([0, 1]);
    },
    15_000,
  );

  test("leaves the other room of the same subscription whole", async () => {
    await using server = await startServer(NO_RATES);
    const writer = await filled(server, [ONE, TWO]);
    const watcher = await chatIn(server, BOB, [ONE, TWO]);
    const slow = await RawSocket.open(addressOf(server, PATHS.native, { as: CAROL }));
    slow.stopReading();
    const tell = async (type: string, data: object, heard: string): Promise<void> => {
      slow.sendText(JSON.stringify({ type, data }));
      await watcher.next({ type: heard, room: ONE, data: { username: "carol" } });
    };
    await tell("subscribe", { topics: [TWO, ONE], last_event_id: 0 }, "user_joined");
    await stuck(writer);
    await tell("unsubscribe", { topics: [ONE] }, "user_left");
    await tell("subscribe", { topics: [ONE] }, "user_joined");
    slow.readOn();
    await until(slow, writer, RESUMED);
    for (const room of [ONE, TWO]) await say(writer, room, HISTORY);
    await until(slow, writer, new RegExp(`"${HISTORY} "`), 2);
    slow.destroy();
    const frames = framesOf(slow);
    expect(numbersIn(frames, TWO)).toEqual(upTo(HISTORY + 1));
    const again = frames.findLastIndex(({ type }) => type === "reply");
    expect(numbersIn(frames.slice(again), ONE)).toEqual([HISTORY]);
    expect(countOf(frames, "resumed")).toBe(1);
  }, 15_000);
});

test("an event of two rooms that are replayed one over the other comes once, in order, live ones included", async () => {
  await using server = await startServer(NO_RATES);
  const tell = async (count: number): Promise<void> => {
    const event = { taskId: 7, title: "T", action: "updated", workspaceId: 70, targetUserIds: [5] } as const;
    await Promise.all(upTo(count).map(() => server.notifications.notifyTask(event)));
  };
  const told = ({ received }: Client): number[] =>
    received
      .filter(({ type, kind }) => type === "task.updated" || kind === "task.updated")
      .map(({ event_id }) => event_id);
  const witness = await nativeIn(server, ALICE, ["workspace:70"], { query: { last_event_id: "latest" } });
  // More than the ring keeps: what is replayed comes from the store as well.
  await tell(4500);
  const chat = await chatIn(server, BOB);
  const native = await nativeIn(server, CAROL);
  for (const room of ["project:70", "task:7"]) chat.send(join(room, 0));
  for (const topic of ["workspace:70", "task:7"])
    native.send({ type: "subscribe", data: { topics: [topic], last_event_id: 0 } });
  await tell(200);
  for (const client of [chat, native]) {
    while (countOf(client.received, "resumed") < 2) await client.next("resumed");
    await tell(1);
  }
  for (const client of [witness, chat, native]) await client.drain();
  const expected = told(witness);
  expect(expected).toHaveLength(4702);
  for (const client of [chat, native]) {
    expect(told(client)).toEqual(expected);
    expect(countOf(client.received, "resumed")).toBe(2);
  }
}, 15_000);

test("a room's notification is replayed to a socket that was not in the room, though another of the same user was", async () => {
  await using server = await startServer(NO_RATES);
  const inside = await chatIn(server, BOB, [ONE]);
  const outside = await chatIn(server, BOB);
  const before = server.assembly.hub.stats().lastEventId;
  await http(server, "key").post(`/api/v1/notify/rooms/${ONE}`, { message: "Standup" });
  await inside.next({ type: "notification.new", room: ONE });
  await outside.silent();
  outside.send(join(ONE, before));
  await outside.next("resumed");
  const told = outside.received.filter(({ type }) => type === "notification.new");
  expect(told).toMatchObject([{ room: ONE, data: { message: "Standup" }, event_id: before + 1 }]);
  await inside.silent();
});

describe("a room already held, joined again with a cursor", () => {
  const dialects = {
    chat: { enter: chatIn, room: ONE, again: join(ONE, 0) },
    notifier: { enter: notifierIn, room: "channel_1", again: join("channel_1", 0) },
    native: {
      enter: nativeIn,
      room: ONE,
      again: { type: "subscribe", data: { topics: [ONE], last_event_id: 0 } },
    },
  };
  test.each(Object.entries(dialects))(
    "%s replays it; frames carry ids from then on",
    async (_, { enter, room, again }) => {
      await using server = await startServer(NO_RATES);
      const writer = await nativeIn(server, ALICE);
      const client = await enter(server, BOB, [room]);
      const other = await chatIn(server, CAROL, [ONE]);
      const ids = [await say(writer, ONE, 0), await say(writer, ONE, 1)];
      const plain = await client.drain();
      expect(numbersIn(plain)).toEqual([0, 1]);
      expect(plain.filter((frame) => isMessage(frame) && "event_id" in frame)).toEqual([]);
      await other.drain();

      client.send(again);
      await client.next("resumed");
      ids.push(await say(writer, ONE, 2));
      await client.drain();
      const frames = client.received.filter(isMessage);
      expect(numbersIn(frames)).toEqual([0, 1, 0, 1, 2]);
      expect(frames.slice(2).map(({ event_id }) => event_id)).toEqual(ids);
      // To the others he was there all the time.
      expect((await other.drain()).map(({ type }) => type)).toEqual(["message"]);
    },
  );
});

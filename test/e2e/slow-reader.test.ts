/** A reader that stops reading is closed with 1013; nobody else misses anything, and nothing is skipped in silence. */
import { expect, test } from "bun:test";
import { addressOf, type Client } from "../support/client.ts";
import type { Frame } from "../support/frames.ts";
import { ALICE, BOB, CAROL, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { RawSocket } from "../support/raw-socket.ts";
import { NO_RATES, startServer } from "../support/server.ts";

const ROOM = "channel:9";
const MESSAGES = 420;
/** With its envelope just under MAX_MESSAGE_BYTES: about 25 MB in all. */
const PADDING = "x".repeat(60_000);

const content = (n: number): string => `${n} ${PADDING}`;
const numberOf = (text: string): number => Number(text.slice(0, text.indexOf(" ")));
const all = Array.from({ length: MESSAGES }, (_, n) => n);

/** The numbers of the messages in these frames, in order. */
const numbersIn = (frames: readonly Frame[]): number[] =>
  frames
    .filter(({ type, kind }) => type === "message" || type === "room_message" || kind === "message.created")
    .map((frame) => numberOf(frame.data.content ?? frame.message));

test("a slow reader among healthy ones, while 25 MB go by", async () => {
  await using server = await startServer(NO_RATES);
  const healthy: Client[] = [
    await chatIn(server, BOB, [ROOM]),
    await chatIn(server, BOB, [ROOM], { query: { last_event_id: "latest" } }),
    await notifierIn(server, BOB, ["channel_9"]),
    await nativeIn(server, BOB, [ROOM]),
  ];
  const slow = await RawSocket.open(addressOf(server, PATHS.chat, { as: CAROL }));
  slow.sendText(JSON.stringify({ type: "join_room", room: ROOM }));
  await healthy[0]!.next({ type: "user_joined", data: { username: "carol" } });
  slow.stopReading();

  const sender = await nativeIn(server, ALICE);
  for (const n of all) sender.send({ type: "publish", id: n, data: { topic: ROOM, content: content(n) } });
  const last = (frame: Frame): boolean => numbersIn([frame])[0] === MESSAGES - 1;
  await Promise.all([
    sender.next({ type: "reply", to: MESSAGES - 1 }),
    ...healthy.map((client) => client.next(last)),
  ]);

  // Everybody else has everything, once, in order.
  for (const client of healthy) expect(numbersIn(client.received)).toEqual(all);
  // The others have heard that the slow one is gone, long before it knows.
  await healthy[0]!.ever({ type: "user_left", data: { username: "carol" } });
  expect(server.assembly.meters.slowCloses).toBe(1);

  slow.readOn();
  expect(await slow.ended).toEqual({ code: 1013, reason: "Reader too slow" });
  // What was queued came before the close: a prefix without a gap.
  const got = numbersIn(slow.texts.map((text) => JSON.parse(text) as Frame));
  expect(got).toEqual(all.slice(0, got.length));
  expect(got.length).toBeGreaterThan(0);
  expect(got.length).toBeLessThan(MESSAGES);

  for (const client of healthy) expect(client.socket.readyState).toBe(WebSocket.OPEN);
});

test("the slow reader comes back with the last id it has, and misses nothing", async () => {
  await using server = await startServer(NO_RATES);
  const query = { last_event_id: "latest" };
  const slow = await RawSocket.open(addressOf(server, PATHS.native, { as: CAROL, query }));
  slow.sendText(JSON.stringify({ type: "subscribe", data: { topics: [ROOM] } }));
  const sender = await nativeIn(server, ALICE, [ROOM]);
  while (!server.notifications.getRoomMembers(ROOM).includes(Number(CAROL.id))) await sender.drain();
  slow.stopReading();
  for (const n of all) sender.send({ type: "publish", id: n, data: { topic: ROOM, content: content(n) } });
  await sender.next({ type: "reply", to: MESSAGES - 1 });
  await sender.ever({ kind: "user.left" });
  slow.readOn();
  expect((await slow.ended).code).toBe(1013);
  const before = slow.texts.map((text) => JSON.parse(text) as Frame);
  const lastId = Math.max(...before.map(({ event_id }) => event_id ?? 0));

  const again = await nativeIn(server, CAROL);
  again.send({ type: "subscribe", id: "again", data: { topics: [ROOM], last_event_id: lastId } });
  await again.next("resumed");
  expect([...numbersIn(before), ...numbersIn(again.received)]).toEqual(all);
});

test("a reader who is merely late loses nothing and stays", async () => {
  await using server = await startServer(NO_RATES);
  const late = await RawSocket.open(addressOf(server, PATHS.chat, { as: CAROL }));
  late.sendText(JSON.stringify({ type: "join_room", room: ROOM }));
  const sender = await chatIn(server, ALICE, [ROOM]);
  await sender.drain();
  late.stopReading();
  const few = all.slice(0, 20);
  for (const n of few) sender.send({ type: "send_message", room: ROOM, data: { content: content(n) } });
  while (numbersIn(sender.received).at(-1) !== 19) await sender.next("message");
  server.assembly.hub.tick();
  late.readOn();
  const heard = (): number[] => numbersIn(late.texts.map((text) => JSON.parse(text) as Frame));
  while (heard().length < few.length) await sender.drain();
  expect(heard()).toEqual(few);
  expect(server.assembly.meters.slowCloses).toBe(0);
  late.destroy();
});

test("a reader who stops while a room's past is being sent loses no live message in silence", async () => {
  await using server = await startServer(NO_RATES);
  const sender = await nativeIn(server, ALICE);
  const publish = async (topic: string, count: number): Promise<void> => {
    for (let n = 0; n < count; n++)
      sender.send({ type: "publish", id: `${topic} ${n}`, data: { topic, content: content(n) } });
    await sender.next({ to: `${topic} ${count - 1}` });
  };
  await publish("channel:8", 200);
  const slow = await RawSocket.open(addressOf(server, PATHS.chat, { as: CAROL }));
  for (const frame of [
    { type: "join_room", room: ROOM },
    { type: "join_room", room: "channel:8", data: { last_event_id: 0 } },
  ])
    slow.sendText(JSON.stringify(frame));
  while (server.notifications.getRoomMembers("channel:8").length === 0) await sender.drain();
  slow.stopReading();
  await publish(ROOM, MESSAGES);
  server.assembly.hub.tick();
  slow.readOn();
  await slow.ever((text) => text.startsWith(`{"type":"resumed"`));
  sender.send({ type: "publish", data: { topic: ROOM, content: `${MESSAGES} the last` } });
  const last = await slow.ever((text) => text.includes("the last"));
  const live = numbersIn(
    slow.texts.filter((text) => text.includes(`"room":"${ROOM}"`)).map((text) => JSON.parse(text) as Frame),
  );
  // Either all of it, or a whole beginning and the end of the socket.
  const whole = [...all, MESSAGES];
  expect({ count: live.length, numbers: live }).toEqual({
    count: last === null ? live.length : whole.length,
    numbers: whole.slice(0, live.length),
  });
  if (last === null) expect((await slow.ended).code).toBe(1013);
  slow.destroy();
});

test("whoever reads nothing and goes on asking for the past is closed, as with any frames that wait", async () => {
  await using server = await startServer({ ...NO_RATES, maxQueuedFrames: 10 });
  const sender = await nativeIn(server, ALICE);
  for (const n of all) sender.send({ type: "publish", id: n, data: { topic: ROOM, content: content(n) } });
  await sender.next({ type: "reply", to: MESSAGES - 1 });
  const greedy = await RawSocket.open(addressOf(server, PATHS.native, { as: CAROL }));
  greedy.stopReading();
  const ask = { type: "subscribe", data: { topics: [ROOM], last_event_id: 0 } };
  for (let n = 0; n < 200; n++) greedy.sendText(JSON.stringify(ask));
  const gone = (): boolean => !server.notifications.isUserConnected(CAROL.id);
  while (!gone()) await sender.drain();
  greedy.readOn();
  expect(await greedy.ended).toMatchObject({ code: 1008 });
  expect(server.assembly.meters.boundsMet.get("queued_frames")).toBe(1);
});

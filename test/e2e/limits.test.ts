/** What one client may take, and how he hears that it was too much. */
import { describe, expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { addressOf, connect } from "../support/client.ts";
import { expectProblem } from "../support/http.ts";
import { ALICE, BOB, chatIn, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { NO_RATES, startServer } from "../support/server.ts";

describe("MAX_MESSAGE_BYTES", () => {
  const message = (bytes: number): string => {
    const frame = (content: string) =>
      JSON.stringify({ type: "send_message", room: "channel:9", data: { content } });
    return frame("x".repeat(bytes - frame("").length));
  };

  test("a frame over the limit ends the socket with 1009, one at the limit is taken", async () => {
    await using server = await startServer();
    const alice = await chatIn(server, ALICE, ["channel:9"]);
    alice.sendText(message(65_536));
    await alice.next("message");
    alice.sendText(message(65_537));
    expect((await alice.closed()).code).toBe(1009);
  });

  test("on every socket, and nobody else is harmed", async () => {
    await using server = await startServer({ maxMessageBytes: 1024 });
    const other = await chatIn(server, BOB);
    for (const path of Object.values(PATHS)) {
      const client = await connect(server, path, { as: ALICE });
      client.sendText("x".repeat(1025));
      expect([path, (await client.closed()).code]).toEqual([path, 1009]);
    }
    await other.silent();
  });
});

describe("RATE_LIMIT_FRAMES", () => {
  test("too many frames: an error frame, then 1008 if it goes on", async () => {
    await using server = await startServer({ rateLimitFrames: 1 }, { clock: new ManualClock() });
    const alice = await chatIn(server, ALICE);
    const ping = (count: number): void => {
      for (let n = 0; n < count; n++) alice.send({ type: "ping" });
    };
    ping(10);
    await alice.next("error");
    const answered = alice.received.filter(({ type }) => type === "pong").length;
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(10);
    await alice.silent();
    ping(500);
    expect((await alice.closed()).code).toBe(1008);
    // Told once, not for each frame.
    expect(alice.received.filter(({ type }) => type === "error")).toHaveLength(1);
  });

  test("whoever slows down may go on", async () => {
    const clock = new ManualClock();
    await using server = await startServer({ rateLimitFrames: 1 }, { clock });
    const alice = await chatIn(server, ALICE);
    for (let n = 0; n < 10; n++) alice.send({ type: "ping" });
    await alice.next("error");
    await alice.drain();
    clock.advance(1000);
    alice.send({ type: "ping" });
    await alice.next("pong");
  });

  test("counts a user's frames, whatever his sockets; another user is not held up", async () => {
    await using server = await startServer({ rateLimitFrames: 1 }, { clock: new ManualClock() });
    const first = await notifierIn(server, ALICE);
    const second = await nativeIn(server, ALICE);
    for (let n = 0; n < 10; n++) first.send({ type: "text", data: "x" });
    await first.next("error");
    second.send({ type: "ping" });
    expect(await second.next()).toMatchObject({ type: "reply", error: { code: "TOO_MANY_REQUESTS" } });
    const bob = await nativeIn(server, BOB);
    bob.send({ type: "ping" });
    await bob.next("pong");
  });
});

test("MAX_CONNECTIONS: a socket more than that, of anybody, is refused until one leaves", async () => {
  await using server = await startServer({ maxConnections: 2 });
  const alice = await nativeIn(server, ALICE);
  await connect(server, PATHS.notifications, { as: ALICE });
  const answer = await knock(addressOf(server, PATHS.native, { as: BOB }));
  expectProblem(answer, 429);
  expect(answer.headers.has("retry-after")).toBe(true);
  await alice.close();
  await nativeIn(server, BOB);
});

test("a socket may be in many rooms, but not in endlessly many; it hears so and stays", async () => {
  await using server = await startServer(NO_RATES);
  const client = await nativeIn(server, ALICE);
  const topics = Array.from({ length: 900 }, (_, n) => `room:${n}`);
  client.send({ type: "subscribe", id: 1, data: { topics } });
  expect(await client.next({ to: 1 })).toMatchObject({ data: { topics } });
  client.send({ type: "subscribe", id: 2, data: { topics: topics.map((topic) => `${topic}-more`) } });
  expect(await client.next({ to: 2 })).toMatchObject({ error: { code: "TOO_MANY_REQUESTS" } });
  expect(server.notifications.getRoomMembers("0-more")).toEqual([]);
  client.send({ type: "ping" });
  await client.next("pong");
});

test("binary frames are read as text, and no frame of any kind brings a socket down", async () => {
  await using server = await startServer(NO_RATES);
  const chat = await chatIn(server, ALICE);
  chat.socket.send(new TextEncoder().encode(`{"type":"ping"}`));
  await chat.next("pong");
  const odd = [
    "",
    " ",
    "null",
    "0",
    `"x"`,
    "[]",
    "{}",
    "[".repeat(5000),
    `{"type":{}}`,
    `{"type":"__proto__"}`,
    `{"type":"constructor"}`,
    `{"__proto__":{"type":"ping"}}`,
  ];
  for (const path of Object.values(PATHS)) {
    const client = await connect(server, path, { as: BOB });
    for (const text of odd) client.sendText(text);
    client.socket.send(new Uint8Array([0xff, 0xfe, 0x00, 0x80]));
    await client.drain();
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  }
});

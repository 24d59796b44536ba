/** Error Codes, Error Message Format and Room Access Control of the WebSocket API Documentation (seed 002). */
import { describe, expect, test } from "bun:test";
import { ManualClock } from "../../src/core/clock.ts";
import { DIALECTS } from "../../src/dialects/all.ts";
import { chat } from "../../src/dialects/chat/index.ts";
import { type Client, connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { ALICE, BOB, chatIn, PATHS } from "../support/people.ts";
import { startServer } from "../support/server.ts";

const NOW = "2025-11-13T12:00:00.000Z";
const clock = new ManualClock(Date.parse(NOW));
const error = (text: string, more: object = {}) => ({
  type: "error",
  data: { error: text, ...more },
  timestamp: NOW,
});

describe("Error Message Format", () => {
  const join = (room: unknown) => JSON.stringify({ type: "join_room", room });
  const say = (room: string, data?: unknown) => JSON.stringify({ type: "send_message", room, data });

  test.each([
    ["{not json", "Invalid JSON format"],
    [`["a list"]`, "Invalid JSON format"],
    [`{"type":"dance"}`, "Unknown message type: dance"],
    [join(undefined), "Room ID required"],
    [join(""), "Room ID required"],
    [`{"type":"leave_room"}`, "Room ID required"],
    [join("channel"), "Invalid room format"],
    [join("channel:"), "Invalid room format"],
    [join(":456"), "Invalid room format"],
    [join("galaxy:456"), "Unsupported room type"],
    [say("channel:456", { content: "hi" }), "Not in room channel:456"],
    [say("channel:1"), "Content required"],
    [say("channel:1", {}), "Content required"],
    [say("channel:1", { content: "" }), "Content required"],
  ])("%s is answered: %s", async (text, message) => {
    await using server = await startServer({}, { clock });
    const alice = await chatIn(server, ALICE, ["channel:1"]);
    alice.sendText(text);
    await alice.expect(error(message));
    // The socket stays open.
    alice.send({ type: "ping" });
    await alice.next("pong");
  });

  test("a room name may have 128 characters and no control characters", async () => {
    await using server = await startServer({}, { clock });
    const alice = await chatIn(server, ALICE);
    for (const room of [`channel:${"x".repeat(121)}`, "channel:a\u0000b"]) {
      alice.send({ type: "join_room", room });
      await alice.expect(error("Invalid room format"));
    }
    alice.send({ type: "join_room", room: `channel:${"x".repeat(120)}` });
    await alice.next("joined_room");
  });
});

describe("Error Codes", () => {
  const ended = async (client: Client, code: number, reason: string): Promise<void> =>
    expect(await client.closed()).toEqual({ code, reason });

  test("4401: a missing and an invalid token are accepted, then closed, and nothing else is sent", async () => {
    await using server = await startServer();
    for (const token of [undefined, "invalid"]) {
      const client = await connect(server, PATHS.chat, token === undefined ? {} : { token });
      await ended(client, 4401, "Authentication Failed");
      expect(client.received).toEqual([]);
    }
  });

  test("4403: an unauthorized join is told, then the socket is closed", async () => {
    await using server = await startServer({ access: "members" }, { clock });
    const alice = await chatIn(server, ALICE);
    alice.send({ type: "join_room", room: "project:123" });
    const frame = await alice.next();
    expect(frame).toMatchObject({ type: "error", data: { code: 4403 } });
    await ended(alice, 4403, "Forbidden");
    expect(alice.received).toHaveLength(2);
  });

  test("4403 with FORBIDDEN_JOIN=error: told, and the socket stays open", async () => {
    await using server = await startServer({ access: "members", forbiddenJoin: "error" }, { clock });
    const alice = await chatIn(server, ALICE);
    alice.send({ type: "join_room", room: "project:123" });
    expect((await alice.next()).data).toMatchObject({ code: 4403 });
    alice.send({ type: "ping" });
    await alice.next("pong");
  });

  test("4403: another user's room, even where every room is open; one's own is joined by itself", async () => {
    await using server = await startServer({ access: "open" }, { clock });
    const alice = await chatIn(server, ALICE);
    await http(server, "key").post("/api/v1/notify/users/12345", { message: "without a join" });
    await alice.next("notification.new");
    alice.send({ type: "join_room", room: `user:${BOB.id}` });
    await alice.next("error");
    await ended(alice, 4403, "Forbidden");
  });

  test("4429: a sixth connection of one user", async () => {
    await using server = await startServer();
    for (let n = 1; n <= 5; n++) await chatIn(server, ALICE);
    const sixth = await connect(server, PATHS.chat, { as: ALICE });
    await ended(sixth, 4429, "Too Many Connections");
    expect(sixth.received).toEqual([]);
    await chatIn(server, BOB);
  });

  test("4429: a place that was given back can be taken", async () => {
    await using server = await startServer();
    const five = await Promise.all([1, 2, 3, 4, 5].map(() => chatIn(server, ALICE)));
    await five[0]?.close();
    const again = await chatIn(server, ALICE);
    again.send({ type: "ping" });
    await again.next("pong");
  });

  test("4500: a fault of the server, without a word about it", async () => {
    const decode = (): never => {
      throw new Error("a secret stack");
    };
    const dialects = [...DIALECTS.filter(({ name }) => name !== "chat"), { ...chat, decode }];
    await using server = await startServer({}, { dialects, faults: "expected" });
    const alice = await chatIn(server, ALICE);
    alice.send({ type: "ping" });
    await ended(alice, 4500, "Internal Server Error");
    expect(JSON.stringify(alice.received)).not.toContain("secret");
    // The operator reads it in the log.
    expect(Bun.inspect(server.logs.entries.filter((entry) => entry.level === "error"))).toContain(
      "a secret stack",
    );
  });
});

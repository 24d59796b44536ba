/** Looking on at one connection: what it hears and says, once and in order, and never a token. */
import { expect, test } from "bun:test";
import type { ConnectionInfo, SeenClose, SeenFrame } from "../../src/core/admin.ts";
import type { Client } from "../support/client.ts";
import { connect } from "../support/client.ts";
import type { Frame } from "../support/frames.ts";
import { answerOf, expectProblem, http } from "../support/http.ts";
import { ADMIN, ALICE, BOB, chatIn, nativeIn, PATHS } from "../support/people.ts";
import { KEY, NO_RATES, type StartedServer, startServer, type User } from "../support/server.ts";
import { blocks, type SseBlock } from "../support/sse.ts";

const CONNECTIONS = "/api/v1/admin/connections";

async function idOf(server: StartedServer, user: User, dialect: string): Promise<number> {
  const { body } = await http(server, ADMIN).get(`${CONNECTIONS}?user_id=${user.id}&dialect=${dialect}`);
  const [connection] = (body as { items: ConnectionInfo[] }).items;
  return connection?.id ?? Number.NaN;
}

/** Somebody who looks on, from the moment at which this resolves. */
class Onlooker implements AsyncDisposable {
  readonly frames: SeenFrame[] = [];
  readonly #blocks: AsyncGenerator<SseBlock>;
  constructor(response: Response) {
    this.#blocks = blocks(response);
  }
  /** Up to the first frame of which this is true. */
  async until(matches: (frame: SeenFrame) => boolean): Promise<SeenFrame> {
    for (;;) {
      const { data = "", event } = await this.#next();
      if (event !== "frame") throw new Error(`${event} came: ${data}`);
      const frame = JSON.parse(data) as SeenFrame;
      this.frames.push(frame);
      if (matches(frame)) return frame;
    }
  }
  async end(): Promise<SeenClose> {
    for (;;) {
      const { data = "", event } = await this.#next();
      if (event === "frame") continue;
      expect(event).toBe("closed");
      expect((await this.#blocks.next()).done).toBe(true);
      return JSON.parse(data) as SeenClose;
    }
  }
  /** What left, as the client read it. */
  get out(): Frame[] {
    return this.frames.flatMap(({ direction, text }) =>
      direction === "out" ? [JSON.parse(text) as Frame] : [],
    );
  }
  async #next(): Promise<SseBlock> {
    const { done, value } = await this.#blocks.next();
    if (done === true) throw new Error("the stream has ended");
    return value;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#blocks.return(undefined);
  }
}

async function lookOn(server: StartedServer, user: User, dialect: string): Promise<Onlooker> {
  const id = await idOf(server, user, dialect);
  const authorization = `Bearer ${server.token(ADMIN)}`;
  const response = await fetch(`${server.url}${CONNECTIONS}/${id}/frames`, { headers: { authorization } });
  expect(response.headers.get("content-type")).toStartWith("text/event-stream");
  return new Onlooker(response);
}

/** Everything that the client got since it was looked at, compared with what was shown. */
async function expectSame(client: Client, onlooker: Onlooker, from: number, last: string): Promise<void> {
  await client.ever((frame) => JSON.stringify(frame).includes(last));
  await onlooker.until(({ direction, text }) => direction === "out" && text.includes(last));
  expect(onlooker.out).toEqual(client.received.slice(from));
}

const taskEvent = (title: string) => ({
  task_id: 7,
  title,
  action: "updated",
  workspace_id: 789,
  target_user_ids: [ALICE.id],
});

test("an event that reaches a chat socket by two topics is shown once, among replies in their order", async () => {
  await using server = await startServer(NO_RATES);
  const alice = await chatIn(server, ALICE, ["project:789", "task:7"]);
  const bob = await chatIn(server, BOB, ["project:789"]);
  await using onlooker = await lookOn(server, ALICE, "chat");
  const from = alice.received.length;
  const tell = http(server, "key");

  alice.send({ type: "send_message", room: "project:789", data: { content: "one" } });
  await alice.next("message");
  await tell.post("/api/v1/realtime/events/task", taskEvent("told twice"));
  bob.send({ type: "send_message", room: "project:789", data: { content: "two" } });
  await alice.next({ type: "message", data: { content: "two" } });
  alice.send({ type: "nonsense" });
  alice.send({ type: "ping" });
  await expectSame(alice, onlooker, from, '"pong"');

  expect(onlooker.out.filter(({ type }) => type === "task.updated")).toHaveLength(1);
  expect(onlooker.frames.filter(({ direction }) => direction === "in").map(({ text }) => text)).toEqual([
    '{"type":"send_message","room":"project:789","data":{"content":"one"}}',
    '{"type":"nonsense"}',
    '{"type":"ping"}',
  ]);
  expect(onlooker.frames[0]).toMatchObject({ direction: "in", bytes: 69 });
});

test("replayed and live frames of a native socket are shown as they come, with their ids", async () => {
  await using server = await startServer(NO_RATES);
  const tell = http(server, "key");
  for (let n = 0; n < 300; n++) await tell.post("/api/v1/rooms/channel:9/messages", { content: `old ${n}` });
  const alice = await nativeIn(server, ALICE);
  await using onlooker = await lookOn(server, ALICE, "native");
  const from = alice.received.length;
  alice.send({
    type: "subscribe",
    id: 1,
    data: { topics: ["channel:9", "project:789", "task:7"], last_event_id: 0 },
  });
  await Promise.all([
    tell.post("/api/v1/rooms/channel:9/messages", { content: "meanwhile" }),
    tell.post("/api/v1/realtime/events/task", taskEvent("meanwhile")),
  ]);
  await alice.ever("resumed");
  alice.send({ type: "publish", id: 2, data: { topic: "channel:9", content: "live" } });
  await alice.ever({ type: "reply", to: 2 });
  alice.send({ type: "unsubscribe", id: 3, data: { topics: ["channel:9"] } });
  alice.send({ type: "ping" });
  await expectSame(alice, onlooker, from, '"pong"');
  const ids = onlooker.out.map(({ event_id }) => event_id).filter((id) => id !== undefined);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(300);
});

test("an admin's socket that listens to everything is shown each event once", async () => {
  await using server = await startServer(NO_RATES);
  const root = await nativeIn(server, ADMIN, ["*", "project:789", `user:${ALICE.id}`]);
  await using onlooker = await lookOn(server, ADMIN, "native");
  const from = root.received.length;
  await http(server, "key").post("/api/v1/realtime/events/task", taskEvent("told to all"));
  root.send({ type: "ping" });
  await expectSame(root, onlooker, from, '"pong"');
  expect(onlooker.out).toHaveLength(3);
});

test("sockets that only listen are shown what is published to them", async () => {
  await using server = await startServer(NO_RATES);
  const tasks = await connect(server, PATHS.tasks, { as: ALICE });
  await using onlooker = await lookOn(server, ALICE, "onetask");
  await http(server, "key").post("/api/v1/realtime/events/task", taskEvent("first"));
  await http(server, "key").post("/api/v1/realtime/events/task", taskEvent("last"));
  await expectSame(tasks, onlooker, 0, "last");
  expect(onlooker.out).toHaveLength(2);
});

test("no token is shown, in whatever spelling it is refreshed", async () => {
  await using server = await startServer(NO_RATES);
  const fresh = server.token({ ...ALICE, ttlSeconds: 9999 });
  const chat = await chatIn(server, ALICE);
  const native = await nativeIn(server, ALICE);
  await using chatter = await lookOn(server, ALICE, "chat");
  await using other = await lookOn(server, ALICE, "native");
  chat.send({ type: "refresh", data: { token: fresh } });
  await chatter.until(({ text }) => text.includes('"refreshed"'));
  expect(chatter.frames[0]?.text).toBe('{"type":"refresh","data":{"token":"…"}}');

  const spelled = [
    `{"type":"refresh","id":1,"data":{"token":"${fresh}"}}`,
    `{ "type" : "refresh", "data" : { "\\u0074oken" : "${fresh.replaceAll(".", "\\u002e")}" } }`,
    `{"type":"refresh","data":{"token":["${fresh.slice(3)}"]}}`,
    `{"type":"refresh","data":{"token":"${fresh}`,
    `{"type":"publish","data":{"topic":"channel:1","content":"${fresh} and ${KEY} and dgk_0123456789abcdef"}}`,
  ];
  for (const text of spelled) native.sendText(text);
  native.send({ type: "ping" });
  await other.until(({ text }) => text.includes('"pong"'));
  const shown = JSON.stringify(other.frames);
  for (const secret of [...fresh.split("."), fresh.slice(3), "dgk_0123"]) expect(shown).not.toContain(secret);
  expect(shown).toContain("refresh");
});

test("a long frame is cut, its size told", async () => {
  await using server = await startServer(NO_RATES);
  const alice = await chatIn(server, ALICE, ["channel:1"]);
  await using onlooker = await lookOn(server, ALICE, "chat");
  const content = "ü".repeat(20_000);
  alice.send({ type: "send_message", room: "channel:1", data: { content } });
  const frame = await onlooker.until(({ direction }) => direction === "in");
  expect(frame).toMatchObject({ truncated: true });
  expect(frame.text).toHaveLength(16_384);
  expect(frame.bytes).toBeGreaterThan(40_000);
});

test("the end is told with its cause and remedy, then the stream ends", async () => {
  await using server = await startServer(NO_RATES);
  const alice = await chatIn(server, ALICE);
  await using first = await lookOn(server, ALICE, "chat");
  await using second = await lookOn(server, ALICE, "chat");
  await http(server, ADMIN).post(`/api/v1/admin/users/${ALICE.id}/disconnect`);
  const told = {
    code: 1008,
    reason: "Disconnected by an admin",
    cause: "disconnected",
    remedy: "Ask the administrator.",
  };
  expect(await first.end()).toEqual(told);
  expect(await second.end()).toEqual(told);
  expect(await alice.closed()).toEqual({ code: 1008, reason: told.reason });

  const bob = await chatIn(server, BOB);
  await using third = await lookOn(server, BOB, "chat");
  await bob.close();
  expect(await third.end()).toMatchObject({ cause: null, remedy: null });
});

test("nobody looks on but admins and keys, and that they did is noted", async () => {
  await using server = await startServer(NO_RATES);
  await chatIn(server, ALICE);
  const id = await idOf(server, ALICE, "chat");
  const path = `${CONNECTIONS}/${id}/frames`;
  expectProblem(await http(server).get(path), 401);
  expectProblem(await http(server, ALICE).get(path), 403);
  expectProblem(await http(server, "key").get(`${CONNECTIONS}/4711/frames`), 404);
  expectProblem(await http(server, "key").get(`${CONNECTIONS}/x/frames`), 400);

  const streams = await Promise.all(
    Array.from({ length: 32 }, () => fetch(`${server.url}${path}`, { headers: { "x-api-key": KEY } })),
  );
  const tooMany = await fetch(`${server.url}${path}`, { headers: { "x-api-key": KEY } });
  expectProblem(await answerOf(tooMany), 429);
  await Promise.all(streams.map((stream) => stream.body?.cancel()));

  await server.assembly.tick();
  // A write of ours comes after that of the tick, and so does its answer.
  await http(server, "key").post(`/api/v1/notify/users/${BOB.id}`, { message: "now" });
  const log = await http(server, "key").get("/api/v1/admin/security-log?kind=admin&limit=1");
  expect(log.body).toMatchObject({
    items: [{ cause: "connection.watch", detail: `service key api-key-1: connection ${id}` }],
  });
});

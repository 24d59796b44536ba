import { afterAll, beforeAll, expect, test } from "bun:test";
import * as fc from "fast-check";
import { type TestServer, createTestServer } from "../../src/app/dragoman.ts";

const EVENTS = Number(process.env["ORDER_EVENTS"] ?? 100_000);
const ROOMS = ["channel:1", "channel:2", "channel:3", "project:4", "task:5"] as const;
const WRITERS = ROOMS.length;
const IN_FLIGHT = 100;

interface Frame {
  readonly type: string;
  readonly event_id?: number;
}

let server: TestServer;
let start: number;
beforeAll(async () => {
  server = await createTestServer({
    settings: { rateLimitFrames: 0, rateLimitHttp: 0, rateLimitConnects: 0, maxConnectionsPerUser: 0 },
  });
  start = server.assembly.hub.stats().lastEventId;
});
afterAll(() => server.stop());

type OnFrame = (frame: Frame, socket: WebSocket) => void;

function connect(path: string, userId: string, onFrame: OnFrame): WebSocket {
  const separator = path.includes("?") ? "&" : "?";
  const socket = new WebSocket(`${server.wsUrl}${path}${separator}token=${server.token({ id: userId })}`);
  socket.onmessage = ({ data }) => onFrame(JSON.parse(String(data)) as Frame, socket);
  return socket;
}

/** Sends its share of messages into one room, a window at a time. */
function write(room: string, userId: string, share: number): Promise<void> {
  let sent = 0;
  let heard = 0;
  const send = (socket: WebSocket): void => {
    if (sent < share)
      socket.send(JSON.stringify({ type: "send_message", room, data: { content: String(sent++) } }));
  };
  return new Promise((resolve) => {
    connect("/api/v1/ws/connect", userId, ({ type }, socket) => {
      if (type === "connected") socket.send(JSON.stringify({ type: "join_room", room }));
      if (type === "joined_room") for (let i = 0; i < IN_FLIGHT; i++) send(socket);
      if (type !== "message") return;
      send(socket);
      if (++heard < share) return;
      socket.close();
      resolve();
    });
  });
}

/** A client that comes, hears some frames and goes, again and again, each time from where it was. */
class Wanderer {
  readonly rooms: readonly string[];
  readonly record: number[] = [];
  readonly #userId: string;
  readonly #dialect: "chat" | "native";
  readonly #stays: () => number;
  #socket: WebSocket | null = null;
  #cursor = start;
  #left = 0;
  #awaits = Number.POSITIVE_INFINITY;
  #arrived: () => void = () => {};

  constructor(dialect: "chat" | "native", userId: string, rooms: readonly string[], stays: () => number) {
    this.#dialect = dialect;
    this.#userId = userId;
    this.rooms = rooms;
    this.#stays = stays;
  }

  /** By chat it joins its rooms from the cursor, by native it opens with it. */
  come(): void {
    this.#left = this.#stays();
    const data = { topics: this.rooms, last_event_id: this.#cursor };
    const path =
      this.#dialect === "chat" ? "/api/v1/ws/connect" : `/api/v1/stream?last_event_id=${this.#cursor}`;
    this.#socket = connect(path, this.#userId, ({ type, event_id }, socket) => {
      if (socket !== this.#socket) return;
      if (type === "connected")
        for (const room of this.rooms) socket.send(JSON.stringify({ type: "join_room", room, data }));
      if (type === "welcome") socket.send(JSON.stringify({ type: "subscribe", data }));
      if (event_id !== undefined) this.#hear(event_id);
    });
  }

  /** Resolves when it has heard the event with this id. */
  async until(id: number): Promise<void> {
    this.#awaits = id;
    if (this.#cursor < id) await new Promise<void>((resolve) => (this.#arrived = resolve));
    this.#go();
  }

  #go(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #hear(id: number): void {
    this.record.push(id);
    this.#cursor = id;
    if (id >= this.#awaits) return this.#arrived();
    if (--this.#left > 0) return;
    this.#go();
    this.come();
  }
}

test(`${EVENTS} events while clients join, leave and resume: each client's record is the log's`, async () => {
  const share = Math.ceil(EVENTS / WRITERS);
  const visits = fc.sample(fc.integer({ min: 1, max: Math.ceil(share / 3) }), { seed: 7, numRuns: 1000 });
  let visit = 0;
  const stays = (): number => visits[visit++ % visits.length] as number;
  const wanderers = ROOMS.flatMap((room, i) => [
    new Wanderer("chat", String(300 + i), [room], stays),
    new Wanderer("native", String(400 + i), [room, ROOMS[(i + 1) % ROOMS.length] as string], stays),
  ]);
  for (const wanderer of wanderers) wanderer.come();
  await Promise.all(ROOMS.map((room, i) => write(room, String(200 + i), share)));

  const log = await server.assembly.store.events(start, Number.MAX_SAFE_INTEGER, EVENTS * 2);
  expect(log.length).toBe(share * WRITERS);
  expect(log.every(({ id }, i) => id === start + 1 + i)).toBe(true);
  for (const wanderer of wanderers) {
    const topics = wanderer.rooms.map((room) => room.replace("project:", "workspace:"));
    const expected = log
      .filter((event) => event.topics.some((topic) => topics.includes(topic)))
      .map(({ id }) => id);
    await wanderer.until(expected.at(-1) as number);
    expect(wanderer.record).toEqual(expected);
  }
}, 120_000);

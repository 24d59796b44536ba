import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TestServer, createTestServer } from "../../src/app/dragoman.ts";
import { blocks } from "../support/sse.ts";

interface Told {
  readonly event_id?: number;
  readonly kind?: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await createTestServer();
  token = server.token({ id: 101, username: "alice" });
});
afterAll(() => server.stop());

const authorized = { headers: { authorization: "" } };
const headers = (more: Record<string, string> = {}): { headers: Record<string, string> } => ({
  headers: { ...authorized.headers, authorization: `Bearer ${token}`, ...more },
});

/** Writes messages into a room through the hub, as a backend would. */
async function write(room: string, from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n++)
    await server.notifications.notifyRoom({ roomName: room, message: String(n) });
}

const numberOf = (event: Told): number => Number((event.data as { content: string }).content);

interface Heard {
  readonly events: Told[];
  readonly cursor: number;
}

/** Over a WebSocket until `count` events came. */
async function overSocket(room: string, cursor: number | "latest", count: number): Promise<Heard> {
  const socket = new WebSocket(`${server.wsUrl}/api/v1/stream?last_event_id=${cursor}&token=${token}`);
  const events: Told[] = [];
  await new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data)) as Told;
      if (frame.type === "welcome")
        socket.send(JSON.stringify({ type: "subscribe", data: { topics: [room], last_event_id: cursor } }));
      if (frame.kind === "notification.created" && events.length < count) events.push(frame);
      if (events.length === count) resolve();
    };
  });
  socket.close();
  return { events, cursor: events.at(-1)?.event_id as number };
}

async function overSse(room: string, cursor: number, count: number): Promise<Heard> {
  const response = await fetch(
    `${server.url}/api/v1/events?topics=${room}`,
    headers({ "last-event-id": String(cursor) }),
  );
  expect(response.headers.get("content-type")).toStartWith("text/event-stream");
  const events: Told[] = [];
  let last = cursor;
  for await (const block of blocks(response)) {
    if (block["id"] === undefined) continue;
    events.push(JSON.parse(block["data"] as string) as Told);
    last = Number(block["id"]);
    if (events.length === count) break;
  }
  return { events, cursor: last };
}

async function poll(
  query: string,
): Promise<{ status: number; body: { events: Told[]; last_event_id: number; recovered: boolean } }> {
  const response = await fetch(
    `${server.url}/api/v1/events?${query}`,
    headers({ accept: "application/json" }),
  );
  return { status: response.status, body: (await response.json()) as never };
}

async function overPolls(room: string, cursor: number, count: number): Promise<Heard> {
  const events: Told[] = [];
  let last = cursor;
  while (events.length < count) {
    const { body } = await poll(`topics=${room}&after=${last}&wait=20`);
    events.push(...body.events);
    last = body.last_event_id;
  }
  return { events, cursor: last };
}

describe("one cursor for sockets, server-sent events and polls", () => {
  test("a client that loses one transport after another sees each event once, in order", async () => {
    const room = "channel:77";
    await write(room, 0, 1);
    const writing = write(room, 1, 299);
    const first = await overSocket(room, 0, 100);
    const second = await overSse(room, first.cursor, 100);
    const third = await overPolls(room, second.cursor, 100);
    await writing;
    const all = [...first.events, ...second.events, ...third.events];
    expect(all.map(numberOf)).toEqual(Array.from({ length: all.length }, (_, n) => n));
    const ids = all.map((event) => event.event_id as number);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });

  test("a poll with nothing missed waits for the first event", async () => {
    const room = "channel:78";
    const { body: now } = await poll(`topics=${room}&after=latest&wait=0`);
    const waiting = poll(`topics=${room}&after=${now.last_event_id}&wait=20`);
    await write(room, 5, 1);
    const { body } = await waiting;
    expect(body.events.map(numberOf)).toEqual([5]);
    expect(body.last_event_id).toBe(body.events[0]?.event_id as number);
  });

  test("wait=0 answers at once, with a cursor to go on from", async () => {
    const { status, body } = await poll("topics=channel:79&after=latest&wait=0");
    expect(status).toBe(200);
    expect(body).toMatchObject({ events: [], recovered: true });
    expect(body.last_event_id).toBeInteger();
  });

  test("a cursor beyond the log is not recovered, and says so at once", async () => {
    const { body } = await poll("topics=channel:79&after=9007199254740991&wait=20");
    expect(body).toMatchObject({ events: [], recovered: false });
  });

  test("without topics it is one's own that is heard", async () => {
    const { body: now } = await poll("after=latest&wait=0");
    await server.notifications.notifyUser({ userId: 102, message: "not hers" });
    await server.notifications.notifyUser({ userId: 101, message: "7" });
    const { body } = await poll(`after=${now.last_event_id}&wait=20`);
    expect(body.events.map(numberOf)).toEqual([7]);
  });

  test("a stream hears live events without an id, and what is kept with one", async () => {
    const room = "channel:80";
    const response = await fetch(`${server.url}/api/v1/events?topics=${room}`, headers());
    const stream = blocks(response);
    expect((await stream.next()).value).toEqual({ retry: "2000" });
    expect((await stream.next()).value).toMatchObject({ event: "resumed" });
    const socket = new WebSocket(
      `${server.wsUrl}/api/v1/ws/connect?token=${server.token({ id: 103, username: "carol" })}`,
    );
    socket.onopen = () => socket.send(JSON.stringify({ type: "join_room", room }));
    const joined = (await stream.next()).value as Record<string, string>;
    expect(joined).not.toHaveProperty("id");
    expect(JSON.parse(joined["data"] as string)).toMatchObject({ kind: "user.joined", topic: room });
    await write(room, 1, 1);
    const told = (await stream.next()).value as Record<string, string>;
    expect(Number(told["id"])).toBe((JSON.parse(told["data"] as string) as Told).event_id as number);
    socket.close();
    await stream.return(undefined);
  });

  test("a stream's reader is connected, and no longer when it has gone", async () => {
    const userId = 104;
    const aborting = new AbortController();
    const response = await fetch(`${server.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${server.token({ id: userId })}` },
      signal: aborting.signal,
    });
    const stream = blocks(response);
    await stream.next();
    expect(server.notifications.isUserConnected(userId)).toBe(true);
    aborting.abort();
    while (server.notifications.isUserConnected(userId))
      await new Promise((resolve) => setImmediate(resolve));
  });

  test("bad cursors, topics and waits are answered with what to do", async () => {
    for (const query of ["after=x", "after=-1", "topics=%00", "after=0&wait=soon"]) {
      const { status, body } = await poll(query);
      expect([query, status]).toEqual([query, 400]);
      expect(body).toHaveProperty("detail");
    }
  });

  test("another user's topic is closed", async () => {
    expect((await poll("topics=user:102")).status).toBe(403);
  });
});

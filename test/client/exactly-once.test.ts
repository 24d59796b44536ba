/** Whatever breaks whenever: each subscription hears each event once, and each message is told once. */
import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { createClient, type DragomanEvent, type Subscription } from "../../src/client/client.ts";
import { ManualClientClock, settled } from "./clock.ts";
import { ModelServer } from "./model-server.ts";

const TOPICS = ["channel:1", "channel:2", "workspace:3", "task:4", "user:7"] as const;

const anEvent = fc.constantFrom<readonly string[]>(
  ["channel:1"],
  ["channel:2"],
  ["user:7"],
  ["workspace:3"],
  ["task:4"],
  ["workspace:3", "task:4"],
);
const rooms = fc.subarray([...TOPICS], { minLength: 1 });

type Step =
  | { readonly do: "tell"; readonly topics: readonly string[] }
  | { readonly do: "subscribe"; readonly rooms: readonly string[]; readonly since: number | "latest" }
  | { readonly do: "unsubscribe"; readonly which: number }
  | { readonly do: "publish"; readonly room: string }
  | { readonly do: "take" | "replay" | "deliver"; readonly count: number }
  | { readonly do: "break" }
  | { readonly do: "wait"; readonly ms: number };

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant("tell" as const), topics: anEvent }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("subscribe" as const),
        rooms,
        since: fc.oneof(fc.constant("latest" as const), fc.nat(20)),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("unsubscribe" as const), which: fc.nat(5) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("publish" as const),
        room: fc.constantFrom("channel:1", "channel_2"),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constantFrom("take" as const, "replay", "deliver"),
        count: fc.integer({ min: 1, max: 4 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("break" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(100, 2000) }) },
  ),
  { maxLength: 80, size: "max" },
) as fc.Arbitrary<Step[]>;

interface Heard {
  readonly room: Subscription;
  readonly rooms: readonly string[];
  readonly since: number | "latest";
  readonly ids: number[];
  closed: boolean;
  /** The newest event when the server began to listen for it. */
  from: number | null;
}

async function play(script: readonly Step[]): Promise<void> {
  const server = new ModelServer();
  const clock = new ManualClientClock();
  const client = createClient({
    url: "http://model",
    token: "t",
    transports: ["websocket"],
    WebSocket: server.WebSocket,
    fetch: () => Promise.reject(new Error("no network")),
    clock,
  });
  const all: number[] = [];
  client.on("event", ({ event_id }) => all.push(event_id as number));
  const heard: Heard[] = [];
  const published: { readonly content: string; readonly room: string; readonly answer: Promise<unknown> }[] =
    [];
  await settled();

  for (const step of script) {
    const [socket] = server.open;
    switch (step.do) {
      case "tell":
        server.tell(step.topics);
        break;
      case "subscribe": {
        const room = client.subscribe(step.rooms, { since: step.since });
        const one: Heard = { room, rooms: step.rooms, since: step.since, ids: [], closed: false, from: null };
        room.on("event", (event: DragomanEvent) => one.ids.push(event.event_id as number));
        room.ready.then(
          () => (one.from = server.last),
          () => {},
        );
        heard.push(one);
        break;
      }
      case "unsubscribe": {
        const one = heard[step.which];
        one?.room.close();
        if (one !== undefined) one.closed = true;
        break;
      }
      case "publish": {
        const content = `message ${published.length}`;
        published.push({ content, room: step.room, answer: client.publish(step.room, content) });
        break;
      }
      case "take":
        for (let n = 0; n < step.count; n++) socket?.take();
        break;
      case "replay":
        socket?.replay(step.count);
        break;
      case "deliver":
        socket?.deliver(step.count);
        break;
      case "break":
        socket?.break();
        break;
      case "wait":
        clock.advance(step.ms);
    }
    await settled();
  }
  await finish(server, clock);

  for (const one of heard) check(one, server);
  for (const room of ["channel:1", "channel:2"]) {
    const told = server.log.filter(({ topics, content }) => content !== "" && topics[0] === room);
    const said = published.filter(({ room: name }) => name.replace("_", ":") === room);
    expect(told.map(({ content }) => content)).toEqual(said.map(({ content }) => content));
  }
  await Promise.all(published.map(({ answer }) => answer));
  client.close();
}

/** Lets everything that is on its way arrive. */
async function finish(server: ModelServer, clock: ManualClientClock): Promise<void> {
  for (let quiet = 0; quiet < 3;) {
    const [socket] = server.open;
    if (socket === undefined) clock.advance(clock.nextMs ?? 0);
    else if (!socket.idle) {
      socket.take();
      socket.replay(100);
      socket.deliver(100);
      quiet = 0;
    } else quiet++;
    await settled();
  }
}

function check({ rooms, since, ids, closed, from }: Heard, { log }: ModelServer): void {
  expect(new Set(ids).size).toBe(ids.length);
  // Several rooms may catch up one after another; who hears them hears them in the order of the log.
  const sorted = ids.toSorted((a, b) => a - b);
  expect(ids).toEqual(sorted);
  const theirs = log
    .filter(({ topics }) => topics.some((topic) => rooms.includes(topic)))
    .map(({ id }) => id);
  if (closed) return expect(theirs).toEqual(expect.arrayContaining(sorted));
  if (since !== "latest") return expect(sorted).toEqual(theirs.filter((id) => id > since));
  expect(sorted).toEqual(theirs.filter((id) => id >= (sorted[0] ?? Number.POSITIVE_INFINITY)));
  const missed = theirs.filter((id) => id > (from ?? 0) && !ids.includes(id));
  expect(missed).toEqual([]);
}

/** Once wrong, now tried always. */
const FOUND: readonly [Step[]][] = [
  // The past of one room must not overtake that of another of the same subscription.
  [
    [
      { do: "subscribe", rooms: ["task:4"], since: 0 },
      { do: "tell", topics: ["channel:1"] },
      { do: "tell", topics: ["workspace:3"] },
      { do: "subscribe", rooms: ["workspace:3", "task:4"], since: 1 },
      { do: "tell", topics: ["workspace:3", "task:4"] },
    ],
  ],
  // Told by one room before another subscription asked for it: the connection is told it once.
  [
    [
      { do: "subscribe", rooms: ["task:4", "user:7"], since: "latest" },
      { do: "subscribe", rooms: ["workspace:3"], since: 0 },
      { do: "deliver", count: 2 },
      { do: "take", count: 1 },
      { do: "tell", topics: ["workspace:3", "task:4"] },
    ],
  ],
];

test("through breaks at any moment, replays in slices and overlapping subscriptions", async () => {
  await fc.assert(fc.asyncProperty(steps, play), { numRuns: 300, examples: [...FOUND] });
}, 60_000);

/** The client and a real server, with lines that break, are blocked, and come back. */
import { expect, test } from "bun:test";
import { createClient, type DragomanEvent, type TransportName } from "../../src/client/client.ts";
import { ALICE, BOB } from "../support/people.ts";
import { KEY, NO_RATES, startServer } from "../support/server.ts";
import { until } from "./lines.ts";
import { backendOf, clientOf, ROOM, textsOf } from "./sides.ts";

const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n));

test("falls back to server-sent events and to polls, and comes back, without gap or duplicate", async () => {
  await using server = await startServer(NO_RATES);
  const backend = backendOf(server);
  using side = clientOf(server, ALICE);
  const { client, lines, clock } = side;
  const heard: DragomanEvent[] = [];
  client.subscribe(ROOM, { since: 0 }).on("event", (event) => heard.push(event));
  let said = 0;
  const say = async (count = 3): Promise<void> => {
    for (let n = 0; n < count; n++) await backend.rooms.send(ROOM, { content: String(said++) });
  };
  const used: (TransportName | null)[] = [];
  const over = async (transport: TransportName, blocked: readonly TransportName[]): Promise<void> => {
    lines.blocked.clear();
    for (const way of blocked) lines.blocked.add(way);
    if (client.transport !== transport && blocked.length > 0) {
      lines.cut();
      // A stream cannot be cut from here: without a sign of life it is given up.
      if (client.state === "open") clock.advance(60_000);
    }
    await say();
    while (client.transport !== transport) {
      if (client.state === "open") clock.advance(1000);
      await say(1);
      await until(client, clock, () => textsOf(heard).length === said);
    }
    await say();
    await until(client, clock, () => textsOf(heard).length === said);
    used.push(client.transport);
  };
  await over("websocket", []);
  await over("sse", ["websocket"]);
  await over("websocket", []);
  await over("poll", ["websocket", "sse"]);
  await over("websocket", []);
  expect(used).toEqual(["websocket", "sse", "websocket", "poll", "websocket"]);
  expect(textsOf(heard)).toEqual(numbers(said));
  expect(client.lastEventId).toBe(server.assembly.hub.stats().lastEventId);
}, 60_000);

test("messages said without a connection wait, and are told once, in their order", async () => {
  await using server = await startServer(NO_RATES);
  using side = clientOf(server, ALICE);
  const { client, lines, clock } = side;
  for (const way of ["websocket", "sse", "poll"] as const) lines.blocked.add(way);
  const answers = Promise.all(numbers(5).map((content) => client.publish(ROOM, content)));
  let tries = 0;
  client.on("close", () => tries++);
  await until(client, clock, () => tries > 3);
  expect((await backendOf(server).rooms.messages(ROOM)).items).toEqual([]);
  lines.blocked.clear();
  await until(client, clock, () => client.state === "open");
  expect(new Set((await answers).map(({ message_id }) => message_id)).size).toBe(5);
  const { items } = await backendOf(server).rooms.messages(ROOM, { after: 0 });
  expect(items.map(({ content }) => content)).toEqual(numbers(5));
});

for (const [name, blocked] of [
  ["by another socket", []],
  ["by HTTP", ["websocket"]],
] as const) {
  test(`a message whose answer was lost is repeated ${name}, and told once`, async () => {
    await using server = await startServer(NO_RATES);
    using listener = clientOf(server, BOB);
    const heard: DragomanEvent[] = [];
    const room = listener.client.subscribe(ROOM);
    room.on("event", (event) => heard.push(event));
    await room.ready;

    using side = clientOf(server, ALICE);
    const { client, lines, clock } = side;
    lines.cutsOn = (text) => {
      if (!text.includes('"message_id"') || !text.includes('"reply"')) return false;
      for (const way of blocked) lines.blocked.add(way);
      lines.cutsOn = () => false;
      return true;
    };
    const first = client.publish(ROOM, "once");
    await until(client, clock, () => client.state === "waiting");
    await until(client, clock, () => client.state === "open");
    const { message_id } = await first;
    await client.publish(ROOM, "last");
    await until(listener.client, listener.clock, () => textsOf(heard).includes("last"));
    expect(textsOf(heard)).toEqual(["once", "last"]);
    expect((await backendOf(server).rooms.messages(ROOM, { after: 0 })).items[0]?.id).toBe(message_id);
    expect(client.transport).toBe(blocked.length === 0 ? "websocket" : "sse");
  });
}

test("a full queue refuses the next message, and a refused one is its caller's alone", async () => {
  await using server = await startServer({ ...NO_RATES, access: "members" });
  using side = clientOf(server, ALICE, { queueLimit: 2 });
  const { client, lines, clock } = side;
  for (const way of ["websocket", "sse", "poll"] as const) lines.blocked.add(way);
  const refused = client.publish("workspace:1", "not mine").catch((fault: unknown) => fault);
  const own = client.publish("user:12345", "").catch((fault: unknown) => fault);
  expect(await client.publish(ROOM, "one too many").catch((fault: unknown) => fault)).toMatchObject({
    code: "QUEUE_FULL",
  });
  lines.blocked.clear();
  await until(client, clock, () => client.state === "open");
  expect(await refused).toMatchObject({ code: "FORBIDDEN" });
  expect(await own).toMatchObject({ code: "BAD_FIELDS" });
  expect(client.state).toBe("open");
});

test("a refused room ends its own subscription only", async () => {
  await using server = await startServer({ ...NO_RATES, access: "members" });
  const backend = backendOf(server);
  await backend.rooms.addMember(ROOM, ALICE.id);
  for (const transports of [["websocket"], ["sse"], ["poll"]] as const) {
    using side = clientOf(server, ALICE, { transports });
    const [good, bad] = [side.client.subscribe(ROOM), side.client.subscribe("workspace:1")];
    await good.ready;
    const fault: unknown = await bad.ready.catch((refusal: unknown) => refusal);
    expect([transports[0], fault]).toMatchObject([transports[0], { code: "FORBIDDEN" }]);
    await backend.rooms.send(ROOM, { content: transports[0] });
    for await (const event of good)
      if (event.kind === "message.created") {
        expect(event.data.content).toBe(transports[0]);
        break;
      }
  }
});

test("a token callback is asked before the token expires, and the socket lives on with the fresh one", async () => {
  await using server = await startServer(NO_RATES);
  const asked: number[] = [];
  const lives = [300, 3600];
  using side = clientOf(server, ALICE, {
    // The clock is moved far: no answer to a sign of life would be so quick.
    heartbeatMs: 1e9,
    token: () => {
      const ttlSeconds = lives[asked.length] ?? 3600;
      asked.push(ttlSeconds);
      return server.token({ ...ALICE, ttlSeconds });
    },
  });
  const { client, clock } = side;
  await client.connect();
  const admin = createClient({ url: server.url, key: KEY });
  interface Listed {
    readonly items: readonly { readonly user_id: unknown; readonly expires_at: string }[];
  }
  const expiry = async (): Promise<number> => {
    const { items } = await admin.http.get<Listed>("/api/v1/admin/connections");
    return Date.parse(items.find(({ user_id }) => user_id === ALICE.id)?.expires_at ?? "");
  };
  const before = await expiry();
  clock.advance(250_000);
  // The answer to a message comes behind the answer to the fresh token.
  await client.publish(ROOM, "after");
  expect(asked).toEqual([300, 3600]);
  expect((await expiry()) - before).toBeGreaterThan(3_000_000);
  expect(client.state).toBe("open");
});

test("an expired token is renewed once by a callback, and the end where there is none", async () => {
  await using server = await startServer(NO_RATES);
  const old = server.token({ ...ALICE, ttlSeconds: -100 });
  for (const transports of [["websocket"], ["sse"], ["poll"]] as const) {
    using renewing = clientOf(server, ALICE, {
      transports,
      token: (() => {
        const tokens = [old, server.token(ALICE)];
        return () => tokens.shift() ?? "none";
      })(),
    });
    await until(renewing.client, renewing.clock, () => renewing.client.state === "open");
    using fixed = clientOf(server, ALICE, { transports, token: old });
    await expect(fixed.client.connect()).rejects.toMatchObject({ code: "TOKEN_INVALID", closeCode: 4401 });
    expect(fixed.client.state).toBe("closed");
  }
});

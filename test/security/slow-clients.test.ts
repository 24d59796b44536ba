/** Clients that take their time: each holds a connection for about ten seconds at most, and nobody else waits for them. */
import { expect, test } from "bun:test";
import { connect as connectTcp } from "node:net";
import { connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { ALICE, BOB, chatIn, PATHS } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer } from "../support/server.ts";

/** Real time: the limit is the runtime's, ten seconds in steps of four. */
const PATIENCE_MS = 30_000;
const DRIP_MS = 1000;

interface Slow {
  readonly first: string;
  /** What is sent each second, for ever. */
  readonly drip?: string;
}

/** What the server answered until it ended the connection. */
function held(server: StartedServer, { first, drip }: Slow): Promise<string> {
  return new Promise((resolve) => {
    let got = "";
    const tcp = connectTcp({ host: server.hostname, port: server.port }, () => tcp.write(first));
    const dripping = drip === undefined ? undefined : setInterval(() => tcp.write(drip), DRIP_MS);
    tcp.on("data", (chunk) => (got += chunk.toString("latin1")));
    tcp.on("error", () => {});
    tcp.on("close", () => {
      clearInterval(dripping);
      resolve(got);
    });
  });
}

const HOST = "Host: dragoman.test\r\n";

test(
  "two hundred slow heads, slow bodies and idle connections are all ended; others are served meanwhile",
  async () => {
    await using server = await startServer(NO_RATES);
    const proof = `Authorization: Bearer ${server.token(ALICE)}\r\n`;
    const post = `POST /api/v1/notify/users/${ALICE.id} HTTP/1.1\r\n${HOST}${proof}Content-Type: application/json\r\n`;
    const poll = `GET /api/v1/events?wait=0 HTTP/1.1\r\n${HOST}${proof}Accept: application/json\r\n\r\n`;
    const upgrade = `GET ${PATHS.native} HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n`;
    const kinds: Readonly<Record<string, Slow>> = {
      silent: { first: "" },
      "half a head": { first: `GET / HTTP/1.1\r\n${HOST}` },
      "a dripping head": { first: `GET / HTTP/1.1\r\n${HOST}`, drip: "X-A: b\r\n" },
      "a dripping letter": { first: "G", drip: "E" },
      "a dripping upgrade": { first: upgrade, drip: "X-A: b\r\n" },
      "half a body": { first: `${post}Content-Length: 100\r\n\r\n{` },
      "a dripping body": { first: `${post}Content-Length: 100\r\n\r\n{`, drip: " " },
      "dripping chunks": { first: `${post}Transfer-Encoding: chunked\r\n\r\n`, drip: "1\r\n \r\n" },
      "idle after an answer": { first: `GET /healthz HTTP/1.1\r\n${HOST}\r\n` },
      "a dripping head after a poll": { first: `${poll}GET / HTTP/1.1\r\n`, drip: "X-A: b\r\n" },
    };
    const names = Object.keys(kinds);
    const attack = Array.from({ length: 200 }, (_, n) => kinds[names[n % names.length]!]!);
    const ends = Promise.all(attack.map((slow) => held(server, slow)));

    const neighbour = await chatIn(server, BOB, ["channel:9"]);
    const state = { over: false };
    void ends.then(() => (state.over = true));
    let served = 0;
    while (!state.over) {
      neighbour.send({ type: "send_message", room: "channel:9", data: { content: `${served}` } });
      await neighbour.next({ type: "message" });
      expect((await http(server).get("/healthz")).status).toBe(200);
      served++;
      await Bun.sleep(50);
    }
    expect(served).toBeGreaterThan(10);
    // Whatever was begun was never executed.
    const bodies = (await ends).filter((_, n) => /bod|chunks/.test(names[n % names.length]!));
    expect(bodies.filter((got) => /HTTP\/1\.1 2/.test(got))).toEqual([]);
    expect(server.assembly.hub.stats()).toMatchObject({ connections: 1 });
    expect(server.assembly.meters.boundsMet.get("body_seconds")).toBe(bodies.length);
  },
  PATIENCE_MS,
);

test("a stream over HTTP takes its connection with it: nothing more is read there", async () => {
  await using server = await startServer(NO_RATES);
  const proof = `Authorization: Bearer ${server.token(ALICE)}\r\n`;
  const heard = held(server, { first: `GET /api/v1/events HTTP/1.1\r\n${HOST}${proof}\r\n` });
  const admin = http(server, "key");
  const opened = async (): Promise<boolean> =>
    ((await admin.get(`/api/v1/admin/connections?user_id=${ALICE.id}`)).body as { items: unknown[] }).items
      .length > 0;
  while (!(await opened())) await Bun.sleep(5);
  await admin.post(`/api/v1/admin/users/${ALICE.id}/disconnect`);
  expect(await heard).toMatch(/^HTTP\/1\.1 200[^]*connection: close[^]*event: close/i);
});

test("who is refused by accepting and closing, and then never hangs up, holds no place", async () => {
  await using server = await startServer({ ...NO_RATES, maxConnections: 2 });
  const upgrade = [
    `GET ${PATHS.chat}?token=bad HTTP/1.1`,
    "Host: dragoman.test",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ].join("\r\n");
  const lingering = Array.from({ length: 20 }, () => {
    const tcp = connectTcp({ host: server.hostname, port: server.port, allowHalfOpen: true });
    tcp.write(`${upgrade}\r\n\r\n`);
    const answered = new Promise((resolve) => tcp.once("data", resolve));
    return { tcp, answered };
  });
  await Promise.all(lingering.map(({ answered }) => answered));
  expect(server.assembly.hub.stats().connections).toBe(0);
  await (await connect(server, PATHS.native, { as: ALICE })).next("welcome");
  await (await connect(server, PATHS.native, { as: BOB })).next("welcome");
  for (const { tcp } of lingering) tcp.destroy();
});

/** A session is recorded through the real door of a proxy, and said again to another server. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { http } from "../support/http.ts";
import { NO_RATES, type StartedServer } from "../support/server.ts";
import { startFaulty } from "./conform/faulty.ts";
import { SECRET, startDemo } from "./conform/runner.ts";
import { bearer, dragoman, listen, type Outcome, start, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

setDefaultTimeout(TEST_MS);

const folder = tempFolder();
const TAPE = join(folder.path, "session.ndjson");
const env = { JWT_SECRET: SECRET };
let tokens: { alice: string; bob: string };
let told: string;

const replay = (server: { readonly url: string }, ...args: readonly string[]): Promise<Outcome> =>
  dragoman(["replay", TAPE, "--url", server.url, "--speed", "max", ...args], { env });

const tokenOf = async (name: string, id: string): Promise<string> =>
  (await dragoman(["token", name, "--id", id], { env })).stdout.trim();

/** What happens before the recording makes the server number everything otherwise than a fresh one. */
async function usedServer(): Promise<StartedServer> {
  const server = await startDemo(NO_RATES);
  for (const content of ["one", "two", "three"])
    await http(server, "key").post("/api/v1/rooms/channel:7/messages", { content });
  return server;
}

/** Two users in two dialects, a stream, requests that follow from each other, and refusals. */
async function session(url: string): Promise<void> {
  const ws = url.replace("http", "ws");
  const alice = await listen(`${ws}/api/v1/ws/connect?token=${tokens.alice}`);
  await alice.hear("connected");
  alice.socket.send('{"type":"join_room","room":"channel:1"}');
  await alice.hear("user_joined");
  const bob = await listen(`${ws}/api/v1/ws?token=${tokens.bob}`);
  bob.socket.send('{"type":"join_room","room":"channel_1"}');
  await bob.hear("channel_1");
  alice.socket.send('{"type":"send_message","room":"channel:1","data":{"content":"Hello"}}');
  await bob.hear("Hello");
  await alice.hear("Hello");
  const post = (path: string, method: string, body: object): Promise<Response> =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        ...bearer(tokens.alice).headers,
        "content-type": "application/json",
        "idempotency-key": `k${path}`,
      },
      body: JSON.stringify(body),
    });
  const made = await post("/api/v1/workspaces/789/tasks", "POST", { title: "Report", user_id: 102 });
  const { id } = (await made.json()) as { id: number };
  await post(`/api/v1/tasks/${id}`, "PATCH", { status: "completed" });
  const { messages, items } = (await (
    await fetch(`${url}/api/v1/rooms/channel:1/messages`, bearer(tokens.bob))
  ).json()) as { messages?: unknown; items?: unknown };
  expect(messages ?? items).toBeDefined();
  const ticket = (await (await post("/api/v1/tickets", "POST", {})).json()) as { ticket: string };
  const native = await listen(`${ws}/api/v1/stream?last_event_id=0&ticket=${ticket.ticket}`);
  await native.hear("resumed");
  native.socket.send(JSON.stringify({ type: "refresh", id: "r", data: { token: tokens.alice } }));
  await native.hear('"r"');
  const stream = await fetch(`${url}/api/v1/events?topics=channel:1&last_event_id=0`, bearer(tokens.bob));
  const events = stream.body?.getReader();
  await events?.read();
  await expect(listen(`${ws}/ws/notifications?token=no-token`)).rejects.toThrow();
  expect((await fetch(`${url}/docs`)).status).toBe(200);
  alice.socket.close(1000);
  await alice.closed;
  await bob.hear("Report");
  bob.socket.close();
  // Else it depends on who is faster whether the recording ends with it.
  await readTo(events, /"user\.left".*"user_id":102/);
  native.socket.close();
  await native.closed;
}

async function readTo(
  stream: ReadableStreamDefaultReader<Uint8Array> | undefined,
  pattern: RegExp,
): Promise<void> {
  const decoder = new TextDecoder();
  for (let text = ""; !pattern.test(text);) {
    const chunk = await stream?.read();
    if (chunk?.value === undefined) throw new Error(`the stream ended without ${pattern}: ${text}`);
    text += decoder.decode(chunk.value, { stream: true });
  }
}

beforeAll(async () => {
  tokens = { alice: await tokenOf("alice", "101"), bob: await tokenOf("bob", "102") };
  await using server = await usedServer();
  await using recording = start(["record", TAPE, "--url", server.url, "--listen", "0"]);
  const [, url = ""] = await recording.stderr.match(/connect to (\S+) instead/);
  await session(url);
  expect(await recording.end("SIGINT")).toBe(0);
  told = recording.stdout.text;
});
afterAll(() => folder[Symbol.dispose]());

test("what passed is in the file, a line each, and no proof is", async () => {
  expect(told).toMatch(/session\.ndjson {2}4 sockets, 6 requests, \d+ frames\n$/);
  const text = readFileSync(TAPE, "utf8");
  for (const secret of [tokens.alice, tokens.bob, "eyJ"]) expect(text).not.toContain(secret);
  const [header, ...entries] = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(header).toMatchObject({ recording: 1, url: expect.stringMatching(/^http:/) });
  expect(header).toHaveProperty("dialects.chat", ["/api/v1/ws/connect"]);
  expect(entries[0]).toMatchObject({
    event: "open",
    line: 1,
    path: "/api/v1/ws/connect",
    dialect: "chat",
    query: {},
    as: { user_id: "101", by: "query", claims: { username: "alice" } },
  });
  expect(entries).toContainEqual(
    expect.objectContaining({ event: "up", line: 1, json: { type: "join_room", room: "channel:1" } }),
  );
  expect(text).toContain('"data":{"token":"<token of 101>"}');
  expect(text).toContain('"ticket":"<ticket>"');
});

test("another server that numbers things otherwise answers the same", async () => {
  await using server = await startDemo(NO_RATES);
  const { code, stdout, stderr } = await replay(server);
  expect(stdout).toMatch(/^4 sockets, 6 requests: \d+ frames and answers compared, 0 differ\n$/);
  expect({ code, stderr }).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^\S+, recorded .* at http:/),
  });
});

test("what a faulty server says otherwise is found, and nothing else", async () => {
  await using server = await startDemo(NO_RATES);
  await using faulty = startFaulty(server.url, {
    frame: (frame) =>
      frame["type"] === "message"
        ? [{ ...frame, data: { ...(frame["data"] as object), content: "Good-bye" } }]
        : frame["type"] === "joined_room"
          ? []
          : [frame],
  });
  const { code, stdout } = await replay(faulty, "--json", "--timeout", "500");
  expect(code).toBe(1);
  const { summary, differences } = JSON.parse(stdout) as {
    summary: { differs: number };
    differences: { where: string; what: string; differences: { path: string }[] }[];
  };
  expect(
    differences.map(({ where, what, differences: all }) => [where, what, all.map(({ path }) => path)]),
  ).toEqual([
    ["chat /api/v1/ws/connect as 101", "nothing came within 0.5 s", []],
    ["chat /api/v1/ws/connect as 101", "another frame came", ["data.content"]],
  ]);
  expect(summary.differs).toBe(2);
});

test("a file that is there is not written over; what is no recording is not replayed", async () => {
  await using server = await startDemo(NO_RATES);
  expect(await dragoman(["record", TAPE, "--url", server.url, "--listen", "0"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("session.ndjson is there already"),
  });
  const bad = join(folder.path, "bad.ndjson");
  writeFileSync(bad, `${readFileSync(TAPE, "utf8").split("\n")[0]}\n{"ms":1,"line":1,"event":"danced"}\n`);
  expect(await dragoman(["replay", bad, "--url", server.url])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("is no recording: line 2"),
  });
  expect(await dragoman(["replay", join(folder.path, "none.ndjson"), "--url", server.url])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("dragoman record session.ndjson"),
  });
});

test("who cannot be spoken for is told before anything is said", async () => {
  await using server = await startDemo(NO_RATES);
  expect(await dragoman(["replay", TAPE, "--url", server.url], { cwd: folder.path })).toMatchObject({
    code: 78,
    stdout: "",
    stderr: expect.stringContaining("no token can be signed"),
  });
  expect((await replay(server, "--token", "a.b.c")).stderr).toContain("the recording has 2 users: 101, 102");
  expect((await replay({ url: "http://127.0.0.1:9" })).stderr).toContain(
    "does not answer: connection refused",
  );
});

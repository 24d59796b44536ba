/** The same client outside Bun: Node as it is installed, and a real browser with the file that the server has. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createClient, type createClient as CreateClient } from "../../src/client/client.ts";
import { BROWSER, useBrowser } from "../support/browser.ts";
import { ALICE } from "../support/people.ts";
import { KEY, type StartedServer, startServer } from "../support/server.ts";

const openPage = useBrowser();
let folder: string;
let server: StartedServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dragoman-client-"));
  server = await startServer();
  const served = await fetch(`${server.url}/dragoman-client.js`);
  // As another runtime gets it: one file, in a folder without anything else.
  await Bun.write(join(folder, "client.mjs"), await served.text());
  const backend = createClient({ url: server.url, key: KEY });
  for (const content of ["first", "second"]) await backend.rooms.send("channel:1", { content });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function inNode(...more: readonly string[]): Promise<Record<string, unknown>> {
  const program = join(import.meta.dir, "program.mjs");
  const command = ["node", program, join(folder, "client.mjs"), server.url, server.token(ALICE), ...more];
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`node ended with ${code}: ${err}`);
  return JSON.parse(out) as Record<string, unknown>;
}

const NODE = Bun.which("node");
/** 22 and later have a WebSocket of their own. */
const hasSocket =
  NODE !== null && Bun.spawnSync([NODE, "-p", "typeof WebSocket"]).stdout.toString().trim() === "function";

test.skipIf(NODE === null)("in Node, with whatever it has: a WebSocket, or server-sent events", async () => {
  const seen = await inNode();
  expect(seen["transport"]).toBe(hasSocket ? "websocket" : "sse");
  expect(seen["told"]).toEqual(["first", "second", "from another runtime"]);
  expect(seen["lastEventId"]).toBe(seen["message_id"]);
});

test.skipIf(NODE === null)("in Node with the WebSocket of the package ws", async () => {
  const seen = await inNode(resolve(import.meta.dir, "../../node_modules/ws/wrapper.mjs"));
  expect(seen["transport"]).toBe("websocket");
  expect((seen["told"] as string[]).slice(0, 2)).toEqual(["first", "second"]);
});

/** In a page: with the WebSocket that it has, or with one that never opens. */
async function inPage({ url, token, blocked }: { url: string; token: string; blocked: boolean }) {
  const file = "/dragoman-client.js";
  const { createClient } = (await import(file)) as { createClient: typeof CreateClient };
  const Never = class {
    constructor() {
      const socket = this as unknown as WebSocket;
      queueMicrotask(() => socket.onclose?.(new CloseEvent("close", { code: 1006 })));
    }
    close(): void {}
  } as unknown as typeof WebSocket;
  const client = createClient({
    token,
    backoff: { minMs: 1, maxMs: 10 },
    ...(blocked ? { WebSocket: Never } : {}),
  });
  const room = client.subscribe("channel:1", { since: 0, kinds: ["message.created"] });
  const { message_id } = await client.publish("channel:1", "from a page");
  const told: string[] = [];
  for await (const { data } of room) {
    told.push(data.content);
    if (data.message_id === message_id) break;
  }
  const unread = await client.inbox.unreadCount();
  const { transport, user } = client;
  client.close();
  return { transport, told, unread, name: user?.username ?? null, url };
}

for (const [name, blocked] of [
  ["over a WebSocket", false],
  ["over server-sent events where no socket opens", true],
] as const) {
  test.skipIf(BROWSER === null)(`in a browser, ${name}`, async () => {
    await using tab = await openPage(`${server.url}/websocket_test.html`);
    const options = { url: server.url, token: server.token(ALICE), blocked };
    const seen = await tab.page.evaluate(inPage, options);
    expect(seen.transport).toBe(blocked ? "sse" : "websocket");
    expect(seen.told.slice(0, 2)).toEqual(["first", "second"]);
    expect(seen.told.at(-1)).toBe("from a page");
    expect(seen.unread).toBe(0);
    expect(tab.faults).toEqual([]);
  });
}

test("the served file is small, and one", async () => {
  const served = await (await fetch(`${server.url}/dragoman-client.js`)).bytes();
  expect(new TextDecoder().decode(served)).not.toMatch(/\bfrom\s*"/);
  expect(Bun.gzipSync(served).byteLength).toBeLessThan(16_000);
});

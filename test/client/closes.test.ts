/** What the client does after each close: one table, tried code by code on a clock that is moved by hand. */
import { describe, expect, test } from "bun:test";
import {
  type Closed,
  createClient,
  type DragomanClient,
  type DragomanError,
  type TokenSource,
  type WebSocketLike,
} from "../../src/client/client.ts";
import { CLOSES } from "../../src/core/closes.ts";
import { DIALECTS } from "../../src/dialects/all.ts";
import { ManualClientClock, settled } from "./clock.ts";

/** Opens at once, and is closed when the test says so. */
class ScriptedSocket implements WebSocketLike {
  static all: ScriptedSocket[] = [];
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;

  constructor() {
    ScriptedSocket.all.push(this);
    queueMicrotask(() => {
      this.onopen?.({} as never);
      const user = { user_id: 7, username: "me", topics: ["user:7"], server: "dragoman" };
      this.#tell({ type: "welcome", data: user });
      this.#tell({ type: "resumed", data: { recovered: true, last_event_id: 0 } });
    });
  }
  send(): void {}
  close(): void {}
  end(code: number, reason: string): void {
    this.onclose?.({ code, reason } as never);
  }
  #tell(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as never);
  }
}

interface Stage {
  readonly client: DragomanClient;
  readonly clock: ManualClientClock;
  readonly closes: Closed[];
  readonly errors: DragomanError[];
  /** The server closes the socket of the moment. */
  end(code: number, reason?: string): Promise<void>;
  /** How many sockets were opened. */
  readonly sockets: number;
}

async function opened(token: TokenSource = "t", backoff = { minMs: 500, maxMs: 30_000 }): Promise<Stage> {
  ScriptedSocket.all = [];
  const clock = new ManualClientClock();
  const client = createClient({
    url: "http://scripted",
    token,
    transports: ["websocket"],
    WebSocket: ScriptedSocket,
    fetch: () => Promise.reject(new Error("no network")),
    backoff,
    clock,
  });
  const closes: Closed[] = [];
  const errors: DragomanError[] = [];
  client.on("close", (closed) => closes.push(closed));
  client.on("error", (fault) => errors.push(fault));
  await client.connect();
  return {
    client,
    clock,
    closes,
    errors,
    async end(code, reason = "") {
      ScriptedSocket.all.at(-1)?.end(code, reason);
      await settled();
    },
    get sockets() {
      return ScriptedSocket.all.length;
    },
  };
}

/** The shortest and the longest wait, whatever chance says. */
async function waits(code: number, reason: string): Promise<readonly [number | null, number | null]> {
  const both: (number | null)[] = [];
  for (const chance of [0, 0.999]) {
    const stage = await opened();
    stage.clock.chance = chance;
    await stage.end(code, reason);
    both.push(stage.clock.nextMs);
    stage.client.close();
  }
  return both as [number, number];
}

const STOPS = null;
/** By code and reason: it stops (null), or the shortest and the longest first wait in milliseconds. */
const EXPECTED: readonly (readonly [code: number, reason: string, what: readonly [number, number] | null])[] =
  [
    [4401, "Authentication Failed", STOPS],
    [4403, "Forbidden", STOPS],
    [1008, "Token expired", STOPS],
    [1008, "Access removed", STOPS],
    [1008, "Key revoked", STOPS],
    [1008, "Disconnected by an admin", STOPS],
    [1008, "whatever else", STOPS],
    [1003, "", STOPS],
    [4429, "Too Many Connections", [5000, 6000]],
    [1008, "Too many frames", [5000, 6000]],
    [1012, "Service restart", [250, 2000]],
    [1013, "Reader too slow", [250, 2000]],
    [1001, "", [250, 2000]],
    [1009, "Frame too large", [250, 500]],
    [4500, "Internal Server Error", [250, 500]],
    [1006, "", [250, 500]],
    [1000, "", [250, 500]],
    [4000, "of no server that we know", [250, 500]],
  ];

describe("with a token that cannot be renewed", () => {
  for (const [code, reason, what] of EXPECTED)
    test(`${code} ${reason}: ${what === STOPS ? "stops" : `comes back after ${what.join(" to ")} ms`}`, async () => {
      const stage = await opened();
      await stage.end(code, reason);
      const [closed] = stage.closes;
      // What the runtime makes up is not the server's word.
      expect(closed).toMatchObject({ code: code === 1006 ? null : code, reconnects: what !== STOPS });
      expect(closed?.remedy).not.toBe("");
      expect(stage.client.state).toBe(what === STOPS ? "closed" : "waiting");
      if (what === STOPS) {
        expect(stage.errors).toHaveLength(1);
        expect(stage.errors[0]?.closeCode).toBe(code);
        expect(stage.clock.nextMs).toBeNull();
        return;
      }
      const [least, most] = await waits(code, reason);
      expect(least).toBeCloseTo(what[0], -1);
      expect(most).toBeCloseTo(what[1], -1);
      stage.clock.advance(most ?? 0);
      await settled();
      expect([stage.client.state, stage.sockets]).toEqual(["open", 2]);
    });
});

test("every close of the server, in every dialect, is followed as its table says", async () => {
  const own = DIALECTS.flatMap(({ closes }) => Object.entries(closes ?? {}));
  const all = [...Object.entries(CLOSES), ...own].map(([cause, close]) => {
    const { code, reason } = close as { code: number; reason: string };
    return { code, reason, reconnect: CLOSES[cause as keyof typeof CLOSES].reconnect };
  });
  for (const { code, reason, reconnect } of all) {
    const stage = await opened();
    await stage.end(code, reason);
    expect([code, reason, stage.closes[0]?.reconnects]).toEqual([code, reason, reconnect]);
    stage.client.close();
  }
  expect(all.length).toBeGreaterThan(11);
});

for (const [code, reason] of [
  [4401, "Authentication Failed"],
  [1008, "Token expired"],
] as const) {
  test(`${code} ${reason}: a token callback is asked once for a fresh one, and not in vain twice`, async () => {
    let asked = 0;
    const stage = await opened(() => `token-${++asked}`);
    await stage.end(code, reason);
    expect([stage.client.state, asked, stage.sockets]).toEqual(["open", 2, 2]);
    // Good again: the next refusal is another one.
    await stage.end(code, reason);
    expect([stage.client.state, asked, stage.sockets]).toEqual(["open", 3, 3]);
    stage.client.close();
  });
}

test("4403 is final even where a fresh token could be had", async () => {
  let asked = 0;
  const stage = await opened(() => `token-${++asked}`);
  await stage.end(4403, "Forbidden");
  expect([stage.client.state, asked]).toEqual(["closed", 1]);
  expect(stage.errors[0]?.code).toBe("FORBIDDEN");
});

test("4429 is waited for longer each time, and the wait begins anew after a good connection", async () => {
  const stage = await opened();
  stage.clock.chance = 0;
  const seen: (number | null)[] = [];
  for (let n = 0; n < 3; n++) {
    await stage.end(4429, "Too Many Connections");
    seen.push(stage.clock.nextMs);
    stage.clock.advance(stage.clock.nextMs ?? 0);
    await settled();
  }
  expect(seen).toEqual([5000, 10_000, 20_000]);
  stage.clock.advance(10_000);
  await stage.end(4429, "Too Many Connections");
  expect(stage.clock.nextMs).toBe(5000);
  stage.client.close();
});

test("a server that keeps failing is asked ever more rarely, up to the longest wait", async () => {
  const stage = await opened("t", { minMs: 100, maxMs: 1000 });
  stage.clock.chance = 1;
  const seen: (number | null)[] = [];
  for (let n = 0; n < 6; n++) {
    await stage.end(4500);
    seen.push(stage.clock.nextMs);
    stage.clock.advance(stage.clock.nextMs ?? 0);
    await settled();
  }
  expect(seen).toEqual([100, 200, 400, 800, 1000, 1000]);
  stage.client.close();
});

test("a silent connection is asked for a sign of life, and given up without one", async () => {
  const stage = await opened();
  stage.clock.advance(25_000);
  await settled();
  expect(stage.client.state).toBe("open");
  stage.clock.advance(10_000);
  await settled();
  expect(stage.closes).toMatchObject([{ code: null, reason: "The connection was silent", reconnects: true }]);
  stage.client.close();
});

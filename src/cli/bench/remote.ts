import { Crowd } from "./crowd.ts";
import { textFrame } from "./frames.ts";
import type { Door, Link } from "./link.ts";
import { sentAt, stamped } from "./measure.ts";
import { quantile } from "./stats.ts";

/** A server that somebody runs, and how hard it is used. */
export interface RemoteLoad {
  readonly door: Door;
  /** Where the server is mounted; empty at the root. */
  readonly mount: string;
  /** A token for the so-and-so-many-th socket. */
  readonly token: (socket: number) => string;
  readonly sockets: number;
  readonly messagesPerSecond: number;
  readonly seconds: number;
  readonly room: string;
}

export interface RemoteResult {
  readonly sockets: number;
  readonly connects_per_second: number;
  readonly messages: number;
  readonly deliveries: number;
  /** Deliveries that did not come, until it was quiet. */
  readonly missing: number;
  /** From sending a message to hearing it. */
  readonly delivery_ms: Quantiles;
  readonly ping_ms: Quantiles;
  /** Sockets that the server closed meanwhile, by code. */
  readonly closed: Readonly<Record<string, number>>;
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const PING = JSON.stringify({ type: "ping" });
const PING_MS = 1000;
const STEP_MS = 5;
const decoder = new TextDecoder();

/**
 * Opens sockets, has them join one room, speaks in it at an even pace (each socket by turns), and hears
 * everything: a load that users of the server would feel. Rejects where a handshake is refused.
 */
export async function loadRemote(load: RemoteLoad, tell: (text: string) => void): Promise<RemoteResult> {
  const { sockets, room } = load;
  const crowd = new Crowd(load);
  const join = textFrame(JSON.stringify({ type: "subscribe", data: { topics: [room] } }));
  tell(`opening ${sockets} sockets`);
  const began = performance.now();
  const links = await crowd.open(
    Array.from(
      { length: sockets },
      (_, socket) => `${load.mount}/api/v1/stream?token=${encodeURIComponent(load.token(socket))}`,
    ),
  );
  const connects_per_second = Math.round(sockets / ((performance.now() - began) / 1000));
  for (const link of links) link.send(join);
  await crowd.quiet();
  const spoken = await speak(load, crowd, links, tell);
  tell("asking and waiting, one ping at a time");
  const pings = await ping(links[0] as Link);
  const closed = Object.fromEntries(crowd.tally.ends);
  await crowd.leave();
  return { sockets, connects_per_second, ...spoken, ping_ms: pings, closed };
}

async function speak(
  load: RemoteLoad,
  crowd: Crowd,
  links: readonly Link[],
  tell: (text: string) => void,
): Promise<Pick<RemoteResult, "messages" | "deliveries" | "missing" | "delivery_ms">> {
  const { room, messagesPerSecond, seconds } = load;
  const latencies: number[] = [];
  for (const link of links)
    link.listen((payload) => {
      const ms = performance.now() - sentAt(decoder.decode(payload));
      if (!Number.isNaN(ms)) latencies.push(ms);
    });
  let messages = 0;
  const began = performance.now();
  for (let passed = 0; passed < seconds; passed = (performance.now() - began) / 1000) {
    for (const due = passed * messagesPerSecond; messages < due; messages++)
      links[messages % links.length]?.send(
        textFrame(JSON.stringify({ type: "publish", data: { room, content: stamped() } })),
      );
    tell(`speaking: ${Math.floor(passed)} of ${seconds} s, ${latencies.length} deliveries`);
    await Bun.sleep(STEP_MS);
  }
  await crowd.quiet();
  for (const link of links) link.listen(null);
  const deliveries = latencies.length;
  const missing = messages * links.length - deliveries;
  return { messages, deliveries, missing, delivery_ms: quantilesOf(latencies) };
}

async function ping(link: Link): Promise<Quantiles> {
  const frame = textFrame(PING);
  const latencies: number[] = [];
  let sentMs = performance.now();
  let running = true;
  link.onFrame = () => {
    latencies.push(performance.now() - sentMs);
    if (!running) return;
    sentMs = performance.now();
    // A pace that no server limits.
    setTimeout(() => {
      sentMs = performance.now();
      link.send(frame);
    }, PING_MS / 50);
  };
  link.send(frame);
  await Bun.sleep(PING_MS);
  running = false;
  link.onFrame = null;
  return quantilesOf(latencies);
}

const quantilesOf = (values: readonly number[]): Quantiles => ({
  p50: rounded(quantile(values, 0.5)),
  p99: rounded(quantile(values, 0.99)),
  max: rounded(quantile(values, 1)),
});

/** To a microsecond: the clock tells no more. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

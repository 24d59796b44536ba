import type { ConnectionInfo, ConnectionPage, StatsView, Totals } from "../core/admin.ts";
import { type Clock, isoTime } from "../core/clock.ts";
import type { Page } from "../core/command.ts";
import type { Meters } from "../core/meters.ts";
import type { Topic } from "../core/topic.ts";
import type { Office, Oversight } from "../features/feature.ts";
import type { Connection } from "./connection.ts";
import type { Registry } from "./registry.ts";
import type { Samples } from "./samples.ts";
import type { Security } from "./security.ts";
import type { Seen } from "./seen.ts";
import type { Sequencer } from "./sequencer.ts";
import type { Watch } from "./watch.ts";
import type { Writer } from "./writer.ts";

/** What is shown of the topics of one connection. */
const MAX_TOPICS = 100;
/** No calendar reaches further: a token may be said to expire then. */
const LAST_DATE_MS = 8.64e15;

export interface OversightDeps {
  readonly seen: Seen;
  readonly registry: Registry;
  readonly sequencer: Sequencer;
  readonly writer: Writer;
  readonly security: Security;
  readonly samples: Samples;
  readonly watch: Watch;
  readonly meters: Meters;
  readonly clock: Clock;
  readonly office: Office;
}

/** The hub as admins see it: nothing is kept for them, everything is looked up when they ask. */
export class HubOversight implements Oversight {
  readonly office: Office;
  readonly #deps: OversightDeps;
  readonly #startedMs: number;

  constructor(deps: OversightDeps) {
    this.#deps = deps;
    this.office = deps.office;
    this.#startedMs = deps.clock.now();
  }

  stats(seconds: number): Omit<StatsView, "first_event_id" | "store"> {
    const { registry, sequencer, writer, samples, meters, clock } = this.#deps;
    const nowMs = clock.now();
    return {
      ...this.office.facts(),
      started_at: isoTime(this.#startedMs),
      uptime_seconds: Math.max(0, Math.floor((nowMs - this.#startedMs) / 1000)),
      now: isoTime(nowMs),
      connections: registry.all.size,
      users: registry.userCount,
      rooms: countOf(registry.rooms()),
      by_dialect: registry.byDialect(),
      last_event_id: sequencer.told,
      queued_writes: writer.depth,
      totals: totalsOf(meters),
      series: samples.series(seconds),
      warnings: this.office.warnings(),
    };
  }

  caughtUp(): Promise<void> {
    this.#deps.seen.flush();
    return this.#deps.writer.idle();
  }

  connections({ limit, cursor, dialect, user_id }: ConnectionPage): Page<ConnectionInfo> {
    const { registry } = this.#deps;
    const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor);
    const from = user_id === undefined ? registry.all : registry.connectionsOf(user_id);
    const found: Connection[] = [];
    for (const connection of from)
      if (connection.id < before && (dialect === undefined || connection.dialect.name === dialect))
        found.push(connection);
    // They lie in nearly that order, and in the other direction.
    found.sort((a, b) => b.id - a.id);
    const items = found.slice(0, limit).map(infoOf);
    return { items, next: found.length > limit ? String(items.at(-1)?.id) : null };
  }

  connection(id: number): ConnectionInfo | null {
    const connection = this.#deps.registry.byId(id);
    return connection === undefined ? null : infoOf(connection);
  }

  close(id: number): ConnectionInfo | null {
    const connection = this.#deps.registry.byId(id);
    if (connection === undefined) return null;
    const info = infoOf(connection);
    connection.close("disconnected");
    return info;
  }

  disconnect(userId: string): number {
    const connections = [...this.#deps.registry.connectionsOf(userId)];
    for (const connection of connections) connection.close("disconnected");
    this.#deps.watch.end((who) => who.kind === "user" && who.id === userId);
    return connections.length;
  }

  keyEnded(id: string): void {
    this.office.keysChanged();
    this.endKeys(new Set([id]));
  }

  /** Closes what is connected with these keys, and ends who looks on with them. */
  endKeys(ids: ReadonlySet<string>): void {
    for (const connection of [...this.#deps.registry.all])
      if (connection.who.keyId !== undefined && ids.has(connection.who.keyId)) connection.close("keyRevoked");
    this.#deps.watch.end(({ keyId }) => keyId !== undefined && ids.has(keyId));
  }

  occupied(after: string, limit: number): readonly Topic[] {
    return lowest(this.#deps.registry.rooms(), after, limit);
  }

  census(topic: Topic): { readonly sockets: number; readonly users: number } {
    const { registry } = this.#deps;
    return { sockets: registry.holdersOf(topic).length, users: registry.usersIn(topic).length };
  }

  noteAct({ who, address, name, detail }: Parameters<Oversight["noteAct"]>[0]): void {
    this.#deps.security.note({ kind: "admin", who, address, cause: name, detail });
  }
}

const totalsOf = (meters: Meters): Totals => ({
  opened: meters.opened,
  closed: meters.closed,
  frames_in: meters.framesIn,
  frames_out: meters.framesOut,
  published: meters.publishes,
  commits: meters.commits,
  writes: meters.writes,
  slow_closes: meters.slowCloses,
  refusals: meters.refusals,
});

function infoOf(connection: Connection): ConnectionInfo {
  const { who, topics } = connection;
  const expiresMs = who.expiresAt * 1000;
  return {
    id: connection.id,
    dialect: connection.dialect.name,
    endpoint: connection.endpoint,
    path: connection.path,
    kind: who.kind,
    user_id: who.kind === "user" ? who.id : null,
    username: who.username,
    address: connection.address,
    opened_at: isoTime(connection.openedMs),
    expires_at: expiresMs <= LAST_DATE_MS ? isoTime(expiresMs) : null,
    topics: topics.slice(0, MAX_TOPICS),
    topic_count: topics.length,
    frames_in: connection.framesIn,
    buffered_bytes: connection.socket?.getBufferedAmount() ?? 0,
    resumes: connection.cursor !== undefined || (connection.resumable?.size ?? 0) > 0,
  };
}

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count++;
  return count;
}

/** The first `limit` texts behind `after`, sorted; the others are passed over without being kept. */
function lowest<T extends string>(texts: Iterable<T>, after: string, limit: number): T[] {
  const kept: T[] = [];
  for (const text of texts) {
    if (text <= after) continue;
    if (kept.length === limit && text >= (kept[limit - 1] as T)) continue;
    kept.splice(placeIn(kept, text), 0, text);
    if (kept.length > limit) kept.pop();
  }
  return kept;
}

/** Where a text belongs in sorted ones. */
function placeIn(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

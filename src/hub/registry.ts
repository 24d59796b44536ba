import type { Topic } from "../core/topic.ts";
import { EVERYONE } from "../core/topic.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Presence } from "../features/feature.ts";
import type { Connection } from "./connection.ts";

/** Whoever listens to a topic: a bare Connection until the second joins. */
export type Listeners = Connection | Set<Connection>;

export const sizeOf = (listeners: Listeners | undefined): number =>
  listeners === undefined ? 0 : listeners instanceof Set ? listeners.size : 1;

export const includes = (listeners: Listeners, connection: Connection): boolean =>
  listeners instanceof Set ? listeners.has(connection) : listeners === connection;

export const each = (listeners: Listeners | undefined): Iterable<Connection> =>
  listeners === undefined ? [] : listeners instanceof Set ? listeners : [listeners];

function add<K>(map: Map<K, Listeners>, key: K, connection: Connection): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, connection);
  else if (there instanceof Set) there.add(connection);
  else if (there !== connection) map.set(key, new Set([there, connection]));
}

function remove<K>(map: Map<K, Listeners>, key: K, connection: Connection): void {
  const there = map.get(key);
  if (there === connection) map.delete(key);
  else if (there instanceof Set && there.delete(connection) && there.size === 0) map.delete(key);
}

/** One way in which a dialect's frames leave: with or without `event_id`, by native topics or one by one. */
export class Stream {
  readonly listeners = new Map<Topic, Listeners>();
  readonly withIds: boolean;
  /** Streams over HTTP, which native topics do not reach. */
  readonly direct: boolean;
  readonly #prefix: string;
  constructor(name: string, withIds: boolean, direct: boolean) {
    this.#prefix = `${name}/`;
    this.withIds = withIds;
    this.direct = direct;
  }
  wireTopic(topic: Topic): string {
    return this.#prefix + topic;
  }
}

/** A dialect and its listeners. A connection hears a topic by exactly one of the streams. */
export class Speaker {
  readonly dialect: Dialect;
  readonly plain: Stream;
  readonly ids: Stream;
  readonly direct: Stream;
  readonly streams: readonly Stream[];
  sockets = 0;
  constructor(dialect: Dialect) {
    this.dialect = dialect;
    this.plain = new Stream(`${dialect.name}.plain`, false, false);
    this.ids = new Stream(`${dialect.name}.ids`, true, false);
    this.direct = new Stream(`${dialect.name}.direct`, true, true);
    this.streams = [this.plain, this.ids, this.direct];
  }
}

/** Who listens to what: by dialect and topic for the fan-out, by user for presence. */
export class Registry implements Presence {
  readonly speakers: readonly Speaker[];
  readonly #speakerOf: ReadonlyMap<Dialect, Speaker>;
  readonly all = new Set<Connection>();
  readonly #users = new Map<string, Listeners>();

  constructor(dialects: readonly Dialect[]) {
    this.speakers = dialects.map((dialect) => new Speaker(dialect));
    this.#speakerOf = new Map(this.speakers.map((speaker) => [speaker.dialect, speaker]));
  }

  enter(connection: Connection): void {
    this.all.add(connection);
    this.#speaker(connection).sockets++;
    if (connection.who.kind === "user") add(this.#users, connection.who.id, connection);
  }

  exit(connection: Connection): void {
    if (!this.all.delete(connection)) return;
    this.#speaker(connection).sockets--;
    if (connection.who.kind === "user") remove(this.#users, connection.who.id, connection);
  }

  /** The connection holds the topic from now on; on the wire only when `live` is called. */
  hold(connection: Connection, topic: Topic): void {
    add(this.#stream(connection, topic).listeners, topic, connection);
  }

  live(connection: Connection, topic: Topic): void {
    connection.socket?.subscribe(this.#stream(connection, topic).wireTopic(topic));
  }

  release(connection: Connection, topic: Topic): void {
    const stream = this.#stream(connection, topic);
    remove(stream.listeners, topic, connection);
    if (!connection.closed && connection.isLive(topic))
      connection.socket?.unsubscribe(stream.wireTopic(topic));
  }

  connectionsOf(userId: string): Iterable<Connection> {
    return each(this.#users.get(userId));
  }

  /** Everybody who holds the topic now. */
  holdersOf(topic: Topic): Connection[] {
    return [...this.#in(topic)];
  }

  /** True where another socket of the user, in any dialect, has joined the topic. */
  isIn(userId: string, topic: Topic, except: Connection): boolean {
    for (const connection of this.connectionsOf(userId))
      if (connection !== except && hasJoined(connection, topic)) return true;
    return false;
  }

  isConnected(userId: string): boolean {
    return this.#users.has(userId);
  }

  users(): string[] {
    return [...this.#users.keys()];
  }

  usersIn(topic: Topic): string[] {
    const users = new Set<string>();
    for (const connection of this.#in(topic))
      if (connection.who.kind === "user") users.add(connection.who.id);
    return [...users];
  }

  audience(): { users: string[]; sockets: number } {
    const users = new Set<string>();
    let sockets = 0;
    for (const connection of this.#in(EVERYONE)) {
      sockets++;
      if (connection.who.kind !== "key") users.add(connection.who.id);
    }
    return { users: [...users], sockets };
  }

  get userCount(): number {
    return this.#users.size;
  }

  byDialect(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.speakers.map(({ dialect, sockets }) => [dialect.name, sockets]));
  }

  byId(id: number): Connection | undefined {
    for (const connection of this.all) if (connection.id === id) return connection;
    return undefined;
  }

  /** Rooms that somebody is in, each once, in no order. */
  *rooms(): Iterable<Topic> {
    const streams = this.speakers.flatMap((speaker) => speaker.streams);
    for (const [place, { listeners }] of streams.entries()) {
      const earlier = streams.slice(0, place).filter((stream) => stream.listeners.size > 0);
      for (const topic of listeners.keys())
        if (isRoom(topic) && !earlier.some((stream) => stream.listeners.has(topic))) yield topic;
    }
  }

  #speaker(connection: Connection): Speaker {
    return this.#speakerOf.get(connection.dialect) as Speaker;
  }

  #stream(connection: Connection, topic: Topic): Stream {
    const speaker = this.#speaker(connection);
    if (connection.direct) return speaker.direct;
    return connection.withIds(topic) ? speaker.ids : speaker.plain;
  }

  *#in(topic: Topic): Iterable<Connection> {
    for (const { streams } of this.speakers)
      for (const { listeners } of streams) yield* each(listeners.get(topic));
  }
}

/** Joins are told of rooms and focus sessions, not of personal topics. */
const isRoom = (topic: Topic): boolean => topic !== EVERYONE && !topic.startsWith("user:") && topic !== STAR;

/**
 * Whether holding the topic is being in it. A socket whose path names a workspace listens to it
 * and is seen there, but has not come in as somebody who joins, nor has a stream over HTTP; a focus session's path is the join.
 */
const hasJoined = (connection: Connection, topic: Topic): boolean =>
  connection.holds(topic) && joins(connection, topic);

/** Whether a hold on the topic is, or was, a join. */
export const joins = (connection: Connection, topic: Topic): boolean =>
  isRoom(topic) && !connection.direct && (connection.path !== topic || topic.startsWith("focus:"));

/** What an admin's native socket may subscribe to: everything. Not a topic that anything is told to. */
export const STAR = "*" as Topic;

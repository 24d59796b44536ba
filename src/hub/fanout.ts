import type { EventKind, Publication, Via } from "../core/event.ts";
import type { Log } from "../core/log.ts";
import type { Meters } from "../core/meters.ts";
import { userTopic, type Topic } from "../core/topic.ts";
import type { Dialect, FrameBody, Frames } from "../dialects/dialect.ts";
import type { Server } from "../runtime/runtime.ts";
import type { Connection } from "./connection.ts";
import {
  type Listeners,
  type Registry,
  type Speaker,
  STAR,
  type Stream,
  each,
  includes,
  sizeOf,
} from "./registry.ts";
import type { Sweeper } from "./sweeper.ts";
import type { Watch } from "./watch.ts";

/** Bytes that may leave in one turn of the loop; more would lose frames of healthy readers. */
const TURN_BYTES = 4 << 20;

/** What an event is in one dialect, as text: encoded when the first listener is found. */
interface Encoded {
  readonly plain: readonly string[];
  readonly ids: readonly string[];
}

type Encode = (event: Publication, via: Via) => Frames;

/** Adds `event_id` to a frame's text without encoding it again. */
const withEventId = (text: string, id: number): string =>
  id === 0 ? text : `${text.slice(0, -1)},"event_id":${id}}`;

const textsOf = (frames: Frames): string[] => {
  if (frames === null) return [];
  return (Array.isArray(frames) ? (frames as readonly FrameBody[]) : [frames as FrameBody]).map((frame) =>
    JSON.stringify(frame),
  );
};

/** Tells an event to every listener in its dialect: one encoding a dialect, native topics do the rest. */
export class Fanout {
  server: Pick<Server<unknown>, "publish"> | null = null;
  #turnBytes = 0;
  #turnEnds = false;

  readonly registry: Registry;
  readonly sweeper: Sweeper;
  readonly meters: Meters;
  readonly log: Log;
  readonly watch: Watch;

  constructor(deps: Pick<Fanout, "registry" | "sweeper" | "meters" | "log" | "watch">) {
    this.registry = deps.registry;
    this.sweeper = deps.sweeper;
    this.meters = deps.meters;
    this.log = deps.log;
    this.watch = deps.watch;
  }

  /** True where this turn has taken its share: what is left waits for the next. */
  get exhausted(): boolean {
    return this.#turnBytes >= TURN_BYTES;
  }

  tell(event: Publication): void {
    for (const speaker of this.registry.speakers) {
      const encode = speaker.dialect.encode[event.kind] as Encode | null;
      if (speaker.sockets > 0 && encode !== null) new Telling(this, speaker, event, encode).tell();
    }
  }

  /** An event in the words of one dialect, for one socket (a replay, a joiner's own join). */
  textsFor(connection: Connection, event: Publication, via: Via, ids: boolean): readonly string[] {
    const encode = connection.dialect.encode[event.kind] as Encode | null;
    if (encode === null) return [];
    const { plain, ids: numbered } = this.encode(connection.dialect, event, via, encode);
    return ids ? numbered : plain;
  }

  encode(dialect: Dialect, event: Publication, via: Via, encode: Encode): Encoded {
    try {
      this.meters.encodings++;
      const plain = textsOf(encode(event, via));
      return { plain, ids: event.id === 0 ? plain : plain.map((text) => withEventId(text, event.id)) };
    } catch (fault) {
      this.log.error("ENCODE_FAILED", `${dialect.name} cannot tell ${event.kind}`, {
        fault,
        event_id: event.id,
      });
      return { plain: [], ids: [] };
    }
  }

  /** To all listeners of a wire topic, of whom `silenced` are out of it just now. */
  publish(wireTopic: string, listeners: Listeners, texts: readonly string[], silenced = 0): void {
    for (const text of texts) {
      const bytes = text.length;
      this.meters.publishes++;
      this.meters.publishedBytes += bytes;
      this.meters.framesOut += sizeOf(listeners) - silenced;
      this.#spend(bytes);
      const result = this.server?.publish(wireTopic, text) ?? 1;
      this.sweeper.published(bytes);
      if (result <= 0) this.sweeper.mark(listeners);
    }
  }

  #spend(bytes: number): void {
    this.#turnBytes += bytes;
    if (this.#turnEnds) return;
    this.#turnEnds = true;
    setImmediate(() => {
      this.#turnEnds = false;
      this.#turnBytes = 0;
    });
  }
}

/**
 * One event in one dialect. A socket in several of its topics gets it once: by the first, in the
 * event's order; for each further topic the sockets already reached are taken out of the wire
 * topic, it is published, and they are put back, all in one synchronous step.
 */
class Telling {
  readonly #reached: { readonly topic: Topic; readonly listeners: Listeners }[] = [];
  /** Where one socket may hear many users' topics: everybody reached, instead of a list of topics. */
  #roamers: Set<Connection> | null = null;
  #personal: Encoded | null = null;

  readonly fanout: Fanout;
  readonly speaker: Speaker;
  readonly event: Publication<EventKind>;
  readonly encode: Encode;

  constructor(fanout: Fanout, speaker: Speaker, event: Publication<EventKind>, encode: Encode) {
    this.fanout = fanout;
    this.speaker = speaker;
    this.event = event;
    this.encode = encode;
  }

  tell(): void {
    for (const topic of this.event.topics) this.#tellTopic(topic);
    if (this.event.recipients !== null) this.#tellRecipients(this.event.recipients);
    if (this.speaker.dialect.roams === true) this.#tellTopic(STAR);
  }

  #tellTopic(topic: Topic): void {
    let encoded: Encoded | null = null;
    for (const stream of this.speaker.streams) {
      const listeners = stream.listeners.get(topic);
      if (listeners === undefined) continue;
      encoded ??= this.fanout.encode(this.speaker.dialect, this.event, topic, this.encode);
      this.#publish(stream, topic, listeners, encoded);
      if (encoded.plain.length > 0) this.#reached.push({ topic, listeners });
    }
  }

  #tellRecipients(recipients: readonly string[]): void {
    const { streams, dialect } = this.speaker;
    for (const userId of recipients) {
      const topic = userTopic(userId);
      for (const stream of streams) {
        const listeners = stream.listeners.get(topic);
        if (listeners === undefined) continue;
        this.#personal ??= this.fanout.encode(dialect, this.event, null, this.encode);
        this.#publish(stream, topic, listeners, this.#personal);
        // A user's own topic is disjoint from every other user's, unless the dialect roams.
        if (dialect.roams === true) this.#roamed(topic, listeners);
      }
    }
  }

  #roamed(topic: Topic, listeners: Listeners): void {
    this.#roamers ??= new Set();
    for (const connection of each(listeners)) if (connection.isLive(topic)) this.#roamers.add(connection);
  }

  #publish(stream: Stream, topic: Topic, listeners: Listeners, encoded: Encoded): void {
    const texts = stream.withIds ? encoded.ids : encoded.plain;
    if (texts.length === 0) return;
    const again = this.#alreadyReached(topic, listeners);
    if (again.size === sizeOf(listeners)) return;
    if (stream.direct) return this.#hand(topic, listeners, texts, again);
    const wireTopic = stream.wireTopic(topic);
    for (const connection of again) connection.socket?.unsubscribe(wireTopic);
    const { watch } = this.fanout;
    if (watch.active) watch.published(topic, listeners, again, texts);
    this.fanout.publish(wireTopic, listeners, texts, again.size);
    for (const connection of again) connection.socket?.subscribe(wireTopic);
  }

  /** To each one by itself: streams over HTTP. */
  #hand(topic: Topic, listeners: Listeners, texts: readonly string[], again: ReadonlySet<Connection>): void {
    for (const connection of each(listeners)) {
      if (again.has(connection) || !connection.isLive(topic)) continue;
      for (const text of texts) connection.sendText(text);
    }
  }

  /** Live listeners of this topic whom an earlier topic of the event has reached. */
  #alreadyReached(topic: Topic, listeners: Listeners): ReadonlySet<Connection> {
    if (this.#reached.length === 0 && this.#roamers === null) return NOBODY;
    const again = new Set<Connection>();
    for (const earlier of this.#reached) {
      const [few, many] =
        sizeOf(earlier.listeners) < sizeOf(listeners)
          ? [earlier.listeners, listeners]
          : [listeners, earlier.listeners];
      for (const connection of each(few)) {
        if (includes(many, connection) && connection.isLive(earlier.topic) && connection.isLive(topic))
          again.add(connection);
      }
    }
    if (this.#roamers !== null) {
      for (const connection of each(listeners))
        if (this.#roamers.has(connection) && connection.isLive(topic)) again.add(connection);
    }
    return again;
  }
}

const NOBODY: ReadonlySet<Connection> = new Set();

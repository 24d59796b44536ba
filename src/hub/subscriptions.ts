import type { Access, Grant } from "../access/access.ts";
import type { CommandReply, MaybePromise } from "../core/command.ts";
import { type Refusal, refuse } from "../core/errors.ts";
import type { AppEvent, EventData, LiveKind, Publication } from "../core/event.ts";
import { type Actor, type Principal, isPrivileged } from "../core/principal.ts";
import { type Topic, idOf, typeOf } from "../core/topic.ts";
import type { Reads } from "../store/store.ts";
import type { Connection, Cursor } from "./connection.ts";
import type { Fanout } from "./fanout.ts";
import { type Registry, STAR, joins } from "./registry.ts";
import type { Replay } from "./replay.ts";
import type { Sequencer } from "./sequencer.ts";

export interface SubscriptionDeps {
  readonly registry: Registry;
  readonly fanout: Fanout;
  readonly sequencer: Sequencer;
  readonly replay: Replay;
  readonly access: Access;
  readonly store: Pick<Reads, "focus">;
  /** Rooms that a socket may hold at once; 0 is off. */
  readonly maxTopics: number;
}

interface Opened {
  readonly topic: Topic;
  readonly grant: Grant;
}

/** Joins, leaves, and what ends them: who holds which topic, and who is told of it. */
export class Subscriptions {
  readonly #deps: SubscriptionDeps;

  constructor(deps: SubscriptionDeps) {
    this.#deps = deps;
  }

  /** What opens each topic to somebody, or a refusal that names the first closed one. */
  open(who: Principal, topics: readonly Topic[], roams: boolean): MaybePromise<readonly Opened[] | Refusal> {
    const grants = topics.map((topic) => this.#grant(who, topic, roams));
    const judge = (all: readonly (Grant | null)[]): readonly Opened[] | Refusal => {
      const closed = all.indexOf(null);
      if (closed >= 0) return refuse("FORBIDDEN", `No access to ${topics[closed]}.`);
      return topics.map((topic, i) => ({ topic, grant: all[i] as Grant }));
    };
    return grants.some((grant) => grant instanceof Promise)
      ? Promise.all(grants).then(judge)
      : judge(grants as readonly (Grant | null)[]);
  }

  #grant(who: Principal, topic: Topic, roams: boolean): MaybePromise<Grant | null> {
    if (topic === STAR) return roams && isPrivileged(who) ? "privileged" : null;
    return this.#deps.access.may(who, topic, "join");
  }

  /** `room.join`: answers, then tells of the join, then sends what was missed. */
  join(
    connection: Connection,
    opened: readonly Opened[],
    cursor: Cursor | undefined,
    answer: (reply: CommandReply<"room.join"> | Refusal) => void,
  ): void {
    // Whoever names a cursor wants the past of a room that he is in already, too.
    const again =
      cursor === undefined ? [] : opened.filter(({ topic }) => this.#canRejoin(connection, topic));
    const fresh = [...opened.filter(({ topic }) => !connection.holds(topic)), ...again];
    const crowded = this.refuseCrowd(
      connection,
      opened.map(({ topic }) => topic),
    );
    if (crowded !== null) return answer(crowded);
    const firsts = new Set(
      opened.filter(({ topic }) => this.#isFirst(connection, topic)).map(({ topic }) => topic),
    );
    for (const { topic } of again) this.release(connection, topic);
    const resumes = cursor !== undefined && cursor !== "latest" && fresh.length > 0;
    for (const { topic, grant } of fresh) {
      if (cursor !== undefined && connection.cursor === undefined)
        (connection.resumable ??= new Set()).add(topic);
      if (resumes) (connection.replaying ??= new Set()).add(topic);
      this.hold(connection, topic, grant, resumes ? cursor : this.#deps.sequencer.told);
    }
    answer({ topics: opened.map(({ topic }) => topic), rooms: connection.rooms });
    for (const { topic } of opened) this.#tellJoin(connection, topic, firsts.has(topic));
    if (cursor !== undefined)
      this.#deps.replay.start(
        connection,
        fresh.map(({ topic }) => topic),
        cursor,
      );
  }

  /** More rooms than a socket can be in; known before anybody is asked about each of them. */
  refuseCrowd(connection: Connection, topics: readonly Topic[]): Refusal | null {
    const { maxTopics } = this.#deps;
    const fresh = topics.filter((topic) => !connection.holds(topic));
    return maxTopics === 0 || connection.topics.length + fresh.length <= maxTopics
      ? null
      : refuse("TOO_MANY_REQUESTS", `A socket can be in ${maxTopics} rooms at once. Leave some first.`, {
          bound: "rooms",
        });
  }

  #canRejoin(connection: Connection, topic: Topic): boolean {
    return connection.holds(topic) && connection.path !== topic;
  }

  /** Holds a topic, and listens to it on the wire unless its past must be sent first. */
  hold(connection: Connection, topic: Topic, grant: Grant, since: number): void {
    connection.topics.push(topic);
    connection.grants.push(grant);
    connection.since.push(since);
    this.#deps.registry.hold(connection, topic);
    if (connection.isLive(topic)) this.#deps.registry.live(connection, topic);
  }

  /** Tells of a socket's path topic once it is open (joins by frame tell it themselves). */
  arrived(connection: Connection, topic: Topic): void {
    if (joins(connection, topic) && this.#isFirstAfter(connection, topic))
      this.#tellJoin(connection, topic, true);
  }

  /** `room.leave`. */
  leave(
    connection: Connection,
    topics: readonly Topic[],
  ): { readonly reply: CommandReply<"room.leave">; readonly tell: () => void } {
    const left = topics.filter((topic) => connection.holds(topic));
    const missed = topics.filter((topic) => !connection.holds(topic));
    for (const topic of left) this.release(connection, topic);
    return {
      reply: { left, missed, rooms: connection.rooms },
      tell: () => left.forEach((topic) => this.#tellLeave(connection, topic)),
    };
  }

  release(connection: Connection, topic: Topic): void {
    const i = connection.topics.indexOf(topic);
    if (i < 0) return;
    this.#deps.registry.release(connection, topic);
    connection.topics.splice(i, 1);
    connection.grants.splice(i, 1);
    connection.since.splice(i, 1);
    connection.resumable?.delete(topic);
    connection.replaying?.delete(topic);
    this.#deps.replay.forget(connection, topic);
  }

  /** A closed socket leaves everything; the others hear it after whatever is being told now. */
  leaveAll(connection: Connection): void {
    const topics = [...connection.topics];
    for (const topic of topics) this.release(connection, topic);
    for (const topic of topics) {
      if (this.#hasOther(connection, topic)) continue;
      this.#withLeave(connection, topic, (event) => this.#deps.sequencer.enterLater([event]));
    }
  }

  /** A membership ended: what it opened ends too, unless another one covers it. */
  revoke(event: Publication<"member.removed">): void {
    const grant: Grant = `member:${event.data.topic}`;
    const covered = event.data.covered_by;
    for (const connection of [...this.#deps.registry.connectionsOf(event.data.user_id)]) {
      const ended = connection.topics.filter((_, i) => connection.grants[i] === grant);
      for (const topic of ended) {
        if (covered !== null && topic === event.data.topic)
          connection.grants[connection.topics.indexOf(topic)] = `member:${covered}`;
        else this.#recheck(connection, topic);
      }
    }
  }

  /** What opened the topic has ended. A lookup that takes time is not waited for: who may, comes back. */
  #recheck(connection: Connection, topic: Topic): void {
    const grant = this.#deps.access.may(connection.who, topic, "join");
    if (grant === null || grant instanceof Promise) this.expel(connection, topic);
    else connection.grants[connection.topics.indexOf(topic)] = grant;
  }

  /**
   * A room belongs to another workspace: what the old one opened ends, unless something else
   * opens the room as well.
   */
  moved({ data: { topic, old_workspace_id } }: Publication<"room.moved">): void {
    const opened: readonly Grant[] = [`member:workspace:${old_workspace_id}`, "token"];
    for (const connection of this.#deps.registry.holdersOf(topic)) {
      const place = connection.topics.indexOf(topic);
      if (opened.includes(connection.grants[place] as Grant)) this.#recheck(connection, topic);
    }
  }

  /** Access to a topic was taken away: the path's socket closes, a joined room is left with the dialect's own frame. */
  expel(connection: Connection, topic: Topic): void {
    if (connection.path === topic) return connection.close("revoked");
    const { reply, tell } = this.leave(connection, [topic]);
    connection.sendAll(
      connection.dialect.replies["room.leave"]?.(reply, connection, { topics: [topic] }) ?? null,
    );
    tell();
  }

  #isFirst(connection: Connection, topic: Topic): boolean {
    return !connection.holds(topic) && this.#isFirstAfter(connection, topic);
  }

  #isFirstAfter(connection: Connection, topic: Topic): boolean {
    return connection.who.kind === "user" && !this.#deps.registry.isIn(connection.who.id, topic, connection);
  }

  #hasOther(connection: Connection, topic: Topic): boolean {
    return connection.who.kind !== "user" || this.#deps.registry.isIn(connection.who.id, topic, connection);
  }

  /** To everybody where it is the user's first socket there, else to the joiner alone. */
  #tellJoin(connection: Connection, topic: Topic, first: boolean): void {
    if (!joins(connection, topic)) return;
    this.#withEvent(connection, topic, "joined", (event) => {
      if (first) this.#deps.sequencer.enterLive([event]);
      if (!first || !connection.isLive(topic)) this.#alone(connection, event, topic);
    });
  }

  #tellLeave(connection: Connection, topic: Topic): void {
    this.#withLeave(connection, topic, (event) => {
      this.#alone(connection, event, topic);
      if (!this.#hasOther(connection, topic)) this.#deps.sequencer.enterLive([event]);
    });
  }

  #alone(connection: Connection, event: AppEvent<LiveKind>, topic: Topic): void {
    const publication = { ...event, id: 0, at: connection.now } as Publication;
    for (const text of this.#deps.fanout.textsFor(connection, publication, topic, false))
      connection.sendText(text);
  }

  #withLeave(connection: Connection, topic: Topic, tell: (event: AppEvent<LiveKind>) => void): void {
    if (joins(connection, topic)) this.#withEvent(connection, topic, "left", tell);
  }

  #withEvent(
    connection: Connection,
    topic: Topic,
    what: "joined" | "left",
    tell: (event: AppEvent<LiveKind>) => void,
  ): void {
    const { who } = connection;
    if (who.kind !== "user") return;
    const user: Actor = { id: who.id, username: who.username };
    if (typeOf(topic) !== "focus")
      return tell(liveEvent(`user.${what}`, topic, user, { user_id: user.id, username: user.username }));
    const session = idOf(topic);
    const state = this.#deps.store.focus(session);
    const make = (known: Awaited<typeof state>): void =>
      tell(
        liveEvent(`focus.${what}`, topic, user, {
          session_id: session,
          status: known?.status ?? "active",
          current_task_id: known?.current_task_id ?? null,
          user,
        }),
      );
    if (state instanceof Promise) void state.then(make);
    else make(state);
  }
}

const liveEvent = <K extends LiveKind>(
  kind: K,
  topic: Topic,
  actor: Actor,
  data: EventData[K],
): AppEvent<LiveKind> => ({ kind, topics: [topic], recipients: null, actor, data });

import { type Cursor, lowest, Progress } from "./cursors.ts";
import { DragomanError } from "./errors.ts";
import type { Actor, DragomanEvent, Id } from "./events.ts";
import type { ResumedFrame } from "./frames.ts";
import type { Gap, Recovery } from "./options.ts";
import type { Arrival, Member } from "./subscription.ts";
import { ALL, isPersonal, isUsers, PERSONAL, topicsOf } from "./topics.ts";

export interface AudienceHooks {
  /** Somebody was told of it. */
  readonly event: (event: DragomanEvent) => void;
  readonly recovered: (recovery: Recovery) => void;
  readonly lost: (gap: Gap) => void;
  /** Somebody paused: his topics may be left. */
  readonly paused: () => void;
}

/** All subscriptions of a client, and what the connection of the moment tells them: each event once. */
export class Audience {
  readonly members = new Set<Member>();
  /** Who the server says we are; null before it has. */
  user: Actor | null = null;
  #progress = new Progress();
  #resumes: Cursor = "latest";
  readonly #hooks: AudienceHooks;

  constructor(hooks: AudienceHooks) {
    this.#hooks = hooks;
  }

  get #userId(): Id | null {
    return this.user?.id ?? null;
  }

  /** Topics as the connection knows them: one's own is personal. */
  tracks(member: Member): readonly string[] {
    return [...new Set(member.topics.map((topic) => (isPersonal(topic, this.#userId) ? PERSONAL : topic)))];
  }

  /** A new one, or one that goes on after a pause. */
  add(member: Member): void {
    const { floor } = member.seen;
    member.late =
      floor !== "latest" && this.tracks(member).some((topic) => this.#progress.hasBrought(topic, floor));
    this.members.add(member);
  }

  get active(): readonly Member[] {
    return [...this.members].filter((member) => !member.paused);
  }

  /** Those who listen to nothing yet, or not to all. */
  get waiting(): readonly Member[] {
    return this.active.filter((member) => !member.attached);
  }

  /** Those for whom something must be asked for. */
  get unheld(): readonly Member[] {
    return this.waiting.filter((member) => this.missing(member).length > 0);
  }

  /** What is to be asked for. */
  missing(member: Member): readonly string[] {
    return this.tracks(member).filter((topic) => !member.held.has(topic));
  }

  /** Those who want what is personal. */
  get personal(): readonly Member[] {
    return this.active.filter((member) => this.tracks(member).includes(PERSONAL));
  }

  /** Everything that anybody wants to hear. */
  get wanted(): readonly string[] {
    return [...new Set(this.active.flatMap((member) => this.tracks(member)))];
  }

  /** What the connection listens to and nobody wants. */
  get unwanted(): readonly string[] {
    const wanted = new Set(this.wanted);
    return this.#progress.topics.filter((topic) => topic !== PERSONAL && !wanted.has(topic));
  }

  /** Where a connection has to begin for some of them. */
  cursorOf(members: Iterable<Member>): Cursor {
    return lowest(
      [...members].map((member) => {
        this.#settle(member);
        return member.seen.floor;
      }),
    );
  }

  /**
   * The server begins to tell these topics from here on; `resumed` ends their past. `asked`: those
   * for whom it does. Others take part where it is all that they miss: a part would have to wait,
   * however long it is, for the rest, which may be older.
   */
  begin(topics: readonly string[], after: Cursor, asked: Iterable<Member>): void {
    const fresh = new Set(topics);
    const askers = new Set(asked);
    for (const member of this.members) {
      this.#settle(member);
      if (member.attached || member.paused) continue;
      const { floor } = member.seen;
      if (floor !== "latest" && (after === "latest" || after > floor)) continue;
      const missing = this.missing(member);
      if (!askers.has(member) && !missing.every((topic) => fresh.has(topic))) continue;
      for (const topic of missing) if (fresh.has(topic)) member.held.add(topic);
    }
    this.#resumes = after;
    this.#progress.begin(topics, after);
  }

  /** Takes what is live already, where that is all that is wanted. */
  join(member: Member): void {
    const { floor } = member.seen;
    for (const topic of this.tracks(member)) {
      const now = this.#progress.of(topic);
      if (!this.#progress.isLive(topic) || typeof now !== "number") continue;
      if (floor === "latest" || now <= floor) member.held.add(topic);
    }
    this.#attach(member);
  }

  tell(event: DragomanEvent): void {
    const own = topicsOf(event, this.#heardBy(event.topic), this.#userId);
    const topics = this.#progress.of(ALL) === undefined ? own : [...own, ALL];
    const id = event.event_id;
    const arrival: Arrival = { event, told: false };
    const concerned = this.active.filter((member) => topics.some((topic) => member.held.has(topic)));
    if (id === undefined) return concerned.forEach((member) => void this.#hand(member, arrival));
    // The connection is not told it again: it is kept for those, too, whose turn has not come.
    const later = this.waiting.filter((member) =>
      this.tracks(member).some((topic) => topics.includes(topic)),
    );
    for (const member of [...concerned, ...later]) if (member.seen.admits(id)) member.early.set(id, arrival);
    this.#progress.heard(id, topics);
    for (const member of [...this.members]) if (member.early.size > 0) this.#settle(member);
    for (const member of [...this.members])
      if (member.early.size > member.bufferLimit) this.#overflow(member);
  }

  /** The past of what began last has been told. `quiet`: what was recovered is not worth a word. */
  resumed({ recovered, last_event_id: lastEventId }: ResumedFrame["data"], quiet = false): void {
    const since = this.#resumes;
    this.#progress.resumed(lastEventId);
    const concerned = this.waiting.filter(({ held }) => held.size > 0);
    for (const member of concerned) {
      const { floor } = member.seen;
      // The log is shorter than what was seen of it: another one, or one from a backup.
      if (!recovered && floor !== "latest" && floor > lastEventId) member.seen.reset(lastEventId);
      this.#attach(member);
    }
    for (const member of [...this.members]) this.#settle(member);
    if (since === "latest") return;
    const what = { since, lastEventId, topics: [...new Set(concerned.flatMap(({ topics }) => topics))] };
    if (!recovered) {
      for (const member of concerned) member.tellLost(what);
      this.#hooks.lost(what);
    } else if (!quiet) {
      for (const member of concerned) member.tellRecovered(what);
      this.#hooks.recovered(what);
    }
  }

  /** The server no longer tells these. */
  left(topics: readonly string[]): void {
    this.#progress.end(topics);
  }

  /** Access to these was taken away. */
  expelled(topics: readonly string[]): void {
    this.left(topics);
    for (const member of [...this.members]) {
      const lost = member.topics.filter((topic) => topics.includes(topic));
      if (lost.length > 0)
        member.fail(
          new DragomanError("FORBIDDEN", `Access to ${lost.join(", ")} was taken away. Ask for membership.`),
        );
    }
  }

  /** The connection has ended: everybody goes on from where he is. */
  ended(): void {
    for (const member of this.members) {
      this.#settle(member);
      member.detach();
      member.late = false;
    }
    this.#progress = new Progress();
  }

  /** Everything up to here was handed to every reader; `latest` where that is not known yet. */
  get consumed(): Cursor {
    for (const member of this.members) this.#settle(member);
    return lowest([...this.members].map(({ consumed }) => consumed));
  }

  #heardBy(topic: string): string {
    if (isPersonal(topic, this.#userId)) return PERSONAL;
    // Before we know who we are, a user's topic that nobody asked for is our own.
    const own = this.#userId === null && isUsers(topic) && this.#progress.of(topic) === undefined;
    return own ? PERSONAL : topic;
  }

  /** False where he takes no more. */
  #hand(member: Member, arrival: Arrival): boolean {
    if (!member.take(arrival.event)) {
      this.#pause(member);
      return false;
    }
    const first = !arrival.told;
    arrival.told = true;
    if (first) this.#hooks.event(arrival.event);
    return true;
  }

  /** Too much came before what is older: better out of turn than never. */
  #overflow(member: Member): void {
    for (const [id, arrival] of member.takeEarly(Number.POSITIVE_INFINITY)) {
      if (!this.#hand(member, arrival)) return;
      member.seen.add(id);
    }
  }

  #pause(member: Member): void {
    member.paused = true;
    member.detach();
    this.#hooks.paused();
  }

  #attach(member: Member): void {
    const tracks = this.tracks(member);
    if (!tracks.every((topic) => member.held.has(topic) && this.#progress.isLive(topic))) return;
    const now = this.#least(tracks);
    if (member.seen.floor === "latest" && typeof now === "number") member.seen.raise(now);
    member.attach();
  }

  /**
   * Notes how far somebody is, where all that he listens to is told to him, and tells him what
   * came too early until then. What he is being told just now is not yet behind him.
   */
  #settle(member: Member): void {
    if (member.paused || member.closed || member.settling || member.seen.floor === "latest") return;
    const tracks = this.tracks(member);
    if (!tracks.every((topic) => member.held.has(topic))) return;
    const least = this.#least(tracks);
    if (typeof least !== "number") return;
    member.settling = true;
    for (const [id, arrival] of member.takeEarly(least)) {
      if (!this.#hand(member, arrival)) break;
      member.seen.raise(id);
    }
    member.settling = false;
    // His own code may have ended the connection meanwhile, and what waited with it.
    if (tracks.every((topic) => member.held.has(topic))) member.seen.raise(least);
  }

  #least(topics: readonly string[]): Cursor | undefined {
    let least: Cursor | undefined;
    for (const topic of topics) {
      const cursor = this.#progress.of(topic);
      if (cursor === undefined || cursor === "latest") return undefined;
      least = least === undefined ? cursor : Math.min(least as number, cursor);
    }
    return least;
  }
}

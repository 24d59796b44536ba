import type { Access } from "../access/access.ts";
import type { Command, CommandArgs, CommandName, MaybePromise } from "../core/command.ts";
import { type Refusal, isRefusal, refuse } from "../core/errors.ts";
import { isoTime } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { countIn, countRefusal, type Meters } from "../core/meters.ts";
import type { Principal } from "../core/principal.ts";
import type { Topic } from "../core/topic.ts";
import type { Decoded, Frames as Told } from "../dialects/dialect.ts";
import type { Connection } from "./connection.ts";
import { type Dispatch, QUEUEABLE } from "./dispatch.ts";
import { onceOfFrame } from "./once.ts";
import type { Samples } from "./samples.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** Characters in all of the frames of one socket that wait for an earlier one. */
const MAX_INBOX_LENGTH = 8 << 20;
/** Writes of one socket that may be on their way at once. */
const MAX_WRITING = 1024;
/** Refused frames in a row after which the socket is closed. */
const MAX_STRIKES = 100;
/** How often access is asked where it changes while it is asked. */
const ATTEMPTS = 3;

/** The rate of frames, a user. */
export interface FrameBuckets {
  take(key: string): { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number };
}

export interface FramesDeps {
  readonly dispatch: Dispatch;
  readonly subscriptions: Subscriptions;
  readonly access: Access;
  readonly buckets: FrameBuckets;
  readonly addressBuckets: FrameBuckets;
  /** Frames of one socket that may wait for an earlier one; 0 is off. */
  readonly maxQueued: number;
  readonly verifyToken: (token: string) => MaybePromise<Principal | Refusal>;
  readonly afterTelling: (callback: () => void) => void;
  /** A fresh token was handed in; resolves when everything it does not open is left. */
  readonly renewed: (connection: Connection, who: Principal) => Promise<void>;
  /** The server is going down: nothing more is begun. */
  readonly draining: () => boolean;
  readonly log: Log;
  readonly meters: Meters;
  readonly samples: Samples;
}

/** A socket's frames, executed one after another though handlers may wait. */
export class Frames {
  readonly #deps: FramesDeps;
  readonly #decoder = new TextDecoder("utf-8", { fatal: false });

  constructor(deps: FramesDeps) {
    this.#deps = deps;
  }

  receive(connection: Connection, frame: string | Uint8Array): void {
    const { meters, samples } = this.#deps;
    meters.framesIn++;
    connection.framesIn++;
    if (this.#deps.draining()) return;
    const text = typeof frame === "string" ? frame : this.#decoder.decode(frame);
    const { tap } = connection.services;
    if (tap.active) tap.saw(connection, "in", text);
    if (!this.#admits(connection)) return;
    if (connection.busy || connection.inbox !== null) return this.#queue(connection, text);
    try {
      this.#one(connection, text, meters.framesIn >= samples.timeNext ? samples.begin() : 0);
    } catch (fault) {
      this.#failed(connection, fault);
    }
  }

  /** A fault of ours: logged, told without a word of it, and the others never feel it. */
  #failed(connection: Connection, fault: unknown): void {
    this.#deps.log.error("FRAME_FAILED", `a frame of ${connection.dialect.name} could not be executed`, {
      fault,
      connection: connection.id,
    });
    this.#refuse(connection, refuse("INTERNAL"), null);
  }

  #admits(connection: Connection): boolean {
    const own = this.#deps.buckets.take(bucketOf(connection));
    const taken = own.ok ? this.#deps.addressBuckets.take(connection.address) : own;
    if (taken.ok) {
      connection.strikes = 0;
      return true;
    }
    countIn(this.#deps.meters.boundsMet, own.ok ? "frames_address" : "frames_user");
    connection.strikes++;
    if (connection.strikes === 1) this.#refuse(connection, tooFast(taken.retryAfterSeconds), null);
    if (connection.strikes > MAX_STRIKES) connection.close("flooding");
    return false;
  }

  #queue(connection: Connection, text: string): void {
    const inbox = (connection.inbox ??= { texts: [], length: 0 });
    inbox.length += text.length;
    const { maxQueued } = this.#deps;
    const full = maxQueued > 0 && inbox.texts.length >= maxQueued;
    if (full || inbox.length > MAX_INBOX_LENGTH) {
      countIn(this.#deps.meters.boundsMet, full ? "queued_frames" : "queued_bytes");
      return connection.close("flooding");
    }
    inbox.texts.push(text);
  }

  /** `begunMs` where the way of this frame to its answer is timed; one that has to wait is not. */
  #one(connection: Connection, text: string, begunMs = 0): void {
    const decoded = this.#decode(connection, text);
    if (decoded === null) return;
    const queueable = "name" in decoded && QUEUEABLE.has(decoded.name) && connection.writing < MAX_WRITING;
    // Whatever is no write of the same stream waits for the writes before it.
    if (connection.writing > 0 && !queueable) {
      connection.busy = true;
      const inbox = (connection.inbox ??= { texts: [], length: 0 });
      inbox.texts.unshift(text);
      inbox.length += text.length;
      return;
    }
    if (!("answer" in decoded)) return this.#execute(connection, decoded, text.length, begunMs);
    connection.send(decoded.answer);
    if (begunMs > 0) this.#deps.samples.end(begunMs);
  }

  #decode(connection: Connection, text: string): Decoded {
    try {
      return connection.dialect.decode(text, connection);
    } catch (fault) {
      this.#failed(connection, fault);
      return null;
    }
  }

  #execute(connection: Connection, command: Command, bytes: number, begunMs: number): void {
    if (command.name === "room.join") return this.#join(connection, command);
    if (command.name === "room.leave") return this.#leave(connection, command);
    if (command.name === "token.refresh") return this.#refresh(connection, command);
    connection.writing++;
    let settled = false;
    const delivery = { bytes, once: onceOfFrame(connection.who, command) };
    const progress = this.#deps.dispatch.execute(connection.who, connection, command, delivery, (reply) => {
      settled = true;
      connection.writing--;
      this.#answer(connection, command, reply);
      if (begunMs > 0) this.#deps.samples.end(begunMs);
      // Not before what was written is told: the next frame may leave the room that hears it.
      if (connection.busy && connection.writing === 0) this.#deps.afterTelling(() => this.#next(connection));
    });
    if (progress === "waiting" && !settled) connection.busy = true;
  }

  #join(connection: Connection, command: Command<"room.join">): void {
    const { topics, lastEventId } = command.args;
    const crowded = this.#deps.subscriptions.refuseCrowd(connection, topics);
    if (crowded !== null) return this.#answer(connection, command, crowded);
    this.#whenReady(connection, this.#opened(connection, topics), (opened) => {
      if (isRefusal(opened)) this.#answer(connection, command, opened);
      else
        this.#deps.subscriptions.join(connection, opened, lastEventId, (reply) =>
          this.#answer(connection, command, reply),
        );
    });
  }

  /** What opens the topics; asked again where the user's access changed while it was asked. */
  #opened(
    connection: Connection,
    topics: readonly Topic[],
    attempts = ATTEMPTS,
  ): ReturnType<Subscriptions["open"]> {
    const { access, subscriptions } = this.#deps;
    const epoch = access.epoch(connection.who.id);
    const opened = subscriptions.open(connection.who, topics, connection.dialect.roams === true);
    if (!(opened instanceof Promise)) return opened;
    return opened.then((all) => {
      if (access.epoch(connection.who.id) === epoch) return all;
      if (attempts > 1) return this.#opened(connection, topics, attempts - 1);
      return refuse("FORBIDDEN", "Your access kept changing meanwhile. Join again.");
    });
  }

  #leave(connection: Connection, command: Command<"room.leave">): void {
    const { reply, tell } = this.#deps.subscriptions.leave(connection, command.args.topics);
    this.#answer(connection, command, reply);
    tell();
  }

  #refresh(connection: Connection, command: Command<"token.refresh">): void {
    this.#whenReady(connection, this.#renew(connection, command.args.token), (outcome) =>
      this.#answer(connection, command, outcome),
    );
  }

  async #renew(connection: Connection, token: string): Promise<{ expires_at: string } | Refusal> {
    const who = await this.#deps.verifyToken(token);
    if (isRefusal(who)) return who;
    if (who.kind !== connection.who.kind || who.id !== connection.who.id)
      return refuse("TOKEN_INVALID", "The token is another user's. Connect anew to change the user.");
    if (!connection.closed) await this.#deps.renewed(connection, who);
    return { expires_at: isoTime(who.expiresAt * 1000) };
  }

  /** Now, or later with the socket's next frames waiting. */
  #whenReady<T>(connection: Connection, value: MaybePromise<T>, then: (value: T) => void): void {
    if (!(value instanceof Promise)) return then(value);
    connection.busy = true;
    value
      .then((ready) => {
        if (!connection.closed) then(ready);
      })
      .catch((fault: unknown) => this.#failed(connection, fault))
      .finally(() => this.#next(connection));
  }

  /** What waited may go on. */
  #next(connection: Connection): void {
    connection.busy = false;
    while (!connection.busy && !connection.closed) {
      const { inbox } = connection;
      const text = inbox?.texts.shift();
      if (inbox === null || text === undefined) return;
      inbox.length -= text.length;
      if (inbox.texts.length === 0) connection.inbox = null;
      try {
        this.#one(connection, text);
      } catch (fault) {
        this.#failed(connection, fault);
      }
    }
  }

  #answer(connection: Connection, command: Command, reply: unknown): void {
    if (connection.closed) return;
    if (isRefusal(reply)) return this.#refuse(connection, reply, command);
    const tell = connection.dialect.replies[command.name] as ReplyOf | undefined;
    connection.sendAll(tell?.(reply, connection, command.args) ?? null);
  }

  #refuse(connection: Connection, refusal: Refusal, command: Command | null): void {
    countRefusal(this.#deps.meters, "frame", refusal);
    const { frame, close } = connection.dialect.refusal(refusal, connection, command);
    connection.send(frame);
    if (close !== undefined) connection.close(close);
  }
}

/** Users under their bare ids, the others under what no id can be: this is looked up for every frame. */
const bucketOf = ({ who, address }: Connection): string =>
  who.kind === "user" ? who.id : `\n${who.kind}:${who.kind === "anonymous" ? address : who.id}`;

const tooFast = (seconds: number): Refusal =>
  refuse(
    "TOO_MANY_REQUESTS",
    `Too many frames. Wait ${Math.ceil(seconds)} s; frames sent meanwhile are not executed.`,
    { retryAfter: seconds },
  );

type ReplyOf = (reply: unknown, view: Connection, args: CommandArgs<CommandName>) => Told;

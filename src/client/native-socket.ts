import type { Wire, WireHooks } from "./attempt.ts";
import type { Audience } from "./audience.ts";
import { endOfProblem } from "./closes.ts";
import type { Cursor } from "./cursors.ts";
import { DragomanError } from "./errors.ts";
import type { ClientFrame, Published, ReplyFrame, ServerFrame } from "./frames.ts";
import type { Http } from "./http.ts";
import type { Resolved } from "./options.ts";
import { type Letter, type Outbox, randomKey } from "./outbox.ts";
import type { Member } from "./subscription.ts";
import type { Proof } from "./tokens.ts";
import { PERSONAL } from "./topics.ts";
import { openSocket, type TextWire } from "./transport-websocket.ts";

/** What the ways to the server share. */
export interface NativeDeps extends Resolved {
  readonly audience: Audience;
  readonly outbox: Outbox;
  readonly http: Http;
  /** This wire is the one that is listened to now. */
  readonly took: (wire: NativeWire) => void;
  /** Events from further back are wanted that only a new connection brings: personal ones, and shared ones that this one has told. */
  readonly reopen: () => void;
  readonly error: (fault: DragomanError) => void;
}

/** A wire that hears what subscriptions want. */
export interface NativeWire extends Wire {
  /** Subscriptions have changed. */
  sync(): void;
}

/** Rooms in one frame, so that it stays small. */
const MAX_TOPICS = 100;
/** A frame without an answer for so long: the connection is given up, in milliseconds. */
const ANSWER_MS = 15_000;
/** After "too many frames", in milliseconds. */
const REST_MS = 1000;
const LETTER = "letter.";

/** What was asked for and is not answered yet; one at a time, because `resumed` names nothing. */
interface Operation {
  readonly id: string;
  readonly topics: readonly string[];
  readonly after: Cursor;
  readonly members: readonly Member[];
  /** Takes back the timer of its answer. */
  cancel(): void;
}

/** The native dialect over a WebSocket. */
export class NativeSocket implements NativeWire {
  readonly #deps: NativeDeps;
  readonly #hooks: WireHooks;
  #wire: TextWire | null = null;
  #operation: Operation | null = null;
  #opened = false;
  #closed = false;

  constructor(deps: NativeDeps, proof: Proof, hooks: WireHooks) {
    this.#deps = deps;
    this.#hooks = hooks;
    if (proof.key === undefined) this.#open(proof, {});
    else this.#openWithTicket();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#operation?.cancel();
    this.#wire?.close();
    if (!this.#opened) return;
    this.#deps.outbox.detach();
    this.#deps.audience.ended();
  }

  ping(): void {
    this.#send({ type: "ping", id: "ping" });
  }

  refresh(token: string): void {
    this.#send({ type: "refresh", id: "refresh", data: { token } });
  }

  sync(): void {
    if (!this.#opened || this.#operation !== null) return;
    const { audience } = this.#deps;
    for (const member of audience.waiting) audience.join(member);
    const unheld = audience.unheld;
    const needsNew = unheld.some((member) => member.late || audience.missing(member).includes(PERSONAL));
    if (needsNew) return this.#deps.reopen();
    const [first] = unheld;
    if (first !== undefined) return this.#subscribe(first, unheld);
    const { unwanted } = audience;
    if (unwanted.length > 0) this.#unsubscribe(unwanted.slice(0, MAX_TOPICS));
  }

  /** A key has no place in an address and no header in a browser: a ticket, good for once. */
  #openWithTicket(): void {
    this.#deps.http.post<{ ticket: string }>("/api/v1/tickets").then(
      ({ ticket }) => {
        if (!this.#closed) this.#open({}, { ticket });
      },
      (fault: DragomanError) => this.#hooks.ended(endOfProblem(fault)),
    );
  }

  #open(proof: Proof, query: Readonly<Record<string, string>>): void {
    const { WebSocket, wsUrl, audience } = this.#deps;
    const after = audience.cursorOf(audience.personal);
    const address = { url: `${wsUrl}/api/v1/stream`, query: { last_event_id: String(after), ...query } };
    this.#wire = openSocket(WebSocket as NonNullable<typeof WebSocket>, address, proof, {
      started: () => {},
      alive: () => this.#hooks.alive(),
      heard: (text) => this.#heard(JSON.parse(text) as ServerFrame, after),
      ended: (end) => {
        if (end.code === 1009) this.#deps.outbox.tooLarge();
        this.#hooks.ended(end);
      },
    });
  }

  #heard(frame: ServerFrame, after: Cursor): void {
    const { audience } = this.#deps;
    switch (frame.type) {
      case "welcome":
        // What was listened to before ends here.
        this.#hooks.opened();
        if (this.#closed) return;
        this.#opened = true;
        audience.user = { id: frame.data.user_id, username: frame.data.username };
        this.#deps.took(this);
        this.#begin([PERSONAL], after, audience.personal);
        this.#operation?.cancel();
        audience.begin([PERSONAL], after, audience.personal);
        return this.#deps.outbox.attach((letter) => this.#post(letter));
      case "event":
        return audience.tell(frame);
      case "resumed":
        this.#end();
        audience.resumed(frame.data);
        return this.sync();
      case "reply":
        return this.#reply(frame);
      case "pong":
    }
  }

  #begin(topics: readonly string[], after: Cursor, members: Iterable<Member>): string {
    const id = randomKey();
    const cancel = this.#deps.clock.after(ANSWER_MS, () => this.#hooks.ended(UNANSWERED));
    this.#operation = { id, topics, after, members: [...members], cancel };
    return id;
  }

  #end(): void {
    this.#operation?.cancel();
    this.#operation = null;
  }

  #subscribe(first: Member, unheld: readonly Member[]): void {
    const { audience } = this.#deps;
    const after = first.seen.floor;
    const members = first.alone
      ? [first]
      : unheld.filter((member) => !member.alone && member.seen.floor === after);
    const topics = [...new Set(members.flatMap((member) => audience.missing(member)))].slice(0, MAX_TOPICS);
    const id = this.#begin(topics, after, members);
    this.#send({ type: "subscribe", id, data: { topics, last_event_id: after } });
  }

  #unsubscribe(topics: readonly string[]): void {
    this.#deps.audience.left(topics);
    this.#send({ type: "unsubscribe", id: this.#begin(topics, "latest", []), data: { topics } });
  }

  #reply({ to, data, error }: ReplyFrame): void {
    const operation = this.#operation;
    if (typeof to === "string" && to.startsWith(LETTER))
      this.#answered(Number(to.slice(LETTER.length)), data, error);
    else if (operation !== null && to === operation.id) this.#operated(operation, error);
    else if (error !== undefined) this.#refused(error);
    else if (to === "unsubscribe" && data !== undefined && "topics" in data)
      this.#deps.audience.expelled(data.topics);
  }

  #answered(id: number, data: ReplyFrame["data"], error: ReplyFrame["error"]): void {
    const { outbox } = this.#deps;
    if (error === undefined) outbox.done(id, data as Published);
    else if (error.code === "SHUTTING_DOWN" || error.code === "TOO_MANY_REQUESTS") outbox.again(REST_MS);
    else outbox.failed(id, faultOf(error));
  }

  #operated({ topics, after, members }: Operation, error: ReplyFrame["error"]): void {
    const { audience } = this.#deps;
    // While the past is told, the frames themselves show that all is well.
    this.#operation?.cancel();
    if (error === undefined && members.length > 0) return audience.begin(topics, after, members);
    this.#end();
    // One of several was refused: each is asked for by itself, to find out which.
    if (error !== undefined)
      for (const member of members) {
        if (members.length > 1) member.alone = true;
        else member.fail(faultOf(error));
      }
    this.sync();
  }

  /** Of no frame in particular: too many of them, or a token that was not taken. */
  #refused(error: NonNullable<ReplyFrame["error"]>): void {
    if (error.code === "TOO_MANY_REQUESTS") this.#deps.outbox.again(REST_MS);
    this.#deps.error(faultOf(error));
  }

  #post({ id, key, topic, content, metadata }: Letter): void {
    this.#send({
      type: "publish",
      id: LETTER + id,
      data: { topic, content, metadata, idempotency_key: key },
    });
  }

  #send(frame: ClientFrame): void {
    this.#wire?.send(JSON.stringify(frame));
  }
}

const UNANSWERED = { code: null, reason: "The server did not answer a frame" };

const faultOf = ({ code, detail }: NonNullable<ReplyFrame["error"]>): DragomanError =>
  new DragomanError(code, detail);

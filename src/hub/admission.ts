import type { Access } from "../access/access.ts";
import type { Clock } from "../core/clock.ts";
import type { MaybePromise } from "../core/command.ts";
import { type Refusal, isRefusal, refuse } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import { EVERYONE, type Topic, userTopic } from "../core/topic.ts";
import type { Dialect, SocketEndpoint } from "../dialects/dialect.ts";
import { type Admitted, Connection, type ConnectionServices, type Cursor } from "./connection.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** A handshake whose proof was verified: where to, and who. */
export interface Handshake {
  readonly dialect: Dialect;
  readonly at: SocketEndpoint;
  readonly params: Readonly<Record<string, string>>;
  readonly who: Principal;
  readonly address: string;
  readonly cursor: Cursor | undefined;
  /** What a stream over HTTP asked for, instead of what a path names. */
  readonly topics?: readonly Topic[];
}

/** Counts sockets; a reservation is given back when the socket closes or never opens. */
export interface Slots {
  reserve(key: string): boolean;
  release(key: string): void;
  /** True where nobody at all gets another place. */
  full(): boolean;
}

export interface AdmissionDeps {
  readonly access: Access;
  readonly slots: Slots;
  readonly clock: Clock;
  readonly subscriptions: Subscriptions;
  readonly services: ConnectionServices;
  readonly expires: boolean;
  readonly draining: () => boolean;
}

/** A place is free when somebody leaves, and nobody knows when. */
const CROWDED_SECONDS = 5;
const USER_FULL = refuse("TOO_MANY_CONNECTIONS", undefined, {
  retryAfter: CROWDED_SECONDS,
  bound: "connections_user",
});
const SERVER_FULL = refuse(
  "TOO_MANY_CONNECTIONS",
  "The server has as many connections as MAX_CONNECTIONS allows. Try again later.",
  { retryAfter: CROWDED_SECONDS, bound: "connections" },
);

const ANNOUNCEMENTS: Admitted = { topic: EVERYONE, grant: "free" };

/**
 * The handshake between the verified token and the upgrade: access, then the slot, then once
 * more, synchronously, what may have changed while access was asked.
 */
export class Admission {
  readonly #deps: AdmissionDeps;
  #nextId = 1;

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
  }

  admit(handshake: Handshake, attempts = 3): MaybePromise<Connection | Refusal> {
    const { at, who } = handshake;
    const path = at.topic === undefined ? null : at.topic(handshake.params);
    if (at.topic !== undefined && path === null) return refuse("NOT_FOUND");
    const topics = handshake.topics ?? [
      ...(path === null ? [] : [path]),
      ...(at.personal && who.kind === "user" ? [userTopic(who.id)] : []),
    ];
    const epoch = this.#deps.access.epoch(who.id);
    const opened = this.#deps.subscriptions.open(who, topics, handshake.topics !== undefined);
    if (!(opened instanceof Promise)) return this.#reserve(handshake, path, opened);
    return opened.then((all) => {
      if (this.#deps.access.epoch(who.id) === epoch) return this.#reserve(handshake, path, all);
      return attempts > 1
        ? this.admit(handshake, attempts - 1)
        : refuse("FORBIDDEN", "Your access kept changing while connecting. Connect again.");
    });
  }

  /** Gives back what was reserved: the client was gone before the upgrade, or the socket closed. */
  release(connection: Connection): void {
    this.#deps.slots.release(connection.slot);
  }

  #reserve(
    handshake: Handshake,
    path: Topic | null,
    opened: readonly Admitted[] | Refusal,
  ): Connection | Refusal {
    const { at, who, dialect } = handshake;
    if (isRefusal(opened)) return opened;
    if (this.#deps.draining()) return refuse("SHUTTING_DOWN");
    if (this.#deps.expires && who.expiresAt * 1000 <= this.#deps.clock.now()) return refuse("TOKEN_EXPIRED");
    const slot = slotOf(handshake, path);
    if (!this.#deps.slots.reserve(slot)) return this.#deps.slots.full() ? SERVER_FULL : USER_FULL;
    const cursor = who.kind === "anonymous" ? undefined : handshake.cursor;
    const { services } = this.#deps;
    const connection = new Connection({
      id: this.#nextId++,
      services,
      dialect,
      at,
      who,
      path,
      address: handshake.address,
      slot,
      cursor,
      direct: handshake.topics !== undefined,
    });
    connection.admitted = at.announcements ? [...opened, ANNOUNCEMENTS] : opened;
    return connection;
  }
}

/** One user's sockets per endpoint and path id; without proof, one address's per endpoint. */
function slotOf({ dialect, at, who, address }: Handshake, path: Topic | null): string {
  const place = `${dialect.name}.${at.name}`;
  return who.kind === "anonymous"
    ? `${place}|address:${address}`
    : `${place}|${path ?? ""}|${who.kind}:${who.id}`;
}

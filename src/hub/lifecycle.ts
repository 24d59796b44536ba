import { CLOSES, endOf } from "../core/closes.ts";
import type { Clock } from "../core/clock.ts";
import { isRefusal } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import { countIn, type Meters } from "../core/meters.ts";
import type { Principal } from "../core/principal.ts";
import type { Topic } from "../core/topic.ts";
import type { Admission } from "./admission.ts";
import type { Connection } from "./connection.ts";
import { Expiry } from "./expiry.ts";
import type { Registry } from "./registry.ts";
import type { Replay } from "./replay.ts";
import type { Security, SecurityNote } from "./security.ts";
import type { Seen } from "./seen.ts";
import type { Sequencer } from "./sequencer.ts";
import type { Subscriptions } from "./subscriptions.ts";
import type { Watch } from "./watch.ts";

export interface LifecycleDeps {
  readonly registry: Registry;
  readonly admission: Admission;
  readonly subscriptions: Subscriptions;
  readonly replay: Replay;
  readonly sequencer: Sequencer;
  readonly seen: Seen;
  readonly security: Security;
  readonly watch: Watch;
  readonly clock: Clock;
  readonly log: Log;
  readonly meters: Meters;
  /** Whether sockets end with their tokens. */
  readonly expires: boolean;
}

/** From the upgrade to the end of a connection: what it holds at first, its token, what it leaves behind. */
export class Lifecycle {
  readonly #deps: LifecycleDeps;
  readonly #expiry = new Expiry();

  constructor(deps: LifecycleDeps) {
    this.#deps = deps;
  }

  opened(connection: Connection): void {
    const { meters, registry, subscriptions, sequencer, replay } = this.#deps;
    meters.opened++;
    registry.enter(connection);
    if (this.#deps.expires) this.#expiry.add(connection);
    const admitted = connection.admitted ?? [];
    connection.admitted = null;
    const resumes = typeof connection.cursor === "number";
    if (resumes) connection.replaying = new Set(admitted.map(({ topic }) => topic));
    for (const { topic, grant } of admitted)
      subscriptions.hold(connection, topic, grant, resumes ? connection.cursor : sequencer.told);
    connection.send(connection.at.welcome?.(connection) ?? null);
    if (connection.path !== null) subscriptions.arrived(connection, connection.path);
    if (connection.cursor !== undefined) replay.start(connection, [...connection.topics], connection.cursor);
    this.#deps.seen.see(connection.who);
    this.#note(connection, { kind: "connected" });
  }

  /** `code` and `reason` as the runtime has them. */
  closed(connection: Connection, code: number, reason: string): void {
    if (connection.closed) return;
    connection.closed = true;
    this.#deps.meters.closed++;
    this.#deps.admission.release(connection);
    if (this.#deps.expires) this.#expiry.remove(connection);
    this.#deps.registry.exit(connection);
    this.#deps.subscriptions.leaveAll(connection);
    connection.inbox = null;
    connection.onDrain?.();
    // Frames that are too large are closed by the runtime itself.
    const cause = connection.cause ?? (code === CLOSES.tooLarge.code ? "tooLarge" : null);
    countIn(this.#deps.meters.closedBy, cause ?? endOf(code));
    if (cause === "tooLarge") countIn(this.#deps.meters.boundsMet, "frame_bytes");
    this.#deps.seen.see(connection.who);
    this.#note(connection, { kind: "closed", close_code: code, cause: cause ?? endOf(code) });
    this.#deps.watch.closed(connection, code, reason, cause);
    this.#deps.log.debug("SOCKET_CLOSED", "a socket closed", {
      connection: connection.id,
      dialect: connection.dialect.name,
      user: connection.who.id,
      closeCode: code,
    });
  }

  /** A fresh token was handed in: later expiry, perhaps fewer grants. */
  async renewed(connection: Connection, who: Principal): Promise<void> {
    if (this.#deps.expires) this.#expiry.remove(connection);
    connection.who = who;
    if (this.#deps.expires) this.#expiry.add(connection);
    await Promise.all([...connection.topics].map((topic) => this.#regrant(connection, topic)));
  }

  /** Once a second: whose token has expired. */
  expire(): void {
    const nowSeconds = Math.floor(this.#deps.clock.now() / 1000);
    for (const connection of this.#expiry.due(nowSeconds)) connection.close("expired");
  }

  /** By what a fresh token opens a topic that only a token had opened; nothing at all ends it. */
  async #regrant(connection: Connection, topic: Topic): Promise<void> {
    const { subscriptions } = this.#deps;
    const grant = connection.grants[connection.topics.indexOf(topic)];
    if (grant !== "token" && grant !== "privileged") return;
    const opened = await subscriptions.open(connection.who, [topic], connection.dialect.roams === true);
    const place = connection.topics.indexOf(topic);
    if (connection.closed || place < 0) return;
    if (isRefusal(opened)) subscriptions.expel(connection, topic);
    else connection.grants[place] = opened[0]?.grant ?? "token";
  }

  /** A request that ends with its answer is no socket: long-polls would drown the rest. */
  #note({ dialect, at, who, address, socket }: Connection, more: SecurityNote): void {
    if (socket?.passing === true) return;
    this.#deps.security.note({ dialect: dialect.name, endpoint: at.name, who, address, ...more });
  }
}

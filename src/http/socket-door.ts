import { createHash } from "node:crypto";
import type { Credentials } from "../auth/credentials.ts";
import type { MaybePromise } from "../core/command.ts";
import { type Refusal, isRefusal, refuse } from "../core/errors.ts";
import { isIdText } from "../core/ids.ts";
import { countRefusal } from "../core/meters.ts";
import type { Principal } from "../core/principal.ts";
import type { Dialect, HandshakeRefusal, SocketEndpoint } from "../dialects/dialect.ts";
import type { Connection, Link } from "../hub/hub.ts";
import type { Asked } from "./asked.ts";
import type { HttpDeps } from "./context.ts";
import { cursorOf } from "./cursor.ts";
import { type Identify, anonymous, limited } from "./identify.ts";
import { problem } from "./problem.ts";

export const isHandshake = (request: Request): boolean =>
  request.headers.get("upgrade")?.toLowerCase() === "websocket";

/** A socket endpoint of a dialect. */
export interface Place {
  readonly dialect: Dialect;
  readonly at: SocketEndpoint;
}

/** Somebody who asks for a socket. */
export interface Knock {
  readonly asked: Asked;
  readonly place: Place;
  readonly params: Readonly<Record<string, string>>;
  readonly address: string;
  readonly credentials: Credentials;
}

const WARN_EVERY_MS = 60_000;

const TOO_MANY_HANDSHAKES = refuse(
  "TOO_MANY_REQUESTS",
  "Too many sockets wait to be let in (MAX_HANDSHAKES). Try again in a moment.",
  { retryAfter: 1, bound: "handshakes" },
);

/**
 * The handshake: rates, origin, proof, access, upgrade; each refusal as the dialect tells it. One step
 * throughout where neither the proof nor access has to be waited for.
 */
export class SocketDoor {
  readonly #deps: HttpDeps;
  readonly #identify: Identify;
  /** When an old token was warned of last: somebody tries yesterday's, or a client never gets a fresh one. */
  #warnedMs = Number.NEGATIVE_INFINITY;

  constructor(deps: HttpDeps, identify: Identify) {
    this.#deps = deps;
    this.#identify = identify;
  }

  /** Of a request that is a handshake; undefined where the socket is open. */
  enter(
    asked: Asked,
    place: Place,
    params: Readonly<Record<string, string>>,
  ): MaybePromise<Response | undefined> {
    const address = this.#identify.addressOf(asked);
    const knock: Knock = { asked, place, params, address, credentials: this.#identify.credentials(asked) };
    const early = this.#early(knock);
    if (early !== null) return problem(early);
    const { handshakes } = this.#deps;
    if (!handshakes.reserve(address)) return problem(TOO_MANY_HANDSHAKES);
    let answer: MaybePromise<Response | undefined>;
    try {
      answer = this.#knock(knock);
    } catch (fault) {
      handshakes.release(address);
      throw fault;
    }
    if (answer instanceof Promise) return answer.finally(() => handshakes.release(address));
    handshakes.release(address);
    return answer;
  }

  #knock(knock: Knock): MaybePromise<Response | undefined> {
    const who = this.#who(knock);
    return who instanceof Promise
      ? who.then((known) => this.#identified(knock, known))
      : this.#identified(knock, who);
  }

  #identified(knock: Knock, who: Principal | Refusal): MaybePromise<Response | undefined> {
    const { logins, connects } = this.#deps.rates;
    if (!isRefusal(who)) {
      const slow =
        who.kind === "anonymous" ? null : limited(connects.take(`${who.kind}:${who.id}`), "connects_user");
      return slow === null ? this.#admit(knock, who) : problem(slow);
    }
    if (who.refused === "NOT_FOUND") return problem(who);
    const slow =
      who.refused === "FORBIDDEN" || who.refused === "TOKEN_MISSING"
        ? null
        : limited(logins.take(knock.address), "logins");
    if (slow !== null) return problem(slow);
    if (who.refused !== "FORBIDDEN")
      return this.#tell(knock, knock.place.dialect.handshake.unauthenticated, who);
    this.#refusedLog(knock, who);
    return problem(who);
  }

  /** What is refused before any token is looked at. */
  #early(knock: Knock): Refusal | null {
    const slow = limited(this.#deps.rates.connects.take(knock.address), "connects_address");
    if (slow !== null) return slow;
    const origin = this.#identify.foreign(knock.asked);
    if (origin === null) return null;
    const refusal = refuse("FORBIDDEN_ORIGIN");
    this.#note(knock, { ...refusal, detail: `Origin: ${origin}` });
    return refusal;
  }

  #who({ credentials, place: { at }, params }: Knock): MaybePromise<Principal | Refusal> {
    if (at.proof !== "claimed") return this.#identify.verify(credentials);
    const claimed = at.claims?.(params) ?? "";
    if (!isIdText(claimed)) return refuse("NOT_FOUND");
    const { token, key, ticket } = credentials;
    if (token === undefined && key === undefined && ticket === undefined) return anonymous(claimed);
    const who = this.#identify.verify(credentials);
    return who instanceof Promise ? who.then((known) => asClaimed(known, claimed)) : asClaimed(who, claimed);
  }

  #admit(knock: Knock, who: Principal): MaybePromise<Response | undefined> {
    const cursor = cursorOf("last_event_id", knock.asked.query.get("last_event_id") ?? undefined);
    if (isRefusal(cursor)) return problem(cursor);
    if (knock.asked.server === undefined) return problem(refuse("UPGRADE_REQUIRED"));
    const { params, address } = knock;
    const { dialect, at } = knock.place;
    const admitted = this.#deps.hub.admit({ dialect, at, params, who, address, cursor: cursor.value });
    return admitted instanceof Promise
      ? admitted.then((settled) => this.#admitted(knock, who, settled))
      : this.#admitted(knock, who, admitted);
  }

  #admitted(knock: Knock, who: Principal, admitted: Connection | Refusal): Response | undefined {
    const { dialect, at } = knock.place;
    if (isRefusal(admitted)) {
      if (admitted.refused === "TOO_MANY_CONNECTIONS")
        return this.#tell(knock, dialect.handshake.tooMany, admitted, who);
      if (admitted.refused === "TOKEN_EXPIRED")
        return this.#tell(knock, dialect.handshake.unauthenticated, admitted, who);
      this.#refusedLog(knock, admitted, who);
      return problem(admitted);
    }
    if (!upgrade(knock, admitted)) {
      this.#deps.hub.abandon(admitted);
      return problem(
        refuse("BAD_REQUEST", "The upgrade failed: Sec-WebSocket-Key or -Version is missing or wrong."),
      );
    }
    this.#deps.log.debug("SOCKET_OPENED", "a socket opened", {
      connection: admitted.id,
      dialect: dialect.name,
      endpoint: at.name,
      user: who.id,
      address: knock.address,
    });
    return undefined;
  }

  /**
   * Documented chat clients reset their back-off on open, and would knock for ever at a door that
   * opens and closes: whoever was refused so too often is told before the upgrade.
   */
  #tell(knock: Knock, how: HandshakeRefusal, refusal: Refusal, who?: Principal): Response | undefined {
    if ("status" in how) {
      this.#refusedLog(knock, refusal, who);
      return problem(refusal, how.status);
    }
    const { address, credentials } = knock;
    const token = credentials.token === undefined ? null : fingerprint(credentials.token);
    const wait = this.#deps.knocks.blocked(token, address);
    const link = wait === null ? this.#deps.hub.refused(knock.place.dialect, how.close) : null;
    this.#refusedLog(knock, refusal, who, link?.code);
    if (link === null)
      return problem(
        refuse("TOO_MANY_REQUESTS", `Refused several times within a minute. ${refusal.detail}`, {
          retryAfter: wait ?? 1,
          bound: "knocks",
        }),
      );
    this.#deps.knocks.refused(token, address);
    if (!upgrade(knock, link)) return problem(refusal);
    countRefusal(this.#deps.meters, "handshake", refusal);
    return undefined;
  }

  /** Who merely knocks too fast is not noted: that would push out what matters. */
  #note({ place: { dialect, at }, address }: Knock, refusal: Refusal, who?: Principal, code?: number): void {
    const { refused: cause, detail } = refusal;
    this.#deps.hub.note({
      kind: "refused",
      dialect: dialect.name,
      endpoint: at.name,
      address,
      who,
      cause,
      detail,
      close_code: code ?? null,
    });
  }

  /** `code` where it is told by accepting and closing. */
  #refusedLog(knock: Knock, refusal: Refusal, who?: Principal, code?: number): void {
    this.#note(knock, refusal, who, code);
    const fields = {
      dialect: knock.place.dialect.name,
      endpoint: knock.place.at.name,
      cause: refusal.refused,
      address: knock.address,
    };
    const { log, clock } = this.#deps;
    const nowMs = clock.now();
    if (refusal.refused !== "TOKEN_EXPIRED" || nowMs - this.#warnedMs < WARN_EVERY_MS)
      return log.info("SOCKET_REFUSED", refusal.detail, fields);
    this.#warnedMs = nowMs;
    log.warn("SOCKET_EXPIRED", refusal.detail, fields);
  }
}

/** Bun would echo the client's first subprotocol, and that may be the token's neighbour: choose `bearer`. */
function upgrade({ asked: { request, server }, credentials }: Knock, link: Link): boolean {
  const headers =
    credentials.subprotocol === undefined ? undefined : { "Sec-WebSocket-Protocol": credentials.subprotocol };
  return server?.upgrade(request, link, headers) ?? false;
}

const asClaimed = (who: Principal | Refusal, claimed: string): Principal | Refusal =>
  isRefusal(who) || who.kind !== "user" || who.id === claimed
    ? who
    : refuse("FORBIDDEN", "The token is another user's. Connect to your own path.");

const fingerprint = (token: string): string => createHash("sha256").update(token).digest("base64url");

import type { MaybePromise } from "../core/command.ts";
import type { Link } from "../hub/hub.ts";
import type { Server } from "../runtime/runtime.ts";
import { type HttpDeps, serverOf } from "./context.ts";
import type { Identify } from "./identify.ts";
import type { Route } from "./routes.ts";
import { isHandshake, Knock, type Place, SocketDoor } from "./socket-door.ts";

/** Fixed names that other paths have where this path has a parameter: `connect` is nobody's user id. */
function reservedNames(path: string, others: readonly string[]): ReadonlySet<string> {
  const parts = path.split("/");
  const place = parts.findIndex((part) => part.startsWith(":"));
  if (place < 0) return new Set();
  const prefix = parts.slice(0, place).join("/");
  return new Set(
    others
      .map((other) => other.split("/"))
      .filter((other) => other.slice(0, place).join("/") === prefix)
      .map((other) => other[place] ?? "")
      .filter((name) => name !== "" && !name.startsWith(":")),
  );
}

/** The ways to the sockets: routes for all of them, and one past the router to most. */
export interface SocketDoors {
  readonly routes: readonly Route[];
  readonly direct: DirectDoor;
}

/**
 * Answers a handshake at an address without parameters: undefined where a socket was opened; null where
 * the request is something else, which is the router's.
 */
export type DirectDoor = (
  request: Request,
  server: Server<Link>,
) => MaybePromise<Response | undefined> | null;

/** Every dialect's sockets; `paths` is the union of all paths of the server. */
export function socketDoors(deps: HttpDeps, identify: Identify, paths: readonly string[]): SocketDoors {
  const door = new SocketDoor(deps, identify);
  const places = deps.dialects.flatMap((dialect) =>
    dialect.sockets
      .filter((at) => at.enabled?.(deps.settings) !== false)
      .map((at): Place => ({ dialect, at })),
  );
  const literal = new Map(
    places.filter(({ at }) => !at.path.includes(":")).map((place) => [place.at.path, place]),
  );
  const routeOf = (place: Place): Route => ({
    method: "GET",
    path: place.at.path,
    reserved: reservedNames(place.at.path, paths),
    handle: async (c) =>
      (await door.enter(new Knock(c.req.raw, serverOf(c), place, c.req.param()))) ?? new Response(null),
  });
  return {
    routes: places.map(routeOf),
    direct(request, server) {
      const place = literal.get(pathOf(request.url));
      if (place === undefined || request.method !== "GET") return null;
      const knock = new Knock(request, server, place, NO_PARAMS);
      return isHandshake(knock.request) ? door.enter(knock) : null;
    },
  };
}

const NO_PARAMS: Readonly<Record<string, string>> = {};

/** As it was sent, nothing decoded. */
function pathOf(url: string): string {
  const end = url.indexOf("?");
  return url.slice(url.indexOf("/", url.indexOf("//") + 2), end < 0 ? url.length : end);
}
<<<<<<< HEAD
=======

interface Place {
  readonly dialect: Dialect;
  readonly at: SocketEndpoint;
}

/** Somebody who asks for a socket. */
class Knock extends Asked {
  readonly place: Place;
  readonly params: Readonly<Record<string, string>>;
  address = "";
  credentials: Credentials = {};

  constructor(
    request: Request,
    server: Server<Link> | undefined,
    place: Place,
    params: Readonly<Record<string, string>>,
  ) {
    super(request, server);
    this.place = place;
    this.params = params;
  }
}

/**
 * The handshake: origin, rates, proof, access, upgrade; each refusal as the dialect tells it. One step
 * throughout where neither the proof nor access has to be waited for.
 */
class SocketDoor {
  readonly #deps: HttpDeps;
  readonly #identify: Identify;

  constructor(deps: HttpDeps, identify: Identify) {
    this.#deps = deps;
    this.#identify = identify;
  }

  /** Undefined where the socket is open. */
  enter(knock: Knock): MaybePromise<Response | undefined> {
    if (!isHandshake(knock.request))
      return problem(refuse("UPGRADE_REQUIRED"), undefined, { upgrade: "websocket" });
    knock.address = this.#identify.addressOf(knock);
    knock.credentials = this.#identify.credentials(knock);
    const early = this.#early(knock);
    if (early !== null) return early;
    const who = this.#who(knock);
    return who instanceof Promise
      ? who.then((known) => this.#identified(knock, known))
      : this.#identified(knock, who);
  }

  #identified(knock: Knock, who: Principal | Refusal): MaybePromise<Response | undefined> {
    if (!isRefusal(who)) return this.#admit(knock, who);
    if (who.refused === "NOT_FOUND") return problem(who);
    this.#refusedLog(knock, who);
    if (who.refused === "FORBIDDEN") return problem(who);
    const slow =
      who.refused === "TOKEN_MISSING" ? null : limited(this.#deps.rates.logins.take(knock.address));
    return slow === null
      ? this.#tell(knock, knock.place.dialect.handshake.unauthenticated, who)
      : problem(slow);
  }

  /** What is refused before any token is looked at. */
  #early(knock: Knock): Response | null {
    const { address } = knock;
    const origin = knock.header("origin");
    const { corsOrigins } = this.#deps.settings;
    if (origin !== undefined && corsOrigins.length > 0 && !corsOrigins.includes(origin)) {
      this.#deps.log.warn(
        "ORIGIN_REFUSED",
        "a page of another origin tried to connect; add it to CORS_ORIGINS if it is yours",
        { origin, address },
      );
      const refusal = refuse("FORBIDDEN_ORIGIN");
      this.#note(knock, { ...refusal, detail: `Origin: ${origin}` });
      return problem(refusal);
    }
    const slow = limited(this.#deps.rates.connects.take(address));
    return slow === null ? null : problem(slow);
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
    const cursor = cursorOf("last_event_id", knock.query.get("last_event_id") ?? undefined);
    if (isRefusal(cursor)) return problem(cursor);
    if (knock.server === undefined) return problem(refuse("UPGRADE_REQUIRED"));
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
      this.#refusedLog(knock, admitted, who);
      if (admitted.refused === "TOO_MANY_CONNECTIONS")
        return this.#tell(knock, dialect.handshake.tooMany, { ...admitted, retryAfter: 5 });
      if (admitted.refused === "TOKEN_EXPIRED")
        return this.#tell(knock, dialect.handshake.unauthenticated, admitted);
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
  #tell(knock: Knock, how: HandshakeRefusal, refusal: Refusal): Response | undefined {
    if ("status" in how) return problem(refusal, how.status);
    const { address, credentials } = knock;
    const token = credentials.token === undefined ? null : fingerprint(credentials.token);
    const wait = this.#deps.knocks.blocked(token, address);
    if (wait !== null)
      return problem(
        refuse("TOO_MANY_REQUESTS", `Refused several times within a minute. ${refusal.detail}`, {
          retryAfter: wait,
        }),
      );
    this.#deps.knocks.refused(token, address);
    if (!upgrade(knock, this.#deps.hub.refused(knock.place.dialect, how.close))) return problem(refusal);
    countRefusal(this.#deps.meters, "handshake", refusal.refused);
    return undefined;
  }

  /** Who merely knocks too fast is not noted: that would push out what matters. */
  #note({ place: { dialect, at }, address }: Knock, refusal: Refusal, who?: Principal): void {
    const { refused: cause, detail } = refusal;
    this.#deps.hub.note({
      kind: "refused",
      dialect: dialect.name,
      endpoint: at.name,
      address,
      who,
      cause,
      detail,
    });
  }

  #refusedLog(knock: Knock, refusal: Refusal, who?: Principal): void {
    this.#note(knock, refusal, who);
    this.#deps.log.info("SOCKET_REFUSED", refusal.detail, {
      dialect: knock.place.dialect.name,
      endpoint: knock.place.at.name,
      cause: refusal.refused,
      address: knock.address,
    });
  }
}

/** Bun would echo the client's first subprotocol, and that may be the token's neighbour: choose `bearer`. */
function upgrade({ request, server, credentials }: Knock, link: Link): boolean {
  const headers =
    credentials.subprotocol === undefined ? undefined : { "Sec-WebSocket-Protocol": credentials.subprotocol };
  return server?.upgrade(request, link, headers) ?? false;
}

const asClaimed = (who: Principal | Refusal, claimed: string): Principal | Refusal =>
  isRefusal(who) || who.kind !== "user" || who.id === claimed
    ? who
    : refuse("FORBIDDEN", "The token is another user's. Connect to your own path.");

const fingerprint = (token: string): string => createHash("sha256").update(token).digest("base64url");
>>>>>>> a8134bc (perf(http): sockets' handshakes pass the router and stay in one step)

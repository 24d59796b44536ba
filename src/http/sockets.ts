import { createHash } from "node:crypto";
import type { Credentials } from "../auth/credentials.ts";
import { type Refusal, isRefusal, refuse } from "../core/errors.ts";
import { isIdText } from "../core/ids.ts";
import { countRefusal } from "../core/meters.ts";
import type { Principal } from "../core/principal.ts";
import type { Dialect, HandshakeRefusal, SocketEndpoint } from "../dialects/dialect.ts";
import type { Link } from "../hub/hub.ts";
import { cursorOf } from "./cursor.ts";
import { type HttpDeps, type RequestContext, serverOf } from "./context.ts";
import { type Identify, anonymous, limited } from "./identify.ts";
import { createOriginGuard } from "./origin.ts";
import { problem } from "./problem.ts";
import type { Route } from "./routes.ts";

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

/** Every dialect's sockets as routes; `paths` is the union of all paths of the server. */
export function socketRoutes(deps: HttpDeps, identify: Identify, paths: readonly string[]): readonly Route[] {
  const door = new SocketDoor(deps, identify);
  return deps.dialects.flatMap((dialect) =>
    dialect.sockets
      .filter((at) => at.enabled?.(deps.settings) !== false)
      .map((at): Route => {
        const reserved = reservedNames(at.path, paths);
        return { method: "GET", path: at.path, reserved, handle: (c) => door.enter(c, dialect, at) };
      }),
  );
}

/** Who knocks where, nothing of it proven yet. */
interface Arrival {
  readonly dialect: Dialect;
  readonly at: SocketEndpoint;
  readonly params: Readonly<Record<string, string>>;
  readonly address: string;
  readonly credentials: Credentials;
}

const TOO_MANY_HANDSHAKES = refuse(
  "TOO_MANY_REQUESTS",
  "Too many sockets wait to be let in (MAX_HANDSHAKES). Try again in a moment.",
  { retryAfter: 1 },
);

/** The handshake: rates, origin, proof, access, upgrade; each refusal as the dialect tells it. */
class SocketDoor {
  readonly #deps: HttpDeps;
  readonly #identify: Identify;
  readonly #foreign: ReturnType<typeof createOriginGuard>;

  constructor(deps: HttpDeps, identify: Identify) {
    this.#deps = deps;
    this.#identify = identify;
    this.#foreign = createOriginGuard({ ...deps.settings, log: deps.log });
  }

  async enter(c: RequestContext, dialect: Dialect, at: SocketEndpoint): Promise<Response> {
    const params = c.req.param() as Record<string, string>;
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket")
      return problem(refuse("UPGRADE_REQUIRED"), undefined, { upgrade: "websocket" });
    const address = this.#identify.addressOf(c);
    const credentials = this.#identify.credentials(c);
    const early = this.#early(c, dialect, at, address);
    if (early !== null) return problem(early);
    const { handshakes } = this.#deps;
    if (!handshakes.reserve(address)) return problem(TOO_MANY_HANDSHAKES);
    try {
      return await this.#knock(c, { dialect, at, params, address, credentials });
    } finally {
      handshakes.release(address);
    }
  }

  async #knock(c: RequestContext, arrival: Arrival): Promise<Response> {
    const { dialect, at, params, address, credentials } = arrival;
    const who = await this.#who(credentials, at, params);
    if (isRefusal(who)) {
      if (who.refused === "NOT_FOUND") return problem(who);
      this.#refusedLog(dialect, at, who, address);
      if (who.refused === "FORBIDDEN") return problem(who);
      const slow = who.refused === "TOKEN_MISSING" ? null : limited(this.#deps.rates.logins.take(address));
      return slow === null
        ? this.#tell(c, dialect, dialect.handshake.unauthenticated, who, { address, credentials })
        : problem(slow);
    }
    const crowd = who.kind === "anonymous" ? null : this.#deps.rates.connects.take(`${who.kind}:${who.id}`);
    const slow = crowd === null ? null : limited(crowd);
    return slow === null ? this.#admit(c, { ...arrival, who }) : problem(slow);
  }

  /** What is refused before any token is looked at. */
  #early(c: RequestContext, dialect: Dialect, at: SocketEndpoint, address: string): Refusal | null {
    const slow = limited(this.#deps.rates.connects.take(address));
    if (slow !== null) return slow;
    const origin = this.#foreign(c);
    if (origin === null) return null;
    const refusal = refuse("FORBIDDEN_ORIGIN");
    this.#note(dialect, at, { ...refusal, detail: `Origin: ${origin}` }, address);
    return refusal;
  }

  async #who(
    credentials: Credentials,
    at: SocketEndpoint,
    params: Readonly<Record<string, string>>,
  ): Promise<Principal | Refusal> {
    const claimed = at.claims?.(params) ?? "";
    const bare =
      credentials.token === undefined && credentials.key === undefined && credentials.ticket === undefined;
    if (at.proof === "claimed" && !isIdText(claimed)) return refuse("NOT_FOUND");
    if (at.proof === "claimed" && bare) return anonymous(claimed);
    const who = await this.#identify.verify(credentials);
    if (isRefusal(who) || at.proof !== "claimed" || who.kind !== "user" || who.id === claimed) return who;
    return refuse("FORBIDDEN", "The token is another user's. Connect to your own path.");
  }

  async #admit(c: RequestContext, arrival: Arrival & { readonly who: Principal }): Promise<Response> {
    const { dialect, at, address, credentials, who } = arrival;
    const cursor = cursorOf("last_event_id", c.req.query("last_event_id"));
    if (isRefusal(cursor)) return problem(cursor);
    if (serverOf(c) === undefined) return problem(refuse("UPGRADE_REQUIRED"));
    const admitted = await this.#deps.hub.admit({ ...arrival, cursor: cursor.value });
    if (isRefusal(admitted)) {
      this.#refusedLog(dialect, at, admitted, address, who);
      if (admitted.refused === "TOO_MANY_CONNECTIONS")
        return this.#tell(c, dialect, dialect.handshake.tooMany, admitted, arrival);
      if (admitted.refused === "TOKEN_EXPIRED")
        return this.#tell(c, dialect, dialect.handshake.unauthenticated, admitted, arrival);
      return problem(admitted);
    }
    if (!this.#upgrade(c, admitted, credentials)) {
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
      address,
    });
    return new Response(null);
  }

  /**
   * Documented chat clients reset their back-off on open, and would knock for ever at a door that
   * opens and closes: whoever was refused so too often is told before the upgrade.
   */
  #tell(
    c: RequestContext,
    dialect: Dialect,
    how: HandshakeRefusal,
    refusal: Refusal,
    from: { address: string; credentials: Credentials },
  ): Response {
    if ("status" in how) return problem(refusal, how.status);
    const { address, credentials } = from;
    const token = credentials.token === undefined ? null : fingerprint(credentials.token);
    const wait = this.#deps.knocks.blocked(token, address);
    if (wait !== null)
      return problem(
        refuse("TOO_MANY_REQUESTS", `Refused several times within a minute. ${refusal.detail}`, {
          retryAfter: wait,
        }),
      );
    this.#deps.knocks.refused(token, address);
    if (!this.#upgrade(c, this.#deps.hub.refused(dialect, how.close), credentials)) return problem(refusal);
    countRefusal(this.#deps.meters, "handshake", refusal.refused);
    return new Response(null);
  }

  /** Bun would echo the client's first subprotocol, and that may be the token's neighbour: choose `bearer`. */
  #upgrade(c: RequestContext, link: Link, credentials: Credentials): boolean {
    const headers =
      credentials.subprotocol === undefined
        ? undefined
        : { "Sec-WebSocket-Protocol": credentials.subprotocol };
    return serverOf(c)?.upgrade(c.req.raw, link, headers) ?? false;
  }

  /** Who merely knocks too fast is not noted: that would push out what matters. */
  #note(dialect: Dialect, at: SocketEndpoint, refusal: Refusal, address: string, who?: Principal): void {
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

  #refusedLog(
    dialect: Dialect,
    at: SocketEndpoint,
    refusal: Refusal,
    address: string,
    who?: Principal,
  ): void {
    this.#note(dialect, at, refusal, address, who);
    this.#deps.log.info("SOCKET_REFUSED", refusal.detail, {
      dialect: dialect.name,
      endpoint: at.name,
      cause: refusal.refused,
      address,
    });
  }
}

const fingerprint = (token: string): string => createHash("sha256").update(token).digest("base64url");

import type { MaybePromise } from "../core/command.ts";
import { refuse } from "../core/errors.ts";
import type { Asked } from "./asked.ts";
import { askedOf, type HttpDeps } from "./context.ts";
import type { Identify } from "./identify.ts";
import { problem } from "./problem.ts";
import type { Route } from "./routes.ts";
import { isHandshake, type Place, SocketDoor } from "./socket-door.ts";

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
export type DirectDoor = (asked: Asked) => MaybePromise<Response | undefined> | null;

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
      isHandshake(c.req.raw)
        ? ((await door.enter(askedOf(c), place, c.req.param())) ?? new Response(null))
        : problem(refuse("UPGRADE_REQUIRED"), undefined, { upgrade: "websocket" }),
  });
  return {
    routes: places.map(routeOf),
    direct(asked) {
      const { request } = asked;
      const place = literal.get(asked.path);
      if (place === undefined || request.method !== "GET") return null;
      return isHandshake(request) ? door.enter(asked, place, NO_PARAMS) : null;
    },
  };
}

const NO_PARAMS: Readonly<Record<string, string>> = {};

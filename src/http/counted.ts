import { countIn, countRefusal, type Meters } from "../core/meters.ts";
import { ProblemResponse } from "./problem.ts";
import type { Route } from "./routes.ts";
import { isHandshake } from "./socket-door.ts";

/** Routes whose answers are counted: by status, and what is refused by its cause. */
export const counted = (routes: readonly Route[], meters: Meters): readonly Route[] =>
  routes.map((route) => ({
    ...route,
    handle: async (c, next) => {
      const response = await route.handle(c, next);
      return response instanceof Response ? count(response, isHandshake(c.req.raw), meters) : response;
    },
  }));

/** Handshakes are no answers over HTTP, but their refusals are. */
export function count(response: Response, handshake: boolean, meters: Meters): Response {
  const isProblem = response instanceof ProblemResponse;
  if (isProblem) countRefusal(meters, handshake ? "handshake" : "http", response.refusal);
  if (isProblem || !handshake) countIn(meters.statuses, response.status);
  return response;
}

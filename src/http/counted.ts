import { countIn, countRefusal, type Meters } from "../core/meters.ts";
import type { RequestContext } from "./context.ts";
import { ProblemResponse } from "./problem.ts";
import type { Route } from "./routes.ts";

/** Routes whose answers are counted: by status, and what is refused by its cause. */
export const counted = (routes: readonly Route[], meters: Meters): readonly Route[] =>
  routes.map((route) => ({
    ...route,
    handle: async (c, next) => {
      const response = await route.handle(c, next);
      return response instanceof Response ? count(c, response, meters) : response;
    },
  }));

/** Handshakes are no answers over HTTP, but their refusals are. */
export function count(c: RequestContext, response: Response, meters: Meters): Response {
  const isHandshake = c.req.header("upgrade")?.toLowerCase() === "websocket";
  const isProblem = response instanceof ProblemResponse;
  if (isProblem) countRefusal(meters, isHandshake ? "handshake" : "http", response.refused);
  if (isProblem || !isHandshake) countIn(meters.statuses, response.status);
  return response;
}

import { isRefusal } from "../../core/errors.ts";
import type { HttpDeps } from "../context.ts";
import type { Identify } from "../identify.ts";
import { problem } from "../problem.ts";
import type { Route } from "../routes.ts";

/** `POST /api/v1/tickets`: a one-time `?ticket=` for clients that want no token in an address. */
export const ticketRoutes = (deps: Pick<HttpDeps, "auth">, identify: Identify): readonly Route[] => [
  {
    method: "POST",
    path: "/api/v1/tickets",
    handle: async (c) => {
      const who = await identify.request(c, "any");
      return isRefusal(who) ? problem(who) : c.json(deps.auth.tickets.issue(who), 201);
    },
  },
];

import type { Hono } from "hono";
import { isRefusal } from "../../core/errors.ts";
import type { Env, HttpDeps } from "../context.ts";
import type { Identify } from "../identify.ts";
import { problem } from "../problem.ts";

/** `POST /api/v1/tickets`: a one-time `?ticket=` for clients that want no token in an address. */
export function mountTickets(app: Hono<Env>, deps: Pick<HttpDeps, "auth">, identify: Identify): void {
  app.post("/api/v1/tickets", async (c) => {
    const who = await identify.request(c, "any");
    return isRefusal(who) ? problem(who) : c.json(deps.auth.tickets.issue(who), 201);
  });
}

import type { Handler, Hono } from "hono";
import type { Operation } from "../core/endpoint.ts";
import { refuse } from "../core/errors.ts";
import type { Env } from "./context.ts";
import { problem } from "./problem.ts";

/** One address and method, and what answers it; it may leave the request to others (`next`). */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** Names that are no value of a parameter here, because other paths have them in its place. */
  readonly reserved?: ReadonlySet<string>;
  /** For the documentation; pages and their files have none. */
  readonly describes?: Operation;
  readonly handle: Handler<Env>;
}

/** A route that is no endpoint of a table: its description says where it is. */
export const described = (describes: Operation, handle: Handler<Env>): Route => ({
  method: describes.method,
  path: describes.path,
  describes,
  handle,
});

const parametersIn = (path: string): number => path.split("/:").length - 1;

/**
 * Mounts routes, those with fixed addresses first, so that no parameter swallows what another
 * path names. Another method than those of an address is told which ones it has.
 */
export function mountRoutes(app: Hono<Env>, routes: readonly Route[]): void {
  const byPath = Map.groupBy(routes, ({ path }) => path);
  const ordered = [...byPath].toSorted(([a], [b]) => parametersIn(a) - parametersIn(b));
  for (const [path, known] of ordered) {
    const isElsewhere = elsewhere(known);
    for (const { method, handle } of known)
      app.on(method, path, (c, next) => {
        if (isElsewhere(c.req.param())) return next();
        return c.req.raw.method === "HEAD" ? headOf(handle, c, next) : handle(c, next);
      });
    const methods = [...new Set(known.map(({ method }) => method))];
    const allow = methods.join(", ");
    app.all(path, (c, next) => {
      // Whoever answers this method here has left the request to others.
      if (isElsewhere(c.req.param()) || methods.some((method) => method === c.req.method)) return next();
      return problem(refuse("METHOD_NOT_ALLOWED", `This address answers ${allow}.`), undefined, { allow });
    });
  }
}

/** What GET answers, its body ended: nobody is sent it, and a stream would go on for ever. */
const headOf: (handle: Handler<Env>, ...asked: Parameters<Handler<Env>>) => Promise<Response | void> = async (
  handle,
  c,
  next,
) => {
  const answer = await handle(c, next);
  if (answer instanceof Response) await answer.body?.cancel();
  return answer;
};

/** Whether an address that fits the path belongs to another one. */
function elsewhere(routes: readonly Route[]): (params: Readonly<Record<string, string>>) => boolean {
  const reserved = routes.flatMap((route) => [...(route.reserved ?? [])]);
  if (reserved.length === 0) return () => false;
  return (params) => Object.values(params).some((value) => reserved.includes(value));
}

import { Hono } from "hono";
import { cors } from "hono/cors";
import { TrieRouter } from "hono/router/trie-router";
import type { MaybePromise } from "../core/command.ts";
import { refuse } from "../core/errors.ts";
import type { Endpoint } from "../core/endpoint.ts";
import type { Link } from "../hub/hub.ts";
import type { Server } from "../runtime/runtime.ts";
import { Asked } from "./asked.ts";
import type { Env, HttpDeps } from "./context.ts";
import { contractRoutes } from "./contracts.ts";
import { endpointRoutes } from "./endpoints.ts";
import { eventRoutes } from "./events/routes.ts";
import { count, counted } from "./counted.ts";
import { createIdentify } from "./identify.ts";
import { metricsRoutes } from "./metrics.ts";
import { NATIVE_ENDPOINTS } from "./native/all.ts";
import { frameRoutes } from "./native/admin-frames.ts";
import { setupRoutes } from "./native/admin-setup.ts";
import { ticketRoutes } from "./native/tickets.ts";
import { whoamiRoutes } from "./native/whoami.ts";
import { opsRoutes } from "./ops.ts";
import { pageRoutes } from "./pages.ts";
import { type ProblemResponse, problem } from "./problem.ts";
import { mountRoutes } from "./routes.ts";
import { isHandshake } from "./socket-door.ts";
import { socketDoors } from "./sockets.ts";

/** A server that is busy must not look dead to whoever watches it. */
const PROBES: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

const OTHER_PATHS = ["/healthz", "/readyz", "/metrics", "/api/v1/tickets", "/api/v1/events"];

/** Every endpoint of the server, in the order of mounting. */
export const endpointsOf = (deps: Pick<HttpDeps, "dialects">): readonly Endpoint[] => [
  ...deps.dialects.flatMap((dialect) => dialect.endpoints),
  ...NATIVE_ENDPOINTS,
];

/** HTTP as a whole, and the short way that most sockets take past its router. */
export interface Http {
  readonly app: Hono<Env>;
  /** What the server calls: sockets' handshakes by the short way, everything else by the app. */
  readonly fetch: (request: Request, server: Server<Link>) => MaybePromise<Response | undefined>;
}

/** The whole of HTTP: sockets' handshakes, the dialects' endpoints, native routes, operations. */
export function createApp(deps: HttpDeps): Http {
  // The stock router spends up to a second of the first request on a table that it then throws away:
  // paths here overlap (`/ws/:user_id`, `/ws/connect`), which it cannot hold.
  const app = new Hono<Env>({ strict: false, router: new TrieRouter() });
  const identify = createIdentify(deps);
  const endpoints = endpointsOf(deps);
  const socketPaths = deps.dialects.flatMap((dialect) => dialect.sockets.map((at) => at.path));
  const paths = [...new Set([...endpoints.map((endpoint) => endpoint.path), ...socketPaths, ...OTHER_PATHS])];

  const { meters } = deps;
  const failed = (fault: unknown): ProblemResponse => {
    deps.log.error("REQUEST_FAILED", "a request failed", { fault });
    return problem(refuse("INTERNAL"));
  };
  app.onError((fault, c) => count(failed(fault), isHandshake(c.req.raw), meters));
  app.notFound((c) => count(problem(refuse("NOT_FOUND")), isHandshake(c.req.raw), meters));
  if (deps.settings.corsOrigins.length > 0) {
    app.use(
      cors({
        origin: [...deps.settings.corsOrigins],
        credentials: true,
        exposeHeaders: ["Retry-After", "ETag"],
        maxAge: 600,
      }),
    );
  }
  const sockets = socketDoors(deps, identify, paths);
  const native = deps.dialects.find(({ name }) => name === "native");
  const routes = [
    ...endpointRoutes(endpoints, deps, identify),
    ...ticketRoutes(deps, identify),
    ...setupRoutes(deps, identify),
    ...frameRoutes(deps, identify),
    ...(native === undefined ? [] : eventRoutes(deps, identify, native)),
    ...opsRoutes(deps),
    ...metricsRoutes(deps, identify),
    ...whoamiRoutes(deps, identify),
    ...pageRoutes(deps),
    ...sockets.routes,
  ];
  mountRoutes(app, counted([...routes, ...contractRoutes(deps, routes)], meters));
  const told = (response: Response | undefined): Response | undefined =>
    response === undefined ? undefined : count(response, true, meters);
  return {
    app,
    fetch(request, server) {
      try {
        const asked = new Asked(request, server);
        const opened = sockets.direct(asked);
        if (opened === null) {
          // Its other requests on this connection are dropped with it.
          const slow = PROBES.has(asked.path) ? null : identify.crowded(asked);
          if (slow !== null) return count(problem(slow, undefined, { connection: "close" }), false, meters);
          return app.fetch(request, { asked });
        }
        return opened instanceof Promise ? opened.catch(failed).then(told) : told(opened);
      } catch (fault) {
        return told(failed(fault));
      }
    },
  };
}

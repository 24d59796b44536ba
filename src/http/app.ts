import { Hono } from "hono";
import { cors } from "hono/cors";
import { refuse } from "../core/errors.ts";
import type { Endpoint } from "../core/endpoint.ts";
import type { Env, HttpDeps } from "./context.ts";
import { mountEndpoints } from "./endpoints.ts";
import { mountEvents } from "./events/routes.ts";
import { createIdentify } from "./identify.ts";
import { NATIVE_ENDPOINTS } from "./native/all.ts";
import { mountTickets } from "./native/tickets.ts";
import { mountOps } from "./ops.ts";
import { problem } from "./problem.ts";
import { mountSockets } from "./sockets.ts";

const OTHER_PATHS = ["/healthz", "/readyz", "/api/v1/tickets", "/api/v1/events"];

/** Every endpoint of the server, in the order of mounting. */
export const endpointsOf = (deps: Pick<HttpDeps, "dialects">): readonly Endpoint[] => [
  ...deps.dialects.flatMap((dialect) => dialect.endpoints),
  ...NATIVE_ENDPOINTS,
];

/** The whole of HTTP: sockets' handshakes, the dialects' endpoints, native routes, operations. */
export function createApp(deps: HttpDeps): Hono<Env> {
  const app = new Hono<Env>({ strict: false });
  const identify = createIdentify(deps);
  const endpoints = endpointsOf(deps);
  const socketPaths = deps.dialects.flatMap((dialect) => dialect.sockets.map((at) => at.path));
  const paths = [...new Set([...endpoints.map((endpoint) => endpoint.path), ...socketPaths, ...OTHER_PATHS])];

  app.onError((fault) => {
    deps.log.error("REQUEST_FAILED", "a request failed", { fault });
    return problem(refuse("INTERNAL"));
  });
  app.notFound(() => problem(refuse("NOT_FOUND")));
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
  mountEndpoints(app, endpoints, deps, identify);
  mountTickets(app, deps, identify);
  const native = deps.dialects.find(({ name }) => name === "native");
  if (native !== undefined) mountEvents(app, deps, identify, native);
  mountOps(app, deps);
  mountSockets(app, deps, identify, paths);
  mountMethods(app, [...endpoints, ...socketPaths.map((path) => ({ path, method: "GET" as const }))]);
  return app;
}

/** Another method than those of a path: 405 with the ones that it has. */
function mountMethods(app: Hono<Env>, endpoints: readonly Pick<Endpoint, "path" | "method">[]): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of endpoints)
    methods.set(path, (methods.get(path) ?? new Set<string>()).add(method));
  for (const [path, known] of methods) {
    app.all(path, () =>
      problem(refuse("METHOD_NOT_ALLOWED", `This address answers ${[...known].join(", ")}.`), undefined, {
        allow: [...known].join(", "),
      }),
    );
  }
}

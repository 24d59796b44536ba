import type { HttpDeps } from "./context.ts";
import type { Route } from "./routes.ts";

/** Liveness and readiness. */
export const opsRoutes = (deps: Pick<HttpDeps, "ready" | "version">): readonly Route[] => [
  { method: "GET", path: "/healthz", handle: (c) => c.json({ status: "ok", version: deps.version }) },
  {
    method: "GET",
    path: "/readyz",
    handle: async (c) => {
      const parts = await deps.ready();
      const ready = Object.values(parts).every(Boolean);
      return c.json({ status: ready ? "ready" : "not ready", parts }, ready ? 200 : 503);
    },
  },
];

import type { Hono } from "hono";
import type { Env, HttpDeps } from "./context.ts";

/** Liveness and readiness. */
export function mountOps(app: Hono<Env>, deps: Pick<HttpDeps, "ready" | "version">): void {
  app.get("/healthz", (c) => c.json({ status: "ok", version: deps.version }));
  app.get("/readyz", async (c) => {
    const parts = await deps.ready();
    const ready = Object.values(parts).every(Boolean);
    return c.json({ status: ready ? "ready" : "not ready", parts }, ready ? 200 : 503);
  });
}

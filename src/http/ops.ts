import { z } from "zod";
import type { Operation } from "../core/endpoint.ts";
import type { HttpDeps } from "./context.ts";
import { described, type Route } from "./routes.ts";

const COMMON = { method: "GET", tag: "Operations", status: 200, proof: "none", uncounted: true } as const;

const HEALTH: Operation = {
  ...COMMON,
  path: "/healthz",
  operation: "getHealth",
  summary: "Whether the process answers.",
  response: z.object({ status: z.literal("ok"), version: z.string() }),
  examples: { alive: { answer: { status: "ok", version: "0.1.0" } } },
};

const parts = z.record(z.string(), z.boolean());
const READY_PARTS = { store: true, accepting: true };

const READINESS: Operation = {
  ...COMMON,
  path: "/readyz",
  operation: "getReadiness",
  summary: "Whether every part is ready.",
  response: z.object({ status: z.literal("ready"), parts }),
  others: [
    {
      status: 503,
      summary: "Not ready yet, or no more: a load balancer sends others elsewhere.",
      schema: z.object({ status: z.literal("not ready"), parts }),
      example: { status: "not ready", parts: { ...READY_PARTS, accepting: false } },
    },
  ],
  examples: { ready: { answer: { status: "ready", parts: READY_PARTS } } },
};

/** Liveness and readiness. */
export const opsRoutes = (deps: Pick<HttpDeps, "ready" | "version">): readonly Route[] => [
  described(HEALTH, (c) => c.json({ status: "ok", version: deps.version })),
  described(READINESS, async (c) => {
    const parts = await deps.ready();
    const ready = Object.values(parts).every(Boolean);
    return c.json({ status: ready ? "ready" : "not ready", parts }, ready ? 200 : 503);
  }),
];

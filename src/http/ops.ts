import { z } from "zod";
import type { Operation } from "../core/endpoint.ts";
import { type Part, PARTS, problemsOf } from "../core/readiness.ts";
import type { HttpDeps } from "./context.ts";
import { described, type Route } from "./routes.ts";

const COMMON = { method: "GET", tag: "Operations", status: 200, proof: "none", uncounted: true } as const;

const HEALTH: Operation = {
  ...COMMON,
  path: "/healthz",
  operation: "getHealth",
  summary: "Whether the process answers.",
  response: z.object({
    status: z.literal("ok").meta({ description: "It answers: that is all it says." }),
    version: z.string().meta({ description: "Of this server." }),
  }),
  examples: { alive: { answer: { status: "ok", version: "0.1.0" } } },
};

const PART_NAMES = Object.keys(PARTS) as [Part, ...Part[]];
/** Each by its name: of a record JSON Schema would not say that all are there. */
const parts = z.object(
  Object.fromEntries(
    PART_NAMES.map((name) => [name, z.boolean().meta({ description: `False: ${PARTS[name].detail}` })]),
  ) as Record<Part, z.ZodBoolean>,
);
const READY = { store: true, writes: true, migrations: true, bus: true, accepting: true };
const LEAVING = { ...READY, accepting: false };

const READINESS: Operation = {
  ...COMMON,
  path: "/readyz",
  operation: "getReadiness",
  summary: "Whether every part is ready; where one is not, what that means and what to do.",
  response: z.object({
    status: z.literal("ready").meta({ description: "Every part is." }),
    parts: parts.meta({ description: "Each part, and whether it is ready." }),
  }),
  others: [
    {
      status: 503,
      summary: "Not ready yet, or no more: a load balancer sends others elsewhere.",
      schema: z.object({
        status: z.literal("not ready"),
        parts,
        problems: z.array(z.object({ part: z.enum(PART_NAMES), detail: z.string(), fix: z.string() })),
      }),
      example: { status: "not ready", parts: LEAVING, problems: problemsOf(LEAVING) },
    },
  ],
  examples: { ready: { answer: { status: "ready", parts: READY } } },
};

/** Liveness and readiness. */
export const opsRoutes = (deps: Pick<HttpDeps, "ready" | "version">): readonly Route[] => [
  described(HEALTH, (c) => c.json({ status: "ok", version: deps.version })),
  described(READINESS, async (c) => {
    const ready = await deps.ready();
    const problems = problemsOf(ready);
    if (problems.length === 0) return c.json({ status: "ready", parts: ready });
    return c.json({ status: "not ready", parts: ready, problems }, 503, { "cache-control": "no-store" });
  }),
];

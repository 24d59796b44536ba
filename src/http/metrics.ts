import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Operation } from "../core/endpoint.ts";
import { type Refusal, refuse } from "../core/errors.ts";
import type { HttpDeps, RequestContext } from "./context.ts";
import { isHere } from "./here.ts";
import { type Identify, limited } from "./identify.ts";
import { problem } from "./problem.ts";
import { described, type Route } from "./routes.ts";

const MEDIA = "text/plain; version=0.0.4; charset=utf-8";

const EXAMPLE = `# HELP dragoman_users Users with a connection.
# TYPE dragoman_users gauge
dragoman_users 2
`;

const METRICS: Operation = {
  method: "GET",
  path: "/metrics",
  operation: "getMetrics",
  tag: "Operations",
  summary: "How the server is, for Prometheus.",
  description: [
    "With `METRICS_TOKEN` it is read with that token (`Authorization: Bearer`) and with no other; without,",
    "by programs of the same machine only, and not through a proxy.",
  ].join("\n"),
  status: 200,
  proof: "none",
  uncounted: true,
  response: z.string(),
  media: "text/plain",
  examples: { some: { summary: "The first of them.", answer: EXAMPLE } },
  refuses: ["TOKEN_MISSING", "TOKEN_INVALID", "FORBIDDEN", "TOO_MANY_REQUESTS"],
};

const TOKEN_MISSING = "Send Authorization: Bearer with the value of METRICS_TOKEN.";
const TOKEN_INVALID =
  "This is not the value of METRICS_TOKEN. No user's token or service key opens this page.";
const NOT_HERE =
  "Without METRICS_TOKEN this page is for programs of the server's own machine (http://127.0.0.1). Set METRICS_TOKEN and send it as Authorization: Bearer.";

type MetricsDeps = Pick<HttpDeps, "hub" | "metrics" | "rates" | "settings">;

export const metricsRoutes = (deps: MetricsDeps, identify: Identify): readonly Route[] => [
  described(METRICS, async (c) => {
    const refusal = refusalOf(c, deps, identify);
    if (refusal !== null) return problem(refusal);
    return new Response(await deps.metrics(), {
      headers: { "content-type": MEDIA, "cache-control": "no-store" },
    });
  }),
];

function refusalOf(
  c: RequestContext,
  { hub, rates, settings }: MetricsDeps,
  identify: Identify,
): Refusal | null {
  const { metricsToken } = settings;
  if (metricsToken === undefined) return isHere(c) ? null : refuse("FORBIDDEN", NOT_HERE);
  const given = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (given === undefined) return refuse("TOKEN_MISSING", TOKEN_MISSING);
  if (timingSafeEqual(digest(given), digest(metricsToken))) return null;
  const address = identify.addressOf(c);
  const slow = limited(rates.logins.take(address), "logins");
  if (slow !== null) return slow;
  hub.note({ kind: "login_failed", address, endpoint: `GET ${METRICS.path}`, cause: "TOKEN_INVALID" });
  return refuse("TOKEN_INVALID", TOKEN_INVALID);
}

/** Of equal length, so that comparing tells nothing. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

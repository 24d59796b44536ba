import { createHash } from "node:crypto";
import { z } from "zod";
import { asyncapi } from "../contract/asyncapi.ts";
import { openapi } from "../contract/openapi.ts";
import type { Operation } from "../core/endpoint.ts";
import { askedOf, type HttpDeps, type RequestContext } from "./context.ts";
import { createOriginOf, type Origin } from "./origin.ts";
import { described, type Route } from "./routes.ts";

const COMMON = { method: "GET", tag: "Operations", status: 200, proof: "none" } as const;

const OPENAPI: Operation = {
  ...COMMON,
  path: "/openapi.json",
  operation: "getOpenApi",
  summary: "This document: what can be asked by HTTP, as OpenAPI 3.1.",
  response: z.looseObject({
    openapi: z.literal("3.1.0").meta({ description: "The version of the format." }),
  }),
};

const ASYNCAPI: Operation = {
  ...COMMON,
  path: "/asyncapi.json",
  operation: "getAsyncApi",
  summary: "Every socket and its frames, as AsyncAPI 3.0.",
  response: z.looseObject({
    asyncapi: z.literal("3.0.0").meta({ description: "The version of the format." }),
  }),
};

const ROOT = "This server, as it was asked for.";

const httpServers = ({ host, secure }: Origin): object => [
  { url: `http${secure ? "s" : ""}://${host}`, description: ROOT },
];
const socketServers = ({ host, secure }: Origin): object => ({
  here: { host, protocol: secure ? "wss" : "ws", description: ROOT },
});

/** Both documents, of the routes that are mounted; each is made on its first request. */
export function contractRoutes(
  deps: Pick<HttpDeps, "dialects" | "settings" | "version">,
  mounted: readonly Route[],
): readonly Route[] {
  const { dialects, settings, version } = deps;
  const originOf = createOriginOf(settings.trustedProxies);
  const operations = [...mounted.flatMap(({ describes }) => describes ?? []), OPENAPI, ASYNCAPI];
  const serve = (make: () => object, serversOf: (origin: Origin) => object) => {
    let made: object | null = null;
    return (c: RequestContext): Response => answer(c, (made ??= make()), serversOf(originOf(askedOf(c))));
  };
  return [
    described(
      OPENAPI,
      serve(() => openapi({ operations, dialects, settings, version }), httpServers),
    ),
    described(
      ASYNCAPI,
      serve(() => asyncapi({ dialects, settings, version }), socketServers),
    ),
  ];
}

/** The same document, asked for at the same address, is the same text. */
function answer(c: RequestContext, document: object, servers: object): Response {
  const text = JSON.stringify({ ...document, servers });
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  const headers = { etag, "cache-control": "no-cache", "x-content-type-options": "nosniff" };
  const known = c.req.header("if-none-match")?.split(/\s*,\s*/);
  if (known?.includes(etag)) return new Response(null, { status: 304, headers });
  return new Response(text, { headers: { ...headers, "content-type": "application/json" } });
}

import { refuse } from "../core/errors.ts";
import type { HttpDeps, RequestContext } from "./context.ts";
import type { PageFile } from "./page-file.ts";
import { problem } from "./problem.ts";
import type { Route } from "./routes.ts";

/** Everything comes from this server, and nothing runs that is not a file of it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
} as const;

/** A year: such an address never gets another content. */
const FOREVER = "public, max-age=31536000, immutable";

/** Addresses that are spelled in more than one way, and the one that answers. */
const REDIRECTS: Readonly<Record<string, string>> = {
  "/": "/console/",
};

const PAGES = ["/console", "/console/assets/:file", "/docs", "/websocket_test.html", "/dragoman-client.js"];

/** The console, the documentation, the page to try sockets with, and the client for pages. */
export const pageRoutes = (deps: Pick<HttpDeps, "pages">): readonly Route[] => [
  ...Object.entries(REDIRECTS).map(([path, to]): Route => ({
    method: "GET",
    path,
    handle: (c) => c.redirect(to, 302),
  })),
  ...PAGES.map((path): Route => ({ method: "GET", path, handle: (c) => page(c, deps) })),
];

async function page(c: RequestContext, { pages }: Pick<HttpDeps, "pages">): Promise<Response> {
  // Hono's own path is without the slash at the end.
  const { pathname } = new URL(c.req.url);
  if (pathname === "/console") return c.redirect("/console/", 302);
  const file = await pages(pathname === "/docs/" ? "/docs" : pathname);
  return file === null ? problem(refuse("NOT_FOUND")) : answer(c, file);
}

function answer(c: RequestContext, { type, bytes, etag, immutable }: PageFile): Response {
  const headers = { ...HEADERS, etag, "cache-control": immutable ? FOREVER : "no-cache" };
  const known = c.req.header("if-none-match")?.split(/\s*,\s*/);
  if (known?.includes(etag)) return new Response(null, { status: 304, headers });
  return new Response(bytes, { headers: { ...headers, "content-type": type } });
}

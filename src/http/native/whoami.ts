import { z } from "zod";
import type { Operation } from "../../core/endpoint.ts";
import { isRefusal } from "../../core/errors.ts";
import { toWireId, wireId } from "../../core/ids.ts";
import { isTrusted } from "../address.ts";
import { askedOf, type HttpDeps, type RequestContext } from "../context.ts";
import type { Identify } from "../identify.ts";
import { createOriginOf } from "../origin.ts";
import { problem } from "../problem.ts";
import { described, type Route } from "../routes.ts";

const WHOAMI: Operation = {
  method: "GET",
  path: "/api/v1/whoami",
  operation: "getWhoami",
  tag: "Operations",
  summary: "Who asks, and from where, as the server sees it.",
  description: [
    "`address` is what rates and limits count. `forwarded` says what became of X-Forwarded-For: `believed`",
    "(a proxy of TRUSTED_PROXIES sent it), `ignored` (somebody else did), `missing` (such a proxy sent none),",
    "or `none`. `dragoman doctor --url` makes findings of it.",
  ].join("\n"),
  status: 200,
  proof: "any",
  response: z.object({
    kind: z
      .enum(["user", "key"])
      .meta({ description: "By what you are known: a token of a user, or a service key." }),
    id: wireId.meta({ description: "Of a user the id, of a key its id." }),
    username: z.string().meta({ description: "Of a user the name in the token, of a key its name." }),
    address: z.string().meta({ description: "Yours, as rates and limits count it: of IPv6 the /64." }),
    forwarded: z
      .enum(["believed", "ignored", "missing", "none"])
      .meta({ description: "What became of X-Forwarded-For." }),
    host: z.string().meta({ description: "The server's name, as the client asked for it." }),
    secure: z.boolean().meta({ description: "Whether the client speaks https, as far as is known here." }),
  }),
  examples: {
    alice: {
      answer: {
        kind: "user",
        id: 101,
        username: "alice",
        address: "203.0.113.9",
        forwarded: "believed",
        host: "rt.example.com",
        secure: true,
      },
    },
  },
};

/** `GET /api/v1/whoami`: for whoever sets up a proxy. */
export function whoamiRoutes(deps: Pick<HttpDeps, "settings">, identify: Identify): readonly Route[] {
  const { trustedProxies } = deps.settings;
  const originOf = createOriginOf(trustedProxies);
  const trusted = isTrusted(trustedProxies);
  const forwardedOf = (c: RequestContext): "believed" | "ignored" | "missing" | "none" => {
    const given = c.req.header("x-forwarded-for") !== undefined;
    const believed = trusted(askedOf(c).peer);
    return given ? (believed ? "believed" : "ignored") : believed ? "missing" : "none";
  };
  return [
    described(WHOAMI, async (c) => {
      const who = await identify.request(c, "any");
      if (isRefusal(who)) return problem(who);
      const seen = {
        kind: who.kind,
        id: toWireId(who.id),
        username: who.username,
        address: identify.addressOf(c),
        forwarded: forwardedOf(c),
        ...originOf(askedOf(c)),
      };
      return c.json(seen, 200, { "cache-control": "no-store" });
    }),
  ];
}

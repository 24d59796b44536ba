import { z } from "zod";
import type { Operation } from "../../core/endpoint.ts";
import { ERRORS, type Refusal, isRefusal, refuse } from "../../core/errors.ts";
import { timestamp, wireId } from "../../core/ids.ts";
import type { Principal } from "../../core/principal.ts";
import { check, jsonOf, readBody } from "../body.ts";
import type { HttpDeps, RequestContext } from "../context.ts";
import { isHere } from "../here.ts";
import { type Identify, anonymous, limited } from "../identify.ts";
import { problem } from "../problem.ts";
import { described, type Route } from "../routes.ts";
import { optional } from "./schemas.ts";

/** Whoever signs in so is this user. */
const ADMIN_ID = "admin";
const TTL_SECONDS = 12 * 3600;

const setupBody = z.object({ code: optional(z.string().min(1).max(200)) });

const SETUP: Operation = {
  method: "POST",
  path: "/api/v1/admin/setup",
  operation: "signIntoConsole",
  tag: "Admin",
  summary:
    "A token of 12 hours for the console's first admin, for the code that the server's terminal shows.",
  description: [
    "`dragoman serve` prints the code as part of a link to the console; it works once, for 30 minutes. With",
    "`dragoman dev` the code may be left out on the same machine.",
  ].join("\n"),
  status: 201,
  proof: "none",
  body: setupBody,
  response: z.object({
    token: z.string().meta({ description: "An admin's, for Authorization: Bearer." }),
    expires_at: timestamp.meta({ description: "When it ends." }),
    user: z
      .object({ id: wireId, username: z.string().meta({ description: "His name." }) })
      .meta({ description: "Whom it makes you." }),
  }),
  refuses: ["SETUP_INVALID", "CONFLICT", "TOO_LARGE"],
  examples: {
    code: {
      body: { code: "WmR2b0p4Z1h0cUt3U2pLdE5yQm1VYUZlSGlZcEdsQ3c" },
      answer: {
        token: "<token>",
        expires_at: "2026-01-31T21:00:00.000Z",
        user: { id: "admin", username: "admin" },
      },
    },
  },
};

type SetupDeps = Pick<HttpDeps, "hub" | "office" | "rates" | "settings" | "setup">;

/** `POST /api/v1/admin/setup`: how somebody becomes an admin who has no token yet. */
export const setupRoutes = (deps: SetupDeps, identify: Identify): readonly Route[] => [
  described(SETUP, (c) => signIn(c, deps, identify)),
];

async function signIn(c: RequestContext, deps: SetupDeps, identify: Identify): Promise<Response> {
  const asking = await identify.request(c, "none");
  if (isRefusal(asking)) return problem(asking);
  const body = await readBody(c, deps.settings.maxBodyBytes);
  if (isRefusal(body)) return problem(body);
  const json = jsonOf(body);
  if (isRefusal(json)) return problem(json);
  const given = check(setupBody, json.value);
  if (isRefusal(given)) return problem(given);
  const { office } = deps;
  const order = { user_id: ADMIN_ID, username: ADMIN_ID, admin: true, ttl_seconds: TTL_SECONDS };
  // It says why not; no code could help here.
  if (!office.signs) return answer(await office.mint(order));
  const refusal = refused(c, given.value.code, deps, identify);
  if (refusal !== null) return problem(refusal);
  deps.hub.note({
    kind: "admin",
    who: ADMIN,
    address: identify.addressOf(c),
    cause: "console.sign_in",
    detail: given.value.code === undefined ? "on this machine" : "with the code",
  });
  return answer(await office.mint(order));
}

const ADMIN: Principal = { ...anonymous(ADMIN_ID), kind: "user", admin: true };

const answer = (made: { readonly token: string; readonly expires_at: string } | Refusal): Response =>
  isRefusal(made)
    ? problem(made)
    : Response.json(
        { ...made, user: { id: ADMIN_ID, username: ADMIN_ID } },
        { status: 201, headers: { "cache-control": "no-store" } },
      );

/** Wrong codes are counted as failed logins are; the right one always passes. */
function refused(
  c: RequestContext,
  code: string | undefined,
  { hub, rates, setup }: SetupDeps,
  identify: Identify,
): Refusal | null {
  if (code === undefined) return setup.open && isHere(c) ? null : refuse("SETUP_INVALID", CODE_MISSING);
  if (setup.redeem(code)) return null;
  const address = identify.addressOf(c);
  const slow = limited(rates.logins.take(address), "logins");
  if (slow !== null) return slow;
  hub.note({ kind: "login_failed", address, endpoint: `POST ${SETUP.path}`, cause: "SETUP_INVALID" });
  return refuse("SETUP_INVALID");
}

const CODE_MISSING = `Send the code of the link that the server's terminal shows. ${ERRORS.SETUP_INVALID.detail.replace(/^.*?\. /, "")}`;

import type { Command, MaybePromise } from "../core/command.ts";
import { type Endpoint, type EndpointInput, proofOf } from "../core/endpoint.ts";
import { type Refusal, isRefusal, refuse } from "../core/errors.ts";
import { countAnswer } from "../core/meters.ts";
import type { Principal } from "../core/principal.ts";
import type { Once } from "../store/store.ts";
import { check, jsonOf, readBody } from "./body.ts";
import { askedOf, type HttpDeps, type RequestContext } from "./context.ts";
import { isRepeatable, onceOf } from "./idempotency.ts";
import type { Identify } from "./identify.ts";
import { problem } from "./problem.ts";
import type { Route } from "./routes.ts";

/** Tables of endpoints as routes: proof, then schemas, then the command, then the answer. */
export function endpointRoutes(
  endpoints: readonly Endpoint[],
  deps: HttpDeps,
  identify: Identify,
): readonly Route[] {
  const asker = askerOf(deps, identify);
  return endpoints
    .filter((endpoint) => proofOf(endpoint, deps.settings) !== "off")
    .map((endpoint) => ({
      method: endpoint.method,
      path: endpoint.path,
      describes: endpoint,
      handle: (c) => timed(endpoint, deps, () => answer(c, endpoint, deps, identify, asker)),
    }));
}

type AskerOf = (c: RequestContext, endpoint: Endpoint) => Promise<Principal | Refusal>;

/**
 * Who asks. A token is no cookie, and its owner's page may be any; but what needs no proof at all
 * a browser would ask for whatever page it is on: there the page must be one that may connect, too.
 */
function askerOf(deps: HttpDeps, identify: Identify): AskerOf {
  const { settings, hub } = deps;
  return async (c, endpoint) => {
    const who = await identify.request(c, proofOf(endpoint, settings));
    if (isRefusal(who) || who.kind !== "anonymous") return who;
    const origin = identify.foreign(askedOf(c));
    if (origin === null) return who;
    const refusal = refuse("FORBIDDEN_ORIGIN");
    hub.note({
      kind: "refused",
      address: identify.addressOf(c),
      endpoint: `${endpoint.method} ${endpoint.path}`,
      cause: refusal.refused,
      detail: `Origin: ${origin}`,
    });
    return refusal;
  };
}

/** What changes something is timed beside the sockets' frames. */
async function timed(
  { method }: Endpoint,
  { meters }: HttpDeps,
  work: () => Promise<Response>,
): Promise<Response> {
  if (method === "GET") return work();
  const begunMs = performance.now();
  const response = await work();
  countAnswer(meters, begunMs);
  return response;
}

async function answer(
  c: RequestContext,
  endpoint: Endpoint,
  deps: HttpDeps,
  identify: Identify,
  asker: AskerOf,
): Promise<Response> {
  const who = await asker(c, endpoint);
  if (isRefusal(who)) return problem(who);
  const body = await bodyOf(c, endpoint, deps.settings.maxBodyBytes);
  if (isRefusal(body)) return problem(body);
  const input = inputOf(c, endpoint, who, body);
  if (isRefusal(input)) return problem(input);
  const command = endpoint.command(input);
  if (isRefusal(command)) return problem(command);
  const address = identify.addressOf(c);
  const once = isRepeatable(c, endpoint) ? onceOf(c, who, address, body, command) : undefined;
  return isRefusal(once) ? problem(once) : respond(endpoint, input, command, { once, address }, deps);
}

/** An answer is its asker's: a cache between, which may know neither keys nor tokens in addresses, keeps none. */
const UNKEPT = { "cache-control": "no-store" };

const EMPTY = new Uint8Array();

/** The body's bytes, where anything looks at them. */
const bodyOf = (
  c: RequestContext,
  endpoint: Endpoint,
  maxBytes: number,
): MaybePromise<Uint8Array<ArrayBuffer> | Refusal> =>
  endpoint.body === undefined && !isRepeatable(c, endpoint) ? EMPTY : readBody(c, maxBytes);

function inputOf(
  c: RequestContext,
  endpoint: Endpoint,
  who: Principal,
  bytes: Uint8Array<ArrayBuffer>,
): EndpointInput<unknown, unknown, unknown> | Refusal {
  const params = endpoint.params === undefined ? { value: {} } : check(endpoint.params, c.req.param());
  if (isRefusal(params)) return params;
  const query = endpoint.query === undefined ? { value: {} } : check(endpoint.query, c.req.query());
  if (isRefusal(query)) return query;
  const ifMatch = c.req.header("if-match");
  const asked = { params: params.value, query: query.value, who, ifMatch };
  if (endpoint.body === undefined) return { ...asked, body: undefined };
  const given = jsonOf(bytes);
  if (isRefusal(given)) return given;
  const body = check(endpoint.body, given.value, endpoint.required);
  if (isRefusal(body)) return body;
  return { ...asked, body: body.value };
}

async function respond(
  endpoint: Endpoint,
  input: EndpointInput<unknown, unknown, unknown>,
  command: Command,
  delivery: { readonly once: Once | undefined; readonly address: string },
  deps: HttpDeps,
): Promise<Response> {
  const reply = await deps.hub.execute(input.who, command.name as never, command.args as never, delivery);
  if (isRefusal(reply)) return problem(reply);
  const answer = endpoint.answer(reply, input);
  if (isRefusal(answer)) return problem(answer);
  const { status, headers = {} } = answer;
  return answer.body === undefined
    ? new Response(null, { status, headers })
    : Response.json(answer.body, { status, headers: { ...UNKEPT, ...headers } });
}

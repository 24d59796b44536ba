import type { Hono } from "hono";
import { type DialectSettings, type Endpoint, type EndpointInput, type Proof } from "../core/endpoint.ts";
import { type Refusal, isRefusal } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import { check, readBody } from "./body.ts";
import type { Env, HttpDeps, RequestContext } from "./context.ts";
import type { Identify } from "./identify.ts";
import { problem } from "./problem.ts";

const proofOf = (endpoint: Endpoint, settings: DialectSettings): Proof =>
  typeof endpoint.proof === "function" ? endpoint.proof(settings) : endpoint.proof;

/** Mounts tables of endpoints: proof, then schemas, then the command, then the answer. */
export function mountEndpoints(
  app: Hono<Env>,
  endpoints: readonly Endpoint[],
  deps: HttpDeps,
  identify: Identify,
): void {
  for (const endpoint of endpoints) {
    app.on(endpoint.method, endpoint.path, async (c) => {
      const who = await identify.request(c, proofOf(endpoint, deps.settings));
      if (isRefusal(who)) return problem(who);
      const input = await inputOf(c, endpoint, who, deps.settings.maxBodyBytes);
      return isRefusal(input) ? problem(input) : respond(endpoint, input, deps);
    });
  }
}

async function inputOf(
  c: RequestContext,
  endpoint: Endpoint,
  who: Principal,
  maxBytes: number,
): Promise<EndpointInput<unknown, unknown, unknown> | Refusal> {
  const params = endpoint.params === undefined ? { value: {} } : check(endpoint.params, c.req.param());
  if (isRefusal(params)) return params;
  const query = endpoint.query === undefined ? { value: {} } : check(endpoint.query, c.req.query());
  if (isRefusal(query)) return query;
  if (endpoint.body === undefined) return { params: params.value, query: query.value, body: undefined, who };
  const given = await readBody(c, maxBytes);
  if (isRefusal(given)) return given;
  const body = check(endpoint.body, given.value, endpoint.required);
  if (isRefusal(body)) return body;
  return { params: params.value, query: query.value, body: body.value, who };
}

async function respond(
  endpoint: Endpoint,
  input: EndpointInput<unknown, unknown, unknown>,
  deps: HttpDeps,
): Promise<Response> {
  const command = endpoint.command(input);
  if (isRefusal(command)) return problem(command);
  const reply = await deps.hub.execute(input.who, command.name as never, command.args as never);
  if (isRefusal(reply)) return problem(reply);
  const answer = endpoint.answer(reply, input);
  if (isRefusal(answer)) return problem(answer);
  return answer.body === undefined
    ? new Response(null, { status: answer.status })
    : Response.json(answer.body, { status: answer.status });
}

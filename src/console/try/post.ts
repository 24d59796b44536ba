/** Asks the server over HTTP, and keeps of the answer what a person looks at. */
import { parseJson } from "../../core/json.ts";
import { type HttpTarget, filled } from "./addresses.ts";

export interface Outcome {
  readonly status: number;
  /** RFC 9110's name of the status. */
  readonly title: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
  readonly ms: number;
}

/** Those that say something about this answer; the rest is the same everywhere. */
const HEADERS = [
  "content-type",
  "location",
  "etag",
  "retry-after",
  "www-authenticate",
  "allow",
  "idempotency-replayed",
];

/** Throws where nobody answers. */
export async function post(origin: string, target: HttpTarget): Promise<Outcome> {
  const start = performance.now();
  const response = await fetch(origin + filled(target.path, target.values), {
    method: target.method,
    headers: {
      ...(target.proof === null ? {} : { authorization: `Bearer ${target.proof}` }),
      ...(target.body === "" ? {} : { "content-type": "application/json" }),
    },
    ...(target.body === "" ? {} : { body: target.body }),
  });
  const body = await response.text();
  return {
    status: response.status,
    title: response.statusText,
    headers: HEADERS.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    }),
    body,
    json: parseJson(body),
    ms: performance.now() - start,
  };
}

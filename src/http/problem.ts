import { ERRORS, type Refusal, problemType } from "../core/errors.ts";
import type { Counted } from "../core/meters.ts";

/** What RFC 9457 calls a problem. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

const problemOf = (refusal: Refusal, status: number = ERRORS[refusal.refused].status): Problem => ({
  type: problemType(refusal.refused),
  title: ERRORS[refusal.refused].title,
  status,
  detail: refusal.detail,
  ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
});

/** An answer that knows what it refuses. */
export class ProblemResponse extends Response {
  readonly refusal: Counted;
  constructor(refusal: Counted, body: string, init: ResponseInit) {
    super(body, init);
    this.refusal = refusal;
  }
}

/**
 * A refusal as `application/problem+json` (RFC 9457). `status` where a dialect's document asks
 * for another one than the table's.
 */
export function problem(
  refusal: Refusal,
  status?: number,
  headers: Readonly<Record<string, string>> = {},
): ProblemResponse {
  const body = problemOf(refusal, status);
  return new ProblemResponse(refusal, JSON.stringify(body), {
    status: body.status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(refusal.retryAfter === undefined
        ? {}
        : { "retry-after": String(Math.max(1, Math.ceil(refusal.retryAfter))) }),
      ...(body.status === 401 ? { "www-authenticate": "Bearer" } : {}),
      ...headers,
    },
  });
}

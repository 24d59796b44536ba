import { asError, clientError, DragomanError, type FieldError } from "./errors.ts";
import type { Fetch } from "./options.ts";
import type { Proof, Tokens } from "./tokens.ts";

type QueryValue = string | number | boolean | null | undefined;

export interface RequestOptions {
  /** Added to the address; what is null or undefined is left out. */
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Of a POST: the same answer for 24 hours, and done once, however often it is asked. */
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Requests with the client's proof. They resolve with the parsed body (undefined where there is
 * none) and reject with a DragomanError: the server's problem (RFC 9457), or `UNREACHABLE`. A
 * refused token is renewed once where there is a callback. Paths begin at the server:
 * `/api/v1/notifications`.
 */
export interface Http {
  get<T = unknown>(path: string, options?: RequestOptions): Promise<T>;
  post<T = unknown>(path: string, body?: unknown, options?: RequestOptions): Promise<T>;
  put<T = unknown>(path: string, body?: unknown, options?: RequestOptions): Promise<T>;
  patch<T = unknown>(path: string, body?: unknown, options?: RequestOptions): Promise<T>;
  delete<T = unknown>(path: string, options?: RequestOptions): Promise<T>;
  /** The same, before anything is read of the answer. Rejects where its status is none of 200 to 299. */
  raw(path: string, init?: RequestInit, options?: RequestOptions): Promise<Response>;
}

export const proofHeaders = ({ token, key }: Proof): Record<string, string> => {
  if (key !== undefined) return { "x-api-key": key };
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
};

export function createHttp(url: string, fetch: Fetch, tokens: Tokens): Http {
  async function raw(path: string, init: RequestInit = {}, options: RequestOptions = {}): Promise<Response> {
    const ask = async (): Promise<Response> => {
      const headers = {
        ...proofHeaders(await tokens.proof()),
        ...(options.idempotencyKey === undefined ? {} : { "idempotency-key": options.idempotencyKey }),
        ...(init.headers as Record<string, string> | undefined),
        ...options.headers,
      };
      const signal = options.signal ?? init.signal ?? null;
      return fetch(url + path + queryOf(options.query), { ...init, headers, signal });
    };
    try {
      let response = await ask();
      if (response.status === 401 && tokens.renewable) {
        await tokens.renew();
        response = await ask();
      }
      if (response.ok) return response;
      throw await problemOf(response);
    } catch (fault) {
      if (fault instanceof DragomanError || options.signal?.aborted === true) throw fault;
      throw clientError("UNREACHABLE", { cause: fault });
    }
  }

  async function send<T>(
    method: string,
    path: string,
    body: unknown,
    options: RequestOptions | undefined,
  ): Promise<T> {
    const response = await raw(
      path,
      body === undefined
        ? { method }
        : { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
      options,
    );
    try {
      const text = await response.text();
      return (text === "" ? undefined : JSON.parse(text)) as T;
    } catch (fault) {
      throw asError(fault);
    }
  }

  return {
    get: (path, options) => send("GET", path, undefined, options),
    post: (path, body, options) => send("POST", path, body, options),
    put: (path, body, options) => send("PUT", path, body, options),
    patch: (path, body, options) => send("PATCH", path, body, options),
    delete: (path, options) => send("DELETE", path, undefined, options),
    raw,
  };
}

function queryOf(query: RequestOptions["query"]): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null) params.set(name, String(value));
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
}

const TYPE = "urn:dragoman:error:";

/** What an answer says went wrong; a proxy's answer has no more than its status. */
export async function problemOf(response: Response): Promise<DragomanError> {
  const body = (await response.json().catch(() => ({}))) as Problem | null;
  const { type = "", title, detail, errors } = body ?? {};
  const code = type.startsWith(TYPE) ? type.slice(TYPE.length).toUpperCase().replaceAll("-", "_") : null;
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new DragomanError(
    code ?? `HTTP_${response.status}`,
    detail ?? title ?? `The server, or a proxy before it, answered ${response.status}.`,
    { status: response.status, errors, retryAfter: Number.isFinite(seconds) ? seconds : undefined },
  );
}

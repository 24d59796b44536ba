/** A request that was not answered as hoped. `message` is for the reader: what happened and what to do. */
export class ApiError extends Error {
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly errors: readonly { readonly path: string; readonly message: string }[];

  constructor(status: number, detail: string, errors: ApiError["errors"] = []) {
    super([detail, ...errors.map(({ path, message }) => `${path}: ${message}`)].join(" "));
    this.status = status;
    this.errors = errors;
  }
}

export interface HttpHooks {
  /** The proof of whoever is signed in. */
  readonly proof: () => string | null;
  /** No answer came, or the server is going down. */
  readonly away: (why: string) => void;
  /** The proof is not, or no longer, good. */
  readonly refused: (why: string) => void;
}

export interface Asking {
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Another proof than that of whoever is signed in; null for none. Its refusal ends nobody's session. */
  readonly proof?: string | null;
}

export interface Http {
  /** The parsed answer; undefined of 204. Throws an ApiError, or what `signal` was ended with. */
  ask<T>(method: string, path: string, asking?: Asking): Promise<T>;
  /** An answer that goes on: its body is read by the caller. Throws likewise. */
  stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

const NO_ANSWER = "The server does not answer.";

const headersOf = (proof: string | null, more: Readonly<Record<string, string>> = {}): Headers => {
  const headers = new Headers(more);
  if (proof !== null) headers.set("authorization", `Bearer ${proof}`);
  return headers;
};

/** Speaks to `/api/v1` of the server that the page came from. The proof goes in a header, never in an address. */
export function createHttp({ proof, away, refused }: HttpHooks): Http {
  async function send(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(`/api/v1${path}`, { ...init, cache: "no-store" });
    } catch (fault) {
      if (init.signal?.aborted === true) throw fault;
      away(NO_ANSWER);
      throw new ApiError(0, NO_ANSWER);
    }
  }

  /** `own`: it was asked with the session's proof. */
  async function failure(response: Response, own: boolean): Promise<ApiError> {
    const error = await errorOf(response);
    if (AWAY.has(error.status)) away(error.message);
    if (own && error.status === 401) refused(error.message);
    return error;
  }

  return {
    async ask<T>(method: string, path: string, { body, signal, proof: other }: Asking = {}): Promise<T> {
      const more = body === undefined ? {} : { "content-type": "application/json" };
      const response = await send(path, {
        method,
        headers: headersOf(other === undefined ? proof() : other, more),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
      if (!response.ok) throw await failure(response, other === undefined);
      const text = await response.text();
      return (text === "" ? undefined : JSON.parse(text)) as T;
    },
    async stream(path, signal) {
      const response = await send(path, {
        signal,
        headers: headersOf(proof(), { accept: "text/event-stream" }),
      });
      if (!response.ok || response.body === null) throw await failure(response, true);
      return response.body;
    },
  };
}

/** Of a server that goes down, or a proxy that does not find it. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  try {
    const problem = JSON.parse(text) as Partial<ApiError> & { readonly detail?: string };
    if (typeof problem.detail === "string")
      return new ApiError(response.status, problem.detail, problem.errors);
  } catch {
    // Not this server's answer: a proxy's page.
  }
  return new ApiError(
    response.status,
    `The server answered ${response.status} ${response.statusText}.`.trim(),
  );
}

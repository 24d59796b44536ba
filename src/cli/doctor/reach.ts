import type { Proof } from "../lib/proof.ts";
import { localAccess } from "../lib/remote.ts";

const TIMEOUT_MS = 10_000;

export interface PublicOptions {
  readonly url: URL;
  /** As whom; null where nobody is known. */
  readonly proof: Proof | null;
  /** How long an idle socket is watched; 0 is not at all. */
  readonly patientMs: number;
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/** How the server is asked from outside. */
export interface Reach extends Required<PublicOptions> {
  readonly headers: Readonly<Record<string, string>>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

export function reachOf(options: PublicOptions): Reach {
  const { url, proof, timeoutMs = TIMEOUT_MS, now = Date.now } = options;
  const headers: Record<string, string> =
    proof === null
      ? {}
      : proof.token === undefined
        ? { "x-api-key": proof.key ?? "" }
        : { authorization: `Bearer ${proof.token()}` };
  const base = url.href.replace(/\/$/, "");
  return {
    ...options,
    timeoutMs,
    now,
    headers,
    get: (path, more = {}) =>
      fetch(`${base}${path}`, {
        headers: more,
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
        ...localAccess(url),
      }),
  };
}

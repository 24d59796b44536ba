import type { DragomanError } from "./errors.ts";

/** How a connection ended, whatever it went over. */
export interface End {
  /** The server's close code; null where it gave none: it could not be reached, or the line broke. */
  readonly code: number | null;
  readonly reason: string;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * What follows: `stop` for good; `renew`: once more with a fresh token, else stop; `wait` as long
 * as asked, and longer each time; `soon` after a short random delay; `backoff`.
 */
export type Act = "stop" | "renew" | "wait" | "soon" | "backoff";

interface Policy {
  readonly act: Act;
  readonly remedy: string;
}

const RENEW: Policy = { act: "renew", remedy: "Get a valid token and connect again." };
const WAIT_LESS: Policy = { act: "wait", remedy: "Send fewer frames a second." };
const ASK_ADMIN: Policy = { act: "stop", remedy: "Ask the administrator." };

/** By close code. What is not named here is tried again with backoff. */
const CLOSE_POLICY: Readonly<Record<number, Policy>> = {
  1001: { act: "soon", remedy: "The server goes away; connect again." },
  1003: { act: "stop", remedy: "The server does not take what was asked for." },
  1008: ASK_ADMIN,
  1009: { act: "backoff", remedy: "Send frames smaller than the server's MAX_MESSAGE_BYTES." },
  1012: { act: "soon", remedy: "The server restarts; connect again after a short random delay." },
  1013: { act: "soon", remedy: "Read faster, or listen to less; what was missed is told on resuming." },
  4401: RENEW,
  4403: { act: "stop", remedy: "Ask for membership of the room or workspace." },
  4429: { act: "wait", remedy: "Close another connection of this user, or wait." },
};

/** 1008 has many causes; its reason tells which. */
const BY_REASON: Readonly<Record<string, Policy>> = {
  "Token expired": RENEW,
  "Access removed": { act: "stop", remedy: "Access was taken away; ask for membership." },
  "Key revoked": { act: "stop", remedy: "The service key was revoked; use another one." },
  "Too many frames": WAIT_LESS,
  "Disconnected by an admin": ASK_ADMIN,
};

const OTHERS: Policy = { act: "backoff", remedy: "Connect again; the server's log may have the cause." };

export const policyOf = ({ code, reason }: Pick<End, "code" | "reason">): Policy =>
  (code === 1008 ? BY_REASON[reason] : undefined) ?? CLOSE_POLICY[code ?? 0] ?? OTHERS;

/** Refusals over HTTP, as the closes that a socket would have seen. */
const CODES: Readonly<Record<number, number>> = { 400: 1003, 401: 4401, 403: 4403, 429: 4429, 503: 1012 };

export const endOfProblem = ({ status, message, retryAfter }: DragomanError): End => ({
  code: CODES[status] ?? null,
  reason: message,
  retryAfterMs: retryAfter === undefined ? undefined : retryAfter * 1000,
});

import { CLOSES, type CloseCause, ENDS } from "./closes.ts";
import { ERRORS, type ErrorCode } from "./errors.ts";

/**
 * What the security log tells: a socket came, was refused at the door, ended; a bad proof over
 * HTTP; a key that was used; what an admin or key did to others, or was given; and how much was left
 * out because too much happened at once.
 */
export const SECURITY_KINDS = [
  "connected",
  "refused",
  "closed",
  "login_failed",
  "key_used",
  "admin",
  "dropped",
] as const;
export type SecurityKind = (typeof SECURITY_KINDS)[number];

/** One line of the log. Never a token, a key or a ticket, nor an address (URL) that may hold one. */
export interface SecurityEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: SecurityKind;
  /** Only of a user with a proof; what somebody merely claims to be is not written down. */
  readonly user_id: string | null;
  /** Of the client. */
  readonly address: string | null;
  readonly dialect: string | null;
  /** The socket's name, or method and path of a request, with the parameters' names. */
  readonly endpoint: string | null;
  /** Of what was closed. */
  readonly close_code: number | null;
  /** Of what was closed by the server a CloseCause, of other ends one of ENDS, of what was refused an ErrorCode, of an admin's act its name. */
  readonly cause: string | null;
  readonly detail: string | null;
}

export interface StoredSecurityEntry extends SecurityEntry {
  readonly id: number;
}

export interface SecurityView extends StoredSecurityEntry {
  /** What the client or its owner can do about it. */
  readonly remedy: string | null;
}

/** Newest first. */
export interface SecurityPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly kind?: SecurityKind | undefined;
  readonly user_id?: string | undefined;
  readonly cause?: string | undefined;
  /** As it is counted: of IPv6 the /64. */
  readonly address?: string | undefined;
}

/** Looked up when it is read, so that an older entry has the newest advice. */
export function remedyOf(cause: string | null): string | null {
  if (cause === null) return null;
  if (Object.hasOwn(CLOSES, cause)) return CLOSES[cause as CloseCause].remedy;
  if (Object.hasOwn(ENDS, cause)) return ENDS[cause as keyof typeof ENDS].remedy;
  return Object.hasOwn(ERRORS, cause) ? ERRORS[cause as ErrorCode].detail : null;
}

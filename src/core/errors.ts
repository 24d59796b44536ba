import type { Bound } from "./bounds.ts";

/**
 * Every refusal the server can give, in one table: the HTTP status, a title (RFC 9457) and the
 * default detail, which says what to do. Dialects word some of them in their own way.
 */
export const ERRORS = {
  BAD_REQUEST: { status: 400, title: "Bad request", detail: "The request cannot be understood." },
  BAD_JSON: { status: 400, title: "Bad request", detail: "The body is not valid JSON. Send a JSON object." },
  BAD_FIELDS: {
    status: 400,
    title: "Bad request",
    detail: "Some fields are missing or have the wrong type; see errors.",
  },
  BAD_ROOM: {
    status: 400,
    title: "Bad request",
    detail: "Invalid room format. Use type:id, for example channel:9.",
  },
  NO_TARGET: {
    status: 400,
    title: "Bad request",
    detail: "A service key has no user of its own: name target_user_ids or user_id.",
  },
  TOKEN_MISSING: {
    status: 401,
    title: "Not authenticated",
    detail: "No token was given. Send Authorization: Bearer <token> or ?token=<token>.",
  },
  TOKEN_INVALID: { status: 401, title: "Not authenticated", detail: "The token is not valid here." },
  TOKEN_EXPIRED: {
    status: 401,
    title: "Not authenticated",
    detail: "The token has expired. Get a fresh one.",
  },
  KEY_INVALID: {
    status: 401,
    title: "Not authenticated",
    detail: "The service key is not known here. Create one with: dragoman key create <name>",
  },
  TICKET_INVALID: {
    status: 401,
    title: "Not authenticated",
    detail: "The ticket is unknown, used or older than 30 s. Get a fresh one: POST /api/v1/tickets",
  },
  SETUP_INVALID: {
    status: 401,
    title: "Not authenticated",
    detail:
      "This code is not valid here: it works once, for 30 minutes. Restart the server for a new one, or sign in with a token: dragoman token admin --admin",
  },
  FORBIDDEN: { status: 403, title: "Forbidden", detail: "You don't have access to this." },
  FORBIDDEN_ORIGIN: {
    status: 403,
    title: "Forbidden",
    detail: "This origin is not allowed. Add it to CORS_ORIGINS.",
  },
  NOT_FOUND: { status: 404, title: "Not found", detail: "There is nothing at this address." },
  CONFLICT: { status: 409, title: "Conflict", detail: "This already exists or has changed meanwhile." },
  TOO_LARGE: { status: 413, title: "Too large", detail: "The body is larger than MAX_BODY_BYTES." },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: "Method not allowed",
    detail: "This address does not answer that method.",
  },
  UPGRADE_REQUIRED: {
    status: 426,
    title: "Upgrade required",
    detail: "This is a WebSocket address. Connect with ws:// or wss://.",
  },
  TOO_MANY_CONNECTIONS: {
    status: 429,
    title: "Too many connections",
    detail:
      "This user has as many connections here as allowed. Close one, or raise MAX_CONNECTIONS_PER_USER.",
  },
  IDEMPOTENCY_MISMATCH: {
    status: 422,
    title: "Idempotency key reused",
    detail: "This Idempotency-Key was used here with another body. Use a fresh key for a new request.",
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    title: "Too many requests",
    detail: "Slow down and try again after the time in Retry-After.",
  },
  NOT_IN_ROOM: { status: 403, title: "Forbidden", detail: "Join the room before sending to it." },
  STORE_FULL: {
    status: 507,
    title: "Store full",
    detail: "The store cannot take more. Free disk space; nothing was lost or half done.",
  },
  SHUTTING_DOWN: {
    status: 503,
    title: "Restarting",
    detail: "The server is going down. Try again in a moment.",
  },
  INTERNAL: {
    status: 500,
    title: "Internal error",
    detail: "Something failed here. The log has it under the request's time.",
  },
} as const satisfies Record<string, { status: number; title: string; detail: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** A stable address for each error, that tells programs apart what people read in the title. */
export const problemType = (code: ErrorCode): string =>
  `urn:dragoman:error:${code.toLowerCase().replaceAll("_", "-")}`;

/** One bad field of a request. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** An expected "no": a value that is returned, not thrown. */
export interface Refusal {
  readonly refused: ErrorCode;
  /** One line for the reader: what is wrong and what to do. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  /** Seconds after which another try makes sense. */
  readonly retryAfter?: number;
  /** Which bound was met; told by the metrics, not to the client. */
  readonly bound?: Bound;
}

export const refuse = (
  code: ErrorCode,
  detail: string = ERRORS[code].detail,
  more: { errors?: readonly FieldError[]; retryAfter?: number; bound?: Bound } = {},
): Refusal => ({ refused: code, detail, ...more });

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === "object" && value !== null && "refused" in value;

/** One bad field of a request. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** Codes that the client gives by itself; all others are the server's (`FORBIDDEN`, `NOT_FOUND`, …). */
export const CLIENT_ERRORS = {
  UNREACHABLE: "The server cannot be reached.",
  CLOSED: "The client was closed.",
  QUEUE_FULL: "Too many messages wait for the connection. Wait for some of them, or raise queueLimit.",
  TOO_LARGE: "The frame is larger than the server takes (MAX_MESSAGE_BYTES).",
  NO_WEBSOCKET:
    "This runtime has no WebSocket (Node has one from version 22). Give one: createClient({ WebSocket }), for example that of the package ws.",
} as const;

export interface ErrorDetails {
  readonly status?: number | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfter?: number | undefined;
  readonly closeCode?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Everything that fails. `message` says what happened and what to do; `code` is stable and for programs.
 */
export class DragomanError extends Error {
  override readonly name = "DragomanError";
  /** `FORBIDDEN`, `NOT_FOUND`, `CONFLICT`, … of the server; `UNREACHABLE`, `CLOSED`, `QUEUE_FULL`, … of the client. */
  readonly code: string;
  /** The HTTP status; 0 where there was no answer over HTTP. */
  readonly status: number;
  /** Bad fields of the request. */
  readonly errors: readonly FieldError[];
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | undefined;
  /** Where a socket's end is the reason: its close code. */
  readonly closeCode: number | undefined;

  constructor(code: string, detail: string, details: ErrorDetails = {}) {
    super(detail, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status ?? 0;
    this.errors = details.errors ?? [];
    this.retryAfter = details.retryAfter;
    this.closeCode = details.closeCode;
  }

  /** The same as `message`: one line for the reader. */
  get detail(): string {
    return this.message;
  }
}

export const clientError = (code: keyof typeof CLIENT_ERRORS, details?: ErrorDetails): DragomanError =>
  new DragomanError(code, CLIENT_ERRORS[code], details);

export const asError = (fault: unknown): DragomanError =>
  fault instanceof DragomanError ? fault : clientError("UNREACHABLE", { cause: fault });

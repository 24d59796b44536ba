import type { z } from "zod";
import type { Command, CommandName, CommandReply } from "./command.ts";
import type { ErrorCode, Refusal } from "./errors.ts";
import type { Principal } from "./principal.ts";

/**
 * Who may ask: nobody in particular, any token or key, an admin or key (others are answered 403,
 * or, of `operator`, 401: such a proof is missing); `off` answers 404.
 */
export type Proof = "none" | "any" | "privileged" | "operator" | "off";

/** The settings that a dialect's or endpoint's rules may depend on. */
export interface DialectSettings {
  readonly diary: "open" | "token" | "off";
  readonly broadcast: "users" | "admins";
  readonly forbiddenJoin: "close" | "error";
}

export interface EndpointInput<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly who: Principal;
  /** The request's `If-Match` header. */
  readonly ifMatch?: string | undefined;
}

export interface EndpointAnswer {
  readonly status: number;
  /** Undefined for 204. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One request as the documentation shows it, and the answer to it. A test sends each to a server
 * and holds the server's answer to it.
 */
export interface OperationExample {
  /** What it shows; the operation's own summary where left out. */
  readonly summary?: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer?: unknown;
}

/** Another answer than the usual one; no refusal, those are problems of the table in core/errors. */
export interface OtherAnswer {
  readonly status: number;
  readonly summary: string;
  /** `application/json` where left out. */
  readonly media?: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
}

/** What the documentation knows of one HTTP operation. Described by `contract/openapi`. */
export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/api/v1/workspaces/:id`. */
  readonly path: string;
  /** Its name for programs, never changed: `listWorkspaces`. */
  readonly operation: string;
  readonly summary: string;
  /** What does not fit into one line. */
  readonly description?: string;
  readonly tag: string;
  readonly proof: Proof | ((settings: DialectSettings) => Proof);
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  /** Request headers of this operation; the common ones are known. */
  readonly headers?: z.ZodType;
  readonly body?: z.ZodType;
  /** Body fields whose absence is told in one line: `Missing required fields: a, b`. */
  readonly required?: readonly string[];
  /** Schema of the answer's body. */
  readonly response?: z.ZodType;
  /** Media type of the answer; `application/json` where left out. */
  readonly media?: string;
  readonly status: number;
  readonly others?: readonly OtherAnswer[];
  /** `read`: the answer has the version as its ETag; `write`: `If-Match` may name it, too. */
  readonly versioned?: "read" | "write";
  /** False of a POST that stores nothing: an `Idempotency-Key` means nothing to it. */
  readonly repeatable?: boolean;
  /** Refusals of its own; those of proof, fields, size and rate are known. */
  readonly refuses?: readonly ErrorCode[];
  /** True where no rate counts it. */
  readonly uncounted?: boolean;
  readonly examples?: Readonly<Record<string, OperationExample>>;
}

/**
 * One HTTP endpoint as data: what validates it, the command it becomes and how the reply is
 * written. Mounted by `http/endpoints`.
 */
export interface Endpoint<
  N extends CommandName = CommandName,
  P = unknown,
  Q = unknown,
  B = unknown,
> extends Operation {
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  readonly command: (input: EndpointInput<P, Q, B>) => Command<N> | Refusal;
  readonly answer: (reply: CommandReply<N>, input: EndpointInput<P, Q, B>) => EndpointAnswer | Refusal;
}

/** Keeps the types of one endpoint while it is written, and forgets them for the table. */
export const endpoint = <N extends CommandName, P = unknown, Q = unknown, B = unknown>(
  definition: Endpoint<N, P, Q, B>,
): Endpoint => definition as unknown as Endpoint;

/** Who may ask, where that depends on settings. */
export const proofOf = (operation: Pick<Operation, "proof">, settings: DialectSettings): Proof =>
  typeof operation.proof === "function" ? operation.proof(settings) : operation.proof;

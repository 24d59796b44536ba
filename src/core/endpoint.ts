import type { z } from "zod";
import type { Command, CommandName, CommandReply } from "./command.ts";
import type { Refusal } from "./errors.ts";
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
 * One HTTP endpoint as data: what validates it, the command it becomes and how the reply is
 * written. Mounted by `http/endpoints`, described by `contract/openapi`.
 */
export interface Endpoint<N extends CommandName = CommandName, P = unknown, Q = unknown, B = unknown> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/api/v1/workspaces/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly proof: Proof | ((settings: DialectSettings) => Proof);
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** Body fields whose absence is told in one line: `Missing required fields: a, b`. */
  readonly required?: readonly string[];
  readonly command: (input: EndpointInput<P, Q, B>) => Command<N> | Refusal;
  readonly answer: (reply: CommandReply<N>, input: EndpointInput<P, Q, B>) => EndpointAnswer | Refusal;
  /** Schema of the answer's body, for the documentation. */
  readonly response?: z.ZodType;
  readonly status: number;
}

/** Keeps the types of one endpoint while it is written, and forgets them for the table. */
export const endpoint = <N extends CommandName, P = unknown, Q = unknown, B = unknown>(
  definition: Endpoint<N, P, Q, B>,
): Endpoint => definition as unknown as Endpoint;

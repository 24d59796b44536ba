import type { Operation, Proof } from "../core/endpoint.ts";
import { ERRORS, type ErrorCode, problemType } from "../core/errors.ts";

const BAD_PROOFS = [
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "TOKEN_EXPIRED",
  "KEY_INVALID",
  "TICKET_INVALID",
] as const;

/** What an endpoint of a table has and a route of its own has not: it becomes a command of the hub. */
const isCommand = (operation: Operation): boolean => "command" in operation;

/** `Idempotency-Key` is understood. */
export const isRepeatable = (operation: Operation): boolean =>
  operation.method === "POST" && isCommand(operation) && operation.repeatable !== false;

const hasFields = ({ params, query, headers, body, versioned }: Operation): boolean =>
  params !== undefined ||
  query !== undefined ||
  headers !== undefined ||
  body !== undefined ||
  versioned === "write";

/** Every refusal that an operation can give, in the order of the statuses. */
export function refusalsOf(operation: Operation, proof: Proof): readonly ErrorCode[] {
  const repeatable = isRepeatable(operation);
  const writes = operation.method !== "GET" && isCommand(operation);
  const codes: readonly (ErrorCode | false)[] = [
    operation.body !== undefined && "BAD_JSON",
    (hasFields(operation) || repeatable) && "BAD_FIELDS",
    ...(proof === "none" ? [] : BAD_PROOFS),
    proof === "privileged" && "FORBIDDEN",
    proof === "none" && isCommand(operation) && "FORBIDDEN_ORIGIN",
    ...(operation.refuses ?? []),
    (operation.body !== undefined || repeatable) && "TOO_LARGE",
    repeatable && "IDEMPOTENCY_MISMATCH",
    operation.uncounted !== true && "TOO_MANY_REQUESTS",
    operation.uncounted !== true && "INTERNAL",
    isCommand(operation) && "SHUTTING_DOWN",
    writes && "STORE_FULL",
  ];
  return [...new Set(codes.filter((code) => code !== false))].toSorted(
    (a, b) => ERRORS[a].status - ERRORS[b].status,
  );
}

/** A refusal's body, as `http/problem` writes it. */
const problemExample = (code: ErrorCode): object => ({
  type: problemType(code),
  title: ERRORS[code].title,
  status: ERRORS[code].status,
  detail: ERRORS[code].detail,
});

export const PROBLEM_SCHEMA = {
  type: "object",
  description: "RFC 9457.",
  properties: {
    type: { type: "string", format: "uri", description: "A stable name of the error, for programs." },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "One line for people: what is wrong and what to do." },
    errors: {
      type: "array",
      description: "The fields that are wrong (400).",
      items: {
        type: "object",
        properties: { path: { type: "string" }, message: { type: "string" } },
        required: ["path", "message"],
      },
    },
  },
  required: ["type", "title", "status", "detail"],
} as const;

/** Every error by its code: `x-errors` of the document. */
export const errorTable = (): Readonly<Record<string, object>> =>
  Object.fromEntries((Object.keys(ERRORS) as ErrorCode[]).map((code) => [code, problemExample(code)]));

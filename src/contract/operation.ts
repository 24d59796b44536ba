import type { z } from "zod";
import type { Operation, Proof } from "../core/endpoint.ts";
import { ERRORS, type ErrorCode } from "../core/errors.ts";
import { examplesOf } from "./examples.ts";
import { parametersOf } from "./parameters.ts";
import { refusalsOf } from "./refusals.ts";
import type { Writer } from "./schema.ts";
import { securityOf } from "./security.ts";

const JSON_TYPE = "application/json";
const PROBLEM_TYPE = "application/problem+json";

/** Statuses whose refusals are the same wherever they occur: described once. */
const SHARED_STATUSES = new Set([401, 413, 422, 429, 500, 503, 507]);

export interface OperationContext {
  readonly proof: Proof;
  /** The dialect that it belongs to; null where it is native. */
  readonly dialect: string | null;
  readonly writer: Writer;
}

/** `/api/v1/tasks/:id` as OpenAPI writes it. */
export const pathOf = (path: string): string => path.replaceAll(/:(\w+)/g, "{$1}");

/** One operation of the document. */
export function operationOf(operation: Operation, context: OperationContext): object {
  const { proof, dialect, writer } = context;
  const parameters = parametersOf(operation, writer);
  return {
    operationId: operation.operation,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    tags: [operation.tag],
    security: securityOf(proof),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(operation.body === undefined ? {} : { requestBody: requestOf(operation, operation.body, writer) }),
    responses: responsesOf(operation, context),
    "x-proof": proof,
    "x-dialect": dialect,
  };
}

function requestOf(operation: Operation, body: z.ZodType, writer: Writer): object {
  const schema = writer.write(body, "input");
  return {
    required: schema.required !== undefined || (operation.required ?? []).length > 0,
    content: { [JSON_TYPE]: { schema, ...examplesOf(operation, "body") } },
  };
}

const ETAG = { ETag: { $ref: "#/components/headers/ETag" } };

function responsesOf(operation: Operation, { proof, writer }: OperationContext): object {
  const { response, media = JSON_TYPE, status } = operation;
  const content =
    response === undefined
      ? {}
      : {
          content: {
            [media]: { schema: writer.write(response, "output"), ...examplesOf(operation, "answer") },
          },
        };
  const usual = {
    description: response === undefined ? "Done; there is nothing to say." : operation.summary,
    ...(operation.versioned === undefined || response === undefined ? {} : { headers: ETAG }),
    ...content,
  };
  const responses: Record<string, object> = { [status]: usual };
  for (const other of operation.others ?? []) {
    const { schema, example } = other;
    const body =
      schema === undefined
        ? {}
        : {
            [other.media ?? JSON_TYPE]: {
              schema: writer.write(schema, "output"),
              ...(example === undefined ? {} : { example }),
            },
          };
    responses[other.status] = merged(responses[other.status], other.summary, body);
  }
  const refusals = Object.groupBy(refusalsOf(operation, proof), (code) => ERRORS[code].status);
  for (const [refused, codes] of Object.entries(refusals))
    responses[refused] ??= SHARED_STATUSES.has(Number(refused))
      ? { $ref: `#/components/responses/Problem${refused}` }
      : problemResponse(codes ?? []);
  return responses;
}

/** Two media types of one status are one response. */
function merged(known: object | undefined, description: string, content: object): object {
  const before = known === undefined || !("content" in known) ? {} : (known.content as object);
  return { ...known, ...(known === undefined ? { description } : {}), content: { ...before, ...content } };
}

/** What is refused with one status. */
const problemResponse = (codes: readonly ErrorCode[]): object => ({
  description: [...new Set(codes.map((code) => ERRORS[code].title))].join(", "),
  content: {
    [PROBLEM_TYPE]: {
      schema: { $ref: "#/components/schemas/Problem" },
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
});

/** The responses that are described once. */
export const sharedResponses = (): Readonly<Record<string, object>> =>
  Object.fromEntries(
    [...SHARED_STATUSES].map((status) => {
      const codes = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => ERRORS[code].status === status);
      return [`Problem${status}`, withRetryAfter(status, problemResponse(codes))];
    }),
  );

const withRetryAfter = (status: number, response: object): object =>
  status === 429 || status === 503
    ? { ...response, headers: { "Retry-After": { $ref: "#/components/headers/RetryAfter" } } }
    : response;

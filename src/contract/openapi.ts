import { type DialectSettings, type Operation, proofOf } from "../core/endpoint.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { closeTable } from "./closes.ts";
import { operationOf, pathOf, sharedResponses } from "./operation.ts";
import { sharedParameters } from "./parameters.ts";
import { errorTable, PROBLEM_SCHEMA } from "./refusals.ts";
import { schemaWriter } from "./schema.ts";
import { HTTP_SECURITY_SCHEMES } from "./security.ts";
import { tagsOf } from "./tags.ts";

export interface OpenApiOptions {
  /** Every operation that is mounted, in the order in which it is shown. */
  readonly operations: readonly Operation[];
  readonly dialects: readonly Dialect[];
  readonly settings: DialectSettings;
  readonly version: string;
}

const DESCRIPTION = [
  "What can be asked of this server by HTTP: the endpoints of the dialects that it speaks, and its own.",
  "The sockets are described by [AsyncAPI](/asyncapi.json).",
  "",
  "- **Who asks**: a token (`Authorization: Bearer`, or `?token=`), a service key (the same header, or",
  "  `X-API-Key`) or a one-time ticket. `x-proof` says what an operation wants: `none`, `any` of them,",
  "  or `privileged` (`operator`): an admin's token or a service key.",
  "- **Ids** are written as numbers where they are canonical decimals up to 9007199254740991, else as",
  "  strings; both are read. **Times** are ISO 8601, UTC, with milliseconds.",
  "- **Refusals** are `application/problem+json` (RFC 9457); `detail` says what to do.",
  "- **Collections** are `{items, next}`, newest first: `?limit=`, then `?cursor=<next>`.",
  "- **Repeating**: with an `Idempotency-Key` a POST is done once; its answer is kept for 24 h.",
].join("\n");

/** OpenAPI 3.1 of what is mounted, without `servers`: who asks knows the address. Same input, same text. */
export function openapi({ operations, dialects, settings, version }: OpenApiOptions): object {
  const writer = schemaWriter("draft-2020-12");
  const owners = new Map<Operation, string>(
    dialects.flatMap((dialect) => dialect.endpoints.map((endpoint) => [endpoint, dialect.name] as const)),
  );
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const context = {
      proof: proofOf(operation, settings),
      dialect: owners.get(operation) ?? null,
      writer,
    };
    const methods = (paths[pathOf(operation.path)] ??= {});
    methods[operation.method.toLowerCase()] = operationOf(operation, context);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Dragoman",
      version,
      description: DESCRIPTION,
      license: { name: "MIT", identifier: "MIT" },
      "x-closes": closeTable(dialects),
      "x-errors": errorTable(),
    },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    tags: tagsOf(operations, dialects),
    paths,
    components: {
      securitySchemes: HTTP_SECURITY_SCHEMES,
      parameters: sharedParameters(),
      headers: HEADERS,
      responses: sharedResponses(),
      examples: Object.fromEntries(
        Object.entries(errorTable()).map(([code, value]) => [code, { summary: code, value }]),
      ),
      schemas: { ...writer.named(), Problem: PROBLEM_SCHEMA },
    },
  };
}

const HEADERS = {
  ETag: { description: "The version, for If-Match.", schema: { type: "string" }, example: '"1"' },
  RetryAfter: { description: "Seconds.", schema: { type: "integer", minimum: 1 }, example: 1 },
} as const;

/** The operations of an OpenAPI document and their examples, read as any client would. */
import { type Answer, answerOf as read, type Asker, http, type Site } from "../support/http.ts";
import { type Document, resolved, type Schema } from "./schemas.ts";

interface Examples {
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface Content extends Examples {
  readonly schema: Schema;
}

interface Parameter extends Examples {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
}

export interface Response {
  readonly content?: Readonly<Record<string, Content>>;
}

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body: Content | null;
  readonly responses: Readonly<Record<string, Response>>;
  readonly proof: "none" | "any" | "privileged" | "operator";
  /** Of the good answer. */
  readonly status: number;
  /** Of the good answer: JSON where there is a choice. */
  readonly media: string;
}

export const EVENT_STREAM = "text/event-stream";
const JSON_TYPE = "application/json";

type Values = Readonly<Record<string, string>>;

/** One request of the documentation, ready to be sent. */
export interface Request {
  readonly name: string;
  readonly params: Values;
  readonly query: Values;
  readonly headers: Values;
  readonly body: unknown;
  /** Undefined where none is documented. */
  readonly answer: unknown;
}

export function operationsOf(document: Document): readonly Operation[] {
  const paths = document.paths as Record<string, Record<string, Record<string, unknown>>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationOf(document, path, method, operation)),
  );
}

function operationOf(
  document: Document,
  path: string,
  method: string,
  operation: Readonly<Record<string, unknown>>,
): Operation {
  const responses = Object.fromEntries(
    Object.entries(operation.responses as object).map(([status, response]) => [
      status,
      resolved<Response>(document, response),
    ]),
  );
  const [status = ""] = Object.keys(responses);
  const types = Object.keys(responses[status]?.content ?? {});
  const body = operation.requestBody as { content: Record<string, Content> } | undefined;
  return {
    operationId: operation.operationId as string,
    method: method.toUpperCase(),
    path,
    tags: operation.tags as string[],
    parameters: ((operation.parameters ?? []) as unknown[]).map((given) =>
      resolved<Parameter>(document, given),
    ),
    body: body?.content[JSON_TYPE] ?? null,
    responses,
    proof: operation["x-proof"] as Operation["proof"],
    status: Number(status),
    media: types.includes(JSON_TYPE) ? JSON_TYPE : (types[0] ?? JSON_TYPE),
  };
}

const answerOf = ({ responses, status, media }: Operation): Content | undefined =>
  responses[status]?.content?.[media];

/** The names of all examples, in the order in which they are met. */
const namesOf = (operation: Operation): readonly string[] => {
  const parts: readonly (Examples | null | undefined)[] = [
    ...operation.parameters,
    operation.body,
    answerOf(operation),
  ];
  return [...new Set(parts.flatMap((part) => Object.keys(part?.examples ?? {})))];
};

/** Every request that the documentation shows of an operation. */
export const requestsOf = (operation: Operation): readonly Request[] =>
  namesOf(operation).map((name) => {
    const given = (place: Parameter["in"]): Values =>
      Object.fromEntries(
        operation.parameters.flatMap((parameter) => {
          const example = parameter.in === place ? parameter.examples?.[name] : undefined;
          return example === undefined ? [] : [[parameter.name, String(example.value)] as const];
        }),
      );
    return {
      name,
      params: given("path"),
      query: given("query"),
      headers: given("header"),
      body: operation.body?.examples?.[name]?.value,
      answer: answerOf(operation)?.examples?.[name]?.value,
    };
  });

function addressOf({ path, operationId }: Operation, { name, params, query }: Request): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, param: string) => {
    const value = params[param];
    if (value === undefined) throw new Error(`${operationId}: ${name} has no ${param}`);
    return encodeURIComponent(value);
  });
  return `${filled}?${new URLSearchParams(query).toString()}`;
}

/** Asks as somebody; of a stream only its beginning is an answer. */
export async function sent(
  server: Site,
  asker: Asker,
  operation: Operation,
  request: Request,
): Promise<Answer> {
  const { method, media } = operation;
  // A body of GET is none of HTTP.
  const body = method === "GET" ? undefined : request.body;
  const headers = { accept: media, ...request.headers };
  const response = await http(server, asker).fetch(method, addressOf(operation, request), body, headers);
  if (response.headers.get("content-type") !== EVENT_STREAM) return read(response);
  await response.body?.cancel();
  return { status: response.status, headers: response.headers, body: undefined };
}

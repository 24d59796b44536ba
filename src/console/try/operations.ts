/** The HTTP requests that tell events, read from `/openapi.json`. */
import { type Json, listOf, recordOf, resolve, textOf } from "./documents.ts";
import type { Parameter } from "./contract.ts";

/** One request as the document shows it. */
export interface RequestExample {
  readonly name: string;
  readonly summary: string;
  readonly body: unknown;
  /** Path parameters. */
  readonly values: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly method: string;
  /** `/api/v1/notify/users/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** Whose document has it; `native` where it is the server's own. */
  readonly dialect: string;
  readonly parameters: readonly Parameter[];
  /** The path parameter that says who is to hear it; null where there is none. */
  readonly listener: string | null;
  /** JSON Schema of the body; null where there is none. */
  readonly body: Json | null;
  readonly examples: readonly RequestExample[];
}

/** What can be told over HTTP and is heard on sockets, in the order of the page. */
const EVENTS: readonly (readonly [method: string, path: string])[] = [
  ["post", "/api/v1/realtime/events/task"],
  ["post", "/api/v1/realtime/events/workspace"],
  ["post", "/api/v1/realtime/events/system"],
  ["post", "/api/v1/ws/notification"],
  ["get", "/api/v1/ws/status"],
  ["post", "/api/v1/notify/users/{id}"],
  ["post", "/api/v1/notify/rooms/{room}"],
  ["post", "/api/v1/notify/broadcast"],
  ["post", "/api/v1/rooms/{room}/messages"],
];

/** Path parameters that name a user who hears the event. */
const LISTENERS: Readonly<Record<string, string>> = { "/api/v1/notify/users/{id}": "id" };

/** Those of the events that this server has. */
export function eventOperations(document: Json): readonly Operation[] {
  const paths = recordOf(document.paths);
  return EVENTS.flatMap(([method, path]) => {
    const item = resolve(document, paths[path]);
    return item[method] === undefined ? [] : [operationOf(document, method, path, item)];
  });
}

function operationOf(document: Json, method: string, path: string, item: Json): Operation {
  const operation = recordOf(item[method]);
  const content = recordOf(resolve(document, operation.requestBody).content);
  const media = recordOf(content["application/json"]);
  const summary = textOf(operation.summary) ?? "";
  const parameters = [...listOf(item.parameters), ...listOf(operation.parameters)]
    .map((parameter) => resolve(document, parameter))
    .filter((parameter) => parameter.in === "path");
  const examples = namedExamples(document, media).map(([name, example]) => ({
    name,
    summary: textOf(example.summary) ?? summary,
    body: example.value,
    values: Object.fromEntries(
      parameters.map((parameter) => [textOf(parameter.name) ?? "", valueIn(document, parameter, name)]),
    ),
  }));
  return {
    method: method.toUpperCase(),
    path,
    summary,
    dialect: textOf(operation["x-dialect"]) ?? "native",
    parameters: parameters.map((parameter) => parameterOf(document, parameter)),
    listener: LISTENERS[path] ?? null,
    body: media.schema === undefined ? null : resolve(document, media.schema),
    examples,
  };
}

/** `examples`, or a single `example`, as OpenAPI has them in parameters and bodies. */
function namedExamples(document: Json, { examples, example }: Json): readonly (readonly [string, Json])[] {
  const named = Object.entries(recordOf(examples)).map(
    ([name, one]) => [name, resolve(document, one)] as const,
  );
  return named.length > 0 || example === undefined ? named : [["example", { value: example }]];
}

/** A parameter's value in the example of this name, else in any. */
function valueIn(document: Json, parameter: Json, name: string): string {
  const all = namedExamples(document, parameter);
  const [, found = {}] = all.find(([one]) => one === name) ?? all[0] ?? [];
  return textOf(recordOf(found).value) ?? "";
}

const parameterOf = (document: Json, parameter: Json): Parameter => ({
  name: textOf(parameter.name) ?? "",
  description: textOf(parameter.description) ?? "",
  example: valueIn(document, parameter, ""),
});

/** The HTTP requests that tell events, read from `/openapi.json`. */
import { type Json, listOf, recordOf, resolve, textOf } from "./documents.ts";
import type { Example, Parameter } from "./contract.ts";

export interface Operation {
  readonly method: string;
  /** `/api/v1/notify/users/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** Whose document has it; `native` where it is the server's own. */
  readonly dialect: string;
  readonly parameters: readonly Parameter[];
  /** JSON Schema of the body; null where there is none. */
  readonly body: Json | null;
  readonly examples: readonly Example[];
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
  return {
    method: method.toUpperCase(),
    path,
    summary: textOf(operation.summary) ?? "",
    dialect: textOf(operation["x-dialect"]) ?? "native",
    parameters: [...listOf(item.parameters), ...listOf(operation.parameters)]
      .map((parameter) => resolve(document, parameter))
      .filter((parameter) => parameter.in === "path")
      .map((parameter) => parameterOf(document, parameter)),
    body: media.schema === undefined ? null : resolve(document, media.schema),
    examples: examplesOf(document, media),
  };
}

function parameterOf(document: Json, parameter: Json): Parameter {
  const schema = resolve(document, parameter.schema);
  const [first] = Object.values(recordOf(parameter.examples));
  return {
    name: textOf(parameter.name) ?? "",
    description: textOf(parameter.description) ?? textOf(schema.description) ?? "",
    example:
      textOf(parameter.example) ??
      textOf(resolve(document, first).value) ??
      textOf(listOf(schema.examples)[0]) ??
      "",
  };
}

function examplesOf(document: Json, media: Json): readonly Example[] {
  const named = Object.entries(recordOf(media.examples)).map(([key, example]) => {
    const { summary, value } = resolve(document, example);
    return { name: textOf(summary) ?? key, payload: value };
  });
  if (named.length > 0) return named;
  return media.example === undefined ? [] : [{ name: "", payload: media.example }];
}

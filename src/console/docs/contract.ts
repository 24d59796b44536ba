/** What the two contracts of the server say, as the pages show it. */
import type { Resolve, Schema } from "./schema.ts";

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description: string;
  readonly schema: Schema;
  readonly example: unknown;
}

export interface Answer {
  readonly status: string;
  readonly description: string;
  readonly schema: Schema | null;
  readonly example: unknown;
}

export interface Operation {
  /** Names it in addresses. */
  readonly id: string;
  readonly method: string;
  /** `/api/v1/tasks/{id}` */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly proof: string;
  readonly dialect: string | null;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly schema: Schema; readonly required: boolean; readonly example: unknown } | null;
  readonly answers: readonly Answer[];
  readonly resolve: Resolve;
}

export interface Tag {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}

export interface Message {
  readonly name: string;
  readonly from: "client" | "server";
  readonly durable: boolean;
  /** The kinds of events that it tells. */
  readonly kinds: readonly string[];
  readonly summary: string;
  readonly schema: Schema;
  readonly examples: readonly unknown[];
  /** The sockets where it is sent or heard. */
  readonly sockets: readonly string[];
  readonly resolve: Resolve;
}

export interface Socket {
  readonly name: string;
  /** `/ws/tasks/{workspace_id}` */
  readonly path: string;
  readonly summary: string;
  readonly proof: string;
  readonly personal: boolean;
  readonly announcements: boolean;
  readonly parameters: readonly string[];
}

export interface DialectContract {
  readonly name: string;
  readonly sockets: readonly Socket[];
  readonly messages: readonly Message[];
}

type Json = Readonly<Record<string, unknown>>;

const METHODS = ["get", "post", "put", "patch", "delete"];

/** OpenAPI 3.1: the endpoints by tag, in the order of the document. */
export function readOpenApi(document: unknown): readonly Tag[] {
  const root = object(document);
  const resolve = resolver(root);
  const operations = entries(root["paths"]).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) =>
      readOperation({ path, method, operation: object(item[method]), shared: item, resolve }),
    ),
  );
  const described = new Map(list(root["tags"]).map((tag) => [text(tag["name"]), text(tag["description"])]));
  const names = [...new Set([...described.keys(), ...operations.map(({ tag }) => tag)])];
  return names
    .map((name) => ({
      name,
      description: described.get(name) ?? "",
      operations: operations.filter(({ tag }) => tag === name),
    }))
    .filter(({ operations: some }) => some.length > 0);
}

function readOperation(from: {
  readonly path: string;
  readonly method: string;
  readonly operation: Json;
  readonly shared: Json;
  readonly resolve: Resolve;
}): Operation {
  const { path, method, operation, shared, resolve } = from;
  const body = found(operation["requestBody"], resolve);
  const media = object(object(body["content"])["application/json"]);
  return {
    id: text(operation["operationId"]) || `${method} ${path}`.replaceAll(/[^\w-]+/g, "-"),
    method: method.toUpperCase(),
    path,
    tag: text(list(operation["tags"], String)[0]) || "Other",
    summary: text(operation["summary"]),
    description: text(operation["description"]),
    proof: text(operation["x-proof"]),
    dialect: text(operation["x-dialect"]) || null,
    parameters: [...list(shared["parameters"]), ...list(operation["parameters"])].map((parameter) =>
      readParameter(found(parameter, resolve)),
    ),
    body:
      media["schema"] === undefined
        ? null
        : { schema: object(media["schema"]), required: body["required"] === true, example: exampleOf(media) },
    answers: entries(operation["responses"]).map(([status, answer]) =>
      readAnswer(status, found(answer, resolve)),
    ),
    resolve,
  };
}

function readParameter(parameter: Json): Parameter {
  return {
    name: text(parameter["name"]),
    in: text(parameter["in"]) as Parameter["in"],
    required: parameter["required"] === true,
    description: text(parameter["description"]),
    schema: object(parameter["schema"]),
    example: exampleOf(parameter) ?? object(parameter["schema"])["example"],
  };
}

function readAnswer(status: string, answer: Json): Answer {
  const [media] = Object.values(object(answer["content"])).map(object);
  return {
    status,
    description: text(answer["description"]),
    schema: media?.["schema"] === undefined ? null : object(media["schema"]),
    example: media === undefined ? undefined : exampleOf(media),
  };
}

/** `example`, or the first of `examples`. */
function exampleOf(holder: Json): unknown {
  if (holder["example"] !== undefined) return holder["example"];
  const [first] = Object.values(object(holder["examples"]));
  return first === undefined ? undefined : object(first)["value"];
}

/** AsyncAPI 3.0: the sockets and frames of each dialect. */
export function readAsyncApi(document: unknown): readonly DialectContract[] {
  const root = object(document);
  const resolve = resolver(root);
  const channels = Object.values(object(root["channels"])).map(object);
  const names = [...new Set(channels.map((channel) => text(channel["x-dialect"])))];
  return names.map((name) => {
    const own = channels.filter((channel) => text(channel["x-dialect"]) === name);
    return { name, sockets: own.map(readSocket), messages: readMessages(own, resolve) };
  });
}

function readSocket(channel: Json): Socket {
  const hears = object(channel["x-hears"]);
  const path = text(channel["address"]).split("?")[0] ?? "";
  return {
    name: text(channel["x-endpoint"]),
    path,
    summary: text(channel["summary"]) || text(channel["title"]),
    proof: text(channel["x-proof"]),
    personal: hears["personal"] === true,
    announcements: hears["announcements"] === true,
    parameters: namesIn(path),
  };
}

/** The names in the braces of a path. */
const namesIn = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);

/** A frame that several sockets share is one. */
function readMessages(channels: readonly Json[], resolve: Resolve): readonly Message[] {
  const messages = new Map<string, Message>();
  for (const channel of channels) {
    for (const [key, value] of entries(channel["messages"])) {
      const message = found(value, resolve);
      const from = message["x-direction"] === "client" ? "client" : "server";
      const name = text(message["name"]) || key;
      const before = messages.get(`${from} ${name}`);
      messages.set(`${from} ${name}`, {
        name,
        from,
        durable: message["x-durable"] === true,
        kinds: list(message["x-kinds"]).map(({ kind }) => text(kind)),
        summary: text(message["summary"]) || text(message["description"]) || text(message["title"]),
        schema: object(message["payload"]),
        examples: list(message["examples"]).map((example) => example["payload"]),
        sockets: [...(before?.sockets ?? []), text(channel["x-endpoint"])],
        resolve,
      });
    }
  }
  return [...messages.values()];
}

/** JSON pointers into the document, followed to their end. */
function resolver(root: Json): Resolve {
  const resolve: Resolve = (schema) => {
    let here: Schema = schema;
    for (let hops = 0; here.$ref !== undefined && hops < 10; hops++) here = at(root, here.$ref);
    return here;
  };
  return resolve;
}

function at(root: Json, pointer: string): Schema {
  const parts = pointer.replace(/^#\//, "").split("/");
  return parts.reduce<Json>(
    (place, part) => object(place[part.replaceAll("~1", "/").replaceAll("~0", "~")]),
    root,
  );
}

const found = (value: unknown, resolve: Resolve): Json => resolve(object(value)) as Json;

const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
const entries = (value: unknown): (readonly [string, Json])[] =>
  Object.entries(object(value)).map(([key, inside]) => [key, object(inside)]);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

function list(value: unknown): Json[];
function list<T>(value: unknown, of: (entry: unknown) => T): T[];
function list(value: unknown, of: (entry: unknown) => unknown = object): unknown[] {
  return Array.isArray(value) ? value.map(of) : [];
}

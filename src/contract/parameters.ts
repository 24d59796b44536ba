import type { Operation } from "../core/endpoint.ts";
import { isObject } from "../core/json.ts";
import { namedExamples } from "./examples.ts";
import { isRepeatable } from "./refusals.ts";
import type { JsonSchema, Writer } from "./schema.ts";

/** In the path, the query and the headers, in this order. */
export function parametersOf(operation: Operation, writer: Writer): object[] {
  return [
    ...fieldsOf(operation, "params", writer),
    ...fieldsOf(operation, "query", writer),
    ...fieldsOf(operation, "headers", writer),
    ...(isRepeatable(operation) ? [common(operation, IDEMPOTENCY_KEY)] : []),
    ...(operation.versioned === "write" ? [common(operation, IF_MATCH)] : []),
  ];
}

const PLACES = { params: "path", query: "query", headers: "header" } as const;
type Place = keyof typeof PLACES;

function fieldsOf(operation: Operation, place: Place, writer: Writer): object[] {
  const fields = operation[place];
  if (fields === undefined) return [];
  const { properties, required } = writer.write(fields, "input");
  const isRequired = new Set(Array.isArray(required) ? (required as string[]) : []);
  return Object.entries(isObject(properties) ? properties : {}).map(([name, property]) =>
    parameter(name, place, described(property as JsonSchema, operation.path, name), {
      required: place === "params" || isRequired.has(name),
      examples: valuesOf(operation, place, name),
    }),
  );
}

/** What an id in a path is of, by what stands before it. */
const SUBJECTS: Readonly<Record<string, string>> = {
  connections: "The connection's id, as the list of them has it.",
  "focus-sessions": "The focus session's id.",
  keys: "The service key's id, as the list of them has it.",
  members: "The user's id.",
  messages: "The message's id, as it was told.",
  notifications: "The notification's id, as it was told.",
  participants: "The user's id.",
  tasks: "The task's id.",
  users: "The user's id.",
  workspaces: "The workspace's id.",
};

/** A schema that is used in many places cannot say what it is about in this one. */
function described(property: JsonSchema, path: string, name: string): JsonSchema {
  const parts = path.split("/");
  const description = property.description ?? SUBJECTS[parts[parts.indexOf(`:${name}`) - 1] ?? ""];
  return description === undefined ? property : { ...property, description };
}

const parameter = (
  name: string,
  place: Place,
  { description, ...schema }: JsonSchema,
  { required, examples }: { required: boolean; examples: object | null },
): object => ({
  name,
  in: PLACES[place],
  required,
  ...(description === undefined ? {} : { description }),
  schema,
  ...(examples === null ? {} : { examples }),
});

/** What the examples have for one parameter, by their names. */
function valuesOf(operation: Operation, place: Place, name: string): object | null {
  const values = namedExamples(operation)
    .filter(([, example]) => example[place]?.[name] !== undefined)
    .map(([key, example]) => [key, { value: example[place]?.[name] }]);
  return values.length === 0 ? null : Object.fromEntries(values);
}

/** Described once, unless an example has a value for it. */
function common(operation: Operation, header: CommonHeader): object {
  const examples = valuesOf(operation, "headers", header.name);
  return examples === null
    ? { $ref: `#/components/parameters/${header.key}` }
    : { ...headerOf(header), examples };
}

interface CommonHeader {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

const IDEMPOTENCY_KEY: CommonHeader = {
  key: "IdempotencyKey",
  name: "Idempotency-Key",
  description:
    "The same request with the same key is done once, and answered the same for 24 h. 1 to 255 printable ASCII characters.",
  schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[\\x20-\\x7e]+$" },
};

const IF_MATCH: CommonHeader = {
  key: "IfMatch",
  name: "If-Match",
  description: "The version that was read (its ETag): where another one is stored, nothing changes (409).",
  schema: { type: "string" },
};

const headerOf = ({ name, description, schema }: CommonHeader): object => ({
  name,
  in: "header",
  required: false,
  description,
  schema,
});

/** The parameters that are described once. */
export const sharedParameters = (): Readonly<Record<string, object>> =>
  Object.fromEntries([IDEMPOTENCY_KEY, IF_MATCH].map((header) => [header.key, headerOf(header)]));

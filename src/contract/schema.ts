import { z } from "zod";
import { idSchema, wireId } from "../core/ids.ts";
import { isObject } from "../core/json.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** `input`: what is sent to the server; `output`: what it sends. */
export type Direction = "input" | "output";

/** Where the schemas that have a title are kept, each once. */
const SCHEMAS = "#/components/schemas/";

const ID = "Id";
const IDS = new Set<unknown>([idSchema, wireId]);

/** An id as both sides write it. */
const ID_SCHEMA = {
  anyOf: [{ type: "integer" }, { type: "string", minLength: 1, maxLength: 128 }],
  description: "Written as a number where it is a canonical decimal, else as a string; both are read.",
};

/** Writes zod's schemas as a document has them, and keeps those that are named. */
export interface Writer {
  readonly write: (schema: z.ZodType, direction: Direction) => JsonSchema;
  /** The named ones, in the order of their names. */
  readonly named: () => Readonly<Record<string, JsonSchema>>;
}

/**
 * JSON Schema of what validates. A schema with a title becomes a component of that name and is
 * referred to. Objects stay open: clients must pass over what they do not know.
 *
 * Throws where two different schemas have one title.
 */
export function schemaWriter(target: "draft-2020-12" | "draft-7"): Writer {
  const named = new Map<string, JsonSchema>();

  const keep = (name: string, schema: JsonSchema): JsonSchema => {
    const known = named.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`Two schemas have the title ${name}: give one of them another.`);
    named.set(name, schema);
    return { $ref: `${SCHEMAS}${name}` };
  };

  const write = (schema: z.ZodType, direction: Direction): JsonSchema => {
    const raw = z.toJSONSchema(schema, {
      io: direction,
      target,
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        if (!IDS.has(zodSchema)) return;
        for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema];
        jsonSchema.$ref = keep(ID, ID_SCHEMA).$ref as string;
      },
    });
    return tidy(raw, keep);
  };

  return {
    write,
    named: () => Object.fromEntries([...named].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

type Keep = (name: string, schema: JsonSchema) => JsonSchema;

/** Says nothing: what zod writes to be exact, and a reader knows. */
const NOISE = new Set(["$schema", "$defs", "definitions", "propertyNames"]);

const isNoise = (key: string, value: unknown, schema: JsonSchema): boolean =>
  NOISE.has(key) ||
  (key === "additionalProperties" && value === false) ||
  (key === "properties" && isEmpty(value)) ||
  (key === "minimum" && value === Number.MIN_SAFE_INTEGER) ||
  (key === "maximum" && value === Number.MAX_SAFE_INTEGER) ||
  (key === "pattern" && schema.format !== undefined);

const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0;

function tidy(schema: JsonSchema, keep: Keep): JsonSchema {
  // The only schema that refers to itself is the one of any JSON.
  if (typeof schema.$ref === "string" && !schema.$ref.startsWith(SCHEMAS)) return {};
  const entries = Object.entries(schema)
    .filter(([key, value]) => !isNoise(key, value, schema))
    .map(([key, value]) => [key, tidied(key, value, keep)] as const);
  const { title, ...rest } = openly(orNull(Object.fromEntries(entries)));
  return typeof title === "string" ? keep(title, rest) : rest;
}

/** The values of these keywords are schemas, by name, in a list or alone. */
function tidied(key: string, value: unknown, keep: Keep): unknown {
  if (key === "properties" && isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, tidy(inner as JsonSchema, keep)]),
    );
  if ((key === "anyOf" || key === "oneOf" || key === "allOf") && Array.isArray(value))
    return value.map((inner) => tidy(inner as JsonSchema, keep));
  if ((key === "items" || key === "additionalProperties") && isObject(value)) return tidy(value, keep);
  return value;
}

/** `true` where a schema lists some of the fields and others are welcome; any object lists none. */
function openly(schema: JsonSchema): JsonSchema {
  const { additionalProperties, ...rest } = schema;
  if (!isEmpty(additionalProperties)) return schema;
  return rest.properties === undefined ? rest : { ...rest, additionalProperties: true };
}

/** `anyOf: [{type: "string"}, {type: "null"}]` in short. */
function orNull(schema: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema;
  const [one, none] = anyOf as [JsonSchema, JsonSchema];
  if (none.type !== "null" || typeof one.type !== "string" || "enum" in one || "const" in one) return schema;
  return { ...one, ...rest, type: [one.type, "null"] };
}

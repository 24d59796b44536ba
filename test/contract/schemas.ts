/** Values held to the schemas of a document, as it is served. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** As much of a schema as is looked at here. */
export type Schema = Readonly<Record<string, unknown>>;
export type Document = Readonly<Record<string, unknown>>;

/** What is wrong with a value; nothing where it is as documented. */
export type Check = (schema: unknown, value: unknown) => readonly string[];

/** What a reference of a document names. */
export function resolved<T>(document: Document, value: unknown): T {
  const reference = (value as { $ref?: unknown } | null)?.$ref;
  if (typeof reference !== "string") return value as T;
  let found: unknown = document;
  for (const part of reference.slice(2).split("/")) found = (found as Record<string, unknown>)[part];
  if (found === undefined) throw new Error(`${reference} is not there`);
  return resolved(document, found);
}

/**
 * Holds values to schemas of a document. Stricter than the document, which lets a server add
 * fields: here a field that is not documented is a fault, wherever the schema lists fields.
 */
export function checker(document: Document): Check {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true, allErrors: true });
  formats.default(ajv);
  const compiled = new Map<string, ValidateFunction>();
  return (schema, value) => {
    const key = JSON.stringify(schema);
    const validate = compiled.get(key) ?? ajv.compile(closed(document, schema) as Schema);
    compiled.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

/** Without references, and closed. */
function closed(document: Document, schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((inner) => closed(document, inner));
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = resolved<Schema>(document, schema);
  const entries = Object.entries(inner).map(([key, value]) => [
    key,
    key === "properties" ? properties(document, value as Schema) : closed(document, value),
  ]);
  const open = inner.properties === undefined || inner.additionalProperties !== undefined;
  return { ...Object.fromEntries(entries), ...(open ? {} : { additionalProperties: false }) };
}

/** Names of fields are no keywords. */
const properties = (document: Document, fields: Schema): Schema =>
  Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, closed(document, schema)]));

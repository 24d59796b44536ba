/** The fields of a JSON Schema as rows of help. */
import { type Json, listOf, recordOf, resolve, textOf } from "./documents.ts";

export interface Field {
  /** `data.content`; `[]` for what is in a list. */
  readonly path: string;
  /** `text`, `whole number`, `one of todo, done`. */
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  object: "object",
  array: "list",
  null: "null",
};

const MAX_DEPTH = 4;

export function fieldsOf(document: Json, schema: Json): readonly Field[] {
  return within(document, resolve(document, schema), "", 0);
}

function within(document: Json, schema: Json, prefix: string, depth: number): readonly Field[] {
  if (depth > MAX_DEPTH) return [];
  const required = new Set(listOf(schema.required));
  return Object.entries(recordOf(schema.properties)).flatMap(([name, value]) => {
    const property = resolve(document, value);
    const path = prefix + name;
    const field: Field = {
      path,
      type: typeText(document, property),
      required: required.has(name),
      description: textOf(property.description) ?? "",
    };
    const inner = variants(document, property).find((one) => one.properties !== undefined) ?? property;
    return [field].concat(within(document, inner, `${path}.`, depth + 1));
  });
}

function typeText(document: Json, schema: Json): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.map(String).join(", ")}`;
  const all = variants(document, schema);
  if (all.length > 0) {
    const types = all.map((one) => typeText(document, one)).filter((text) => text !== "" && text !== "null");
    return [...new Set(types)].join(" or ");
  }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const names = types.filter((type) => type !== "null").map((type) => TYPES[String(type)] ?? "anything");
  const items =
    schema.items === undefined ? "" : ` of ${typeText(document, resolve(document, schema.items))}`;
  return names.join(" or ") + (schema.type === "array" ? items : "");
}

/** What a value may be instead of one thing. */
const variants = (document: Json, schema: Json): readonly Json[] =>
  [...listOf(schema.anyOf), ...listOf(schema.oneOf)].map((one) => resolve(document, one));

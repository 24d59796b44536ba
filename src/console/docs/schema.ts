/** As much of JSON Schema as the contracts use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A field as a line of a table. */
export interface Field {
  /** `data.topics[]`: where it stands in the whole. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly text: string;
}

/** Finds what a `$ref` names in its document. */
export type Resolve = (schema: Schema) => Schema;

const MAX_DEPTH = 5;

/** All fields of an object, those of the objects in it below them. */
export function fieldsOf(schema: Schema, resolve: Resolve, path = "", depth = 0): readonly Field[] {
  const whole = inner(schema, resolve);
  if (depth > MAX_DEPTH) return [];
  return Object.entries(propertiesOf(whole, resolve)).flatMap(([name, property]) => {
    const here = path === "" ? name : `${path}.${name}`;
    const field: Field = {
      path: here,
      type: typeText(property, resolve),
      required: requiredOf(whole, resolve).includes(name),
      text: meaning(property, resolve),
    };
    const below = isList(property, resolve) ? `${here}[]` : here;
    return [field].concat(fieldsOf(property, resolve, below, depth + 1));
  });
}

/** Null is an alternative, never the thing itself; the entries of a list are what it is about. */
function inner(schema: Schema, resolve: Resolve): Schema {
  const found = resolve(schema);
  const [only, ...others] = alternatives(found, resolve).filter(({ type }) => type !== "null");
  const one = only !== undefined && others.length === 0 ? resolve(only) : found;
  return one.items === undefined ? one : inner(one.items, resolve);
}

const alternatives = (schema: Schema, resolve: Resolve): readonly Schema[] =>
  (schema.anyOf ?? schema.oneOf ?? []).map(resolve);

function isList(schema: Schema, resolve: Resolve): boolean {
  const found = resolve(schema);
  return found.items !== undefined || alternatives(found, resolve).some(({ items }) => items !== undefined);
}

function propertiesOf(schema: Schema, resolve: Resolve): Readonly<Record<string, Schema>> {
  const parts = [schema, ...(schema.allOf ?? []), ...alternatives(schema, resolve)].map(resolve);
  return Object.assign({}, ...parts.map(({ properties }) => properties)) as Record<string, Schema>;
}

function requiredOf(schema: Schema, resolve: Resolve): readonly string[] {
  return [schema, ...(schema.allOf ?? [])].flatMap((part) => resolve(part).required ?? []);
}

/** `string`, `"join_room"`, `integer or string`, `list of string`, `object or null`. */
export function typeText(schema: Schema, resolve: Resolve): string {
  const found = resolve(schema);
  if (found.const !== undefined) return JSON.stringify(found.const);
  if (found.enum !== undefined) return found.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = alternatives(found, resolve);
  if (choices.length > 0)
    return [...new Set(choices.map((choice) => typeText(choice, resolve)))].join(" or ");
  if (found.items !== undefined) return `list of ${typeText(found.items, resolve)}`;
  if (typeof found.type === "string") return found.type;
  if (found.type !== undefined) return found.type.join(" or ");
  if (found.properties !== undefined || found.allOf !== undefined) return "object";
  return "any JSON";
}

function meaning(schema: Schema, resolve: Resolve): string {
  const found = resolve(schema);
  const { description, format, minLength, maxLength, minimum, maximum, maxItems } = found;
  const parts = [
    description?.replace(/\.$/, ""),
    format === undefined ? undefined : (FORMATS[format] ?? format),
    range(minLength, maxLength, "characters"),
    range(minimum, maximum, ""),
    maxItems === undefined ? undefined : `at most ${maxItems}`,
    found.default === undefined ? undefined : `default ${JSON.stringify(found.default)}`,
  ].filter((part) => part !== undefined && part !== "");
  return parts.join("; ");
}

const FORMATS: Readonly<Record<string, string>> = { "date-time": "ISO 8601" };

/** The bounds of a safe integer say nothing. */
function range(from: number | undefined, to: number | undefined, unit: string): string | undefined {
  const [low, high] = [from, to].map((bound) =>
    bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound,
  );
  if (low === undefined && high === undefined) return undefined;
  const span = high === undefined ? `from ${low}` : low === undefined ? `up to ${high}` : `${low} to ${high}`;
  return unit === "" ? span : `${span} ${unit}`;
}

/** A value that fits, for a form that is to be filled in. */
export function sampleOf(schema: Schema, resolve: Resolve, depth = 0): unknown {
  const found = resolve(schema);
  if (found.examples?.[0] !== undefined) return found.examples[0];
  if (found.const !== undefined) return found.const;
  if (found.default !== undefined) return found.default;
  if (found.enum !== undefined) return found.enum[0];
  const [first] = alternatives(found, resolve);
  if (first !== undefined) return sampleOf(first, resolve, depth + 1);
  if (found.items !== undefined) return depth > MAX_DEPTH ? [] : [sampleOf(found.items, resolve, depth + 1)];
  if (found.properties === undefined) return plainSample(found);
  const required = requiredOf(found, resolve);
  return Object.fromEntries(
    Object.entries(found.properties)
      .filter(([name]) => required.includes(name))
      .map(([name, property]) => [name, sampleOf(property, resolve, depth + 1)]),
  );
}

function plainSample({ type, format }: Schema): unknown {
  if (format === "date-time") return "2026-01-31T09:00:00.000Z";
  if (type === "integer" || type === "number") return 1;
  if (type === "boolean") return true;
  return type === "object" ? {} : "text";
}

/** Whoever reads an answer finds in the documentation what each of its fields is. */
import { expect, test } from "bun:test";
import { http } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import { operationsOf } from "./operations.ts";
import { type Document, resolved, type Schema } from "./schemas.ts";

/** Paths of the fields of a schema that nothing is said of. */
function silentIn(document: Document, given: unknown, path: string): readonly string[] {
  const schema = resolved<Schema>(document, given);
  const own = Object.entries((schema["properties"] ?? {}) as Record<string, Schema>).flatMap(
    ([name, field]) => {
      const told = field["description"] ?? resolved<Schema>(document, field)["description"];
      const at = `${path}.${name}`;
      return (told === undefined ? [at] : []).concat(silentIn(document, field, at));
    },
  );
  const within = ["anyOf", "oneOf", "allOf"].flatMap((key) => (schema[key] ?? []) as Schema[]);
  const parts = within.concat((schema["items"] ?? []) as Schema[]);
  return own.concat(parts.flatMap((part) => silentIn(document, part, path)));
}

test("every field of every good answer is described", async () => {
  await using server = await startServer();
  const document = (await http(server).get("/openapi.json")).body as Document;
  const silent = operationsOf(document).flatMap(({ operationId, responses, status }) =>
    Object.values(responses[String(status)]?.content ?? {}).flatMap(({ schema }) =>
      silentIn(document, schema, operationId),
    ),
  );
  expect(silent).toEqual([]);
});

import { parseJson } from "../../core/json.ts";
import { type Dialect, dialectsOf } from "./contract.ts";
import { type Json, recordOf } from "./documents.ts";
import { type Operation, eventOperations } from "./operations.ts";

/** What the page knows of the server it came from. */
export interface Documents {
  readonly dialects: readonly Dialect[];
  readonly operations: readonly Operation[];
  readonly asyncapi: Json;
  readonly openapi: Json;
}

/** Errors: what stands in the way, in words. */
export async function loadDocuments(origin: string): Promise<Documents> {
  const [asyncapi, openapi] = await Promise.all([
    load(`${origin}/asyncapi.json`),
    load(`${origin}/openapi.json`),
  ]);
  const dialects = dialectsOf(asyncapi);
  if (dialects.length === 0) throw new Error("/asyncapi.json names no sockets");
  return { dialects, operations: eventOperations(openapi), asyncapi, openapi };
}

async function load(url: string): Promise<Json> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return recordOf(parseJson(await answer.text()));
}

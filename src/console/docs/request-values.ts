/** From what is filled in to what is sent. */
import type { Operation, Parameter } from "./contract.ts";
import type { HttpRequest } from "./curl.ts";
import { sampleOf } from "./schema.ts";

/** By the place and name of a parameter. */
export type Values = Readonly<Record<string, string>>;

export const keyOf = ({ in: place, name }: Parameter): string => `${place} ${name}`;

/** People and places of the demo, where the contract has no example. */
const SAMPLES: Readonly<Record<string, string>> = {
  user_id: "102",
  room: "channel:1",
  workspace_id: "789",
  session_id: "focus-123",
};
const SAMPLE_IDS: Readonly<Record<string, string>> = {
  users: "102",
  workspaces: "789",
  tasks: "456",
  "focus-sessions": "focus-123",
};

/** What a form begins with: what must be there, and what the contract has an example of. */
export const firstValues = ({ parameters, path }: Operation): Values =>
  Object.fromEntries(
    parameters
      .filter((parameter) => parameter.required || parameter.example !== undefined)
      .map((parameter) => [keyOf(parameter), exampleOf(parameter, path)]),
  );

function exampleOf({ name, example }: Parameter, path: string): string {
  if (example !== undefined) return String(example);
  const parts = path.split("/");
  const owner = parts.at(parts.indexOf(`{${name}}`) - 1) ?? "";
  return (name === "id" ? SAMPLE_IDS[owner] : SAMPLES[name]) ?? "1";
}

export const firstBody = ({ body, resolve }: Operation): string =>
  body === null ? "" : JSON.stringify(body.example ?? sampleOf(body.schema, resolve), null, 2);

/** The request that the form describes, without a proof. */
export function requestOf(operation: Operation, values: Values, body: string): HttpRequest {
  const { method, path, parameters } = operation;
  const given = (place: Parameter["in"]): [string, string][] =>
    parameters
      .filter((parameter) => parameter.in === place)
      .map((parameter): [string, string] => [parameter.name, values[keyOf(parameter)] ?? ""])
      .filter(([, value]) => value !== "");
  const at = given("path").reduce((so, [name, value]) => so.replace(`{${name}}`, encoded(value)), path);
  const query = given("query").map(([name, value]) => `${name}=${encoded(value)}`);
  const headers = Object.fromEntries(given("header"));
  const sends = operation.body !== null && body.trim() !== "";
  return {
    method,
    url: `${location.origin}${at}${query.length === 0 ? "" : `?${query.join("&")}`}`,
    headers: sends ? { ...headers, "Content-Type": "application/json" } : headers,
    body: sends ? body : null,
  };
}

/** Colons and commas mean nothing in these places, and are read more easily as they are. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2C", ",");

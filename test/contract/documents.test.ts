/** Both documents are what the public validators take them for. */
import { Parser } from "@asyncapi/parser";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { http } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import { TEST_MS } from "../support/patience.ts";

// The parser of AsyncAPI takes seconds, more where others work beside it.
setDefaultTimeout(TEST_MS);

type Document = Record<string, unknown>;

async function documents(): Promise<{ openapi: Document; asyncapi: Document }> {
  await using server = await startServer();
  const { get } = http(server);
  const [openapi, asyncapi] = await Promise.all([get("/openapi.json"), get("/asyncapi.json")]);
  return { openapi: openapi.body as Document, asyncapi: asyncapi.body as Document };
}

const faultsOfOpenApi = async (document: Document): Promise<unknown> => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  return valid ? [] : (errors ?? "invalid");
};

/** Advice of the linter is none of our faults; errors are. */
const ERROR = 0;
const faultsOfAsyncApi = async (document: Document): Promise<unknown> => {
  const diagnostics = await new Parser().validate(JSON.stringify(document));
  return diagnostics
    .filter(({ severity }) => Number(severity) === ERROR)
    .map(({ message, path }) => `${path.join(".")}: ${message}`);
};

const { openapi, asyncapi } = await documents();

describe("the validators find nothing", () => {
  test("in OpenAPI 3.1", async () => expect(await faultsOfOpenApi(openapi)).toEqual([]));
  test("in AsyncAPI 3.0", async () => expect(await faultsOfAsyncApi(asyncapi)).toEqual([]));
});

describe("the validators do look", () => {
  test("at OpenAPI: an operation without answers, a parameter of no known place", async () => {
    const paths = { "/x": { get: { parameters: [{ name: "a", in: "nowhere" }], responses: 1 } } };
    expect(await faultsOfOpenApi({ ...openapi, paths })).not.toEqual([]);
  });

  test("at AsyncAPI: a message that is not there, an operation that does nothing known", async () => {
    const broken = {
      ...asyncapi,
      operations: { x: { action: "shout", channel: { $ref: "#/channels/nowhere" } } },
    };
    expect(await faultsOfAsyncApi(broken)).not.toEqual([]);
  });
});

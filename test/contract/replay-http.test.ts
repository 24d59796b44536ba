/** Every request that the documentation shows is sent, and answered as it says, to the letter. */
import { describe, expect, test } from "bun:test";
import { type Answer, type Asker, http } from "../support/http.ts";
import { EVENT_STREAM, type Operation, operationsOf, type Request, requestsOf, sent } from "./operations.ts";
import { checker, type Document } from "./schemas.ts";
import { askerOf, diaryListeners, spelled, type Spelling, startAt, tell, tellAll } from "./story.ts";
import type { StartedServer } from "../support/server.ts";

/** Where it is not alice who asks, though any user may: to notify others takes a backend. */
const ASKERS: Readonly<Record<string, Asker>> = { notifyUser: "key", notifyRoom: "key" };

/** What has to be there before; the story where nothing is said. */
const BEFORE: Readonly<Record<string, (server: StartedServer) => Promise<Spelling | void>>> = {
  diary: diaryListeners,
  Admin: tellAll,
};

/** Fields of an answer that are new each time, or others in each version or on each machine. */
const VARYING: Readonly<Record<string, readonly string[]>> = {
  createTicket: ["ticket"],
  createToken: ["token"],
  signIntoConsole: ["token"],
  createKey: ["id", "key"],
  getHealth: ["version"],
  // Null where the server is part of another program, as here.
  listSettings: ["commands"],
  getWhoami: ["address", "forwarded", "host", "secure"],
};

/** Too much, or too lively, to be there to the letter: the same fields of the same types. */
const ALIKE = new Set(["getStats", "listSettings", "getMetrics"]);

/** They are these documents themselves. */
const WITHOUT_EXAMPLES = new Set(["getOpenApi", "getAsyncApi"]);

const document = await (async (): Promise<Document> => {
  await using server = await startAt();
  return (await http(server).get("/openapi.json")).body as Document;
})();
const check = checker(document);

/** The answer, and the request as it is spelled on the server that gave it. */
async function answered(
  operation: Operation,
  example: Request,
): Promise<{ answer: Answer; request: Request }> {
  await using server = await startAt();
  const spelling = (await (BEFORE[operation.tags[0] ?? ""] ?? tell)(server)) ?? {};
  const request = spelled(example, spelling);
  const asker = ASKERS[operation.operationId] ?? askerOf(operation.proof);
  return { answer: await sent(server, asker, operation, request), request };
}

/** Types instead of values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

const without = (value: unknown, fields: readonly string[]): unknown =>
  fields.length === 0 || typeof value !== "object" || value === null
    ? value
    : Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, fields.includes(key) ? null : inner]),
      );

const operations = operationsOf(document).filter(({ operationId }) => !WITHOUT_EXAMPLES.has(operationId));

for (const operation of operations) {
  const { operationId, status, responses, body, media } = operation;
  describe(`${operation.method} ${operation.path}`, () => {
    const requests = requestsOf(operation);
    test("has an example", () => expect(requests).not.toEqual([]));
    if (media === EVENT_STREAM) return;

    for (const example of requests) {
      test(`${operationId}: ${example.name}`, async () => {
        if (example.body !== undefined) expect(check(body?.schema, example.body)).toEqual([]);
        const { answer, request } = await answered(operation, example);
        const schema = responses[status]?.content?.[media]?.schema;
        expect(answer.status).toBe(status);
        if (schema !== undefined) expect(check(schema, answer.body)).toEqual([]);
        const shown = (value: unknown): unknown => {
          const lasting = without(value, VARYING[operationId] ?? []);
          return ALIKE.has(operationId) ? shapeOf(lasting) : lasting;
        };
        expect(shown(answer.body)).toEqual(shown(request.answer));
      });
    }
  });
}

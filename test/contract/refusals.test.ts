/**
 * Each operation is asked in many wrong ways: whatever comes back is documented, and each refusal
 * that is documented can be had.
 */
import { describe, expect, test } from "bun:test";
import { type Answer, type Asker, http } from "../support/http.ts";
import type { StartedServer } from "../support/server.ts";
import { type Operation, operationsOf, type Request, requestsOf, sent } from "./operations.ts";
import { checker, type Document } from "./schemas.ts";
import {
  ADMIN,
  ALICE,
  BOB,
  diaryListeners,
  MALLORY,
  spelled,
  type Spelling,
  startAt,
  tell,
  tellAll,
} from "./story.ts";

/** Closed as `serve` is, and open. */
const MODES = ["members", "open"] as const;

const start = (access: (typeof MODES)[number]): Promise<StartedServer> =>
  startAt({ access, diary: "token", maxBodyBytes: 20_000 });

const document = await (async (): Promise<Document> => {
  await using server = await start("members");
  return (await http(server).get("/openapi.json")).body as Document;
})();
const check = checker(document);

/** What takes a flood, a full disk or a dying server to be had: told the same everywhere. */
const NOT_TRIED = ["429", "500", "503", "507"];
/** What only a server says that has no secret to sign with; or that has METRICS_TOKEN, or is behind a proxy. */
const NOT_TRIED_OF: Readonly<Record<string, readonly string[]>> = {
  createToken: ["409"],
  signIntoConsole: ["409"],
  getMetrics: ["401", "403"],
};

/** A member whose token lists what it opens: nothing. */
const LISTED: Asker = { ...BOB, claims: { rooms: [] } };

const ASKERS: readonly Asker[] = ["nobody", LISTED, MALLORY, BOB, ALICE, ADMIN, "key"];

/** Another request made of a documented one. */
type Twist = (request: Request) => Request;

const everyParam =
  (value: string): Twist =>
  (request) => ({
    ...request,
    params: Object.fromEntries(Object.keys(request.params).map((name) => [name, value])),
  });

/** Only what the address has anyway. */
const withParam =
  (name: string, value: string): Twist =>
  (request) => ({
    ...request,
    params: name in request.params ? { ...request.params, [name]: value } : request.params,
  });

const withBody =
  (more: Readonly<Record<string, unknown>>): Twist =>
  (request) => ({ ...request, body: { ...(request.body as object), ...more } });

const withHeaders =
  (headers: Readonly<Record<string, string>>): Twist =>
  (request) => ({ ...request, headers });

const both =
  (one: Twist, other: Twist): Twist =>
  (request) =>
    other(one(request));

const BAD_QUERY = {
  limit: "0",
  seconds: "0",
  version: "x",
  kind: "x",
  after: "x",
  unread: "x",
  wait: "x",
  topics: "\u0001",
};

/** What leaves everything as it is comes first, what has the documented effect in the middle. */
const TWISTS: Readonly<Record<string, Twist>> = {
  "with an old version": withHeaders({ "If-Match": '"99"' }),
  "with no version": withHeaders({ "If-Match": "no" }),
  "with a bad token": withHeaders({ authorization: "Bearer a.b.c" }),
  "with a bad key": withHeaders({ "Idempotency-Key": "\u00e9" }),
  "of what is not there": everyParam("4040"),
  "of what cannot be": everyParam("\u0001"),
  "of the owner": withParam("user_id", "101"),
  "of a user's own room": withParam("room", "user:101"),
  "of everyone's room": withParam("room", "everyone"),
  "of a task's room, out of its workspace": both(
    withParam("room", "task:456"),
    withBody({ workspace_id: null }),
  ),
  "of a name of one's own": withBody({ id: "own" }),
  "into another workspace": withBody({ workspace_id: 4040 }),
  "to others": withBody({ user_id: 102 }),
  "with bad queries": (request) => ({ ...request, query: BAD_QUERY }),
  "with another code": withBody({ code: "another" }),
  "with half a body": (request) => ({ ...request, body: "{" }),
  "with a list": (request) => ({ ...request, body: [] }),
  "with bad fields": (request) => ({
    ...request,
    body: Object.fromEntries(Object.keys(request.body ?? {}).map((key) => [key, { no: [1] }])),
  }),
  "with too much": both(withBody({ message: "x".repeat(30_000) }), withHeaders({ "Idempotency-Key": "big" })),
  "with a key": withHeaders({ "Idempotency-Key": "one" }),
  "with the same key again": withHeaders({ "Idempotency-Key": "one" }),
  "with the same key and another body": both(
    withHeaders({ "Idempotency-Key": "one" }),
    withBody({ message: "another", content: "another", title: "another", name: "another" }),
  ),
  "as documented": (request) => request,
  "with a ticket": (request) => ({ ...request, query: { ...request.query, ticket: "unknown" } }),
  "without any body": (request) => ({ ...request, body: undefined }),
};

/** Asks in every way, and keeps what was answered and what of it was not as documented. */
async function ask(
  operation: Operation,
  server: StartedServer,
  spelling: Spelling,
  seen: Set<string>,
): Promise<string[]> {
  const requests = requestsOf(operation).map((request) => spelled(request, spelling));
  const faults: string[] = [];
  for (const [how, twist] of Object.entries(TWISTS)) {
    for (const asker of ASKERS) {
      for (const request of requests.map(twist)) {
        const answer = await sent(server, asker, operation, request);
        seen.add(String(answer.status));
        const who = typeof asker === "string" ? asker : asker.username;
        const at = `${how}, ${who} → ${answer.status} ${JSON.stringify(answer.body)}`;
        faults.push(...faultsOf(operation, answer).map((fault) => `${fault}: ${at}`));
      }
    }
  }
  return faults;
}

function faultsOf({ responses }: Operation, { status, headers, body }: Answer): readonly string[] {
  const response = responses[status];
  if (response === undefined) return ["not documented"];
  if (body === undefined) return [];
  const media = headers.get("content-type")?.split(";")[0] ?? "";
  const schema = response.content?.[media]?.schema;
  return schema === undefined ? [`${media} is not documented`] : check(schema, body);
}

/** Somebody or nobody is connected. */
const BEFORE_DIARY = { open: diaryListeners, members: tell } as const;

describe("whatever is asked, the answer is documented, and every documented one can be had", () => {
  for (const operation of operationsOf(document).filter((one) => requestsOf(one).length > 0)) {
    test(`${operation.method} ${operation.path}`, async () => {
      const seen = new Set<string>();
      for (const mode of MODES) {
        await using server = await start(mode);
        if (operation.tags.includes("diary")) await BEFORE_DIARY[mode](server);
        const spelling = operation.tags.includes("diary") ? {} : await tellAll(server);
        const faults = await ask(operation, server, spelling, seen);
        expect([...new Set(faults)].slice(0, 5)).toEqual([]);
      }
      const tried = new Set([...seen, ...NOT_TRIED, ...(NOT_TRIED_OF[operation.operationId] ?? [])]);
      expect(Object.keys(operation.responses).filter((status) => !tried.has(status))).toEqual([]);
    });
  }
});

/** HTTP requests of tests, and what an answer must look like. */
import { expect } from "bun:test";
import { expectExactly } from "./frames.ts";
import { KEY, type User } from "./server.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; undefined where there is none. */
  readonly body: unknown;
}

/** What requests need of a server. */
export interface Site {
  readonly url: string;
  token(user: User): string;
}

/** Who asks: a user with his token, the service key, or nobody. */
export type Asker = User | "key" | "nobody";

type HeaderFields = Readonly<Record<string, string>>;
type Sending = (path: string, body?: unknown, headers?: HeaderFields) => Promise<Answer>;

/** A path and what is sent there. A text is sent as it is, everything else as JSON. */
export interface Requests {
  readonly get: (path: string, headers?: HeaderFields) => Promise<Answer>;
  readonly post: Sending;
  readonly put: Sending;
  readonly patch: Sending;
  readonly delete: (path: string, headers?: HeaderFields) => Promise<Answer>;
  /** By a method that is only known later; the body of the answer is not read. */
  readonly fetch: (method: string, path: string, body?: unknown, headers?: HeaderFields) => Promise<Response>;
}

/** `const { post } = http(server, alice)` */
export function http(server: Site, asker: Asker = "nobody"): Requests {
  const proof = proofOf(server, asker);
  const send: Requests["fetch"] = (method, path, body, more = {}) =>
    fetch(new URL(path, server.url), requestOf(method, body, { ...proof, ...more }));
  const ask =
    (method: string) =>
    async (path: string, body?: unknown, more?: HeaderFields): Promise<Answer> =>
      answerOf(await send(method, path, body, more));
  const get = ask("GET");
  const remove = ask("DELETE");
  return {
    get: (path, headers) => get(path, undefined, headers),
    post: ask("POST"),
    put: ask("PUT"),
    patch: ask("PATCH"),
    delete: (path, headers) => remove(path, undefined, headers),
    fetch: send,
  };
}

function proofOf(server: Site, asker: Asker): Record<string, string> {
  if (asker === "nobody") return {};
  return { authorization: `Bearer ${asker === "key" ? KEY : server.token(asker)}` };
}

function requestOf(method: string, body: unknown, headers: Record<string, string>): RequestInit {
  if (body === undefined) return { method, headers };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { method, headers: { "content-type": "application/json", ...headers }, body: text };
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const body = text === "" ? undefined : isJson ? (JSON.parse(text) as unknown) : text;
  return { status: response.status, headers: response.headers, body };
}

/** Exactly this answer, the order of the keys included. */
export function expectAnswer(answer: Answer, status: number, body?: unknown): void {
  expect({ status: answer.status, body: answer.status === status ? undefined : answer.body }).toEqual({
    status,
    body: undefined,
  });
  expectExactly(answer.body, body);
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** RFC 9457: the media type, the members in order, the status twice, one line that says what to do. */
export function expectProblem(answer: Answer, status: number, detail?: string | RegExp): ProblemBody {
  const problem = answer.body as ProblemBody;
  expect({
    status: answer.status,
    type: answer.headers.get("content-type")?.split(";")[0],
    body: problem,
  }).toEqual({
    status,
    type: "application/problem+json",
    body: { ...problem, status },
  });
  const members = ["type", "title", "status", "detail"];
  expect(Object.keys(problem)).toEqual(problem.errors === undefined ? members : [...members, "errors"]);
  expect(problem.type).toMatch(/^[a-z]+:./);
  expect(problem.title).toMatch(/./);
  expect(problem.detail).toMatch(/^[^\n\r]+$/);
  if (typeof detail === "string") expect(problem.detail).toBe(detail);
  else if (detail !== undefined) expect(problem.detail).toMatch(detail);
  return problem;
}

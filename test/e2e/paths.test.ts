/** Six dialects on one port: every path of the union is answered by its own, and no path swallows another. */
import { describe, expect, test } from "bun:test";
import { DIALECTS } from "../../src/dialects/all.ts";
import { endpointsOf } from "../../src/http/app.ts";
import { addressOf } from "../support/client.ts";
import { type Answer, answerOf, expectProblem, http } from "../support/http.ts";
import { ADMIN } from "../support/people.ts";
import { knock } from "../support/raw-socket.ts";
import { KEY, type StartedServer, startServer } from "../support/server.ts";

/** Admins may everything; a user id that is a path of others would be his own. */
const USER = { ...ADMIN, id: "u-1" };
const filled = (path: string): string => path.replace(":user_id", USER.id).replace(/:\w+/g, "7");

const sockets = DIALECTS.flatMap((dialect) =>
  dialect.sockets.map(({ name, path }) => ({ dialect: dialect.name, name, path, example: filled(path) })),
);
const endpoints = endpointsOf({ dialects: DIALECTS }).map(({ method, path }) => ({
  method,
  path,
  example: filled(path),
}));
const paths = [...new Set([...sockets, ...endpoints].map(({ path }) => path))];

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** Documented in the wire contract; the walk must meet them all. */
const DOCUMENTED_SOCKETS = [
  "/ws/notifications",
  "/ws/tasks/:workspace_id",
  "/ws/focus-session/:session_id",
  "/api/v1/ws/notifications",
  "/api/v1/ws/workspaces/:workspace_id/tasks",
  "/api/v1/ws/focus-sessions/:session_id",
  "/api/v1/ws/connect",
  "/api/v1/ws/:user_id",
  "/api/v1/ws",
  "/api/v1/stream",
];
const DOCUMENTED_ENDPOINTS = [
  "POST /api/v1/realtime/events/task",
  "POST /api/v1/realtime/events/workspace",
  "POST /api/v1/realtime/events/system",
  "POST /api/v1/ws/notification",
  "GET /api/v1/ws/status",
  "POST /api/v1/notify/users/:id",
  "POST /api/v1/notify/rooms/:room",
  "POST /api/v1/notify/broadcast",
  "GET /api/v1/presence/users",
  "GET /api/v1/presence/users/:id",
  "GET /api/v1/presence/rooms/:room",
];

const upgrade = (server: StartedServer, path: string): Promise<Answer> =>
  knock(addressOf(server, path, { as: USER }));

/** Which socket answered the last upgrade, by the server's own log. */
function lastOpened(server: StartedServer): unknown {
  const { dialect, endpoint } = server.logs.of("SOCKET_OPENED").at(-1)?.fields ?? {};
  return { dialect, name: endpoint };
}

/** Nothing at this address, or another method: not the endpoint's own answer. */
const isNowhere = ({ status, body }: Answer): boolean =>
  status === 405 ||
  (status === 404 &&
    (body as { detail?: string } | undefined)?.detail === "There is nothing at this address.");

test("every documented path is there", () => {
  expect(sockets.map(({ path }) => path)).toEqual(expect.arrayContaining(DOCUMENTED_SOCKETS));
  expect(endpoints.map(({ method, path }) => `${method} ${path}`)).toEqual(
    expect.arrayContaining(DOCUMENTED_ENDPOINTS),
  );
});

test("no two entries share a method and a path", () => {
  const all = [
    ...endpoints.map(({ method, path }) => `${method} ${path}`),
    ...sockets.map(({ path }) => `socket ${path}`),
  ];
  expect(new Set(all.map((entry) => entry.replace(/:\w+/g, ":"))).size).toBe(all.length);
});

describe.each(sockets)("$path", ({ dialect, name, example }) => {
  test("is answered by its own dialect and endpoint, with and without a trailing slash", async () => {
    await using server = await startServer();
    for (const path of [example, `${example}/`]) {
      expect((await upgrade(server, path)).status).toBe(101);
      expect(lastOpened(server)).toEqual({ dialect, name });
    }
  });

  test("is answered 426 without an upgrade", async () => {
    await using server = await startServer();
    for (const path of [example, `${example}/`]) {
      const answer = await http(server, USER).get(path);
      expectProblem(answer, 426, /ws:\/\//);
      expect(answer.headers.get("upgrade")).toBe("websocket");
    }
  });
});

test("a socket's address answers other methods than GET 405, and says so", async () => {
  await using server = await startServer();
  const others: string[] = [];
  for (const { example } of sockets) {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const { status, headers } = await fetch(`${server.url}${example}`, {
        method,
        headers: { "x-api-key": KEY },
      });
      if (status !== 405 || headers.get("allow")?.includes("GET") !== true)
        others.push(`${status} ${method} ${example}`);
    }
  }
  expect(others).toEqual([]);
});

describe.each(endpoints)("$method $path", ({ method, path, example }) => {
  const request = async (server: StartedServer, at: string, how: string = method): Promise<Answer> =>
    answerOf(await fetch(`${server.url}${at}`, { method: how, headers: { "x-api-key": KEY } }));

  test("is answered by its own endpoint, with and without a trailing slash", async () => {
    await using server = await startServer();
    for (const at of [example, `${example}/`]) expect(isNowhere(await request(server, at))).toBe(false);
  });

  test("other methods than the path's are answered 405, with Allow", async () => {
    await using server = await startServer();
    const known = endpoints.filter((other) => other.path === path).map((other) => other.method);
    for (const other of METHODS.filter((word) => !known.includes(word))) {
      const answer = await request(server, example, other);
      expectProblem(answer, 405);
      expect(answer.headers.get("allow")?.split(", ").toSorted()).toEqual(known.toSorted());
    }
  });
});

describe(":user_id", () => {
  /** The fixed names behind /api/v1/ws/ of the whole union. */
  const fixed = [
    ...new Set(
      paths
        .map((path) => /^\/api\/v1\/ws\/([^:/][^/]*)/.exec(path)?.[1])
        .filter((name) => name !== undefined),
    ),
  ];

  test("has these neighbours", () => {
    expect(fixed.toSorted()).toEqual([
      "connect",
      "focus-sessions",
      "notification",
      "notifications",
      "status",
      "workspaces",
    ]);
  });

  test.each(fixed)("never takes %s, not even for an upgrade", async (name) => {
    await using server = await startServer();
    for (const path of [`/api/v1/ws/${name}`, `/api/v1/ws/${name}/`, `/api/v1/ws/${encodeFirst(name)}`]) {
      // Whoever has this very id must not be let in by it either.
      const token = server.token({ ...USER, id: name });
      for (const query of [`?token=${token}`, ""]) await knock(`${server.wsUrl}${path}${query}`);
    }
    expect(server.logs.of("SOCKET_OPENED").filter(({ fields }) => fields["dialect"] === "diary")).toEqual([]);
  });

  test.each(fixed)("a longer id that begins with %s is a user's", async (name) => {
    await using server = await startServer();
    expect((await knock(`${server.wsUrl}/api/v1/ws/${name}x`)).status).toBe(101);
    expect(lastOpened(server)).toEqual({ dialect: "diary", name: "messages" });
  });

  test("status with an Upgrade header is still the status", async () => {
    await using server = await startServer();
    const answer = await knock(`${server.wsUrl}/api/v1/ws/status`);
    expect(answer).toMatchObject({ status: 200, body: { status: "active" } });
  });

  test("may hold what a segment can hold, and no slash", async () => {
    await using server = await startServer();
    for (const id of ["ü", "a b", "a:b", "007", "x".repeat(128)]) {
      expect((await knock(`${server.wsUrl}/api/v1/ws/${encodeURIComponent(id)}`)).status).toBe(101);
    }
    for (const bad of ["x".repeat(129), "a%00b", "a/b"])
      expect((await knock(`${server.wsUrl}/api/v1/ws/${bad}`)).status).toBe(404);
  });
});

test("what is nowhere is 404, whatever the method, with and without an upgrade", async () => {
  await using server = await startServer();
  const { get, post, delete: remove } = http(server, ADMIN);
  for (const path of [
    "/nowhere",
    "/api/v1/nowhere",
    "/ws",
    "/ws/tasks",
    "/ws/tasks/7/8",
    "/api/v1/ws/7/8",
    "/api/v1/ws/workspaces",
    "/api/v1/ws/workspaces/7",
    "/api/v1/ws/focus-sessions",
    "/api/v2/ws",
  ]) {
    for (const answer of [
      await get(path),
      await post(path, {}),
      await remove(path),
      await upgrade(server, path),
    ]) {
      expectProblem(answer, 404, "There is nothing at this address.");
    }
  }
});

test("health and readiness are answered to anybody", async () => {
  await using server = await startServer();
  const { get } = http(server);
  for (const path of ["/healthz", "/healthz/", "/readyz"]) expect((await get(path)).status).toBe(200);
});

/** The same name, its first letter written as an escape. */
const encodeFirst = (name: string): string => `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`;

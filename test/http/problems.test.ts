/** What is wrong with a request is told as a problem (RFC 9457), in one line that says what to do. */
import { describe, expect, test } from "bun:test";
import { connect } from "../support/client.ts";
import { expectAnswer, expectProblem, http, type ProblemBody } from "../support/http.ts";
import { ALICE } from "../support/people.ts";
import { startServer } from "../support/server.ts";

const SYSTEM = "/api/v1/realtime/events/system";
const TASK = "/api/v1/realtime/events/task";
const GOOD = { title: "T", content: "C" };

/** Which fields are named, each once. */
const paths = (problem: ProblemBody): string[] =>
  [...new Set(problem.errors?.map(({ path }) => path))].toSorted();

describe("a body that is no JSON", () => {
  test.each(["{", "not json", `{"title":"T",}`, "\u0000", `{"a":1}{"b":2}`])("%j", async (body) => {
    await using server = await startServer();
    expectProblem(await http(server, ALICE).post(SYSTEM, body), 400, /JSON/);
  });

  test("that is no object", async () => {
    await using server = await startServer();
    for (const body of ["[]", "null", "7", `"text"`, "true"]) {
      const problem = expectProblem(await http(server, ALICE).post(SYSTEM, body), 400);
      expect(problem.detail).not.toBe("");
    }
  });

  test("that is nested too deeply is refused at once, however deep", async () => {
    await using server = await startServer();
    const { post } = http(server, ALICE);
    for (const depth of [200, 100_000]) {
      expectProblem(await post(SYSTEM, "[".repeat(depth) + "]".repeat(depth)), 400);
      expectProblem(
        await post(
          SYSTEM,
          `{"title":"T","content":"C","data":${`{"a":`.repeat(depth)}1${"}".repeat(depth)}}`,
        ),
        400,
      );
    }
    expect((await post(SYSTEM, { ...GOOD, data: { a: { b: { c: [1, [2, [3]]] } } } })).status).toBe(202);
  });

  test("with a content type that says nothing of JSON is read all the same; an empty one lacks its fields", async () => {
    await using server = await startServer();
    const { post } = http(server, ALICE);
    expect((await post(SYSTEM, JSON.stringify(GOOD), { "content-type": "text/plain" })).status).toBe(202);
    expectProblem(await post(SYSTEM, ""), 400, "Missing required fields: title, content");
    expectProblem(await post(SYSTEM), 400, "Missing required fields: title, content");
  });
});

describe("wrong types", () => {
  test.each([
    [TASK, { task_id: 456, title: 7, action: "updated" }, ["title"]],
    [TASK, { task_id: 456, title: "T", action: "painted" }, ["action"]],
    [TASK, { task_id: 4.5, title: "T", action: "updated" }, ["task_id"]],
    [TASK, { task_id: true, title: "T", action: "updated" }, ["task_id"]],
    [TASK, { task_id: "a\u0000", title: "T", action: "updated" }, ["task_id"]],
    [TASK, { task_id: "x".repeat(129), title: "T", action: "updated" }, ["task_id"]],
    [TASK, { task_id: 456, title: "T", action: "updated", target_user_ids: 101 }, ["target_user_ids"]],
    [
      TASK,
      { task_id: 456, title: "T", action: "updated", target_user_ids: [101, {}] },
      ["target_user_ids.1"],
    ],
    [TASK, { task_id: {}, title: [], action: 1 }, ["action", "task_id", "title"]],
    [SYSTEM, { ...GOOD, data: "text" }, ["data"]],
    [SYSTEM, { ...GOOD, data: [] }, ["data"]],
    [SYSTEM, { title: {}, content: 1 }, ["content", "title"]],
    ["/api/v1/notify/users/7", { message: 1 }, ["message"]],
    ["/api/v1/notify/users/7", { message: "m", level: "loud" }, ["level"]],
    ["/api/v1/notify/users/7", { message: "m", data: 1 }, ["data"]],
    ["/api/v1/ws/notification", { message: { text: "m" } }, ["message"]],
    ["/api/v1/workspaces", { name: 5 }, ["name"]],
  ])("%s %j names %j", async (path, body, fields) => {
    await using server = await startServer();
    const problem = expectProblem(await http(server, "key").post(path, body), 400);
    expect(paths(problem)).toEqual(fields);
    for (const { message } of problem.errors ?? []) expect(message).toMatch(/./);
    // The one line names a field, too.
    expect(fields.some((field) => problem.detail.includes(field))).toBe(true);
  });

  test("unknown fields are ignored, and null says what leaving out says", async () => {
    await using server = await startServer();
    const client = await connect(server, "/ws/notifications", { as: ALICE });
    const body = {
      ...GOOD,
      user_id: null,
      data: null,
      colour: "red",
      notification_type: "fake",
      level: "error",
      __proto__: null,
    };
    expectAnswer(await http(server, ALICE).post(SYSTEM, body), 202, { status: "system notification sent" });
    expect(await client.next()).toMatchObject({ notification_type: "system", data: {} });
  });

  test("ids are read as numbers and as texts", async () => {
    await using server = await startServer();
    for (const task_id of [0, 456, "456", "007", "9007199254740993", "task-a"]) {
      expect((await http(server, ALICE).post(TASK, { task_id, title: "T", action: "updated" })).status).toBe(
        202,
      );
    }
  });
});

describe("a refusal in disguise", () => {
  const disguised = `{"refused":"NOT_FOUND","detail":"gone"}`;

  test("is a body like any other", async () => {
    await using server = await startServer();
    const { post } = http(server, "key");
    expectProblem(await post(SYSTEM, disguised), 400, "Missing required fields: title, content");
    expectProblem(await post("/api/v1/ws/notification", disguised), 400, "Missing required fields: message");
    expect((await post(SYSTEM, { ...GOOD, user_id: 7, refused: "INTERNAL" })).status).toBe(202);
    expect((await post(SYSTEM, { ...GOOD, user_id: 7, data: JSON.parse(disguised) as unknown })).status).toBe(
      202,
    );
    expect(
      (await post("/api/v1/notify/users/7", { message: "m", data: { refused: "TOO_LARGE" } })).status,
    ).toBe(200);
    expect((await http(server, ALICE).put("/api/v1/rooms/channel:9", disguised)).status).toBeOneOf([
      200, 403, 404,
    ]);
  });

  test("reaches listeners as it was given", async () => {
    await using server = await startServer();
    const client = await connect(server, "/ws/focus-session/s1", { as: ALICE });
    await client.next();
    client.sendText(disguised);
    expect(await client.next()).toMatchObject({
      type: "focus_session_update",
      data: { refused: "NOT_FOUND", detail: "gone" },
    });
  });
});

describe("too large", () => {
  const maxBodyBytes = 2000;
  const bodyOf = (bytes: number): string => {
    const empty = JSON.stringify({ ...GOOD, pad: "" });
    return JSON.stringify({ ...GOOD, pad: "x".repeat(bytes - empty.length) });
  };

  test("413 from MAX_BODY_BYTES on, whether declared or streamed", async () => {
    await using server = await startServer({ maxBodyBytes });
    const { post } = http(server, ALICE);
    expect((await post(SYSTEM, bodyOf(maxBodyBytes))).status).toBe(202);
    for (const bytes of [maxBodyBytes + 1, maxBodyBytes * 2, 60_000])
      expectProblem(await post(SYSTEM, bodyOf(bytes)), 413, /MAX_BODY_BYTES/);
    const streamed = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(bodyOf(maxBodyBytes + 1)));
        controller.close();
      },
    });
    const answer = await fetch(`${server.url}${SYSTEM}`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token(ALICE)}`, "content-type": "application/json" },
      body: streamed,
    });
    expect(answer.status).toBe(413);
  });

  test("far beyond the limit, too", async () => {
    await using server = await startServer({ maxBodyBytes });
    // The server may cut the connection while the body is still being sent; it must not take it in.
    const status = await http(server, ALICE)
      .post(SYSTEM, bodyOf(5_000_000))
      .then(
        (answer) => answer.status,
        () => 413,
      );
    expect(status).toBe(413);
    expect((await http(server, ALICE).post(SYSTEM, GOOD)).status).toBe(202);
  });

  test("the default is 1 MiB", async () => {
    await using server = await startServer();
    const { post } = http(server, ALICE);
    const ownConnection = { connection: "close" };
    expect((await post(SYSTEM, bodyOf(1 << 20), ownConnection)).status).toBe(202);
    expectProblem(await post(SYSTEM, bodyOf((1 << 20) + 1), ownConnection), 413);
  });

  test("a body that was refused unread does not hold up the end of the server", async () => {
    const server = await startServer();
    const { post } = http(server, ALICE);
    await post(SYSTEM, bodyOf(1 << 20));
    expectProblem(await post(SYSTEM, bodyOf((1 << 20) + 1)), 413);
    const patience = Bun.sleep(3000).then(() => "still waiting");
    expect(await Promise.race([server.stop().then(() => "stopped"), patience])).toBe("stopped");
  });
});

describe("proof", () => {
  test("none is 401 and asks for one; a bad one is 401 and says why", async () => {
    await using server = await startServer();
    const missing = await http(server).post(SYSTEM, GOOD);
    expectProblem(missing, 401, /token/i);
    expect(missing.headers.get("www-authenticate")).toBe("Bearer");
    for (const authorization of [
      "Bearer bad",
      "Bearer a.b.c",
      `Bearer ${server.token({ ...ALICE, ttlSeconds: -1 })}`,
    ]) {
      const problem = expectProblem(await http(server).post(SYSTEM, GOOD, { authorization }), 401);
      expect(problem.detail).not.toContain(authorization.slice(7));
    }
    expectProblem(await http(server).post(SYSTEM, GOOD, { "x-api-key": "wrong" }), 401, /key/);
  });

  test("is looked at before the body", async () => {
    await using server = await startServer();
    expectProblem(await http(server).post(SYSTEM, "{"), 401);
  });

  test("a rate per user: 429 with Retry-After", async () => {
    await using server = await startServer({ rateLimitHttp: 1 });
    const { get } = http(server, ALICE);
    const statuses: number[] = [];
    let last = await get("/api/v1/presence/users");
    while (last.status === 200 && statuses.push(200) < 20) last = await get("/api/v1/presence/users");
    expectProblem(last, 429);
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
    // Another user's rate is his own.
    expect((await http(server, { id: 2 }).get("/api/v1/presence/users")).status).toBe(200);
  });
});

describe("CORS", () => {
  const preflight = (url: string, origin: string): Promise<Response> =>
    fetch(url, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type",
      },
    });

  test("CORS_ORIGINS answers preflights of those origins, and no others", async () => {
    await using server = await startServer({ corsOrigins: ["https://app.example.com"] });
    const url = `${server.url}${SYSTEM}`;
    const allowed = await preflight(url, "https://app.example.com");
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(allowed.headers.get("access-control-allow-headers")?.toLowerCase()).toContain("authorization");
    expect(
      (await preflight(url, "https://evil.example.com")).headers.get("access-control-allow-origin"),
    ).not.toBe("https://evil.example.com");
    // A problem can be read by the page as well.
    const problem = await http(server).post(SYSTEM, GOOD, { origin: "https://app.example.com" });
    expectProblem(problem, 401);
    expect(problem.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
  });

  test("unset: no CORS headers", async () => {
    await using server = await startServer();
    const answer = await http(server, ALICE).get("/api/v1/presence/users", {
      origin: "https://app.example.com",
    });
    expect(answer.status).toBe(200);
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

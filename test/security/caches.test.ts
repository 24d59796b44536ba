/** No cache between keeps what only its asker may see. */
import { expect, test } from "bun:test";
import { answerOf, http } from "../support/http.ts";
import { ALICE } from "../support/people.ts";
import { NO_RATES, startServer, type StartedServer } from "../support/server.ts";

/** Every address below /api/v1 that is read, its parameters filled with what is not there. */
async function readable(server: StartedServer): Promise<string[]> {
  const { body } = await http(server).get("/openapi.json");
  const { paths } = body as { paths: Record<string, { get?: object }> };
  return Object.keys(paths)
    .filter((path) => path.startsWith("/api/v1/") && paths[path]?.get !== undefined)
    .map((path) => path.replaceAll(/\{\w+\}/g, "7"));
}

test("what is answered below /api/v1, and each refusal, says that nobody may keep it", async () => {
  await using server = await startServer(NO_RATES);
  const paths = await readable(server);
  expect(paths.length).toBeGreaterThan(20);
  const polls = { accept: "application/json" };
  for (const who of [ALICE, "key", "nobody"] as const)
    for (const path of paths) {
      const asked = path === "/api/v1/events" ? `${path}?wait=0&topics=room:lobby` : path;
      const { status, headers } = await http(server, who).get(asked, polls);
      expect({ who, path, status, cache: headers.get("cache-control") }).toEqual({
        who,
        path,
        status,
        cache: "no-store",
      });
    }
});

test("nor what was made: tickets, keys, tokens", async () => {
  await using server = await startServer(NO_RATES);
  const asked = [
    ["/api/v1/tickets", {}],
    ["/api/v1/admin/keys", { name: "backend" }],
    ["/api/v1/admin/tokens", { user_id: 5 }],
  ] as const;
  for (const [path, body] of asked) {
    const answer = await answerOf(await http(server, "key").fetch("POST", path, body));
    expect({ status: answer.status, cache: answer.headers.get("cache-control") }).toEqual({
      status: 201,
      cache: "no-store",
    });
  }
});

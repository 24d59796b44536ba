/** Streams over HTTP end with whoever may hear them, and never outlive their reader. */
import { expect, test } from "bun:test";
import type { ConnectionInfo } from "../../src/core/admin.ts";
import { http } from "../support/http.ts";
import { ALICE, BOB, nativeIn } from "../support/people.ts";
import { NO_RATES, startServer, type StartedServer } from "../support/server.ts";
import { blocks } from "../support/sse.ts";

const connections = async (server: StartedServer): Promise<readonly ConnectionInfo[]> =>
  ((await http(server, "key").get("/api/v1/admin/connections")).body as { items: ConnectionInfo[] }).items;

test("HEAD of the event stream opens none: nobody would ever end it", async () => {
  await using server = await startServer(NO_RATES);
  for (let asked = 0; asked < 6; asked++) {
    const { status, headers } = await http(server, ALICE).fetch("HEAD", "/api/v1/events");
    expect({ status, type: headers.get("content-type") }).toEqual({
      status: 200,
      type: "text/event-stream",
    });
  }
  expect(await connections(server)).toEqual([]);
});

test("whoever looks on with a service key looks on no more when it is revoked", async () => {
  await using server = await startServer(NO_RATES);
  const admin = http(server, "key");
  const watched = await nativeIn(server, BOB);
  const [connection] = await connections(server);
  const { body } = await admin.post("/api/v1/admin/keys", { name: "support" });
  const { id, key } = body as { id: string; key: string };
  const response = await fetch(`${server.url}/api/v1/admin/connections/${connection?.id}/frames`, {
    headers: { "x-api-key": key },
  });
  const seen = blocks(response);

  watched.send({ type: "ping" });
  expect((await seen.next()).value?.["event"]).toBe("frame");
  await admin.delete(`/api/v1/admin/keys/${id}`);
  watched.send({ type: "ping", id: "after" });
  await watched.next({ type: "pong" });

  const rest: string[] = [];
  for await (const { data = "" } of seen) rest.push(data);
  expect(rest.join("\n")).not.toContain("after");
});

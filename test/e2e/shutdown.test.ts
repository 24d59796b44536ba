/** A clean end: every socket is told to come back, and what was acknowledged is in the store. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestServer } from "../../src/app/dragoman.ts";
import { type Client, connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { ALICE, BOB, chatIn, diaryPath, nativeIn, notifierIn, PATHS } from "../support/people.ts";
import { NO_RATES, startServer } from "../support/server.ts";

const folder = mkdtempSync(join(tmpdir(), "dragoman-shutdown-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** Another folder for each test. */
const dataDir = (name: string): string => join(folder, name);

const RESTART = { code: 1012, reason: "Service restart" };

test("every socket is closed with 1012, and newcomers find nobody", async () => {
  const server = await startServer();
  const clients: Client[] = [];
  for (const path of [...Object.values(PATHS), diaryPath(ALICE)])
    clients.push(await connect(server, path, { as: ALICE }));
  await server.stop();
  for (const client of clients) expect(await client.closed()).toEqual(RESTART);
  expect(
    await fetch(server.url).then(
      () => "answered",
      () => "gone",
    ),
  ).toBe("gone");
  await server.stop();
});

test("a close is no leave that anybody must hear, and nothing fails on the way", async () => {
  await using server = await startServer(NO_RATES);
  const clients = await Promise.all([ALICE, BOB].map((user) => chatIn(server, user, ["channel:9"])));
  await server.stop();
  for (const client of clients) await client.closed();
  expect(server.logs.entries.filter(({ level }) => level === "error")).toEqual([]);
});

describe("what was acknowledged", () => {
  test("is in the store, with its id, when the server is opened again", async () => {
    const settings = { ...NO_RATES, dataDir: dataDir("acknowledged"), access: "open" } as const;
    const acknowledged: number[] = [];
    {
      await using server = await startServer(settings);
      const writer = await nativeIn(server, ALICE);
      for (let n = 0; n < 300; n++)
        writer.send({ type: "publish", id: n, data: { topic: "channel:9", content: `message ${n}` } });
      await writer.next({ type: "reply", to: 99 });
      // Two hundred are on their way.
      await server.stop();
      await writer.closed();
      acknowledged.push(
        ...writer.received.filter(({ type }) => type === "reply").map(({ data }) => data.message_id),
      );
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    await using again = await startServer(settings);
    const reader = await nativeIn(again, BOB);
    reader.send({ type: "subscribe", data: { topics: ["channel:9"], last_event_id: 0 } });
    await reader.next("resumed");
    const kept = reader.received.filter(({ kind }) => kind === "message.created");
    expect(kept.map(({ event_id }) => event_id)).toEqual(expect.arrayContaining(acknowledged));
    expect(kept.map(({ data }) => data.content)).toEqual(
      Array.from({ length: kept.length }, (_, n) => `message ${n}`),
    );
  });

  test("by HTTP too: the answer came, so it is there", async () => {
    const settings = { ...NO_RATES, dataDir: dataDir("http") };
    const sent = { ok: 0, refused: 0 };
    {
      await using server = await startServer(settings);
      const { post } = http(server, "key");
      const requests = Array.from({ length: 100 }, (_, n) =>
        post(`/api/v1/notify/users/${ALICE.id}`, { message: String(n) }),
      );
      await requests[0];
      const stopping = server.stop();
      for (const request of requests) {
        const status = await request.then(
          (answer) => answer.status,
          () => 0,
        );
        if (status === 200) sent.ok++;
        else sent.refused++;
        expect(status).toBeOneOf([200, 503, 0]);
      }
      await stopping;
    }
    await using again = await startServer(settings);
    const alice = await connect(again, PATHS.notifications, { as: ALICE, query: { last_event_id: 0 } });
    await alice.next("resumed");
    const kept = alice.received.length - 1;
    expect(kept).toBeGreaterThanOrEqual(sent.ok);
    // A refusal by 503 promises that nothing was done.
    expect(kept).toBeLessThanOrEqual(sent.ok + sent.refused);
  });

  test("a client goes on where it was: ids continue, the cursor still fits", async () => {
    const settings = { ...NO_RATES, dataDir: dataDir("cursor") };
    let cursor: number;
    {
      await using server = await startServer(settings);
      const alice = await notifierIn(server, ALICE, [], { query: { last_event_id: "latest" } });
      await server.notifications.notifyUser({ userId: ALICE.id, message: "one" });
      cursor = (await alice.next({ message: "one" })).event_id;
      await server.notifications.notifyUser({ userId: ALICE.id, message: "two" });
    }
    await using again = await startServer(settings);
    const alice = await notifierIn(again, ALICE, [], { query: { last_event_id: cursor } });
    await again.notifications.notifyUser({ userId: ALICE.id, message: "three" });
    expect(await alice.take(3)).toMatchObject([
      { message: "two", event_id: cursor + 1 },
      { type: "resumed", data: { recovered: true, last_event_id: cursor + 1 } },
      { message: "three", event_id: cursor + 2 },
    ]);
  });

  test("workspaces, members, rooms and sessions are there as well, and tokens are still good", async () => {
    const settings = { ...NO_RATES, dataDir: dataDir("things"), access: "members" } as const;
    let token: string;
    {
      await using server = await startServer(settings);
      token = server.token(BOB);
      await http(server, ALICE).post("/api/v1/workspaces", { id: 789, name: "W" });
      await http(server, ALICE).put(`/api/v1/workspaces/789/members/${BOB.id}`);
      await http(server, ALICE).put("/api/v1/rooms/focus:s1", { workspace_id: 789 });
      const focus = await connect(server, PATHS.v1Focus, { as: ALICE });
      focus.send({ status: "paused", current_task_id: 7 });
      await focus.next({ action: "status_change" });
    }
    await using again = await startServer(settings);
    await connect(again, PATHS.tasks, { token });
    const focus = await connect(again, PATHS.v1Focus, { token });
    expect(await focus.next()).toMatchObject({
      action: "participant_joined",
      data: { status: "paused", current_task_id: 7 },
    });
  });
});

test("a folder is one server's at a time, and free once it has stopped", async () => {
  const settings = { port: 0, dataDir: dataDir("lock") };
  const first = await createTestServer({ settings });
  const refused = await createTestServer({ settings }).then(
    () => "started",
    (error: Error) => error.message,
  );
  expect(refused).toContain("another dragoman is using");
  await first.stop();
  const second = await createTestServer({ settings });
  await second.stop();
});

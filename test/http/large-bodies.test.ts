/** Bodies up to the limit and beyond it, and upgrades that are none: each answered in words. */
import { describe, expect, test } from "bun:test";
import { answerOf, expectProblem, http } from "../support/http.ts";
import { ALICE, diaryPath, PATHS } from "../support/people.ts";
import { KEY, NO_RATES, type StartedServer, startServer } from "../support/server.ts";
import { knock } from "../support/raw-socket.ts";

const SYSTEM = "/api/v1/realtime/events/system";
const MIB = 1 << 20;
const notice = (length: number): object => ({
  user_id: ALICE.id,
  title: "T",
  content: "C",
  data: { text: "x".repeat(length) },
});

/** Whatever was refused, the server goes on, and it was no fault of its own. */
async function expectUnharmed(server: StartedServer): Promise<void> {
  expect((await http(server, "key").post(SYSTEM, notice(1))).status).toBe(202);
  expect(server.logs.entries.filter(({ level }) => level === "error")).toEqual([]);
}

/** In pieces of 64 KiB, without a length in front. */
function chunked(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let start = 0;
  return new ReadableStream({
    pull(controller) {
      if (start >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(start, (start += 65_536)));
    },
  });
}

const postChunked = async (server: StartedServer, text: string) =>
  answerOf(
    await fetch(new URL(SYSTEM, server.url), {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      body: chunked(text),
    }),
  );

describe("a body", () => {
  test("of any size is taken where MAX_BODY_BYTES is 0", async () => {
    await using server = await startServer({ ...NO_RATES, maxBodyBytes: 0 });
    const body = JSON.stringify(notice(200_000));
    expect((await http(server, "key").post(SYSTEM, body)).status).toBe(202);
    expect((await postChunked(server, body)).status).toBe(202);
    await expectUnharmed(server);
  });

  test("of 3 MiB is refused by a problem, with a length in front or in chunks", async () => {
    await using server = await startServer(NO_RATES);
    const body = JSON.stringify(notice(3 * MIB));
    for (const answer of [await http(server, "key").post(SYSTEM, body), await postChunked(server, body)])
      expectProblem(answer, 413, /MAX_BODY_BYTES/);
    await expectUnharmed(server);
  });

  test("is refused from the first byte beyond the limit on", async () => {
    await using server = await startServer({ ...NO_RATES, maxBodyBytes: 1000 });
    const most = JSON.stringify(notice(1)).padEnd(1000);
    for (const post of [http(server, "key").post, (_: string, body: string) => postChunked(server, body)]) {
      expect((await post(SYSTEM, most)).status).toBe(202);
      expectProblem(await post(SYSTEM, `${most} `), 413);
    }
    await expectUnharmed(server);
  });
});

describe("an upgrade", () => {
  const UPGRADE = { connection: "Upgrade", upgrade: "websocket" };

  test("to what is switched off is a 404, as is every other request there", async () => {
    await using server = await startServer({ ...NO_RATES, diary: "off" });
    for (const path of [diaryPath(ALICE), `${diaryPath(ALICE)}?token=${server.token(ALICE)}`])
      expectProblem(await knock(`${server.wsUrl}${path}`), 404);
    expectProblem(await http(server, ALICE).get(diaryPath(ALICE), UPGRADE), 404);
    expectProblem(await http(server, ALICE).get(diaryPath(ALICE)), 404);
  });

  test.each([PATHS.chat, PATHS.notifier, PATHS.native, PATHS.notifications])(
    "of %s without a key is a 400, and takes nobody's place",
    async (path) => {
      await using server = await startServer({ ...NO_RATES, maxConnectionsPerUser: 1 });
      for (const _ of [1, 2]) {
        const answer = await http(server, ALICE).get(path, { ...UPGRADE, "sec-websocket-version": "13" });
        expectProblem(answer, 400, /Sec-WebSocket-Key/);
      }
      const open = await knock(`${server.wsUrl}${path}?token=${server.token(ALICE)}`);
      expect(open.status).toBe(101);
    },
  );
});

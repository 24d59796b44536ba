/** The access webhook: what it forbids stays forbidden, and nobody keeps it from the others. */
import { describe, expect, test } from "bun:test";
import { connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { ALICE, BOB, chatIn, nativeIn } from "../support/people.ts";
import { NO_RATES, startServer, type StartedServer } from "../support/server.ts";

interface Question {
  readonly user_id: number;
  readonly room: string;
  readonly action: string;
}

/** A backend that is asked, and a server that asks it. */
async function asking(
  allow: (question: Question) => boolean | Promise<boolean>,
): Promise<{ readonly server: StartedServer } & AsyncDisposable> {
  const backend = Bun.serve({
    port: 0,
    fetch: async (request) => Response.json({ allow: await allow((await request.json()) as Question) }),
  });
  const server = await startServer({
    ...NO_RATES,
    access: "members",
    accessWebhookUrl: backend.url.href,
    forbiddenJoin: "error",
  });
  return {
    server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await backend.stop(true);
    },
  };
}

describe("who may join by the webhook, but not send,", () => {
  const reads = ({ action }: Question): boolean => action !== "send";

  test("is heard in no room that he is in", async () => {
    await using scene = await asking(reads);
    const { server } = scene;
    const chat = await chatIn(server, ALICE, ["channel:9"]);
    chat.send({ type: "send_message", room: "channel:9", data: { content: "psst" } });
    expect(await chat.next()).toMatchObject({
      type: "error",
      data: { error: expect.stringMatching(/access/) },
    });
    const native = await nativeIn(server, ALICE, ["channel:9"]);
    native.send({ type: "publish", id: 1, data: { topic: "channel:9", content: "psst" } });
    expect(await native.next()).toMatchObject({ type: "reply", to: 1, error: { code: "FORBIDDEN" } });
    const { body } = await http(server, ALICE).get("/api/v1/rooms/channel:9/messages");
    expect(body).toEqual({ items: [], next: null });
  });

  test("changes no focus session, and is not relayed in it", async () => {
    await using scene = await asking(({ action, user_id }) => action !== "send" || user_id === BOB.id);
    const { server } = scene;
    const [listener, relaying] = [
      await connect(server, "/ws/focus-session/s1", { as: ALICE }),
      await connect(server, "/ws/focus-session/s1", { as: BOB }),
    ];
    const changing = await connect(server, "/api/v1/ws/focus-sessions/s1", { as: ALICE });
    listener.send({ note: "psst" });
    changing.send({ status: "paused" });
    await listener.drain();
    await changing.drain();
    relaying.send({ note: "hello" });
    const { data } = await listener.ever(({ data }) => Object.hasOwn(data, "note"));
    expect<unknown>(data).toEqual({ note: "hello" });
    expect(JSON.stringify(listener.received)).not.toMatch(/psst|paused/);
  });
});

test("one user's thousand questions never keep another's from being answered", async () => {
  let open = 0;
  let most = 0;
  const { promise: answered, resolve: answer } = Promise.withResolvers<boolean>();
  await using scene = await asking(async ({ user_id }) => {
    if (user_id === BOB.id) return true;
    most = Math.max(most, ++open);
    await answered;
    return open-- > 0;
  });
  const { server } = scene;
  const greedy = await nativeIn(server, ALICE);
  const rooms = Array.from({ length: 500 }, (_, n) => `channel:${n}`);
  greedy.send({ type: "subscribe", id: 1, data: { topics: rooms } });
  const bob = await nativeIn(server, BOB, ["channel:9"]);
  bob.send({ type: "publish", id: 1, data: { topic: "channel:9", content: "hello" } });
  await bob.next({ type: "reply", to: 1 });
  answer(true);
  expect(await greedy.next({ type: "reply", to: 1 })).toMatchObject({ data: { topics: rooms } });
  expect(most).toBeLessThanOrEqual(20);
});

test("nobody is asked about more rooms than a socket can be in", async () => {
  let asked = 0;
  await using scene = await asking(() => ++asked > 0);
  const client = await nativeIn(scene.server, ALICE);
  const topics = Array.from({ length: 1001 }, (_, n) => `channel:${n}`);
  client.send({ type: "subscribe", id: 1, data: { topics } });
  expect(await client.next({ type: "reply", to: 1 })).toMatchObject({ error: { code: "TOO_MANY_REQUESTS" } });
  expect(asked).toBe(0);
});

/** What a deleted message said is told to nobody any more, however he asks for what he missed. */
import { describe, expect, test } from "bun:test";
import { connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { ALICE, BOB, PATHS } from "../support/people.ts";
import { NO_RATES, startServer, type StartedServer } from "../support/server.ts";

const MESSAGES = "/api/v1/rooms/lobby/messages";

/** Says two things, changes the first and takes it back; answers with its id. */
async function converse(server: StartedServer): Promise<number> {
  const alice = http(server, ALICE);
  const { body } = await alice.post(MESSAGES, { content: "the s3cret", metadata: { n: 1 } });
  const { id } = body as { id: number };
  await alice.patch(`/api/v1/messages/${id}`, { content: "another s3cret" });
  await alice.post(MESSAGES, { content: "said and meant" });
  await alice.delete(`/api/v1/messages/${id}`);
  return id;
}

/** As a resumed native socket and a stream over HTTP hear the room, from its beginning. */
async function heard(server: StartedServer): Promise<readonly string[]> {
  const socket = await connect(server, PATHS.native, { as: BOB });
  socket.send({ type: "subscribe", data: { topics: ["room:lobby"], last_event_id: 0 } });
  await socket.ever(({ type }) => type === "resumed");
  const polled = await http(server, BOB).get("/api/v1/events?topics=room:lobby&after=0&wait=0", {
    accept: "application/json",
  });
  return [JSON.stringify(socket.received), JSON.stringify(polled.body)];
}

async function expectSilent(server: StartedServer, id: number): Promise<void> {
  for (const text of await heard(server)) {
    expect(text).not.toContain("s3cret");
    expect(text).toContain("said and meant");
    // Each of its frames is still there, so that nothing is skipped.
    const data = `"message_id":${id},"content":""`;
    expect(text).toContain(`"kind":"message.created","topic":"room:lobby","data":{${data}`);
    expect(text).toContain(`"kind":"message.edited","topic":"room:lobby","data":{${data}`);
    expect(text).toContain('"kind":"message.deleted"');
  }
}

describe("whoever resumes hears that a message was deleted, and not what it said", () => {
  test("from memory", async () => {
    await using server = await startServer(NO_RATES);
    await expectSilent(server, await converse(server));
  });

  test("from the store", async () => {
    await using server = await startServer(NO_RATES);
    const id = await converse(server);
    // So much that the first of it is no longer in memory.
    await Promise.all(
      Array.from({ length: 4100 }, (_, n) =>
        server.notifications.notifyUser({ userId: "1", message: String(n) }),
      ),
    );
    await expectSilent(server, id);
  });

  test("in chat, where a message always has a text", async () => {
    await using server = await startServer(NO_RATES);
    const alice = http(server, ALICE);
    const { body } = await alice.post("/api/v1/rooms/channel:9/messages", { content: "the s3cret" });
    await alice.delete(`/api/v1/messages/${(body as { id: number }).id}`);
    const chat = await connect(server, PATHS.chat, { as: BOB });
    chat.send({ type: "join_room", room: "channel:9", data: { last_event_id: 0 } });
    expect(await chat.ever(({ type }) => type === "message")).toMatchObject({ data: { content: "" } });
    await chat.ever(({ type }) => type === "resumed");
    expect(JSON.stringify(chat.received)).not.toContain("s3cret");
  });
});

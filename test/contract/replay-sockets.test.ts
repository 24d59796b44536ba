/**
 * Every frame that the documentation shows of clients is sent over its socket, and whatever comes
 * back is documented for that socket; every frame that it shows of the server fits its own schema.
 */
import { describe, expect, test } from "bun:test";
import { connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import type { StartedServer, User } from "../support/server.ts";
import { type Channel, channelsOf, type Message, messageFor } from "./messages.ts";
import { checker, type Document } from "./schemas.ts";
import { spelled, startAt } from "./story.ts";

/** When the examples of each document were written, and by whom; native ones are of the story. */
const PLACES: Readonly<Record<string, { readonly time?: string; readonly user: User }>> = {
  onetask: { user: { id: 101, username: "johndoe" } },
  "onetask-v1": { user: { id: 101, username: "johndoe" } },
  chat: { time: "2025-11-13T12:00:00.000Z", user: { id: 12345, username: "alice" } },
  diary: { user: { id: "123456789" } },
  notifier: { user: { id: 123, username: "dave" } },
  native: { user: { id: 101, username: "alice" } },
};

const JOIN = { type: "join_room", room: "channel:456" };
const SAY = { type: "send_message", room: "channel:456", data: { content: "Hello everyone" } };

/** What must have been said on the socket before. */
const BEFORE: Readonly<Record<string, readonly unknown[]>> = {
  "chat.client.leave_room": [JOIN],
  "chat.client.send_message": [JOIN],
  "chat.client.edit_message": [JOIN, SAY],
  "chat.client.delete_message": [JOIN, SAY],
  "notifier.client.leave_room": [{ type: "join_room", room: "project_123" }],
  "notifier.client.room_message": [{ type: "join_room", room: "project_123" }],
  "native.client.unsubscribe": [{ type: "subscribe", data: { topics: ["channel:9"] } }],
};

const REFUSALS = new Set(["chat.server.error", "notifier.server.error", "native.server.error"]);

const document = await (async (): Promise<Document> => {
  await using server = await startAt();
  return (await http(server).get("/asyncapi.json")).body as Document;
})();
const check = checker(document);
const channels = channelsOf(document);

const placeOf = ({ dialect }: Channel) => PLACES[dialect] as (typeof PLACES)[string];

/** What is heard until an answer has come, or what no document knows. */
async function answersTo(server: StartedServer, channel: Channel, message: Message, example: unknown) {
  const { user } = placeOf(channel);
  const client = await connect(server, channel.path, { as: user });
  for (const frame of BEFORE[message.key] ?? []) client.send(frame);
  await client.drain();
  client.send(spelled(example, { "<token>": server.token(user) }));
  const is = (frame: unknown): Message | null => messageFor(check, channel.server, frame);
  await client.next((frame) => is(frame)?.answers.includes(message.name) !== false);
  await client.drain();
  return client.received.map((frame) => ({ frame, is: is(frame) }));
}

for (const channel of channels) {
  describe(channel.key, () => {
    for (const message of channel.client) {
      test(`what is said: ${message.name}`, async () => {
        expect(message.examples).not.toEqual([]);
        for (const example of message.examples) {
          expect(check(message.payload, example)).toEqual([]);
          await using server = await startAt({}, placeOf(channel).time);
          const heard = await answersTo(server, channel, message, example);
          expect(heard.filter(({ is }) => is === null)).toEqual([]);
          expect(heard.filter(({ is }) => is !== null && REFUSALS.has(is.key))).toEqual([]);
        }
      });
    }

    test("what is heard has examples, each of which is as documented and is no other message", () => {
      for (const message of channel.server) {
        expect(message.examples).not.toEqual([]);
        for (const example of message.examples) {
          expect(check(message.payload, example)).toEqual([]);
          expect(messageFor(check, channel.server, example)?.key).toBe(message.key);
        }
      }
    });

    test("what answers a frame names one that there is", () => {
      const names = new Set(channel.client.map(({ name }) => name));
      const unknown = channel.server.flatMap(({ answers }) => answers.filter((name) => !names.has(name)));
      expect(unknown).toEqual([]);
    });
  });
}

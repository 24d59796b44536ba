/** The thin clients of the documented dialects, on a real server: one event, told in each one's words. */
import { expect, test } from "bun:test";
import {
  chat,
  createClient,
  diary,
  type DialectClient,
  notifier,
  onetask,
  onetaskV1,
} from "../../src/client/client.ts";
import { ALICE, BOB, CAROL } from "../support/people.ts";
import { KEY, NO_RATES, type StartedServer, startServer, type User } from "../support/server.ts";
import { ManualClientClock } from "./clock.ts";
import { Lines } from "./lines.ts";

const optionsOf = (server: StartedServer, user: User) => ({ url: server.url, token: server.token(user) });

/** The next frame for which it is true. */
async function next<F>(client: DialectClient<F>, so: (frame: F) => boolean): Promise<F> {
  for await (const frame of client.frames()) if (so(frame)) return frame;
  throw new Error("the connection ended before");
}

test("what one says in chat, a notifier's client and a native one hear in their own words", async () => {
  await using server = await startServer(NO_RATES);
  const [alice, bob] = [chat(optionsOf(server, ALICE)), notifier(optionsOf(server, BOB))];
  const carol = createClient(optionsOf(server, CAROL));
  await Promise.all([alice.join("channel:1"), bob.join("channel_1"), carol.subscribe("channel:1").ready]);
  const heard = Promise.all([
    next(alice, ({ type }) => type === "message"),
    next(bob, ({ type }) => type === "room_message"),
    new Promise((resolve) =>
      carol.on("event", (event) => event.kind === "message.created" && resolve(event)),
    ),
  ]);
  await alice.send("channel:1", "Hello");
  expect(await heard).toMatchObject([
    { type: "message", room: "channel:1", data: { content: "Hello", username: "alice" } },
    { type: "room_message", room: "channel_1", message: "Hello", data: { from_user_id: ALICE.id } },
    { kind: "message.created", topic: "channel:1", data: { content: "Hello", username: "alice" } },
  ]);
  await bob.send("channel_1", "And back");
  expect(
    await next(alice, (frame) => frame.type === "message" && frame.data.content === "And back"),
  ).toMatchObject({ data: { username: "bob" } });
  for (const client of [alice, bob, carol]) client.close();
});

test("a notification reaches OneTask, its first version, the diary and the notifier", async () => {
  await using server = await startServer(NO_RATES);
  const options = optionsOf(server, ALICE);
  const [one, first] = [onetask(options).notifications(), onetaskV1(options).notifications()];
  const [own, notices] = [diary({ ...options, userId: ALICE.id }), notifier(options)];
  await Promise.all([one, first, own, notices].map((client) => client.ready()));
  const heard = Promise.all([
    next(one, () => true),
    next(first, () => true),
    next(own, () => true),
    next(notices, ({ message }) => message === "Done"),
  ]);
  const backend = createClient({ url: server.url, key: KEY });
  const { notification_id } = await backend.notify.user(ALICE.id, { title: "Report", message: "Done" });
  expect(await heard).toMatchObject([
    { type: "notification", notification_id, title: "Report", content: "Done" },
    { type: "notification" },
    { message: expect.stringContaining("Done") },
    { type: "info", message: "Done", data: { notification: true } },
  ]);
  for (const client of [one, first, own, notices, backend]) client.close();
});

test("the documented endpoints have names, and a focus session relays what is sent", async () => {
  await using server = await startServer(NO_RATES);
  const [alice, bob] = [onetask(optionsOf(server, ALICE)), onetask(optionsOf(server, BOB))];
  const tasks = bob.tasks(789);
  const [mine, his] = [alice.focus("s1"), bob.focus("s1")];
  await Promise.all([tasks.ready(), mine.ready(), his.ready()]);
  const told = next(tasks, () => true);
  const relayed = next(his, ({ data }) => JSON.stringify(data).includes("scroll"));
  const answer = await alice.events.task({
    task_id: 5,
    title: "Write",
    action: "created",
    workspace_id: 789,
  });
  await mine.send({ scroll: 12 });
  expect(answer.recipient_count).toBe(1);
  expect(await told).toMatchObject({ title: expect.any(String), data: { task_id: 5, workspace_id: 789 } });
  expect(await relayed).toMatchObject({
    type: "focus_session_update",
    sender_id: ALICE.id,
    data: { scroll: 12 },
  });
  for (const client of [tasks, mine, his]) client.close();
});

test("a chat client that lost its line comes back into its rooms, and hears what it missed once", async () => {
  await using server = await startServer(NO_RATES);
  const backend = createClient({ url: server.url, key: KEY });
  const [lines, clock] = [new Lines(), new ManualClientClock(Date.now())];
  const client = chat({ ...optionsOf(server, ALICE), clock, ...lines.options });
  await client.join("channel:1");
  const heard: string[] = [];
  const say = (content: string) => backend.rooms.send("channel:1", { content });
  const until = (content: string): Promise<void> =>
    new Promise((resolve) => {
      const off = client.on("message", ({ data }) => {
        if (data.content !== content) return;
        off();
        resolve();
      });
    });
  client.on("message", ({ data }) => heard.push(data.content));
  const first = until("1");
  await say("1");
  await first;
  lines.blocked.add("websocket");
  lines.cut();
  for (const content of ["2", "3"]) await say(content);
  const last = until("4");
  lines.blocked.clear();
  // It waits as long as it wants to; here not at all.
  clock.advance(clock.nextMs ?? 0);
  await client.ready();
  await say("4");
  await last;
  expect(heard).toEqual(["1", "2", "3", "4"]);
  client.close();
});

/** Any writes and questions, for the properties of replay and pruning. */
import * as fc from "fast-check";
import type { Publication } from "../../src/core/event.ts";
import { idOf, typeOf, type Topic } from "../../src/core/topic.ts";
import type { Write } from "../../src/store/store.ts";
import { notice, taskTold, write } from "./store-support.ts";

export const USERS = ["5", "7", "9", "11"];
const TOPICS: readonly Topic[] = [
  "channel:9",
  "room:lobby",
  "workspace:W",
  "task:42",
  "focus:s",
  "user:5",
  "user:7",
  "everyone",
];

const user = fc.constantFrom(...USERS);
const users = fc.array(user, { maxLength: 6 });
const topic = fc.constantFrom(...TOPICS);
const topics = fc.array(topic, { maxLength: 5 });
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const actor = fc.record({ id: user, username: text });
const actorOrNull = fc.option(actor, { nil: null });
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)));
const data = fc.record({ title: text, data: fc.record({ any: json }) }).map(notice);
const privileged = fc.boolean();

/** Any write; a message to be edited is named by its distance from the start. */
export const anyWrite = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ topics, recipients: users, actor: actorOrNull, data })
      .map((args) => write("notification.add", args)),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ actor: actorOrNull, data, inbox: fc.boolean() })
      .map((args) => write("announcement.add", args)),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        title: text,
        topics,
        recipients: users,
        actor: actorOrNull,
        action: fc.constantFrom("created", "updated", "completed", "deleted"),
      })
      .map((args) => write("task.tell", taskTold(args))),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ topic, content: text, metadata: fc.record({ any: json }), actor })
      .map((args) => write("message.send", args)),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        workspace_id: fc.constant("W"),
        exclude: users,
        actor: actorOrNull,
        data,
        mustExist: fc.boolean(),
      })
      .map((args) => write("workspace.tell", args)),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ session_id: fc.constant("s"), user: actor, action: text, data: json })
      .map((args) => write("focus.update", args)),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ id: fc.constantFrom("W", null), name: text, owner: actorOrNull })
      .map((args) => write("workspace.create", args)),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ id: fc.constant("W"), name: text, actor: actorOrNull })
      .map((args) => write("workspace.update", args)),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ topic, user_id: user, role: fc.constantFrom("member", "guest"), actor: actorOrNull })
      .map((args) => write("member.put", args)),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ topic, user_id: user, actor: actorOrNull })
      .map((args) => write("member.remove", args)),
  },
  { weight: 1, arbitrary: actor.map((one) => write("user.seen", { users: [one] })) },
  {
    weight: 1,
    arbitrary: fc
      .record({
        message_id: fc.nat(20),
        content: text,
        editor: fc.record({ actor: actorOrNull, privileged }),
      })
      .map((args) => write("message.edit", args)),
  },
);

export const question = fc.record({
  topics: fc.uniqueArray(topic),
  user: fc.option(user, { nil: null }),
  after: fc.nat(60),
  length: fc.nat(60),
  limit: fc.integer({ min: 1, max: 12 }),
});

/** The definition: one of the topics, or told personally to the user or to the x of a topic user:x. */
export function hears(event: Publication, asked: readonly Topic[], userId: string | null): boolean {
  const people = new Set([
    ...(userId === null ? [] : [userId]),
    ...asked.filter((one) => typeOf(one) === "user").map(idOf),
  ]);
  return (
    event.topics.some((one) => asked.includes(one)) || (event.recipients ?? []).some((one) => people.has(one))
  );
}

export const from = (start: number, write: Write): Write =>
  write.op === "message.edit"
    ? { op: write.op, args: { ...write.args, message_id: start + write.args.message_id } }
    : write;

/** `undefined` is not kept: JSON has none. */
export const asJson = (events: readonly Publication[]): unknown => JSON.parse(JSON.stringify(events));

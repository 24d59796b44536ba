import type { Framed } from "../expect.ts";
import { containing, type Expected, TIME, WHOLE } from "../expect.ts";
import type { Person } from "../people.ts";
import { ask, type Asked, framed, hear, open, send, type Step } from "../steps.ts";

export const STREAM = "/api/v1/stream";

export const welcome = (who: Person): Framed =>
  framed("welcome", {
    type: "welcome",
    data: {
      user_id: who.wireId,
      username: who.name,
      topics: containing(`user:${who.id}`),
      server: "dragoman",
    },
  });

export const userOf = (who: Person): Expected => ({ id: who.wireId, username: who.name });

export const event = (kind: string, topic: Expected, data: Expected, actor: Expected): Framed =>
  framed(kind, { type: "event", kind, topic, data, actor, at: TIME });

export const streamOpen = (peer: string, who: Person): readonly Step[] => [
  open(peer, STREAM),
  hear(peer, welcome(who)),
];

/** Subscribed; one hears one's own join too. */
export const subscribed = (peer: string, who: Person, topics: readonly string[]): readonly Step[] => [
  send(peer, { type: "subscribe", id: `${peer} in`, data: { topics } }),
  hear(
    peer,
    framed("subscriptions", {
      type: "reply",
      to: `${peer} in`,
      data: { topics, rooms: containing(`user:${who.id}`, ...topics) },
    }),
    ...topics.map((topic) =>
      event("user.joined", topic, { user_id: who.wireId, username: who.name }, userOf(who)),
    ),
  ),
];

export const publish = (peer: string, room: string, content: string): Step =>
  send(peer, { type: "publish", data: { room, content } });

/** `data` of a notification by a system event. */
export const system = (title: string, content: string): Readonly<Record<string, Expected>> => ({
  id: WHOLE,
  title,
  content,
  level: "info",
  notification_type: "system",
  related_entity_type: null,
  related_entity_id: null,
  data: {},
  link: null,
  priority: "normal",
  room: null,
});

/** Asks over HTTP, as the first user where nobody else is named. */
export const act = (
  method: Asked["method"],
  path: string,
  status: number,
  more: Partial<Asked> = {},
  body?: Expected,
): Step => ask({ method, path, as: "a", ...more }, { status, ...(body === undefined ? {} : { body }) });

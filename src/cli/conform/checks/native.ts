/** Dragoman's own dialect: subscriptions, and every kind of event. */
import { CONTRACT, type Suite, under } from "../check.ts";
import { type Expected, keep, part, TEXT, TIME, WHOLE } from "../expect.ts";
import { ask, framed, hear, open, refresh, send } from "../steps.ts";
import { doorChecks } from "./doors.ts";
import { extraChecks } from "./extras.ts";
import { nativeEvents } from "./native-events.ts";
import { event, publish, STREAM, subscribed, streamOpen, system, userOf, welcome } from "./native-frames.ts";
import { nativeHttp } from "./native-http.ts";

const native = under("Native (/api/v1)");

const error = (to: Expected, code: string): Expected => ({
  type: "reply",
  to,
  error: { code, detail: TEXT },
});

export const nativeSuite: Suite = {
  dialect: "native",
  document: CONTRACT,
  checks: [
    ...doorChecks({
      path: STREAM,
      name: "stream",
      heading: "Refusal at the handshake",
      refusal: { http: 401 },
    }),
    native("welcome", "a socket is welcomed with who it is and what it hears", (s) => streamOpen("a", s.a)),
    native("ping", "ping is answered with pong, under the client's id", (s) => [
      ...streamOpen("a", s.a),
      send("a", { type: "ping" }),
      hear("a", framed("pong", { type: "pong", data: { timestamp: TIME } })),
      send("a", { type: "ping", id: "p1" }),
      hear("a", framed("pong", { type: "pong", to: "p1", data: { timestamp: TIME } })),
    ]),
    native("subscribe", "subscribe is answered with what came and what there is, in every spelling", (s) => [
      ...streamOpen("a", s.a),
      ...subscribed("a", s.a, [`room:${s.freeRoom}`]),
      send("a", { type: "unsubscribe", id: 2, data: { topics: [s.freeRoom] } }),
      hear(
        "a",
        framed("subscriptions", {
          type: "reply",
          to: 2,
          data: { topics: [`room:${s.freeRoom}`], rooms: [`user:${s.a.id}`] },
        }),
        event("user.left", `room:${s.freeRoom}`, { user_id: s.a.wireId, username: s.a.name }, userOf(s.a)),
      ),
    ]),
    native("publish", "publish is answered with the message's id, and heard by who subscribed", (s) => [
      ...streamOpen("a", s.a),
      ...subscribed("a", s.a, [s.room]),
      publish("a", s.room, "Hello"),
      hear(
        "a",
        framed("published", {
          type: "reply",
          to: "publish",
          data: { message_id: keep("message", WHOLE), created_at: TIME },
        }),
        event(
          "message.created",
          s.room,
          {
            message_id: keep("message", WHOLE),
            content: "Hello",
            user_id: s.a.wireId,
            username: s.a.name,
            metadata: {},
          },
          userOf(s.a),
        ),
      ),
    ]),
    native(
      "presence",
      "who joins and leaves a room is told to the others",
      (s) => [
        ...streamOpen("a", s.a),
        ...subscribed("a", s.a, [s.room]),
        ...streamOpen("b", s.b),
        ...subscribed("b", s.b, [s.room]),
        hear("a", event("user.joined", s.room, { user_id: s.b.wireId, username: s.b.name }, userOf(s.b))),
        { do: "leave", peer: "b" },
        hear("a", event("user.left", s.room, { user_id: s.b.wireId, username: s.b.name }, userOf(s.b))),
      ],
      { needs: ["user", "second"] },
    ),
    native("refresh", "a fresh token may be handed in on the open socket", (s) => [
      ...streamOpen("a", s.a),
      refresh("a"),
      hear("a", framed("refreshed", { type: "reply", to: "refresh", data: { expires_at: TIME } })),
    ]),
    native("errors", "what cannot be read is answered under a stable code; the socket stays open", (s) => [
      ...streamOpen("a", s.a),
      send("a", "{no JSON"),
      hear("a", framed("error", error(null, "BAD_JSON"))),
      send("a", { type: "dance", id: 7 }),
      hear("a", framed("error", error(7, "BAD_REQUEST"))),
      send("a", { type: "subscribe", data: { topics: [] } }),
      hear("a", framed("error", error("subscribe", "BAD_FIELDS"))),
      send("a", { type: "ping" }),
      hear("a", framed("pong", { type: "pong", data: { timestamp: TIME } })),
    ]),
    native(
      "forbidden",
      "a topic without access is refused",
      (s) => [
        ...streamOpen("a", s.a),
        send("a", { type: "subscribe", id: 1, data: { topics: [s.forbiddenRoom] } }),
        hear("a", framed("error", error(1, "FORBIDDEN"))),
        send("a", { type: "subscribe", id: 2, data: { topics: [`user:${s.b.id}`] } }),
        hear("a", framed("error", error(2, "FORBIDDEN"))),
      ],
      { needs: ["user", "second", "forbidden"] },
    ),
    native("tickets", "a ticket is given for 30 s, and opens a socket once", (s) => [
      ask(
        { method: "POST", path: "/api/v1/tickets", as: "a" },
        { status: 201, body: { ticket: TEXT, expires_at: TIME } },
      ),
      open("a", STREAM, { by: "ticket" }),
      hear("a", welcome(s.a)),
    ]),
    ...nativeEvents,
    ...nativeHttp,
    ...extraChecks({
      path: STREAM,
      welcome: (s) => [welcome(s.a)],
      told: (title, content) => ({
        type: "event",
        kind: "notification.created",
        topic: TEXT,
        data: part(system(title, content)),
        actor: part({}),
        at: TIME,
      }),
      expired: { code: 1008, reason: TEXT },
      tooMany: { http: 429 },
      level: "documented",
    }),
  ],
};

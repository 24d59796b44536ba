/** WebSocket API Documentation (seed 002): rooms, messages, and how a connection begins and ends. */
import { type Suite, under } from "../check.ts";
import { added, type Expected, keep, TEXT, TIME, WHOLE } from "../expect.ts";
import type { Scene } from "../scene.ts";
import {
  also,
  closed,
  framed,
  hear,
  leave,
  perhaps,
  refresh,
  refused,
  send,
  type Said,
  type Step,
} from "../steps.ts";
import { chatEvents } from "./chat-events.ts";
import {
  CHAT,
  chatIn,
  chatOpen,
  connected,
  error,
  joinedRoom,
  leftRoom,
  marker,
  message,
  pong,
  userEvent,
} from "./chat-frames.ts";
import { doorChecks } from "./doors.ts";
import { crowd, extraChecks } from "./extras.ts";

const BOTH = { needs: ["user", "second"] } as const;

const connection = under("Connection Flow");
const join = under("1. Join Room");
const leaving = under("2. Leave Room");
const sending = under("3. Send Message");
const codes = under("Error Codes");
const own = under("chat (002)", "addition");

const ADDED_ID = added(WHOLE);

/** As `message`, told again to somebody who missed it. */
const missed = (s: Scene, content: string): Expected => ({
  type: "message",
  room: s.room,
  data: {
    content,
    username: s.a.name,
    user_id: s.a.wireId,
    metadata: {},
    message_id: keep(content, WHOLE),
  },
  sender: s.a.name,
  timestamp: TIME,
  event_id: keep(content, WHOLE),
});

const say = (s: Scene, content: string, more: object = {}): Step =>
  send("a", { type: "send_message", room: s.room, data: { content, ...more } });

/** Both in the room, the first one last. */
const bothIn = (s: Scene): readonly Step[] => [
  ...chatIn("b", s.b, s.room),
  ...chatIn("a", s.a, s.room),
  hear("b", userEvent("user_joined", s.room, s.a)),
];

/** What is wrong, and how it is told; the socket stays open. */
const MISTAKES: readonly (readonly [name: string, says: string, frame: Said, text: string])[] = [
  ["json", "what is no JSON", "{no JSON", "Invalid JSON format"],
  ["type", "an unknown type", { type: "dance" }, "Unknown message type: dance"],
  ["no-room", "a join without a room", { type: "join_room" }, "Room ID required"],
  ["room-format", "a room without a type", { type: "join_room", room: "channel" }, "Invalid room format"],
  [
    "room-type",
    "a room of an unknown type",
    { type: "join_room", room: "galaxy:1" },
    "Unsupported room type",
  ],
];

export const chat: Suite = {
  dialect: "chat",
  document: "WebSocket API Documentation",
  checks: [
    connection("welcome", "a socket is welcomed with the user's id and name", (s) => chatOpen("a", s.a)),
    join("join", "join_room is answered with joined_room", (s) => [
      ...chatOpen("a", s.a),
      send("a", { type: "join_room", room: s.room }),
      hear("a", joinedRoom(s.room), also(userEvent("user_joined", s.room, s.a))),
    ]),
    join("join/told", "who is in the room hears user_joined", (s) => bothIn(s), BOTH),
    leaving(
      "leave",
      "who has left a room no longer hears what is said in it, the others hear user_left",
      (s) => [
        ...bothIn(s),
        send("b", { type: "leave_room", room: s.room }),
        hear("a", userEvent("user_left", s.room, s.b)),
        say(s, "said behind his back"),
        hear("a", message(s, s.a, "said behind his back", added({}), ADDED_ID)),
        send("b", { type: "ping" }),
        hear("b", also(leftRoom(s.room)), also(userEvent("user_left", s.room, s.b)), pong),
      ],
      BOTH,
    ),
    sending(
      "message",
      "a message is heard by everybody in the room, the sender too, with its metadata",
      (s) => {
        const heard = message(s, s.a, "Hello everyone!", { reply_to: 789 }, ADDED_ID);
        return [
          ...bothIn(s),
          say(s, "Hello everyone!", { metadata: { reply_to: 789 } }),
          hear("a", heard),
          hear("b", heard),
        ];
      },
      BOTH,
    ),
    sending(
      "message/outside",
      "who has not joined the room does not hear it",
      (s) => [
        ...chatOpen("b", s.b),
        ...chatIn("a", s.a, s.room),
        say(s, "said without him"),
        hear("a", message(s, s.a, "said without him", added({}), ADDED_ID)),
        ...marker("b"),
      ],
      BOTH,
    ),
    sending("message/forged", "the sender is who the token says, whatever the frame says", (s) => [
      ...chatIn("a", s.a, s.room),
      send("a", {
        type: "send_message",
        room: s.room,
        sender: "somebody else",
        data: { content: "It is I", username: "somebody else", user_id: 1 },
      }),
      hear("a", message(s, s.a, "It is I", added({}), ADDED_ID)),
    ]),
    under("4. Ping (Heartbeat)")("ping", "ping is answered with pong", (s) => [
      ...chatOpen("a", s.a),
      send("a", { type: "ping" }),
      hear("a", pong),
    ]),
    ...chatEvents,
    under("Error Message Format")(
      "error",
      "where a frame is answered with an error, it has the documented form",
      (s) => [
        ...chatOpen("a", s.a),
        send("a", { type: "dance" }),
        send("a", { type: "ping" }),
        hear("a", perhaps(error(TEXT)), pong),
      ],
    ),
    codes(
      "forbidden",
      "joining a room without access ends the socket with 4403",
      (s) => [
        ...chatOpen("a", s.a),
        send("a", { type: "join_room", room: s.forbiddenRoom }),
        hear("a", perhaps(error(TEXT, { code: added(4403) }))),
        closed("a", { code: 4403, reason: "Forbidden" }),
      ],
      { needs: ["user", "forbidden"] },
    ),
    codes("too-many", "one connection more than a user may have is closed with 4429", (s) => [
      ...crowd(CHAT, s, [connected(s.a)]),
      refused(CHAT, "a", { close: 4429, reason: "Too Many Connections" }, { closes: true }),
    ]),
    ...doorChecks({
      path: CHAT,
      name: "connect",
      heading: "Error Codes",
      refusal: { close: 4401, reason: "Authentication Failed" },
      closes: true,
    }),

    ...MISTAKES.map(([name, says, frame, text]) =>
      own(`error/${name}`, `${says} is answered: ${text}; the socket stays open`, (s) => [
        ...chatOpen("a", s.a),
        send("a", frame),
        hear("a", error(text)),
        ...marker("a"),
      ]),
    ),
    own("error/not-in", "sending to a room needs a join, and something to say", (s) => [
      ...chatOpen("a", s.a),
      say(s, "Hello"),
      hear("a", error(`Not in room ${s.room}`)),
      say(s, ""),
      hear("a", error("Content required")),
    ]),
    own("leave/answer", "leave_room is answered with left_room, then user_left", (s) => [
      ...chatIn("a", s.a, s.room),
      send("a", { type: "leave_room", room: s.room }),
      hear("a", leftRoom(s.room), userEvent("user_left", s.room, s.a)),
      send("a", { type: "leave_room", room: s.room }),
      hear("a", leftRoom(s.room)),
    ]),
    own(
      "tabs",
      "a user's second socket in a room is no second join, and its end no leave",
      (s) => [
        ...bothIn(s),
        ...chatOpen("a2", s.a),
        send("a2", { type: "join_room", room: s.room }),
        hear("a2", joinedRoom(s.room), userEvent("user_joined", s.room, s.a)),
        leave("a2"),
        ...marker("b"),
        leave("a"),
        hear("b", userEvent("user_left", s.room, s.a)),
      ],
      BOTH,
    ),
    own("metadata", "metadata is an empty object where none is sent", (s) => [
      ...chatIn("a", s.a, s.room),
      say(s, "Hello"),
      hear("a", message(s, s.a, "Hello", {}, WHOLE)),
    ]),
    under("Token", "addition")("token/refresh", "a fresh token may be handed in on the open socket", (s) => [
      ...chatOpen("a", s.a),
      refresh("a"),
      hear("a", framed("refreshed", { type: "refreshed", data: { expires_at: TIME }, timestamp: TIME })),
    ]),
    under("Resume, on every dialect", "addition")(
      "resume/room",
      "who joins a room with last_event_id hears what he missed there",
      (s) => [
        ...chatIn("b", s.b, s.room),
        send("b", { type: "leave_room", room: s.room }),
        hear("b", leftRoom(s.room), userEvent("user_left", s.room, s.b)),
        ...chatIn("a", s.a, s.room),
        say(s, "first"),
        hear("a", message(s, s.a, "first", {}, keep("first", WHOLE))),
        say(s, "missed"),
        hear("a", message(s, s.a, "missed", {}, keep("missed", WHOLE))),
        send("b", (kept) => ({
          type: "join_room",
          room: s.room,
          data: { last_event_id: kept.get("first") },
        })),
        hear("b", joinedRoom(s.room), userEvent("user_joined", s.room, s.b), missed(s, "missed"), {
          type: "resumed",
          data: { recovered: true, last_event_id: WHOLE },
        }),
        hear("a", userEvent("user_joined", s.room, s.b)),
      ],
      BOTH,
    ),
    ...extraChecks({
      path: CHAT,
      welcome: (s) => [connected(s.a)],
      told: (title, content) => ({
        type: "notification.new",
        data: { title, message: content, link: null, priority: "normal" },
        timestamp: TIME,
      }),
      expired: { code: 4401, reason: "Authentication Failed" },
      tooMany: null,
    }),
  ],
};

/** WebSocket Feature with Room Management (seed 004): rooms by name, and the notification service. */
import { type Suite, under } from "../check.ts";
import { ANYTHING, given, oneOf, ours, rule, TEXT } from "../expect.ts";
import { also, framed, hear, leave, make, open, perhaps, send } from "../steps.ts";
import {
  SOCKET,
  BOTH,
  PRIVILEGED,
  NO_ROOM,
  welcome,
  echo,
  joined,
  left,
  roomMessage,
  broadcast,
  error,
  notice,
  notify,
  OK,
  HELLO,
  LEVELS,
  inside,
  marker,
  opened,
} from "./notifier-frames.ts";
import { doorChecks } from "./doors.ts";
import { extraChecks } from "./extras.ts";

const format = under("Message Format");
const rooms = under("Room Management");
const levels = under("Notification Levels");
const own = under("notifier (004)", "addition");

export const notifier: Suite = {
  dialect: "notifier",
  document: "WebSocket Feature with Room Management",
  checks: [
    ...doorChecks({ path: SOCKET, name: "connect", heading: "Security", refusal: { http: 403 } }),
    under("Quick Start")("connect", "a socket with a good token opens", (s) => [
      ...opened("a", s.a),
      ...marker("a"),
    ]),
    format("text", "a text is answered with the text", (s) => [
      ...opened("a", s.a),
      send("a", { type: "text", data: "message content or data" }),
      hear("a", echo("message content or data")),
    ]),
    format(
      "broadcast",
      "a broadcast is heard by everybody",
      (s) => {
        const text = `To everybody ${s.mark}`;
        return [
          ...opened("b", s.b),
          ...opened("a", s.a),
          send("a", { type: "broadcast", data: text }),
          hear("b", broadcast(s.a, text)),
          hear("a", also(broadcast(s.a, text))),
        ];
      },
      BOTH,
    ),
    under("Response Format")(
      "error",
      "where a frame is answered with an error, it has the documented form",
      (s) => [
        ...opened("a", s.a),
        send("a", { type: "dance" }),
        hear("a", perhaps(error("Invalid message format: Unknown message type: dance"))),
        ...marker("a"),
      ],
    ),
    rooms(
      "room/message",
      "a message to a room is heard by everybody in it",
      (s) => [
        ...inside("b", s, s.b),
        ...inside("a", s, s.a),
        send("a", { type: "room_message", room: s.freeRoom, data: HELLO }),
        hear("b", roomMessage(s, s.a, HELLO)),
        hear("a", also(roomMessage(s, s.a, HELLO))),
      ],
      BOTH,
    ),
    rooms(
      "room/outside",
      "who is not in the room does not hear it",
      (s) => [
        ...opened("b", s.b),
        ...inside("a", s, s.a),
        send("a", { type: "room_message", room: s.freeRoom, data: HELLO }),
        hear("a", also(roomMessage(s, s.a, HELLO))),
        ...marker("a"),
        ...marker("b"),
      ],
      BOTH,
    ),
    rooms(
      "room/left",
      "who has left the room does not hear it any more",
      (s) => [
        ...inside("b", s, s.b),
        ...inside("a", s, s.a),
        send("b", { type: "leave_room", room: s.freeRoom }),
        hear("b", perhaps(left(s, s.b))),
        ...marker("b"),
        send("a", { type: "room_message", room: s.freeRoom, data: HELLO }),
        hear("a", also(roomMessage(s, s.a, HELLO))),
        ...marker("a"),
        ...marker("b"),
      ],
      BOTH,
    ),
    ...LEVELS.map((level) =>
      levels(`notify/${level}`, `a user is notified at the level "${level}", with the given data`, (s) => [
        ...opened("a", s.a),
        make(`notify_user.${level}`, notify("users/:user_id", "a", level, { data: { project_id: 456 } }), OK),
        hear(
          "a",
          notice("notification", ours(oneOf("info", "notification"), "info"), level, NO_ROOM, {
            project_id: given(456),
          }),
        ),
      ]),
    ),
    under("2. Notify All Users in a Room")(
      "notify/room",
      "everybody in a room is notified",
      (s) => [
        ...inside("a", s, s.a),
        make(
          "notify_room",
          { ...notify("rooms/:room", "privileged", "info"), params: { room: s.freeRoom } },
          OK,
        ),
        hear(
          "a",
          notice(
            "room_notification",
            ours(oneOf("room_message", "notification"), "room_message"),
            "info",
            s.freeRoom,
          ),
        ),
      ],
      PRIVILEGED,
    ),
    under("3. Broadcast to All Connected Users")(
      "notify/broadcast",
      "everybody is notified",
      (s) => [
        ...opened("a", s.a),
        make("broadcast", notify("broadcast", "privileged", "warning"), OK),
        hear(
          "a",
          notice("announcement", ours(oneOf("broadcast", "notification"), "broadcast"), "warning", NO_ROOM),
        ),
      ],
      PRIVILEGED,
    ),
    under("4. Notify User's Personal Room")(
      "notify/personal-room",
      "a user is notified in his personal room",
      (s) => [
        ...opened("a", s.a),
        make(
          "notify_user_in_room",
          { ...notify("rooms/:room", "a", "info"), params: { room: `user_${s.a.id}` } },
          OK,
        ),
        hear("a", notice("notification", TEXT, "info", ours(ANYTHING, `user_${s.a.id}`))),
      ],
    ),

    own("welcome", "a socket is welcomed with the name of the personal room", (s) => [
      open("a", SOCKET),
      hear("a", welcome(s.a)),
    ]),
    own("room/answers", "joining and leaving are answered with the rooms that one is in", (s) => [
      ...opened("a", s.a),
      send("a", { type: "join_room", room: s.freeRoom }),
      hear("a", joined(s, s.a)),
      send("a", { type: "leave_room", room: s.freeRoom }),
      hear("a", left(s, s.a)),
    ]),
    own(
      "room/untold",
      "joins and leaves are not told to others in the room",
      (s) => [...inside("b", s, s.b), ...inside("a", s, s.a), leave("a"), ...marker("b")],
      BOTH,
    ),
    own(
      "room/any",
      "a message to a room needs access to it, and no join; what is no text is written as text",
      (s) => [
        ...inside("b", s, s.b),
        ...opened("a", s.a),
        send("a", { type: "room_message", room: s.freeRoom, data: { a: [1, null] } }),
        hear("b", roomMessage(s, s.a, '{"a":[1,null]}')),
      ],
      BOTH,
    ),
    own(
      "task",
      "a task event is heard in the project's room",
      (s) => {
        const room = `project_${s.workspace}`;
        return [
          ...opened("a", s.a),
          send("a", { type: "join_room", room }),
          hear("a", {
            type: "info",
            message: `Joined room: ${room}`,
            data: { rooms: [`user_${s.a.id}`, room] },
            room,
          }),
          make(
            "task",
            {
              method: "POST",
              path: "/api/v1/realtime/events/task",
              as: "privileged",
              body: {
                task_id: s.task,
                title: "Report",
                action: "updated",
                workspace_id: s.wireWorkspace,
                target_user_ids: [s.b.wireId],
              },
            },
            { status: 202 },
          ),
          hear(
            "a",
            framed("task", {
              type: "room_message",
              message: "Task 'Report' was updated.",
              data: { level: "info", notification: true, task_id: s.task, action: "updated" },
              room,
            }),
          ),
        ];
      },
      PRIVILEGED,
    ),
    own("error/json", "what cannot be read is answered with the reason; the socket stays open", (s) => [
      ...opened("a", s.a),
      send("a", "{no JSON"),
      hear("a", error("Invalid message format: not valid JSON")),
      send("a", { type: "join_room" }),
      hear("a", error("Invalid message format: Room name is required")),
      ...marker("a"),
    ]),
    own(
      "forbidden",
      "a room without access is answered with an error, and the socket stays open",
      (s) => [
        ...opened("a", s.a),
        send("a", { type: "join_room", room: s.forbiddenRoom.replace(":", "_") }),
        hear(
          "a",
          error(
            rule('<text that begins with "Forbidden: ">', (text) => String(text).startsWith("Forbidden: ")),
          ),
        ),
        ...marker("a"),
      ],
      { needs: ["user", "forbidden"] },
    ),
    ...extraChecks({
      path: SOCKET,
      welcome: (s) => [welcome(s.a)],
      told: (_title, content) => ({
        type: "info",
        message: content,
        data: { level: "info", notification: true },
        room: null,
      }),
      expired: { code: 1008, reason: TEXT },
      tooMany: { http: 429 },
    }),
  ],
};

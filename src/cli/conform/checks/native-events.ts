/** Each kind of event of the native dialect, as it is heard on the stream. */
import { type Check, under } from "../check.ts";
import type { Framed } from "../expect.ts";
import { ANYTHING, type Expected, ID, keep, type Kept, part, TEXT, TIME, WHOLE } from "../expect.ts";
import type { Scene } from "../scene.ts";
import { also, hear, leave, open, send } from "../steps.ts";
import { tell } from "./extras.ts";
import { userOf, event, subscribed, streamOpen, system, act } from "./native-frames.ts";
import { nativeWorkspaces } from "./native-workspaces.ts";

const native = under("Native (/api/v1)");

const TASK = keep("task", ID);

const taskOf = (kept: Kept) => ({ task_id: String(kept.get("task")) });

const noteOf = (kept: Kept) => ({ note_id: String(kept.get("note")) });

const messageOf = (kept: Kept) => ({ message_id: String(kept.get("message")) });

const taskEvent = (s: Scene, action: string, changes: Expected): Framed =>
  event(
    `task.${action}`,
    `workspace:${s.workspace}`,
    {
      task_id: TASK,
      action,
      title: "Report",
      task: part({ title: "Report" }),
      changes,
      notification_id: WHOLE,
    },
    userOf(s.a),
  );

/** The creator is notified too. */
const notified = (s: Scene, title: string): Framed =>
  event("notification.created", `user:${s.a.id}`, part({ title, notification_type: "task" }), userOf(s.a));

/** A life of a task, heard in its workspace. */
const TASK_LIFE = native("events/task", "a task's life is told in its workspace, with what changed", (s) => [
  ...streamOpen("a", s.a),
  ...subscribed("a", s.a, [`workspace:${s.workspace}`]),
  act(
    "POST",
    "/api/v1/workspaces/:workspace_id/tasks",
    201,
    { body: { title: "Report" } },
    part({ id: TASK }),
  ),
  hear("a", taskEvent(s, "created", {})),
  act("PATCH", "/api/v1/tasks/:task_id", 200, { params: taskOf, body: { priority: "high" } }),
  hear(
    "a",
    taskEvent(s, "updated", { priority: { old: "normal", new: "high" } }),
    notified(s, "Task Updated"),
  ),
  act("POST", "/api/v1/tasks/:task_id/complete", 200, { params: taskOf }),
  hear(
    "a",
    taskEvent(s, "completed", { status: { old: "todo", new: "completed" } }),
    notified(s, "Task Completed"),
  ),
  act("DELETE", "/api/v1/tasks/:task_id", 204, { params: taskOf }),
  hear("a", taskEvent(s, "deleted", {}), notified(s, "Task Deleted")),
]);

const MESSAGE_LIFE = native("events/message", "an edited and a deleted message are told to the room", (s) => [
  ...streamOpen("a", s.a),
  ...subscribed("a", s.a, [s.room]),
  act(
    "POST",
    "/api/v1/rooms/:room/messages",
    201,
    { params: { room: s.room }, body: { content: "Helo" } },
    part({ id: keep("message", WHOLE), content: "Helo", edited_at: null }),
  ),
  hear("a", event("message.created", s.room, part({ message_id: keep("message", WHOLE) }), userOf(s.a))),
  act("PATCH", "/api/v1/messages/:message_id", 200, { params: messageOf, body: { content: "Hello" } }),
  hear(
    "a",
    event(
      "message.edited",
      s.room,
      { message_id: keep("message", WHOLE), content: "Hello", edited_at: TIME },
      userOf(s.a),
    ),
  ),
  act("DELETE", "/api/v1/messages/:message_id", 204, { params: messageOf }),
  hear(
    "a",
    event("message.deleted", s.room, { message_id: keep("message", WHOLE), deleted_at: TIME }, userOf(s.a)),
  ),
]);

const INBOX = native(
  "events/inbox",
  "a notification, its reading and its deletion are told to the user's sockets",
  (s) => [
    ...streamOpen("a", s.a),
    tell(`For you ${s.mark}`, "Read me."),
    hear(
      "a",
      event(
        "notification.created",
        `user:${s.a.id}`,
        { ...system(`For you ${s.mark}`, "Read me."), id: keep("note", WHOLE) },
        userOf(s.a),
      ),
    ),
    act("POST", "/api/v1/notifications/:note_id/read", 200, { params: noteOf }, { count: WHOLE }),
    hear(
      "a",
      event(
        "notification.read",
        `user:${s.a.id}`,
        { user_id: s.a.wireId, ids: [keep("note", WHOLE)], up_to: WHOLE, unread: WHOLE },
        ANYTHING,
      ),
    ),
    act("DELETE", "/api/v1/notifications/:note_id", 204, { params: noteOf }),
    hear(
      "a",
      event(
        "notification.deleted",
        `user:${s.a.id}`,
        { user_id: s.a.wireId, ids: [keep("note", WHOLE)], unread: WHOLE },
        ANYTHING,
      ),
    ),
  ],
);

const V1_FOCUS = "/api/v1/ws/focus-sessions/:session_id";

const FOCUS = "/ws/focus-session/:session_id";

const FOCUS_LIFE = native(
  "events/focus",
  "a focus session's joins, changes, relayed messages and leaves are told to who subscribed to it",
  (s) => {
    const topic = `focus:${s.session}`;
    const focus = (status: string, more: Readonly<Record<string, Expected>> = {}): Expected => ({
      session_id: s.session,
      status,
      current_task_id: null,
      user: userOf(s.b),
      ...more,
    });
    const told = (kind: string, data: Expected): Framed => event(kind, topic, data, userOf(s.b));
    return [
      ...streamOpen("a", s.a),
      send("a", { type: "subscribe", data: { topics: [topic] } }),
      hear("a", part({ type: "reply", to: "subscribe" }), also(part({ type: "event", topic }))),
      open("b1", V1_FOCUS, { deaf: true }),
      hear("a", told("focus.joined", focus("active"))),
      send("b1", { status: "paused", data: { minutes: 5 } }),
      hear("a", told("focus.updated", focus("paused", { action: "status_change", data: { minutes: 5 } }))),
      open("b2", FOCUS, { deaf: true }),
      send("b2", { minutes: 25 }),
      hear("a", told("focus.relayed", focus("paused", { action: "message", data: { minutes: 25 } }))),
      leave("b2"),
      leave("b1"),
      hear("a", told("focus.left", focus("paused"))),
    ];
  },
  { needs: ["user", "second"] },
);

const ANNOUNCED = native(
  "events/announcement",
  "what an admin or a key tells everybody is heard",
  (s) => [
    ...streamOpen("a", s.a),
    act(
      "POST",
      "/api/v1/notify/broadcast",
      200,
      { as: "privileged", body: { message: `To all ${s.mark}` } },
      { count: WHOLE },
    ),
    hear(
      "a",
      event(
        "announcement.created",
        "everyone",
        {
          id: WHOLE,
          title: "Notification",
          content: `To all ${s.mark}`,
          level: "info",
          notification_type: TEXT,
          related_entity_type: null,
          related_entity_id: null,
          data: {},
          link: null,
          priority: "normal",
          room: null,
        },
        ANYTHING,
      ),
    ),
  ],
  { needs: ["user", "privileged"] },
);

export const nativeEvents: readonly Check[] = [
  TASK_LIFE,
  MESSAGE_LIFE,
  INBOX,
  ...nativeWorkspaces,
  FOCUS_LIFE,
  ANNOUNCED,
];

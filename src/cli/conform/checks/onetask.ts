/** OneTask Real-time API Documentation (seed 000): three sockets, three addresses for events. */
import { type Suite, under } from "../check.ts";
import { TEXT, TIME, WHOLE } from "../expect.ts";
import { also, ask, hear, leave, open, quiet, send, type Step } from "../steps.ts";
import {
  NOTIFICATIONS,
  TASKS,
  FOCUS,
  REFUSAL,
  ACCEPTED,
  taskFrame,
  noticeFrame,
  post,
  taskEvent,
  systemEvent,
  focusFrame,
  focusNotice,
  WORKSPACE_EVENT,
  marker,
} from "./onetask-frames.ts";
import { doorChecks } from "./doors.ts";
import { extraChecks, forbiddenTasks } from "./extras.ts";
import { onetaskEvents } from "./onetask-events.ts";

const notifications = under("Notifications WebSocket");
const tasks = under("Workspace Tasks WebSocket");
const focus = under("Focus Session WebSocket");
const own = under("onetask (000)", "addition");
const BOTH = { needs: ["user", "second"] } as const;

export const onetask: Suite = {
  dialect: "onetask",
  document: "OneTask Real-time API Documentation",
  checks: [
    ...doorChecks({
      path: NOTIFICATIONS,
      name: "notifications",
      heading: "Notifications WebSocket",
      refusal: REFUSAL,
    }),
    notifications("notifications/no-welcome", "a socket hears nothing until something happens", () => [
      open("a", NOTIFICATIONS),
      quiet("a"),
    ]),
    notifications("notifications/frame", "a notification is heard as the documented frame", (s) => [
      open("a", NOTIFICATIONS),
      taskEvent(s, "updated", { workspace_id: s.wireWorkspace, target_user_ids: [s.a.wireId] }, 1),
      hear("a", taskFrame(s, "updated", s.wireWorkspace)),
    ]),
    notifications(
      "notifications/own",
      "a user hears his own notifications, and not another's",
      (s) => [
        open("a", NOTIFICATIONS),
        open("b", NOTIFICATIONS),
        systemEvent(`For one ${s.mark}`, "For the first user alone."),
        hear("a", noticeFrame(`For one ${s.mark}`, "For the first user alone.")),
        ask(post("system", { title: `For the other ${s.mark}`, content: "For the second." }, "b"), {
          status: ACCEPTED,
        }),
        hear("b", noticeFrame(`For the other ${s.mark}`, "For the second.")),
      ],
      BOTH,
    ),
    notifications(
      "notifications/one-way",
      "what a client sends is ignored, and the socket stays open",
      (s) => [
        open("a", NOTIFICATIONS),
        send("a", { type: "ping" }),
        send("a", "no JSON at all"),
        ...marker(s, "a"),
      ],
    ),

    ...doorChecks({ path: TASKS, name: "tasks", heading: "Workspace Tasks WebSocket", refusal: REFUSAL }, 3),
    tasks("tasks/frame", "a task event of the workspace is heard in the same format", (s) => [
      open("a", TASKS),
      taskEvent(s, "updated", { workspace_id: s.wireWorkspace, target_user_ids: [s.a.wireId] }, 1),
      hear("a", taskFrame(s, "updated", s.wireWorkspace)),
    ]),
    tasks(
      "tasks/both",
      "who listens to the workspace hears of a task, whoever is notified, under the notification's id",
      (s) => [
        open("a", NOTIFICATIONS),
        open("b", TASKS),
        taskEvent(s, "updated", { workspace_id: s.wireWorkspace, target_user_ids: [s.a.wireId] }, 1),
        hear("a", taskFrame(s, "updated", s.wireWorkspace)),
        hear("b", taskFrame(s, "updated", s.wireWorkspace)),
      ],
      BOTH,
    ),
    tasks("tasks/filtered", "only task events of this workspace are heard", (s) => [
      open("a", TASKS),
      ask(post("workspace", { workspace_id: s.wireWorkspace, ...WORKSPACE_EVENT }), { status: ACCEPTED }),
      systemEvent(`Elsewhere ${s.mark}`, "For the user, not for the workspace."),
      taskEvent(s, "created", {}, 1),
      taskEvent(s, "updated", { workspace_id: s.wireWorkspace, target_user_ids: [s.a.wireId] }, 1),
      hear("a", taskFrame(s, "updated", s.wireWorkspace)),
    ]),
    tasks("tasks/one-way", "what a client sends is ignored, and the socket stays open", (s) => [
      open("a", TASKS),
      send("a", { type: "ping" }),
      send("a", "no JSON at all"),
      taskEvent(s, "updated", { workspace_id: s.wireWorkspace, target_user_ids: [s.a.wireId] }, 1),
      hear("a", taskFrame(s, "updated", s.wireWorkspace)),
    ]),

    ...doorChecks({ path: FOCUS, name: "focus", heading: "Focus Session WebSocket", refusal: REFUSAL }, 3),
    focus(
      "focus/relay",
      "JSON that a participant sends is heard by the others, as data of the documented frame",
      (s) => {
        const frame = focusFrame(s, s.a.wireId, { minutes: 25, on: ["task", 456] });
        return [
          open("b", FOCUS),
          hear("b", also(focusNotice(s, "b", "participant_joined"))),
          open("a", FOCUS),
          hear("b", also(focusNotice(s, "a", "participant_joined"))),
          hear("a", also(focusNotice(s, "a", "participant_joined"))),
          send("a", { minutes: 25, on: ["task", 456] }),
          hear("b", frame),
          hear("a", also(frame)),
        ];
      },
      BOTH,
    ),
    ...onetaskEvents,
    own("focus/echo", "the sender hears it too, whatever JSON it is; what is no JSON is ignored", (s) => [
      open("a", FOCUS),
      hear("a", focusNotice(s, "a", "participant_joined")),
      send("a", "{no JSON"),
      ...["a text", 7, null, [1, 2], true, {}].flatMap((data): Step[] => [
        send("a", JSON.stringify(data)),
        hear("a", focusFrame(s, s.a.wireId, data)),
      ]),
    ]),
    own(
      "focus/joins",
      "joins and leaves are heard as the same frame",
      (s) => [
        open("a", FOCUS),
        hear("a", focusNotice(s, "a", "participant_joined")),
        open("b", FOCUS),
        hear("a", focusNotice(s, "b", "participant_joined")),
        hear("b", focusNotice(s, "b", "participant_joined")),
        leave("b"),
        hear("a", focusNotice(s, "b", "participant_left")),
      ],
      BOTH,
    ),
    forbiddenTasks(TASKS),
    ...extraChecks({
      path: NOTIFICATIONS,
      welcome: () => [],
      told: (title, content) => ({
        type: "notification",
        notification_id: WHOLE,
        title,
        content,
        notification_type: "system",
        related_entity_type: null,
        related_entity_id: null,
        created_at: TIME,
        data: {},
      }),
      expired: { code: 1008, reason: TEXT },
      tooMany: { http: 429 },
    }),
  ],
};

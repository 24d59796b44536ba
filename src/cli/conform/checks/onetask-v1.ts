/** WebSocket Integration Guide for OneTask (seed 001): three sockets; tasks are changed elsewhere. */
import { type Suite, under } from "../check.ts";
import { given, ours, TEXT, TIME, WHOLE } from "../expect.ts";
import { also, hear, leave, make, open, quiet, send } from "../steps.ts";
import {
  NOTIFICATIONS,
  TASKS,
  FOCUS,
  REFUSAL,
  TITLE,
  notification,
  taskNotification,
  taskUpdate,
  createTask,
  BOTH,
  update,
  CHANGES,
} from "./onetask-v1-frames.ts";
import { doorChecks } from "./doors.ts";
import { extraChecks, forbiddenTasks } from "./extras.ts";

const notifications = under("1. Notifications WebSocket");
const tasks = under("2. Task Updates WebSocket");
const focus = under("3. Focus Session WebSocket");
const specific = under("Task-Specific Notifications");
const own = under("onetask-v1 (001)", "addition");

export const onetaskV1: Suite = {
  dialect: "onetask-v1",
  document: "WebSocket Integration Guide for OneTask",
  checks: [
    ...doorChecks({
      path: NOTIFICATIONS,
      name: "notifications",
      heading: "1. Notifications WebSocket",
      refusal: REFUSAL,
    }),
    notifications("notifications/no-welcome", "a socket hears nothing until something happens", () => [
      open("a", NOTIFICATIONS),
      quiet("a"),
    ]),
    notifications("notifications/frame", "a notification is heard as the documented frame, unread", (s) => [
      open("a", NOTIFICATIONS),
      make(
        "notification",
        {
          method: "POST",
          path: "/api/v1/realtime/events/task",
          as: "a",
          body: { task_id: s.task, title: "Project Proposal", action: "completed" },
        },
        { status: 202 },
      ),
      hear(
        "a",
        notification(
          ours(TEXT, given("Task Completed")),
          ours(TEXT, given("Task 'Project Proposal' was completed.")),
          "task",
          given(s.task),
        ),
      ),
    ]),
    notifications(
      "notifications/one-way",
      "what a client sends is ignored, and the socket stays open",
      () => [open("a", NOTIFICATIONS), send("a", { type: "ping" }), send("a", "no JSON at all"), quiet("a")],
    ),

    ...doorChecks({ path: TASKS, name: "tasks", heading: "2. Task Updates WebSocket", refusal: REFUSAL }, 3),
    tasks("tasks/created", "a new task of the workspace is heard as the documented frame", (s) => [
      open("a", TASKS),
      createTask(s),
      hear("a", taskUpdate(s, "created")),
    ]),
    ...CHANGES.map(([action, says, change, more]) =>
      tasks(`tasks/${action}`, `the workspace hears "${action}" when ${says}`, (s) => [
        createTask(s),
        open("a", TASKS),
        change,
        hear("a", taskUpdate(s, action, more)),
      ]),
    ),
    tasks("tasks/one-way", "what a client sends is ignored, and the socket stays open", () => [
      open("a", TASKS),
      send("a", { type: "ping" }),
      quiet("a"),
    ]),

    ...doorChecks({ path: FOCUS, name: "focus", heading: "3. Focus Session WebSocket", refusal: REFUSAL }, 3),
    focus(
      "focus/joined",
      "who is in a session hears who joins it",
      (s) => [
        open("a", FOCUS),
        hear("a", also(update(s, "participant_joined", s.a))),
        open("b", FOCUS),
        hear("a", update(s, "participant_joined", s.b)),
        hear("b", also(update(s, "participant_joined", s.b))),
      ],
      BOTH,
    ),
    focus(
      "focus/left",
      "who is in a session hears who leaves it",
      (s) => [
        open("a", FOCUS),
        hear("a", also(update(s, "participant_joined", s.a))),
        open("b", FOCUS),
        hear("b", also(update(s, "participant_joined", s.b))),
        hear("a", update(s, "participant_joined", s.b)),
        leave("b"),
        hear("a", update(s, "participant_left", s.b)),
      ],
      BOTH,
    ),
    own(
      "focus/status",
      "a participant changes the session's status and task, and everybody in it hears so",
      (s) => {
        const changed = update(s, "status_change", s.a, { status: "paused", current_task_id: 456 });
        return [
          open("a", FOCUS),
          hear("a", update(s, "participant_joined", s.a)),
          open("b", FOCUS),
          hear("b", update(s, "participant_joined", s.b)),
          hear("a", update(s, "participant_joined", s.b)),
          send("a", { status: "paused", current_task_id: 456 }),
          hear("a", changed),
          hear("b", changed),
          send("a", { status: "active", current_task_id: null }),
          hear("a", update(s, "status_change", s.a, { status: "active", current_task_id: null })),
          hear("b", update(s, "status_change", s.a, { status: "active", current_task_id: null })),
        ];
      },
      BOTH,
    ),
    own("focus/action", "an action of the participant's own, and its data, are told as they are", (s) => [
      open("a", FOCUS),
      hear("a", update(s, "participant_joined", s.a)),
      send("a", "no JSON at all"),
      send("a", { action: "break_started", data: { minutes: 5 } }),
      hear("a", update(s, "break_started", s.a, { data: { minutes: 5 } })),
    ]),
    own(
      "focus/tabs",
      "a user's second socket in the session is no second participant",
      (s) => [
        open("a", FOCUS),
        hear("a", update(s, "participant_joined", s.a)),
        open("b1", FOCUS),
        hear("b1", update(s, "participant_joined", s.b)),
        hear("a", update(s, "participant_joined", s.b)),
        open("b2", FOCUS),
        leave("b1"),
        leave("b2"),
        hear("a", update(s, "participant_left", s.b)),
      ],
      BOTH,
    ),

    specific("notify/created", "a new task notifies the user to whom it is assigned", (s) => [
      open("a", NOTIFICATIONS),
      createTask(s),
      hear("a", taskNotification("Task Created", `Task '${TITLE}' was created.`)),
    ]),
    ...CHANGES.map(([action, says, change]) =>
      specific(`notify/${action}`, `who has the task is notified when ${says}`, (s) => [
        createTask(s),
        open("a", NOTIFICATIONS),
        change,
        hear(
          "a",
          taskNotification(
            `Task ${action.charAt(0).toUpperCase()}${action.slice(1)}`,
            `Task '${TITLE}' was ${action}.`,
          ),
        ),
      ]),
    ),
    forbiddenTasks(TASKS),
    ...extraChecks({
      path: NOTIFICATIONS,
      welcome: () => [],
      told: (title, content) => ({
        type: "notification",
        data: {
          id: WHOLE,
          title,
          content,
          created_at: TIME,
          read: false,
          related_entity_type: null,
          related_entity_id: null,
        },
      }),
      expired: { code: 1008, reason: TEXT },
      tooMany: { http: 429 },
    }),
  ],
};

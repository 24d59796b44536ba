import { type Check, under } from "../check.ts";
import { matching, oneOf, ours } from "../expect.ts";
import { ask, hear, open } from "../steps.ts";
import { problem } from "./extras.ts";
import {
  NOTIFICATIONS,
  ACCEPTED,
  TITLE,
  taskFrame,
  noticeFrame,
  post,
  taskEvent,
  systemEvent,
  WORKSPACE_EVENT,
  ACTIONS,
  marker,
} from "./onetask-frames.ts";

const sendTask = under("Send Task Event");
const sendWorkspace = under("Send Workspace Event");
const sendSystem = under("Send System Event");
const own = under("onetask (000)", "addition");
const errors = under("Errors over HTTP", "addition");
const BOTH = { needs: ["user", "second"] } as const;

const UNAUTHENTICATED = ours(oneOf(401, 403), 401);

/** Send Task Event, Send Workspace Event, Send System Event. */
export const onetaskEvents: readonly Check[] = [
  sendTask(
    "events/task",
    "a task event reaches the users that it names, and is answered with their number",
    (s) => [
      open("a", NOTIFICATIONS),
      open("b", NOTIFICATIONS),
      taskEvent(
        s,
        "updated",
        { workspace_id: s.wireWorkspace, target_user_ids: [s.a.wireId, s.b.wireId] },
        2,
      ),
      hear("a", taskFrame(s, "updated", s.wireWorkspace)),
      hear("b", taskFrame(s, "updated", s.wireWorkspace)),
    ],
    BOTH,
  ),
  sendTask(
    "events/task-alone",
    "without target_user_ids, or with none in it, only the caller is notified",
    (s) => [
      open("a", NOTIFICATIONS),
      taskEvent(s, "created", {}, 1),
      hear("a", taskFrame(s, "created", null)),
      taskEvent(s, "updated", { target_user_ids: [] }, 1),
      hear("a", taskFrame(s, "updated", null)),
    ],
  ),
  sendTask("events/task-actions", "each action is told: created, updated, completed, deleted", (s) => [
    open("a", NOTIFICATIONS),
    ...ACTIONS.flatMap((action) => [
      taskEvent(s, action, { workspace_id: s.wireWorkspace }, 1),
      hear("a", taskFrame(s, action, s.wireWorkspace)),
    ]),
  ]),
  sendTask("events/task-proof", "a task event without a token, or with a bad one, is refused", (s) => {
    const body = { task_id: s.task, title: TITLE, action: "updated" };
    return (["nobody", "bad"] as const).map((as) => ask(post("task", body, as), { status: UNAUTHENTICATED }));
  }),
  sendWorkspace(
    "events/workspace",
    "a workspace event reaches the members, but not those whom it excludes",
    (s) => {
      const body = {
        workspace_id: s.wireWorkspace,
        ...WORKSPACE_EVENT,
        type: "workspace",
        related_entity_type: "workspace",
        related_entity_id: s.wireWorkspace,
        data: {},
        exclude_user_ids: [s.a.wireId],
      };
      return [
        open("a", NOTIFICATIONS),
        open("b", NOTIFICATIONS),
        ask(post("workspace", body), { status: ACCEPTED, body: { status: "workspace notification sent" } }),
        hear(
          "b",
          noticeFrame(WORKSPACE_EVENT.title, WORKSPACE_EVENT.content, {
            notification_type: "workspace",
            related_entity_type: "workspace",
            related_entity_id: s.wireWorkspace,
          }),
        ),
        ...marker(s, "a"),
      ];
    },
    BOTH,
  ),
  sendWorkspace(
    "events/workspace-short",
    'what is optional may be left out; the type is then "workspace"',
    (s) => [
      open("a", NOTIFICATIONS),
      ask(post("workspace", { workspace_id: s.wireWorkspace, ...WORKSPACE_EVENT }), {
        status: ACCEPTED,
        body: { status: "workspace notification sent" },
      }),
      hear(
        "a",
        noticeFrame(WORKSPACE_EVENT.title, WORKSPACE_EVENT.content, { notification_type: "workspace" }),
      ),
    ],
  ),
  sendSystem(
    "events/system",
    "a system event without user_id notifies the current user, with the given data",
    (s) => [
      open("a", NOTIFICATIONS),
      systemEvent(`System ${s.mark}`, "Important system message.", { data: { note: s.mark } }),
      hear("a", noticeFrame(`System ${s.mark}`, "Important system message.", { data: { note: s.mark } })),
    ],
  ),
  sendSystem("events/system-named", "a system event notifies the user whom it names", (s) => [
    open("a", NOTIFICATIONS),
    systemEvent(`Named ${s.mark}`, "For this user.", { user_id: s.a.wireId, data: {} }),
    hear("a", noticeFrame(`Named ${s.mark}`, "For this user.")),
  ]),

  own(
    "events/system-other",
    "only admins and keys notify somebody else",
    (s) => [
      ask(post("system", { title: "T", content: "C", user_id: s.b.wireId }), {
        status: 403,
        body: problem(403, "Only admins can send system notifications to other users"),
      }),
    ],
    BOTH,
  ),
  own(
    "events/task-for",
    "an admin or a key acts for a user",
    (s) => [
      open("a", NOTIFICATIONS),
      ask(
        post(
          "task",
          { task_id: s.task, title: TITLE, action: "completed", user_id: s.a.wireId },
          "privileged",
        ),
        { status: 202, body: { status: "notifications sent", recipient_count: 1 } },
      ),
      hear("a", taskFrame(s, "completed", null)),
    ],
    { needs: ["user", "privileged"] },
  ),
  own(
    "events/workspace-refused",
    "an event for a workspace without access is refused with 403, for an unknown one with 404",
    (s) => [
      ask(post("workspace", { workspace_id: s.forbiddenWorkspace, ...WORKSPACE_EVENT }), {
        status: 403,
        body: problem(403, "You don't have access to this workspace"),
      }),
      ask(post("workspace", { workspace_id: `none-${s.mark}`, ...WORKSPACE_EVENT }), {
        status: 404,
        body: problem(404, "Workspace not found"),
      }),
    ],
    { needs: ["user", "forbidden"] },
  ),
  own("ids", "ids are read as numbers and as texts; unknown fields are ignored", (s) => [
    open("a", NOTIFICATIONS),
    taskEvent(
      s,
      "updated",
      { task_id: String(s.task), target_user_ids: [s.a.id], workspace_id: s.workspace, extra: 1 },
      1,
    ),
    hear("a", taskFrame(s, "updated", s.wireWorkspace)),
  ]),
  errors("events/missing", "missing fields are answered with 400 and the whole list of those required", () =>
    (
      [
        ["task", /^Missing required fields: task_id, title, action/],
        ["workspace", /^Missing required fields: workspace_id, title, content/],
        ["system", /^Missing required fields: title, content/],
      ] as const
    ).map(([kind, detail]) =>
      ask(post(kind, {}), {
        status: 400,
        headers: { "content-type": matching(/^application\/problem\+json/) },
        body: problem(400, matching(detail)),
      }),
    ),
  ),
  errors("events/bad", "a body that is no JSON, and an unknown action, are answered with 400", (s) => [
    ask(post("task", "{no JSON"), { status: 400, body: problem(400) }),
    ask(post("task", { task_id: s.task, title: TITLE, action: "danced" }), {
      status: 400,
      body: problem(400),
    }),
  ]),
];

/** What OneTask's document (seed 000) shows: frames, requests and answers. */
import type { WireId } from "../../../core/ids.ts";
import type { Framed } from "../expect.ts";
import { REFUSED } from "../dialling.ts";
import { added, ANYTHING, type Expected, keep, ours, rule, TEXT, TIME, WHOLE } from "../expect.ts";
import type { Scene } from "../scene.ts";
import { ask, type Asked, framed, hear, type Said, type Step } from "../steps.ts";

export const NOTIFICATIONS = "/ws/notifications";
export const TASKS = "/ws/tasks/:workspace_id";
export const FOCUS = "/ws/focus-session/:session_id";
const EVENTS = "/api/v1/realtime/events";

/** The document asks for a token, and does not say how its lack is told. */
export const REFUSAL = ours(REFUSED, { http: 403 });
/** It shows bodies, and no status. */
export const ACCEPTED = ours(
  rule("<2xx>", (status) => Number(status) >= 200 && Number(status) < 300),
  202,
);

const TITLES = {
  created: "Task Created",
  updated: "Task Updated",
  completed: "Task Completed",
  deleted: "Task Deleted",
};
type Action = keyof typeof TITLES;
export const ACTIONS = Object.keys(TITLES) as Action[];

export const TITLE = "Write the report";

export const taskFrame = (s: Scene, action: Action, workspace: WireId | null): Framed =>
  framed("notification", {
    type: "notification",
    notification_id: ours(WHOLE, keep(`notification ${action}`, WHOLE)),
    title: ours(TEXT, TITLES[action]),
    content: ours(TEXT, `Task '${TITLE}' was ${action}.`),
    notification_type: "task",
    related_entity_type: "task",
    related_entity_id: s.task,
    created_at: TIME,
    data: {
      task_id: s.task,
      action,
      workspace_id: workspace ?? added(null),
      actor_id: s.a.wireId,
    },
  });

export const noticeFrame = (
  title: string,
  content: string,
  more: Readonly<Record<string, Expected>> = {},
): Framed =>
  framed("notification", {
    type: "notification",
    notification_id: WHOLE,
    title,
    content,
    notification_type: ours(TEXT, "system"),
    related_entity_type: added(null),
    related_entity_id: added(null),
    created_at: TIME,
    data: {},
    ...more,
  });

export const post = (kind: "task" | "workspace" | "system", body: Said, as: Asked["as"] = "a"): Asked => ({
  method: "POST",
  path: `${EVENTS}/${kind}`,
  as,
  body,
});

export const taskEvent = (s: Scene, action: Action, more: object, count: number): Step =>
  ask(post("task", { task_id: s.task, title: TITLE, action, ...more }), {
    status: ACCEPTED,
    body: { status: "notifications sent", recipient_count: count },
  });

export const systemEvent = (title: string, content: string, more: object = {}): Step =>
  ask(post("system", { title, content, ...more }), {
    status: ACCEPTED,
    body: { status: "system notification sent" },
  });

/** What comes behind it was sent behind it: so nothing came before. */
export const marker = (s: Scene, peer: string): readonly Step[] => [
  systemEvent(`Marker ${s.mark}`, "Nothing came before this."),
  hear(peer, noticeFrame(`Marker ${s.mark}`, "Nothing came before this.")),
];

export const focusFrame = (s: Scene, sender: WireId, data: Expected): Framed =>
  framed("focus_session_update", {
    type: "focus_session_update",
    session_id: s.session,
    sender_id: sender,
    data,
  });

export const focusNotice = (s: Scene, who: "a" | "b", action: string): Framed =>
  focusFrame(s, s[who].wireId, {
    action,
    user: { id: s[who].wireId, username: s[who].name },
    status: TEXT,
    current_task_id: ANYTHING,
  });

export const WORKSPACE_EVENT = { title: "Workspace Update", content: "The workspace has been updated." };

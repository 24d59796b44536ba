import type { Framed } from "../expect.ts";
import { REFUSED } from "../dialling.ts";
import {
  ANYTHING,
  type Expected,
  given,
  ID,
  keep,
  type Kept,
  nullOr,
  ours,
  part,
  rule,
  TEXT,
  TIME,
  WHOLE,
} from "../expect.ts";
import type { Person } from "../people.ts";
import type { Scene } from "../scene.ts";
import { type Asked, framed, make, type Said, type Step } from "../steps.ts";

export const NOTIFICATIONS = "/api/v1/ws/notifications";
export const TASKS = "/api/v1/ws/workspaces/:workspace_id/tasks";
export const FOCUS = "/api/v1/ws/focus-sessions/:session_id";

export const REFUSAL = ours(REFUSED, { http: 403 });
export const TITLE = "New Task";
const DUE = "2025-04-01T12:00:00.000Z";

export const notification = (title: Expected, content: Expected, entity: Expected, id: Expected): Framed =>
  framed("notification", {
    type: "notification",
    data: {
      id: WHOLE,
      title,
      content,
      created_at: TIME,
      read: false,
      related_entity_type: entity,
      related_entity_id: id,
    },
  });

/** Of Dragoman's task events, and of whatever the tested backend says instead. */
export const taskNotification = (title: string, content: string): Framed =>
  notification(ours(TEXT, given(title)), ours(TEXT, given(content)), "task", ours(ID, keep("task", ID)));

export const taskUpdate = (s: Scene, action: string, more: Readonly<Record<string, Expected>> = {}): Framed =>
  framed("task_update", {
    type: "task_update",
    action,
    data: {
      id: keep("task", ID),
      title: given(TITLE),
      description: given("Task description"),
      status: given("todo"),
      priority: given("high"),
      due_date: ours(nullOr(rule("<time>", (value) => typeof value === "string")), DUE),
      workspace_id: s.wireWorkspace,
      user_id: s.a.wireId,
      ...more,
    },
  });

const taskOf = (kept: Kept) => ({ task_id: String(kept.get("task")) });

const CREATED = { status: 201, body: part({ id: keep("task", ID) }) } as const;

export const createTask = (s: Scene): Step =>
  make(
    "created",
    {
      method: "POST",
      path: "/api/v1/workspaces/:workspace_id/tasks",
      as: "a",
      body: {
        title: TITLE,
        description: "Task description",
        status: "todo",
        priority: "high",
        due_date: DUE,
        user_id: s.a.wireId,
      },
    },
    CREATED,
  );

const changeTask = (name: string, method: Asked["method"], path: string, status: number, body?: Said): Step =>
  make(
    name,
    {
      method,
      path: `/api/v1/tasks/:task_id${path}`,
      as: "a",
      params: taskOf,
      ...(body === undefined ? {} : { body }),
    },
    { status },
  );

export const CHANGES = [
  [
    "updated",
    "the task is changed",
    changeTask("updated", "PATCH", "", 200, { priority: "low" }),
    { priority: given("low") },
  ],
  [
    "completed",
    "the task is completed",
    changeTask("completed", "POST", "/complete", 200),
    { status: "completed" },
  ],
  ["deleted", "the task is deleted", changeTask("deleted", "DELETE", "", 204), {}],
] as const;

export const BOTH = { needs: ["user", "second"] } as const;

export const update = (
  s: Scene,
  action: string,
  who: Person,
  more: Readonly<Record<string, Expected>> = {},
): Framed =>
  framed("focus_update", {
    type: "focus_update",
    action,
    data: {
      session_id: s.session,
      user: { id: who.wireId, username: who.name },
      status: TEXT,
      current_task_id: ANYTHING,
      ...more,
    },
  });

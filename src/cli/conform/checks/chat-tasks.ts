/** Task events of document 002, in the room of their project. */
import { type Check, under } from "../check.ts";
import type { Framed } from "../expect.ts";
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
  TEXT,
  TIME,
} from "../expect.ts";
import type { Scene } from "../scene.ts";
import { also, type Asked, framed, hear, make, type Step } from "../steps.ts";
import { event, chatIn } from "./chat-frames.ts";

const TITLE = "New feature implementation";

const project = (s: Scene): string => `project:${s.workspace}`;

const TEXT_OR_NULL = nullOr(TEXT);

/** In the project's room; a task's creation and changes also notify, which the others checks are about. */
const inProject = (s: Scene): readonly Step[] => chatIn("a", s.a, project(s));

const taskOf = (kept: Kept) => ({ task_id: String(kept.get("task")) });

const CREATED = { status: 201, body: part({ id: keep("task", ID) }) } as const;

/** Nobody is assigned, so nobody is notified. */
const createTask = (): Step =>
  make(
    "task.created",
    {
      method: "POST",
      path: "/api/v1/workspaces/:workspace_id/tasks",
      as: "a",
      body: { title: TITLE, status: "todo", priority: "high" },
    },
    CREATED,
  );

const changeTask = (
  name: string,
  method: Asked["method"],
  status: number,
  body?: Readonly<Record<string, unknown>>,
): Step =>
  make(
    name,
    {
      method,
      path: "/api/v1/tasks/:task_id",
      as: "a",
      params: taskOf,
      ...(body === undefined ? {} : { body }),
    },
    { status },
  );

const notified = (): Framed =>
  framed("notification.new", {
    type: "notification.new",
    data: { title: TEXT, message: TEXT, link: TEXT_OR_NULL, priority: TEXT },
    timestamp: TIME,
  });

/** A change, and its frame; the creator is told of it in his inbox too. */
const changed = (
  name: string,
  says: string,
  steps: (s: Scene) => readonly Step[],
  data: (s: Scene) => Expected,
  sender: Expected = ANYTHING,
): Check =>
  under("Task Events")(name, says, (s) => [
    createTask(),
    ...inProject(s),
    ...steps(s),
    hear("a", event(name, project(s), data(s), sender), also(notified())),
  ]);

const TASK_ID = keep("task", ID);

export const chatTasks: readonly Check[] = [
  under("Example: Task Created")("task.created", "a new task is told in the project's room", (s) => [
    ...inProject(s),
    createTask(),
    hear(
      "a",
      event(
        "task.created",
        project(s),
        {
          task_id: TASK_ID,
          title: given(TITLE),
          status: given("todo"),
          priority: given("high"),
          assignee: TEXT_OR_NULL,
          creator: s.a.name,
        },
        s.a.name,
      ),
    ),
  ]),
  under("Example: Task Status Changed")(
    "task.status_changed",
    "a change of a task's status is told in the project's room, by the system",
    (s) => [
      createTask(),
      ...inProject(s),
      changeTask("task.status_changed", "PATCH", 200, { status: "in_progress" }),
      hear(
        "a",
        event(
          "task.status_changed",
          project(s),
          {
            task_id: TASK_ID,
            old_status: given("todo"),
            new_status: given("in_progress"),
            changed_by: s.a.name,
          },
          "system",
        ),
        also(notified()),
      ),
    ],
  ),
  changed(
    "task.updated",
    "another change of a task is told in the project's room",
    () => [changeTask("task.updated", "PATCH", 200, { priority: "low" })],
    () =>
      ours(ANYTHING, {
        task_id: TASK_ID,
        title: given(TITLE),
        changes: { priority: { old: "high", new: "low" } },
      }),
  ),
  changed(
    "task.assigned",
    "an assignment is told in the project's room",
    (s) => [changeTask("task.assigned", "PATCH", 200, { user_id: s.a.wireId })],
    (s) =>
      ours(ANYTHING, { task_id: TASK_ID, title: given(TITLE), assignee: s.a.name, assigned_by: s.a.name }),
  ),
  changed(
    "task.deleted",
    "a deletion is told in the project's room",
    () => [changeTask("task.deleted", "DELETE", 204)],
    () => ours(ANYTHING, { task_id: TASK_ID, title: given(TITLE) }),
  ),
];

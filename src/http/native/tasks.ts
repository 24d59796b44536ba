import { z } from "zod";
import { command, type Command, type TaskView } from "../../core/command.ts";
import { endpoint, type EndpointAnswer } from "../../core/endpoint.ts";
import { isRefusal, refuse, type Refusal } from "../../core/errors.ts";
import { idSchema, timestamp, toWireId, toWireIdOrNull, wireId } from "../../core/ids.ts";
import { NEXT_ID, page, TASK } from "./samples.ts";
import { idParam, optional, pageOf, pageQuery } from "./schemas.ts";

const tag = "Tasks";

const task = z
  .object({
    id: wireId,
    workspace_id: wireId
      .nullable()
      .meta({ description: "The workspace that it belongs to; null where it is in none." }),
    title: z.string().meta({ description: "What is to be done." }),
    description: z.string().nullable().meta({ description: "More about it; null where there is none." }),
    status: z.string().meta({ description: "A word of yours; `completed` once it was completed." }),
    priority: z.string().meta({ description: "A word of yours: `low`, `medium`, `high`." }),
    due_date: timestamp.nullable().meta({ description: "When it should be done; null where that is open." }),
    user_id: wireId.nullable().meta({ description: "The assignee; null where nobody is." }),
    creator_id: wireId.nullable().meta({ description: "Who made it; null where a service key did." }),
    version: z.int().meta({ description: "Grows by one with each change; see If-Match." }),
    created_at: timestamp.meta({ description: "When it was made." }),
    updated_at: timestamp.meta({ description: "When it was last changed." }),
    completed_at: timestamp.nullable().meta({ description: "When it was completed; null while it is open." }),
  })
  .meta({ title: "Task" });

const showTask = (view: TaskView): z.infer<typeof task> => ({
  ...view,
  id: toWireId(view.id),
  workspace_id: toWireIdOrNull(view.workspace_id),
  user_id: toWireIdOrNull(view.user_id),
  creator_id: toWireIdOrNull(view.creator_id),
});

/** The version is the ETag: what a client has read, it may name in `If-Match`. */
const answerTask = (status: number, view: TaskView): EndpointAnswer => ({
  status,
  body: showTask(view),
  headers: { etag: `"${view.version}"` },
});

const title = z.string().trim().min(1).max(1000);
const description = z.string().max(20_000);
const word = z.string().trim().min(1).max(64);
const dueDate = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "must be an ISO 8601 time with its offset, or a date, as in 2026-01-31T09:00:00Z",
  })
  .transform((text) => new Date(text).toISOString());
const version = optional(z.int().positive()).meta({
  description: "The version that was read; where another one is stored, nothing changes (409). As If-Match.",
});

const newTask = z
  .object({
    id: idSchema.nullish(),
    title,
    description: description.nullish(),
    status: word.nullish().transform((status) => status ?? "todo"),
    priority: word.nullish().transform((priority) => priority ?? "normal"),
    due_date: dueDate.nullish(),
    user_id: idSchema.nullish().meta({ description: "The assignee." }),
  })
  .meta({ title: "NewTask" });

/** What is left out stays; null empties what may be empty. */
const changedTask = z
  .object({
    title: title.optional(),
    description: description.nullish(),
    status: word.optional(),
    priority: word.optional(),
    due_date: dueDate.nullish(),
    user_id: idSchema.nullish(),
    version,
  })
  .meta({ title: "TaskChanges" });
const versioned = z.object({ version });
const versionQuery = z.object({
  version: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .meta({ description: "The version that was read: where another one is stored, nothing changes (409)." }),
});

/** The version that the caller has read: by `If-Match`, or said otherwise, or both where they agree. */
function versionOf(ifMatch: string | undefined, said: number | undefined): number | undefined | Refusal {
  if (ifMatch === undefined || ifMatch.trim() === "*") return said;
  // Proxies that compress make an ETag weak; a version is the same whatever its encoding.
  const [, quoted, bare] = /^(?:(?:W\/)?"(\d{1,15})"|(\d{1,15}))$/.exec(ifMatch.trim()) ?? [];
  const matched = quoted ?? bare;
  if (matched === undefined) return badVersion('must be a version of the task, for example "3"');
  if (said !== undefined && said !== Number(matched))
    return badVersion("and version name different versions");
  return Number(matched);
}

const badVersion = (message: string): Refusal =>
  refuse("BAD_FIELDS", `Invalid If-Match: ${message}`, { errors: [{ path: "If-Match", message }] });

/** A command that carries the version, or why it cannot. */
function withVersion<C extends Command>(
  { ifMatch }: { readonly ifMatch?: string | undefined },
  said: number | undefined,
  make: (version: { readonly version?: number }) => C,
): C | Refusal {
  const seen = versionOf(ifMatch, said);
  if (isRefusal(seen)) return seen;
  return make(seen === undefined ? {} : { version: seen });
}

export const TASK_ENDPOINTS = [
  endpoint({
    method: "GET",
    path: "/api/v1/workspaces/:id/tasks",
    operation: "listTasks",
    refuses: ["NOT_FOUND"],
    tag,
    status: 200,
    proof: "any",
    summary: "The tasks of a workspace, newest first.",
    params: idParam,
    query: pageQuery,
    response: pageOf(task),
    examples: { website: { params: { id: 789 }, query: { limit: 20 }, answer: page(TASK) } },
    command: ({ params, query }) => command("task.list", { workspace_id: params.id, ...query }),
    answer: (reply) => ({ status: 200, body: { items: reply.items.map(showTask), next: reply.next } }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/workspaces/:id/tasks",
    operation: "createTask",
    refuses: ["FORBIDDEN", "NOT_FOUND", "CONFLICT"],
    versioned: "read",
    tag,
    status: 201,
    proof: "any",
    summary: "Create a task; its assignee is notified.",
    params: idParam,
    body: newTask,
    required: ["title"],
    response: task,
    examples: {
      everything: {
        params: { id: 789 },
        body: {
          id: 457,
          title: "Launch",
          description: "With a party",
          status: "todo",
          priority: "high",
          due_date: "2026-02-14T12:00:00Z",
          user_id: 102,
        },
        answer: { ...TASK, id: 457, title: "Launch", description: "With a party" },
      },
      short: {
        summary: "The title alone; the server gives it an id.",
        params: { id: 789 },
        body: { title: "Launch" },
        answer: { ...TASK, id: NEXT_ID, title: "Launch", priority: "normal", due_date: null, user_id: null },
      },
    },
    command: ({ params, body }) =>
      command("task.create", {
        workspace_id: params.id,
        id: body.id ?? null,
        title: body.title,
        description: body.description ?? null,
        status: body.status,
        priority: body.priority,
        due_date: body.due_date ?? null,
        user_id: body.user_id ?? null,
      }),
    answer: (reply) => answerTask(201, reply),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/tasks/:id",
    operation: "getTask",
    refuses: ["NOT_FOUND"],
    versioned: "read",
    tag,
    status: 200,
    proof: "any",
    summary: "A task.",
    params: idParam,
    response: task,
    examples: { proposal: { params: { id: 456 }, answer: TASK } },
    command: ({ params }) => command("task.get", { id: params.id }),
    answer: (reply) => answerTask(200, reply),
  }),
  endpoint({
    method: "PATCH",
    path: "/api/v1/tasks/:id",
    operation: "updateTask",
    refuses: ["NOT_FOUND", "CONFLICT"],
    versioned: "write",
    tag,
    status: 200,
    proof: "any",
    summary: "Change a task; its assignee (the old one, too) and its creator are notified.",
    params: idParam,
    body: changedTask,
    response: task,
    examples: {
      started: {
        params: { id: 456 },
        body: { status: "in_progress" },
        answer: { ...TASK, status: "in_progress", version: 2 },
      },
      careful: {
        summary: "Only where nobody has changed it meanwhile.",
        params: { id: 456 },
        headers: { "If-Match": '"1"' },
        body: { priority: "low", user_id: null },
        answer: { ...TASK, priority: "low", user_id: null, version: 2 },
      },
    },
    command: ({ params, body: { version: said, ...changes }, ifMatch }) =>
      withVersion({ ifMatch }, said, (seen) => command("task.update", { id: params.id, changes, ...seen })),
    answer: (reply) => answerTask(200, reply),
  }),
  endpoint({
    method: "DELETE",
    path: "/api/v1/tasks/:id",
    operation: "deleteTask",
    refuses: ["NOT_FOUND", "CONFLICT"],
    versioned: "write",
    tag,
    status: 204,
    proof: "any",
    summary: "Delete a task; its assignee and its creator are notified.",
    params: idParam,
    query: versionQuery,
    examples: {
      proposal: { params: { id: 456 } },
      seen: { summary: "Only the version that was read.", params: { id: 456 }, query: { version: 1 } },
    },
    command: ({ params, query, ifMatch }) =>
      withVersion({ ifMatch }, query.version, (seen) => command("task.delete", { id: params.id, ...seen })),
    answer: () => ({ status: 204 }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/tasks/:id/complete",
    operation: "completeTask",
    refuses: ["NOT_FOUND", "CONFLICT"],
    versioned: "write",
    tag,
    status: 200,
    proof: "any",
    summary: "Complete a task, as a PATCH of its status to completed does.",
    params: idParam,
    body: versioned,
    response: task,
    examples: {
      done: {
        params: { id: 456 },
        body: {},
        answer: { ...TASK, status: "completed", version: 2, completed_at: TASK.created_at },
      },
    },
    command: ({ params, body, ifMatch }) =>
      withVersion({ ifMatch }, body.version, (seen) =>
        command("task.update", { id: params.id, changes: { status: "completed" }, ...seen }),
      ),
    answer: (reply) => answerTask(200, reply),
  }),
];

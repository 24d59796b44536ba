import { z } from "zod";
import { command, type FocusView } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { idSchema, timestamp, toWireIdOrNull, wireId } from "../../core/ids.ts";
import { focusTopic } from "../../core/topic.ts";
import { NEXT_ID, page, SESSION } from "./samples.ts";
import { idParam, memberParams, name, pageOf, pageQuery } from "./schemas.ts";

const tag = "Focus";

const session = z
  .object({
    id: z.string().meta({ description: "Always a string, as session_id is in every frame." }),
    title: z.string().nullable().meta({ description: "Its name; null where it has none." }),
    workspace_id: wireId
      .nullable()
      .meta({ description: "The workspace whose members may join; null where only participants may." }),
    status: z.string().meta({ description: "A word of yours; `active` from the start." }),
    current_task_id: wireId
      .nullable()
      .meta({ description: "What it is about right now; null where that was not said." }),
    created_at: timestamp.meta({ description: "When it was made." }),
    updated_at: timestamp.meta({ description: "When it was last changed." }),
  })
  .meta({ title: "FocusSession" });

const showSession = (view: FocusView): z.infer<typeof session> => ({
  ...view,
  workspace_id: toWireIdOrNull(view.workspace_id),
  current_task_id: toWireIdOrNull(view.current_task_id),
});

export const FOCUS_ENDPOINTS = [
  endpoint({
    method: "GET",
    path: "/api/v1/focus-sessions",
    operation: "listFocusSessions",
    tag,
    status: 200,
    proof: "any",
    summary: "Focus sessions that a membership opens (admins and keys: all), newest first.",
    query: pageQuery,
    response: pageOf(session),
    examples: { own: { query: { limit: 20 }, answer: page(SESSION) } },
    command: ({ query }) => command("focus.list", query),
    answer: (reply) => ({ status: 200, body: { items: reply.items.map(showSession), next: reply.next } }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/focus-sessions",
    operation: "createFocusSession",
    refuses: ["FORBIDDEN", "NOT_FOUND", "CONFLICT"],
    tag,
    status: 201,
    proof: "any",
    summary: "Create a focus session; its creator owns it.",
    body: z.object({ id: idSchema.nullish(), title: name.nullish(), workspace_id: idSchema.nullish() }),
    response: session,
    examples: {
      named: {
        body: { id: "focus-124", title: "Afternoon", workspace_id: 789 },
        answer: { ...SESSION, id: "focus-124", title: "Afternoon" },
      },
      short: {
        summary: "The server gives it an id.",
        body: {},
        answer: { ...SESSION, id: String(NEXT_ID), title: null, workspace_id: null },
      },
    },
    command: ({ body }) =>
      command("focus.create", {
        id: body.id ?? null,
        title: body.title ?? null,
        workspace_id: body.workspace_id ?? null,
      }),
    answer: (reply) => ({ status: 201, body: showSession(reply) }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/focus-sessions/:id",
    operation: "getFocusSession",
    refuses: ["NOT_FOUND"],
    tag,
    status: 200,
    proof: "any",
    summary: "A focus session.",
    params: idParam,
    response: session,
    examples: { morning: { params: { id: "focus-123" }, answer: SESSION } },
    command: ({ params }) => command("focus.get", { id: params.id }),
    answer: (reply) => ({ status: 200, body: showSession(reply) }),
  }),
  endpoint({
    method: "PATCH",
    path: "/api/v1/focus-sessions/:id",
    operation: "updateFocusSession",
    refuses: ["NOT_FOUND"],
    tag,
    status: 200,
    proof: "any",
    summary: "Change a focus session; the participants hear of a new status or task.",
    params: idParam,
    body: z.object({
      title: name.nullish(),
      status: z.string().min(1).max(64).optional(),
      current_task_id: idSchema.nullish(),
    }),
    response: session,
    examples: {
      task: {
        params: { id: "focus-123" },
        body: { status: "break", current_task_id: 456 },
        answer: { ...SESSION, status: "break", current_task_id: 456 },
      },
    },
    command: ({ params, body }) => command("focus.patch", { id: params.id, ...body }),
    answer: (reply) => ({ status: 200, body: showSession(reply) }),
  }),
  endpoint({
    method: "PUT",
    path: "/api/v1/focus-sessions/:id/participants/:user_id",
    operation: "putFocusParticipant",
    refuses: ["FORBIDDEN", "NOT_FOUND"],
    tag,
    status: 204,
    proof: "any",
    summary: "Let a user take part (its owner, the workspace's, admin, key).",
    params: memberParams,
    examples: { carol: { params: { id: "focus-123", user_id: 103 } } },
    command: ({ params }) =>
      command("member.put", { topic: focusTopic(params.id), user_id: params.user_id, role: "member" }),
    answer: () => ({ status: 204 }),
  }),
  endpoint({
    method: "DELETE",
    path: "/api/v1/focus-sessions/:id/participants/:user_id",
    operation: "removeFocusParticipant",
    refuses: ["FORBIDDEN", "NOT_FOUND"],
    tag,
    status: 204,
    proof: "any",
    summary: "End a participation; sockets that it opened are closed at once.",
    params: memberParams,
    examples: { bob: { params: { id: "focus-123", user_id: 102 } } },
    command: ({ params }) =>
      command("member.remove", { topic: focusTopic(params.id), user_id: params.user_id }),
    answer: () => ({ status: 204 }),
  }),
];

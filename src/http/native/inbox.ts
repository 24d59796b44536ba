import { z } from "zod";
import { command, type InboxItem } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { LEVELS } from "../../core/event.ts";
import { timestamp, toWireId, toWireIdOrNull, wireId } from "../../core/ids.ts";
import { NOTIFICATION, NOTIFICATION_ID, page } from "./samples.ts";
import { eventIdParam, historyQuery } from "./schemas.ts";

const tag = "Inbox";

export const inboxItem = z
  .object({
    id: z.int().meta({ description: "The id of its event, which grows." }),
    title: z.string().meta({ description: "A short heading." }),
    content: z.string().meta({ description: "What is told." }),
    notification_type: z.string().meta({ description: "What it is about: `task_created`, `system`." }),
    level: z.enum(LEVELS).meta({ description: "How it is meant, for whoever shows it." }),
    related_entity_type: z
      .string()
      .nullable()
      .meta({ description: "What kind of thing it is about, as `task`; null where it is about none." }),
    related_entity_id: wireId.nullable().meta({ description: "The id of that thing." }),
    data: z.looseObject({}).meta({ description: "What the sender added." }),
    read: z.boolean().meta({ description: "Whether this user has read it." }),
    created_at: timestamp.meta({ description: "When it was told." }),
  })
  .meta({ title: "Notification" });

const count = z.object({ count: z.int().meta({ description: "How many notifications are meant." }) });

export const showInboxItem = (view: InboxItem): z.infer<typeof inboxItem> => ({
  id: view.id,
  title: view.title,
  content: view.content,
  notification_type: view.notification_type,
  level: view.level ?? "info",
  related_entity_type: view.related_entity_type,
  related_entity_id: toWireIdOrNull(view.related_entity_id),
  data: dataOf(view),
  read: view.read,
  created_at: view.created_at,
});

/** With the task that it tells of; link and priority, as `onetask` has it, where they were given. */
function dataOf({ data, link, priority, task }: InboxItem): Record<string, unknown> {
  return {
    ...data,
    ...(link === null ? {} : { link }),
    ...(priority === null ? {} : { priority }),
    ...(task === null
      ? {}
      : {
          task_id: toWireId(task.task_id),
          action: task.action,
          workspace_id: toWireIdOrNull(task.workspace_id),
          actor_id: toWireIdOrNull(task.actor_id),
        }),
  };
}

export const inboxQuery = historyQuery.extend({
  unread: z
    .enum(["true", "false"])
    .default("false")
    .transform((text) => text === "true")
    .meta({ description: "Only those that are not read." }),
});

export const INBOX_ENDPOINTS = [
  endpoint({
    method: "GET",
    path: "/api/v1/notifications",
    operation: "listNotifications",
    refuses: ["NO_TARGET"],
    tag,
    status: 200,
    proof: "any",
    summary: "One's own notifications, newest first; oldest first behind `after`.",
    query: inboxQuery,
    response: z.object({
      items: z.array(inboxItem).meta({ description: "What was found, at most `limit`." }),
      next: z
        .string()
        .nullable()
        .meta({ description: "The `cursor` of the page behind this one; null where this is the last." }),
    }),
    examples: {
      unread: { query: { unread: "true", limit: 20 }, answer: page(NOTIFICATION) },
    },
    command: ({ query }) => command("inbox.list", query),
    answer: (reply) => ({ status: 200, body: { items: reply.items.map(showInboxItem), next: reply.next } }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/notifications/unread-count",
    operation: "countUnreadNotifications",
    refuses: ["NO_TARGET"],
    tag,
    status: 200,
    proof: "any",
    summary: "How many of one's notifications are unread.",
    response: count,
    examples: { count: { answer: { count: 1 } } },
    command: () => command("inbox.count", {}),
    answer: (reply) => ({ status: 200, body: { count: reply.count } }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/notifications/read-all",
    operation: "readAllNotifications",
    refuses: ["NO_TARGET"],
    tag,
    status: 200,
    proof: "any",
    summary: "Mark everything as read; the user's other devices hear of it.",
    response: count,
    examples: { all: { answer: { count: 0 } } },
    command: () => command("inbox.read_all", {}),
    answer: (reply) => ({ status: 200, body: { count: reply.count } }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/notifications/:id/read",
    operation: "readNotification",
    refuses: ["NO_TARGET", "NOT_FOUND"],
    tag,
    status: 200,
    proof: "any",
    summary: "Mark a notification as read; the user's other devices hear of it.",
    params: eventIdParam,
    response: count.meta({ description: "How many are left unread." }),
    examples: { one: { params: { id: NOTIFICATION_ID }, answer: { count: 0 } } },
    command: ({ params }) => command("inbox.read", { id: params.id }),
    answer: (reply) => ({ status: 200, body: { count: reply.count } }),
  }),
  endpoint({
    method: "DELETE",
    path: "/api/v1/notifications/:id",
    operation: "deleteNotification",
    refuses: ["NO_TARGET", "NOT_FOUND"],
    tag,
    status: 204,
    proof: "any",
    summary: "Take a notification out of one's inbox.",
    params: eventIdParam,
    examples: { one: { params: { id: NOTIFICATION_ID } } },
    command: ({ params }) => command("inbox.delete", { id: params.id }),
    answer: () => ({ status: 204 }),
  }),
];

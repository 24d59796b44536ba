import { z } from "zod";
import { command } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { idOf } from "../../core/topic.ts";
import { NEXT_ID, NOTICE } from "./samples.ts";
import { idParam, noticeBody, roomParams } from "./schemas.ts";

const tag = "Notify";
const count = z.object({ count: z.int().meta({ description: "How many users are told." }) });

export const NOTIFY_ENDPOINTS = [
  endpoint({
    method: "POST",
    path: "/api/v1/notify/users/:id",
    operation: "notifyUser",
    refuses: ["FORBIDDEN"],
    tag,
    status: 200,
    proof: "any",
    summary: "Notify a user; kept for the inbox whether connected or not.",
    params: idParam,
    body: noticeBody,
    required: ["message"],
    response: z.object({
      delivered: z.boolean().meta({ description: "He is connected, and heard it at once." }),
      notification_id: z.int().nullable().meta({ description: "Null where it is told later." }),
    }),
    examples: {
      everything: {
        params: { id: 102 },
        body: NOTICE,
        answer: { delivered: false, notification_id: NEXT_ID },
      },
      short: {
        summary: "The message alone.",
        params: { id: 102 },
        body: { message: "Lunch is ready" },
        answer: { delivered: false, notification_id: NEXT_ID },
      },
      later: {
        summary: "Told in an hour.",
        params: { id: 102 },
        body: { message: "Stand-up", deliver_at: "2026-01-31T10:00:00Z", expires_at: "2026-01-31T11:00:00Z" },
        answer: { delivered: false, notification_id: null },
      },
    },
    command: ({ params, body }) =>
      command("notify.user", { user_id: params.id, inRoom: false, notice: body }),
    answer: (reply) => ({
      status: 200,
      body: { delivered: reply.delivered, notification_id: reply.notification_id },
    }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/notify/broadcast",
    operation: "notifyEveryone",
    tag,
    status: 200,
    proof: "privileged",
    summary: "Notify everybody who is connected.",
    body: noticeBody,
    required: ["message"],
    response: count,
    examples: {
      warning: {
        body: { message: "System maintenance in 5 minutes", level: "warning" },
        answer: { count: 0 },
      },
    },
    command: ({ body }) => command("notify.everyone", { notice: body }),
    answer: (reply) => ({ status: 200, body: { count: reply.count } }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/notify/rooms/:room",
    operation: "notifyRoom",
    refuses: ["BAD_ROOM", "FORBIDDEN"],
    tag,
    status: 200,
    proof: "any",
    summary: "Notify the users who are in a room now.",
    params: roomParams,
    body: noticeBody,
    required: ["message"],
    response: count,
    examples: {
      room: {
        params: { room: "project_789" },
        body: { message: "New screening result available" },
        answer: { count: 0 },
      },
      personal: {
        summary: "A user's own room, as notify_user_in_room.",
        params: { room: "user_102" },
        body: { message: "You have a new message" },
        answer: { count: 0 },
      },
    },
    command: ({ params, body }) =>
      params.room.startsWith("user:")
        ? command("notify.user", { user_id: idOf(params.room), inRoom: true, notice: body })
        : command("notify.room", { topic: params.room, notice: body }),
    answer: (reply) => ({
      status: 200,
      body: { count: "count" in reply ? reply.count : Number(reply.delivered) },
    }),
  }),
];

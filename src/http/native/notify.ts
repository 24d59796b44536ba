import { z } from "zod";
import { command } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { idOf } from "../../core/topic.ts";
import { idParam, noticeBody, roomParams } from "./schemas.ts";

const tag = "Notify";
const count = z.object({ count: z.int() });

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
      delivered: z.boolean(),
      notification_id: z.int().nullable().meta({ description: "Null where it is told later." }),
    }),
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

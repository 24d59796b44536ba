import { z } from "zod";
import { command, type MessageView, type RoomView } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { idSchema, timestamp, toWireId, toWireIdOrNull, wireId } from "../../core/ids.ts";
import { type Principal, SYSTEM_ID } from "../../core/principal.ts";
import { MESSAGE, MESSAGE_ID, NEXT_ID, page, ROOMS } from "./samples.ts";
import {
  eventIdParam,
  historyQuery,
  jsonObject,
  optional,
  pageOf,
  pageQuery,
  roomMemberParams,
  roomParams,
} from "./schemas.ts";
import { memberBody } from "./workspaces.ts";

const tag = "Rooms";

const room = z
  .object({
    room: z.string().meta({ description: "Its canonical name: channel:9, room:lobby." }),
    workspace_id: wireId
      .nullable()
      .meta({ description: "The workspace whose members may enter; null where only its own may." }),
  })
  .meta({ title: "Room" });
const showRoom = (view: RoomView): z.infer<typeof room> => ({
  room: view.room,
  workspace_id: toWireIdOrNull(view.workspace_id),
});

const message = z
  .object({
    id: z.int().meta({ description: "The id of its event, which grows." }),
    room: z.string().meta({ description: "workspace:789, channel:9, task:7, focus:s, room:lobby." }),
    user_id: wireId,
    username: z.string().meta({ description: "As the token had it when it was said." }),
    content: z.string().nullable().meta({ description: "Null where it was deleted." }),
    metadata: z.looseObject({}).meta({ description: "What the sender added." }),
    created_at: timestamp.meta({ description: "When it was said." }),
    edited_at: timestamp
      .nullable()
      .meta({ description: "When it was last changed; null where it never was." }),
    deleted_at: timestamp.nullable().meta({ description: "When it was deleted; null where it is there." }),
  })
  .meta({ title: "Message" });
const showMessage = (view: MessageView): z.infer<typeof message> => ({
  ...view,
  user_id: toWireId(view.user_id),
});

const content = z
  .string()
  .max(65_536)
  .refine((text) => text.trim() !== "", "must not be empty");

/** Who is shown as the sender; a key sends as the system. */
const senderOf = (who: Principal): Pick<MessageView, "user_id" | "username"> =>
  who.kind === "user"
    ? { user_id: who.id, username: who.username }
    : { user_id: SYSTEM_ID, username: SYSTEM_ID };

export const ROOM_ENDPOINTS = [
  endpoint({
    method: "GET",
    path: "/api/v1/rooms",
    operation: "listRooms",
    tag,
    status: 200,
    proof: "any",
    summary: "Stored rooms that a membership opens (admins and keys: all), newest first.",
    query: pageQuery,
    response: pageOf(room),
    examples: { own: { query: { limit: 20 }, answer: page(...ROOMS) } },
    command: ({ query }) => command("room.list", query),
    answer: (reply) => ({ status: 200, body: { items: reply.items.map(showRoom), next: reply.next } }),
  }),
  endpoint({
    method: "PUT",
    path: "/api/v1/rooms/:room",
    operation: "putRoom",
    refuses: ["BAD_ROOM", "FORBIDDEN", "NOT_FOUND", "CONFLICT"],
    tag,
    status: 200,
    proof: "any",
    summary: "Say which workspace a room belongs to: its members may enter.",
    params: roomParams,
    body: z.object({ workspace_id: idSchema.nullish() }),
    response: room,
    examples: {
      placed: {
        params: { room: "channel:10" },
        body: { workspace_id: 789 },
        answer: { room: "channel:10", workspace_id: 789 },
      },
    },
    command: ({ params, body }) =>
      command("room.put", { topic: params.room, workspace_id: body.workspace_id ?? null }),
    answer: (reply) => ({ status: 200, body: showRoom(reply) }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/rooms/:room/messages",
    operation: "listMessages",
    refuses: ["FORBIDDEN"],
    tag,
    status: 200,
    proof: "any",
    summary: "What was said in a room, newest first; behind ?after=<id> oldest first.",
    params: roomParams,
    query: historyQuery,
    response: pageOf(message),
    examples: {
      newest: { params: { room: "channel:9" }, query: { limit: 20 }, answer: page(MESSAGE) },
      missed: {
        summary: "What was said after a message, oldest first.",
        params: { room: "channel_9" },
        query: { after: MESSAGE_ID - 1 },
        answer: page(MESSAGE),
      },
    },
    command: ({ params, query }) => command("message.list", { topic: params.room, ...query }),
    answer: (reply) => ({ status: 200, body: { items: reply.items.map(showMessage), next: reply.next } }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/rooms/:room/messages",
    operation: "sendMessage",
    refuses: ["BAD_ROOM", "FORBIDDEN"],
    tag,
    status: 201,
    proof: "any",
    summary: "Say something in a room, in it or not.",
    params: roomParams,
    body: z.object({ content, metadata: optional(jsonObject) }),
    required: ["content"],
    response: message,
    examples: {
      hello: {
        params: { room: "channel:9" },
        body: { content: "Hello everyone!", metadata: { reply_to: MESSAGE_ID } },
        answer: { ...MESSAGE, id: NEXT_ID, content: "Hello everyone!", metadata: { reply_to: MESSAGE_ID } },
      },
      repeatable: {
        summary: "Told once, however often it is sent.",
        params: { room: "lobby" },
        headers: { "Idempotency-Key": "order-4711" },
        body: { content: "Hello" },
        answer: { ...MESSAGE, id: NEXT_ID, room: "room:lobby" },
      },
    },
    command: ({ params, body }) =>
      command("message.send", {
        topic: params.room,
        content: body.content,
        metadata: body.metadata ?? {},
        mustBeIn: false,
      }),
    answer: (reply, { params, body, who }) => ({
      status: 201,
      body: showMessage({
        id: reply.message_id,
        room: params.room,
        ...senderOf(who),
        content: body.content,
        metadata: body.metadata ?? {},
        created_at: reply.created_at,
        edited_at: null,
        deleted_at: null,
      }),
    }),
  }),
  endpoint({
    method: "PATCH",
    path: "/api/v1/messages/:id",
    operation: "editMessage",
    refuses: ["FORBIDDEN", "NOT_FOUND"],
    tag,
    status: 200,
    proof: "any",
    summary: "Give a message new content (its author, an admin).",
    params: eventIdParam,
    body: z.object({ content }),
    required: ["content"],
    response: z.object({
      id: z.int().meta({ description: "The message." }),
      content: z.string().meta({ description: "What it says now." }),
      edited_at: timestamp.meta({ description: "When that was." }),
    }),
    examples: {
      edited: {
        params: { id: MESSAGE_ID },
        body: { content: "Hello, everyone" },
        answer: { id: MESSAGE_ID, content: "Hello, everyone", edited_at: MESSAGE.created_at },
      },
    },
    command: ({ params, body }) => command("message.edit", { message_id: params.id, content: body.content }),
    answer: (reply, { body }) => ({
      status: 200,
      body: { id: reply.message_id, content: body.content, edited_at: reply.edited_at },
    }),
  }),
  endpoint({
    method: "DELETE",
    path: "/api/v1/messages/:id",
    operation: "deleteMessage",
    refuses: ["FORBIDDEN", "NOT_FOUND"],
    tag,
    status: 204,
    proof: "any",
    summary: "Take a message back (its author, an admin); it keeps its place.",
    params: eventIdParam,
    examples: { one: { params: { id: MESSAGE_ID } } },
    command: ({ params }) => command("message.delete", { message_id: params.id }),
    answer: () => ({ status: 204 }),
  }),
  endpoint({
    method: "PUT",
    path: "/api/v1/rooms/:room/members/:user_id",
    operation: "putRoomMember",
    refuses: ["BAD_ROOM", "FORBIDDEN", "NOT_FOUND"],
    tag,
    status: 204,
    proof: "any",
    summary: "Make a user a member of a room.",
    params: roomMemberParams,
    body: memberBody,
    examples: { carol: { params: { room: "channel:9", user_id: 103 }, body: { role: "member" } } },
    command: ({ params, body }) =>
      command("member.put", { topic: params.room, user_id: params.user_id, role: body.role }),
    answer: () => ({ status: 204 }),
  }),
  endpoint({
    method: "DELETE",
    path: "/api/v1/rooms/:room/members/:user_id",
    operation: "removeRoomMember",
    refuses: ["BAD_ROOM", "FORBIDDEN", "NOT_FOUND"],
    tag,
    status: 204,
    proof: "any",
    summary: "End a membership of a room.",
    params: roomMemberParams,
    examples: { bob: { params: { room: "channel:9", user_id: 102 } } },
    command: ({ params }) => command("member.remove", { topic: params.room, user_id: params.user_id }),
    answer: () => ({ status: 204 }),
  }),
];

import { z } from "zod";
import { command } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { idSchema, toWireIdOrNull, wireId } from "../../core/ids.ts";
import { roomMemberParams, roomParams } from "./schemas.ts";
import { memberBody } from "./workspaces.ts";

const tag = "Rooms";

export const ROOM_ENDPOINTS = [
  endpoint({
    method: "PUT",
    path: "/api/v1/rooms/:room",
    tag,
    status: 200,
    proof: "any",
    summary: "Say which workspace a room belongs to: its members may enter.",
    params: roomParams,
    body: z.object({ workspace_id: idSchema.nullish() }),
    response: z.object({ room: z.string(), workspace_id: wireId.nullable() }),
    command: ({ params, body }) =>
      command("room.put", { topic: params.room, workspace_id: body.workspace_id ?? null }),
    answer: (reply) => ({
      status: 200,
      body: { room: reply.room, workspace_id: toWireIdOrNull(reply.workspace_id) },
    }),
  }),
  endpoint({
    method: "PUT",
    path: "/api/v1/rooms/:room/members/:user_id",
    tag,
    status: 204,
    proof: "any",
    summary: "Make a user a member of a room.",
    params: roomMemberParams,
    body: memberBody,
    command: ({ params, body }) =>
      command("member.put", { topic: params.room, user_id: params.user_id, role: body.role }),
    answer: () => ({ status: 204 }),
  }),
  endpoint({
    method: "DELETE",
    path: "/api/v1/rooms/:room/members/:user_id",
    tag,
    status: 204,
    proof: "any",
    summary: "End a membership of a room.",
    params: roomMemberParams,
    command: ({ params }) => command("member.remove", { topic: params.room, user_id: params.user_id }),
    answer: () => ({ status: 204 }),
  }),
];

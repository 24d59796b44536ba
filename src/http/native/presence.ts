import { z } from "zod";
import { command } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { toWireId, wireId } from "../../core/ids.ts";
import { idParam, roomParams } from "./schemas.ts";

const tag = "Presence";
const users = z.object({
  users: z.array(wireId).meta({ description: "Ids of those who are connected, each once." }),
});

export const PRESENCE_ENDPOINTS = [
  endpoint({
    method: "GET",
    path: "/api/v1/presence/users",
    operation: "listConnectedUsers",
    tag,
    status: 200,
    proof: "any",
    summary: "Everybody connected, in any dialect.",
    response: users,
    examples: { nobody: { answer: { users: [] } } },
    command: () => command("presence.users", {}),
    answer: (reply) => ({ status: 200, body: { users: reply.users.map(toWireId) } }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/presence/users/:id",
    operation: "isUserConnected",
    tag,
    status: 200,
    proof: "any",
    summary: "Whether a user is connected.",
    params: idParam,
    response: z.object({
      connected: z.boolean().meta({ description: "He has a socket or a stream somewhere." }),
    }),
    examples: { away: { params: { id: 102 }, answer: { connected: false } } },
    command: ({ params }) => command("presence.user", { user_id: params.id }),
    answer: (reply) => ({ status: 200, body: { connected: reply.connected } }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/presence/rooms/:room",
    operation: "listUsersInRoom",
    refuses: ["FORBIDDEN"],
    tag,
    status: 200,
    proof: "any",
    summary: "The users in a room, each once, whatever their dialects.",
    params: roomParams,
    response: users,
    examples: { empty: { params: { room: "channel:9" }, answer: { users: [] } } },
    command: ({ params }) => command("presence.room", { topic: params.room }),
    answer: (reply) => ({ status: 200, body: { users: reply.users.map(toWireId) } }),
  }),
];

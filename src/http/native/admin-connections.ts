import { z } from "zod";
import type { ConnectionInfo } from "../../core/admin.ts";
import { command } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { idSchema, timestamp, toWireIdOrNull, wireId } from "../../core/ids.ts";
import { page } from "./samples.ts";
import { eventIdParam, idParam, pageOf, pageQuery } from "./schemas.ts";

const tag = "Admin";

/** A connection's number. */
export const connectionParams = eventIdParam;

const connection = z
  .object({
    id: z.int().meta({ description: "Of this run of the server." }),
    dialect: z.string().meta({ description: "What it speaks." }),
    endpoint: z.string().meta({ description: "The socket's name; `events` is a stream over HTTP." }),
    path: z.string().nullable().meta({ description: "The topic that its path names." }),
    kind: z.enum(["user", "key", "anonymous"]).meta({ description: "By what it is known." }),
    user_id: wireId.nullable().meta({ description: "Of a user with a proof." }),
    username: z.string().meta({ description: "Of a key its name, without a proof the id that is claimed." }),
    address: z.string().meta({ description: "As it is counted: of IPv6 the /64." }),
    opened_at: timestamp.meta({ description: "When it was let in." }),
    expires_at: timestamp.nullable().meta({ description: "Null where the proof never expires." }),
    topics: z.array(z.string()).meta({ description: "At most a hundred." }),
    topic_count: z.int().meta({ description: "How many topics it listens to." }),
    frames_in: z.int().meta({ description: "Frames that it has sent." }),
    buffered_bytes: z.int().meta({ description: "Sent by the server and not taken by the client yet." }),
    resumes: z.boolean().meta({ description: "Its frames, or those of some rooms, carry event_id." }),
  })
  .meta({ title: "Connection" });

const showConnection = (info: ConnectionInfo): z.infer<typeof connection> => ({
  ...info,
  user_id: toWireIdOrNull(info.user_id),
  topics: [...info.topics],
});

/** alice in a room of the chat dialect. */
const CONNECTION = {
  id: 1,
  dialect: "chat",
  endpoint: "connect",
  path: null,
  kind: "user",
  user_id: 101,
  username: "alice",
  address: "127.0.0.1",
  opened_at: "2026-01-31T09:00:00.000Z",
  expires_at: "2026-01-31T10:00:00.000Z",
  topics: ["user:101", "everyone", "channel:9"],
  topic_count: 3,
  frames_in: 1,
  buffered_bytes: 0,
  resumes: false,
};

export const CONNECTION_ENDPOINTS = [
  endpoint({
    method: "GET",
    path: "/api/v1/admin/connections",
    operation: "listConnections",
    tag,
    status: 200,
    proof: "privileged",
    summary: "Who is connected now: sockets and streams over HTTP, newest first.",
    query: pageQuery.extend({
      dialect: z.string().optional().meta({ description: "Only those that speak it." }),
      user_id: idSchema.optional().meta({ description: "Only those of this user." }),
    }),
    response: pageOf(connection),
    examples: { chat: { query: { dialect: "chat", limit: 20 }, answer: page(CONNECTION) } },
    command: ({ query }) => command("connection.list", query),
    answer: ({ items, next }) => ({ status: 200, body: { items: items.map(showConnection), next } }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/admin/connections/:id",
    operation: "getConnection",
    refuses: ["NOT_FOUND"],
    tag,
    status: 200,
    proof: "privileged",
    summary: "One connection.",
    params: connectionParams,
    response: connection,
    examples: { alice: { params: { id: 1 }, answer: CONNECTION } },
    command: ({ params }) => command("connection.get", params),
    answer: (reply) => ({ status: 200, body: showConnection(reply) }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/admin/connections/:id/close",
    operation: "closeConnection",
    repeatable: false,
    refuses: ["NOT_FOUND"],
    tag,
    status: 200,
    proof: "privileged",
    summary: "Close a connection with 1008, `Disconnected by an admin`.",
    params: connectionParams,
    response: z.object({ closed: z.literal(true).meta({ description: "It was told 1008, and is gone." }) }),
    examples: { alice: { params: { id: 1 }, answer: { closed: true } } },
    command: ({ params }) => command("connection.close", params),
    answer: () => ({ status: 200, body: { closed: true } }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/admin/users/:id/disconnect",
    operation: "disconnectUser",
    repeatable: false,
    tag,
    status: 200,
    proof: "privileged",
    summary: "Close all connections of a user. His token stays valid: he may connect again.",
    params: idParam,
    response: z.object({ count: z.int().meta({ description: "How many connections were closed." }) }),
    examples: { alice: { params: { id: 101 }, answer: { count: 1 } } },
    command: ({ params }) => command("user.disconnect", { user_id: params.id }),
    answer: ({ count }) => ({ status: 200, body: { count } }),
  }),
];

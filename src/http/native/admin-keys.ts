import { z } from "zod";
import { command } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { idSchema, isIdText, timestamp } from "../../core/ids.ts";
import { page } from "./samples.ts";
import { idParam, optional, pageOf } from "./schemas.ts";

const tag = "Admin";
const DAY_SECONDS = 86_400;
const MAX_TTL_SECONDS = 3650 * DAY_SECONDS;
const MAX_GRANTS = 1000;

const idText = z.string().refine(isIdText, "must be 1 to 128 characters without control characters");

const key = z
  .object({
    id: z.string().meta({ description: "What it is revoked by." }),
    name: z.string().meta({ description: "The backend that it is for." }),
    created_at: timestamp.meta({ description: "When it was made." }),
    revoked_at: timestamp.nullable().meta({ description: "When it was revoked; null while it is good." }),
  })
  .meta({ title: "ServiceKey" });

const KEY = { id: "9f2c41d0", name: "backend", created_at: "2026-01-31T09:00:00.000Z" };
const NEW_KEY = { ...KEY, key: "dgk_4nTJp1bH0cYx8mZ2QvRkWfUeLs7dAi6oGy3hXtNjB5w" };

export const KEY_ENDPOINTS = [
  endpoint({
    method: "GET",
    path: "/api/v1/admin/keys",
    operation: "listKeys",
    tag,
    status: 200,
    proof: "privileged",
    summary: "Service keys, newest first, the revoked ones too; those of API_KEYS are settings.",
    response: pageOf(key),
    examples: { backend: { answer: page({ ...KEY, revoked_at: null }) } },
    command: () => command("key.list", {}),
    answer: ({ items }) => ({ status: 200, body: { items, next: null } }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/admin/keys",
    operation: "createKey",
    refuses: ["CONFLICT"],
    tag,
    status: 201,
    proof: "privileged",
    summary: "Make a service key. It is shown this once.",
    description: "Repeated with the same `Idempotency-Key` it is a conflict: the key cannot be shown again.",
    body: z.object({ name: idText }),
    required: ["name"],
    response: z.object({
      id: z.string().meta({ description: "What it is revoked by." }),
      name: z.string().meta({ description: "The backend that it is for." }),
      key: z.string().meta({ description: "The key itself, shown this once." }),
      created_at: timestamp.meta({ description: "When it was made." }),
    }),
    command: ({ body }) => command("key.create", body),
    answer: ({ id, name, key: made, created_at }) => ({
      status: 201,
      body: { id, name, key: made, created_at },
    }),
    examples: { backend: { body: { name: "backend" }, answer: NEW_KEY } },
  }),
  endpoint({
    method: "DELETE",
    path: "/api/v1/admin/keys/:id",
    operation: "revokeKey",
    refuses: ["NOT_FOUND"],
    tag,
    status: 204,
    proof: "privileged",
    summary: "End a service key; it is refused at once.",
    params: idParam,
    examples: { backend: { params: { id: KEY.id } } },
    command: ({ params }) => command("key.revoke", params),
    answer: () => ({ status: 204 }),
  }),
  endpoint({
    method: "POST",
    path: "/api/v1/admin/tokens",
    operation: "createToken",
    repeatable: false,
    refuses: ["CONFLICT"],
    tag,
    status: 201,
    proof: "privileged",
    summary: "Make a token for a user; only where the server has a secret to sign with.",
    body: z.object({
      user_id: idSchema,
      username: optional(idText),
      admin: optional(z.boolean()),
      ttl_seconds: optional(z.int().min(1).max(MAX_TTL_SECONDS)),
      rooms: optional(z.array(idText).max(MAX_GRANTS)).meta({
        description: "Rooms that it opens: channel:9, channel:*.",
      }),
      workspaces: optional(z.array(idSchema).max(MAX_GRANTS)).meta({
        description: "Workspaces that it opens, by id.",
      }),
    }),
    required: ["user_id"],
    response: z.object({
      token: z.string().meta({ description: "For Authorization: Bearer, or `?token=`." }),
      expires_at: timestamp.meta({ description: "When it ends." }),
    }),
    examples: {
      hour: {
        summary: "For an hour.",
        body: { user_id: 102, username: "bob", ttl_seconds: 3600 },
        answer: { token: "<token>", expires_at: "2026-01-31T10:00:00.000Z" },
      },
      guest: {
        summary: "For a day, and one room.",
        body: { user_id: "guest-1", rooms: ["channel:9"] },
        answer: { token: "<token>", expires_at: "2026-02-01T09:00:00.000Z" },
      },
    },
    command: ({ body }) => command("token.create", { ...body, ttl_seconds: body.ttl_seconds ?? DAY_SECONDS }),
    answer: ({ token, expires_at }) => ({
      status: 201,
      body: { token, expires_at },
    }),
  }),
];

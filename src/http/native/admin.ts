import { z } from "zod";
import { command } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { idSchema, timestamp, toWireIdOrNull, wireId } from "../../core/ids.ts";
import { SECURITY_KINDS } from "../../core/security.ts";
import { page } from "./samples.ts";
import { pageOf, pageQuery } from "./schemas.ts";

const tag = "Admin";

const entry = z
  .object({
    id: z.int().meta({ description: "Grows; the newest is the first." }),
    at: timestamp.meta({ description: "When it happened." }),
    kind: z.enum(SECURITY_KINDS).meta({ description: "What happened." }),
    user_id: wireId.nullable().meta({ description: "Of a user with a proof." }),
    address: z.string().nullable().meta({ description: "The client's, as it is counted: of IPv6 the /64." }),
    dialect: z.string().nullable().meta({ description: "Of a socket." }),
    endpoint: z
      .string()
      .nullable()
      .meta({ description: "The socket's name, or method and path of a request." }),
    close_code: z.int().nullable().meta({ description: "What a socket was closed with." }),
    cause: z
      .string()
      .nullable()
      .meta({ description: "Why: of an end its cause, of a refusal its code, of an admin's act its name." }),
    remedy: z.string().nullable().meta({ description: "What can be done about it." }),
    detail: z.string().nullable().meta({ description: "More, for people." }),
  })
  .meta({ title: "SecurityEntry" });

export const ADMIN_ENDPOINTS = [
  endpoint({
    method: "GET",
    path: "/api/v1/admin/security-log",
    operation: "listSecurityLog",
    tag,
    status: 200,
    proof: "privileged",
    summary: "Who connected, who was refused, and why sockets ended, newest first; up to a second late.",
    query: pageQuery.extend({
      kind: z.enum(SECURITY_KINDS).optional().meta({ description: "Only entries of this kind." }),
      user_id: idSchema.optional().meta({ description: "Only those of this user." }),
      cause: z
        .string()
        .max(64)
        .optional()
        .meta({ description: "Of an end its cause, of a refusal its code." }),
      address: z.string().max(64).optional().meta({ description: "As it is counted: of IPv6 the /64." }),
    }),
    response: pageOf(entry),
    examples: {
      refused: { query: { kind: "login_failed", limit: 20 }, answer: page() },
    },
    command: ({ query }) => command("security.list", query),
    answer: ({ items, next }) => ({
      status: 200,
      body: {
        items: items.map(
          ({ id, at, kind, user_id, address, dialect, endpoint, close_code, cause, remedy, detail }) => ({
            id,
            at,
            kind,
            user_id: toWireIdOrNull(user_id),
            address,
            dialect,
            endpoint,
            close_code,
            cause,
            remedy,
            detail,
          }),
        ),
        next,
      },
    }),
  }),
];

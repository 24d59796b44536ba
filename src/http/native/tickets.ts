import { z } from "zod";
import type { Operation } from "../../core/endpoint.ts";
import { isRefusal, refuse } from "../../core/errors.ts";
import { timestamp } from "../../core/ids.ts";
import type { HttpDeps } from "../context.ts";
import type { Identify } from "../identify.ts";
import { problem } from "../problem.ts";
import { described, type Route } from "../routes.ts";

const TICKETS: Operation = {
  method: "POST",
  path: "/api/v1/tickets",
  operation: "createTicket",
  tag: "Tickets",
  summary: "A one-time `?ticket=` for clients that want no token in an address: 30 s, once.",
  status: 201,
  proof: "any",
  refuses: ["FORBIDDEN"],
  response: z.object({
    ticket: z.string().meta({ description: "For `?ticket=`, once." }),
    expires_at: timestamp.meta({ description: "In 30 s, or when the proof that it stands for ends." }),
  }),
  examples: {
    ticket: {
      answer: {
        ticket: "vN3qYv1mHnq0YcGm2bqcNvZr1yYdWbq5cOaZbX0nF8k",
        expires_at: "2026-01-31T09:00:30.000Z",
      },
    },
  },
};

/** Else one that was seen could be renewed for ever. */
const NO_TICKET_FOR_ONE = refuse("FORBIDDEN", "A ticket buys no other one. Send the token or key itself.");

/** `POST /api/v1/tickets`: a one-time `?ticket=` for clients that want no token in an address. */
export const ticketRoutes = (deps: Pick<HttpDeps, "auth">, identify: Identify): readonly Route[] => [
  described(TICKETS, async (c) => {
    const { token, key, ticket } = identify.credentials(c);
    if (token === undefined && key === undefined && ticket !== undefined) return problem(NO_TICKET_FOR_ONE);
    const who = await identify.request(c, "any");
    return isRefusal(who)
      ? problem(who)
      : c.json(deps.auth.tickets.issue(who), 201, { "cache-control": "no-store" });
  }),
];

import { z } from "zod";
import type { Operation } from "../../core/endpoint.ts";
import { timestamp, wireId } from "../../core/ids.ts";

/** An event as every transport of the native dialect has it; its `data` is the kind's, see AsyncAPI. */
const event = z
  .object({
    type: z.literal("event").meta({ description: "As in the frames of the native socket." }),
    kind: z.string().meta({ description: "message.created, task.updated, …: native messages of AsyncAPI." }),
    topic: z.string().meta({ description: "Where it is heard." }),
    data: z.looseObject({}).meta({ description: "What happened; its fields are those of the kind." }),
    actor: z
      .object({ id: wireId, username: z.string().meta({ description: "As his token had it." }) })
      .nullable()
      .meta({ description: "Who did it; null where a backend or the server did." }),
    at: timestamp.meta({ description: "When it happened." }),
    event_id: z.int().meta({ description: "Grows by one with each event; the cursor." }),
  })
  .meta({ title: "Event" });

const polled = z.object({
  events: z.array(event).meta({ description: "Oldest first; none where nothing happened in time." }),
  last_event_id: z
    .union([z.int(), z.literal("latest")])
    .meta({ description: "For `after` of the next poll." }),
  recovered: z
    .boolean()
    .meta({ description: "False where `after` is older than what is kept: something was missed." }),
});

const cursor = z.string().regex(/^(?:\d{1,16}|latest)$/);

/** What alice said in channel:9, in the story that the examples tell. */
const SAID = {
  type: "event",
  kind: "message.created",
  topic: "channel:9",
  data: { message_id: 1769850000005, content: "Hello", user_id: 101, username: "alice", metadata: {} },
  actor: { id: 101, username: "alice" },
  at: "2026-01-31T09:00:00.000Z",
  event_id: 1769850000005,
};

const STREAM = `id: ${SAID.event_id}\ndata: ${JSON.stringify(SAID)}\n\n`;

/** `GET /api/v1/events`, in both its forms. */
export const EVENTS_OPERATION: Operation = {
  method: "GET",
  path: "/api/v1/events",
  operation: "listenToEvents",
  tag: "Events",
  summary: "Events over HTTP: server-sent, or by long-poll with `Accept: application/json`.",
  description: [
    "Without `Accept: application/json` the answer is a stream of server-sent events in the frames of the",
    "native dialect; a browser's EventSource resumes by itself with `Last-Event-ID`. With it the answer comes",
    "as soon as something has happened, or after `wait` seconds; ask again with `after=<last_event_id>`.",
    "Only durable events have an id, so a poll hears no joins and leaves.",
  ].join("\n"),
  status: 200,
  proof: "any",
  query: z.object({
    topics: z.string().optional().meta({
      description:
        "Up to 100 rooms in any spelling, separated by commas; one's own topic where left out. Admins: `*`.",
    }),
    personal: z
      .enum(["true", "false"])
      .default("false")
      .meta({ description: "Beside the topics that are named also one's own." }),
    after: cursor.optional().meta({ description: "Long-poll: what was published after this event." }),
    wait: z.coerce.number().min(0).max(60).default(25).meta({
      description: "Long-poll: seconds to wait for something to happen; 0 answers at once.",
    }),
    last_event_id: cursor
      .optional()
      .meta({ description: "Stream: as Last-Event-ID, for those who cannot set it." }),
  }),
  headers: z.object({
    "Last-Event-ID": cursor
      .optional()
      .meta({ description: "Stream: what was published after this event comes first." }),
  }),
  response: polled,
  others: [
    {
      status: 200,
      summary: "The stream.",
      media: "text/event-stream",
      schema: z.string(),
      example: STREAM,
    },
  ],
  examples: {
    missed: {
      summary: "What was said in a room after an event, without waiting.",
      query: { topics: "channel:9", after: SAID.event_id - 1, wait: 0 },
      answer: { events: [SAID], last_event_id: SAID.event_id, recovered: true },
    },
  },
  refuses: ["BAD_REQUEST", "BAD_ROOM", "FORBIDDEN", "TOO_MANY_CONNECTIONS", "SHUTTING_DOWN"],
};

import { z } from "zod";
import type { PersonView } from "../../core/admin.ts";
import { command } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { timestamp, toWireId, toWireIdOrNull, wireId } from "../../core/ids.ts";
import { inboxItem, inboxQuery, showInboxItem } from "./inbox.ts";
import { NOTIFICATION, page } from "./samples.ts";
import { idParam, pageOf, wordedPageQuery } from "./schemas.ts";

const tag = "Admin";

const person = z
  .object({
    id: wireId,
    username: z.string().meta({ description: "As his last token had it." }),
    first_seen_at: timestamp.meta({ description: "When he first asked for anything." }),
    last_seen_at: timestamp.meta({ description: "Within the hour." }),
    connected: z.boolean().meta({ description: "He has a socket or a stream." }),
    unread: z.int().meta({ description: "Notifications that he has not read." }),
  })
  .meta({ title: "Person" });

const membership = z.object({
  topic: z.string().meta({ description: "What it opens: workspace:789, channel:9." }),
  role: z.string().meta({ description: "`owner`, `admin` or `member`." }),
});

const room = z
  .object({
    room: z.string().meta({ description: "workspace:789, channel:9, task:7, focus:s, room:lobby." }),
    sockets: z.int().meta({ description: "Sockets in it." }),
    users: z.int().meta({ description: "Users in it, each once." }),
    stored: z.boolean().meta({ description: "It is stored, or has messages." }),
    workspace_id: wireId
      .nullable()
      .meta({ description: "The workspace whose members may enter; null where none is." }),
  })
  .meta({ title: "RoomSurvey" });

const showPerson = (view: PersonView): z.infer<typeof person> => ({
  id: toWireId(view.id),
  username: view.username,
  first_seen_at: view.first_seen_at,
  last_seen_at: view.last_seen_at,
  connected: view.connected,
  unread: view.unread,
});

const PERSON = {
  id: 101,
  username: "alice",
  first_seen_at: "2026-01-31T09:00:00.000Z",
  last_seen_at: "2026-01-31T09:00:00.000Z",
  connected: true,
  unread: 1,
};

const MEMBERSHIPS = [
  { topic: "focus:focus-123", role: "owner" },
  { topic: "workspace:789", role: "owner" },
];

export const PEOPLE_ENDPOINTS = [
  endpoint({
    method: "GET",
    path: "/api/v1/admin/rooms",
    operation: "surveyRooms",
    tag,
    status: 200,
    proof: "privileged",
    summary: "Rooms that somebody is in now, then the others that are stored or have messages, each by name.",
    description: "A page of the others may hold fewer than `limit` and still have a `next`.",
    query: wordedPageQuery,
    response: pageOf(room),
    examples: {
      rooms: {
        query: { limit: 20 },
        answer: page(
          { room: "channel:9", sockets: 1, users: 1, stored: true, workspace_id: 789 },
          { room: "focus:focus-123", sockets: 0, users: 0, stored: true, workspace_id: 789 },
        ),
      },
    },
    command: ({ query }) => command("room.survey", query),
    answer: ({ items, next }) => ({
      status: 200,
      body: {
        items: items.map((view) => ({ ...view, workspace_id: toWireIdOrNull(view.workspace_id) })),
        next,
      },
    }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/admin/users",
    operation: "listUsers",
    tag,
    status: 200,
    proof: "privileged",
    summary: "Whoever was here, last seen first; with `q` by id, then by name.",
    query: wordedPageQuery.extend({
      q: z.string().max(128).optional().meta({ description: "The beginning of an id or a name." }),
    }),
    response: pageOf(person),
    examples: { al: { query: { q: "al", limit: 20 }, answer: page(PERSON) } },
    command: ({ query }) => command("user.list", query),
    answer: ({ items, next }) => ({ status: 200, body: { items: items.map(showPerson), next } }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/admin/users/:id",
    operation: "getUser",
    refuses: ["NOT_FOUND"],
    tag,
    status: 200,
    proof: "privileged",
    summary: "One user, and what he is a member of.",
    params: idParam,
    response: person.extend({
      memberships: z.array(membership).meta({ description: "What he is a member of." }),
    }),
    examples: { alice: { params: { id: 101 }, answer: { ...PERSON, memberships: MEMBERSHIPS } } },
    command: ({ params }) => command("user.get", params),
    answer: (reply) => ({ status: 200, body: { ...showPerson(reply), memberships: reply.memberships } }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/admin/users/:id/notifications",
    operation: "listNotificationsOfUser",
    tag,
    status: 200,
    proof: "privileged",
    summary: "A user's inbox, as he finds it; reading it here marks nothing as read.",
    params: idParam,
    query: inboxQuery,
    response: pageOf(inboxItem),
    examples: {
      unread: { params: { id: 101 }, query: { unread: "true", limit: 20 }, answer: page(NOTIFICATION) },
    },
    command: ({ params, query }) => command("inbox.list", { ...query, user_id: params.id }),
    answer: ({ items, next }) => ({ status: 200, body: { items: items.map(showInboxItem), next } }),
  }),
];

/** The native HTTP side: answers as the contract has them, and what is refused how. */
import { type Check, under } from "../check.ts";
import {
  containing,
  ID,
  keep,
  type Kept,
  matching,
  nullOr,
  part,
  rule,
  TEXT,
  TIME,
  WHOLE,
} from "../expect.ts";
import { ask, type Asked } from "../steps.ts";
import { problem, tell } from "./extras.ts";
import { streamOpen, subscribed } from "./native-frames.ts";

const native = under("Native (/api/v1)");
const errors = under("Errors over HTTP");

const get = (path: string, more: Partial<Asked> = {}): Asked => ({ method: "GET", path, as: "a", ...more });
const post = (path: string, body: Asked["body"], more: Partial<Asked> = {}): Asked => ({
  method: "POST",
  path,
  as: "a",
  ...(body === undefined ? {} : { body }),
  ...more,
});

const TASK = {
  id: keep("task", ID),
  workspace_id: ID,
  title: "Report",
  description: null,
  status: "todo",
  priority: "normal",
  due_date: null,
  user_id: null,
  creator_id: ID,
  version: 1,
  created_at: TIME,
  updated_at: TIME,
  completed_at: null,
} as const;
const taskOf = (kept: Kept) => ({ task_id: String(kept.get("task")) });

export const nativeHttp: readonly Check[] = [
  native("http/notify", "a notification is answered with whether it was delivered, and its id", (s) => [
    ask(post("/api/v1/notify/users/:user_id", { message: `Note ${s.mark}` }), {
      status: 200,
      body: { delivered: false, notification_id: WHOLE },
    }),
  ]),
  native("http/inbox", "the inbox has notifications, newest first, and counts the unread ones", (s) => [
    tell(`Inbox ${s.mark}`, "Find me."),
    ask(get("/api/v1/notifications?limit=1"), {
      status: 200,
      body: {
        items: [
          {
            id: keep("note", WHOLE),
            title: `Inbox ${s.mark}`,
            content: "Find me.",
            notification_type: "system",
            level: "info",
            related_entity_type: null,
            related_entity_id: null,
            data: {},
            read: false,
            created_at: TIME,
          },
        ],
        next: nullOr(TEXT),
      },
    }),
    ask(get("/api/v1/notifications/unread-count"), { status: 200, body: { count: keep("count", WHOLE) } }),
    ask(
      post("/api/v1/notifications/:note_id/read", undefined, {
        params: (kept) => ({ note_id: String(kept.get("note")) }),
      }),
      {
        status: 200,
        body: { count: rule("<one less>", (count, kept) => count === Number(kept.get("count")) - 1) },
      },
    ),
  ]),
  native("http/presence", "who is connected, and who is in a room, can be asked", (s) => [
    ...streamOpen("a", s.a),
    ...subscribed("a", s.a, [s.room]),
    ask(get("/api/v1/presence/users"), { status: 200, body: { users: containing(s.a.wireId) } }),
    ask(get("/api/v1/presence/users/:user_id"), { status: 200, body: { connected: true } }),
    ask(get("/api/v1/presence/rooms/:room", { params: { room: s.room } }), {
      status: 200,
      body: { users: containing(s.a.wireId) },
    }),
  ]),
  native(
    "http/messages",
    "what was said in a room can be read, newest first, with deleted ones in their place",
    (s) => {
      const params = { room: s.room };
      const messageOf = (kept: Kept) => ({ message_id: String(kept.get("message")) });
      const view = {
        user_id: s.a.wireId,
        username: s.a.name,
        metadata: {},
        created_at: TIME,
        edited_at: null,
      };
      return [
        ask(post("/api/v1/rooms/:room/messages", { content: `Said ${s.mark}` }, { params }), {
          status: 201,
          body: part({
            id: keep("message", WHOLE),
            room: s.room,
            content: `Said ${s.mark}`,
            ...view,
            deleted_at: null,
          }),
        }),
        ask(
          { method: "DELETE", path: "/api/v1/messages/:message_id", as: "a", params: messageOf },
          { status: 204 },
        ),
        ask(get("/api/v1/rooms/:room/messages?limit=1", { params }), {
          status: 200,
          body: {
            items: [
              part({ id: keep("message", WHOLE), room: s.room, content: null, ...view, deleted_at: TIME }),
            ],
            next: nullOr(TEXT),
          },
        }),
      ];
    },
  ),
  native("http/tasks", "a task is made, read, changed with its version, and deleted", () => [
    ask(post("/api/v1/workspaces/:workspace_id/tasks", { title: "Report" }), { status: 201, body: TASK }),
    ask(get("/api/v1/tasks/:task_id", { params: taskOf }), {
      status: 200,
      body: TASK,
      headers: { etag: '"1"' },
    }),
    ask(
      { method: "PATCH", path: "/api/v1/tasks/:task_id", as: "a", params: taskOf, body: { title: "Second" } },
      { status: 200, body: part({ title: "Second", version: 2 }) },
    ),
    ask(
      {
        method: "PATCH",
        path: "/api/v1/tasks/:task_id",
        as: "a",
        params: taskOf,
        body: { title: "Lost" },
        headers: { "if-match": '"1"' },
      },
      { status: 409, body: problem(409) },
    ),
    ask({ method: "DELETE", path: "/api/v1/tasks/:task_id", as: "a", params: taskOf }, { status: 204 }),
    ask(get("/api/v1/tasks/:task_id", { params: taskOf }), { status: 404, body: problem(404) }),
  ]),
  native("http/workspaces", "a workspace is made once, belongs to its creator, and is listed", (s) => {
    const body = { id: `ws-${s.mark}`, name: `Conform ${s.mark}` };
    const view = {
      id: body.id,
      name: body.name,
      owner_id: s.a.wireId,
      archived: false,
      created_at: TIME,
    };
    return [
      ask(post("/api/v1/workspaces", body), { status: 201, body: view }),
      ask(post("/api/v1/workspaces", body), { status: 409, body: problem(409) }),
      ask(get("/api/v1/workspaces?limit=1"), { status: 200, body: { items: [view], next: nullOr(TEXT) } }),
      ask(get("/api/v1/workspaces/:own/members", { params: { own: body.id } }), {
        status: 200,
        body: {
          items: [{ user_id: s.a.wireId, username: s.a.name, role: "owner", added_at: TIME }],
          next: null,
        },
      }),
    ];
  }),
  native("http/poll", "events can be polled for, by the cursor of the sockets", (s) => [
    ask(
      get("/api/v1/events", { query: { after: "latest", wait: 0 }, headers: { accept: "application/json" } }),
      { status: 200, body: { events: [], last_event_id: keep("head", WHOLE), recovered: true } },
    ),
    tell(`Polled ${s.mark}`, "Find me."),
    ask(
      get("/api/v1/events", {
        query: (kept) => ({ after: Number(kept.get("head")), wait: 0 }),
        headers: { accept: "application/json" },
      }),
      {
        status: 200,
        body: {
          events: [part({ type: "event", kind: "notification.created" })],
          last_event_id: WHOLE,
          recovered: true,
        },
      },
    ),
  ]),
  native(
    "http/idempotency",
    "a POST that is repeated under its Idempotency-Key is answered as the first time",
    (s) => {
      const sent = (message: string): Asked =>
        post(
          "/api/v1/notify/users/:user_id",
          { message },
          { headers: { "idempotency-key": `conform-${s.mark}` } },
        );
      return [
        ask(sent("Once"), { status: 200, body: { delivered: false, notification_id: keep("once", WHOLE) } }),
        ask(sent("Once"), { status: 200, body: { delivered: false, notification_id: keep("once", WHOLE) } }),
        ask(sent("Twice"), { status: 422, body: problem(422) }),
      ];
    },
  ),
  errors("http/proof", "without a token the answer is 401", () => [
    ask(get("/api/v1/notifications", { as: "nobody" }), { status: 401, body: problem(401) }),
    ask(get("/api/v1/notifications", { as: "bad" }), { status: 401, body: problem(401) }),
  ]),
  errors(
    "http/others",
    "only admins and keys notify others",
    (s) => [
      ask(post("/api/v1/notify/users/:user_id", { message: "m" }, { params: { user_id: s.b.id } }), {
        status: 403,
        body: problem(403),
      }),
    ],
    { needs: ["user", "second"] },
  ),
  errors("http/fields", "bad fields are named, in the form of RFC 9457", () => [
    ask(post("/api/v1/workspaces", {}), {
      status: 400,
      headers: { "content-type": matching(/^application\/problem\+json/) },
      body: {
        type: TEXT,
        title: TEXT,
        status: 400,
        detail: TEXT,
        errors: [{ path: "name", message: TEXT }],
      },
    }),
    ask(get("/api/v1/nothing-here"), { status: 404, body: problem(404) }),
  ]),
];

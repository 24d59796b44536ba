/** Server → Client Events of document 002: told by the backend, so made by its own means. */
import { type Check, under } from "../check.ts";
import type { Framed } from "../expect.ts";
import {
  added,
  ANYTHING,
  type Expected,
  given,
  ID,
  keep,
  type Kept,
  ours,
  part,
  TEXT,
  TIME,
  WHOLE,
} from "../expect.ts";
import type { Scene } from "../scene.ts";
import { also, framed, hear, make, send, type Step } from "../steps.ts";
import { event, message, chatIn, chatOpen } from "./chat-frames.ts";
import { chatTasks } from "./chat-tasks.ts";

const ownOf = (kept: Kept) => ({ own_id: String(kept.get("own")) });

const CHANGES = part({ name: { old: TEXT, new: TEXT } });

const projects = under("Project Events");

const messages = under("Chat Events");

/** A workspace of this check alone: it is renamed and archived. */
const ownProject = (s: Scene): readonly Step[] => [
  make(
    "project.created",
    { method: "POST", path: "/api/v1/workspaces", as: "a", body: { name: `Conform ${s.mark}` } },
    { status: 201, body: part({ id: keep("own", ID) }) },
  ),
  ...chatOpen("a", s.a),
  send("a", (kept) => ({ type: "join_room", room: `project:${String(kept.get("own"))}` })),
  hear(
    "a",
    framed("joined_room", { type: "joined_room", room: OWN_ROOM, data: { message: TEXT }, timestamp: TIME }),
    also({ type: "user_joined", room: OWN_ROOM, data: ANYTHING, sender: TEXT, timestamp: TIME }),
  ),
];

const OWN_ROOM = keep("room", TEXT);

const projectEvent = (type: string, data: Expected): Framed =>
  framed(type, { type, room: OWN_ROOM, data, sender: TEXT, timestamp: TIME });

const said = (s: Scene, content: string): readonly Step[] => [
  ...chatIn("a", s.a, s.room),
  send("a", { type: "send_message", room: s.room, data: { content } }),
  hear("a", message(s, s.a, content, added({}), added(keep("message", WHOLE)))),
];

const messageOf = (kept: Kept) => ({ message_id: String(kept.get("message")) });

const MESSAGE_ID = ours(ANYTHING, keep("message", WHOLE));

export const chatEvents: readonly Check[] = [
  messages("message.edited", "an edited message is told to the room", (s) => [
    ...said(s, "Helo"),
    make(
      "message.edited",
      {
        method: "PATCH",
        path: "/api/v1/messages/:message_id",
        as: "a",
        params: messageOf,
        body: { content: "Hello" },
      },
      { status: 200 },
    ),
    hear(
      "a",
      event(
        "message.edited",
        s.room,
        ours(ANYTHING, { message_id: MESSAGE_ID, content: "Hello", new_content: "Hello", edited_at: TIME }),
        ANYTHING,
      ),
    ),
  ]),
  messages("message.deleted", "a deleted message is told to the room", (s) => [
    ...said(s, "Never mind"),
    make(
      "message.deleted",
      { method: "DELETE", path: "/api/v1/messages/:message_id", as: "a", params: messageOf },
      { status: 204 },
    ),
    hear(
      "a",
      event(
        "message.deleted",
        s.room,
        ours(ANYTHING, { message_id: MESSAGE_ID, deleted_at: TIME }),
        ANYTHING,
      ),
    ),
  ]),
  under("chat (002)", "addition")(
    "message/own",
    "its author edits and deletes a message by frames too",
    (s) => [
      ...said(s, "Helo"),
      send("a", (kept) => ({
        type: "edit_message",
        data: { message_id: kept.get("message"), content: "Hello" },
      })),
      hear(
        "a",
        event(
          "message.edited",
          s.room,
          { message_id: MESSAGE_ID, content: "Hello", new_content: "Hello", edited_at: TIME },
          s.a.name,
        ),
      ),
      send("a", (kept) => ({ type: "delete_message", data: { message_id: kept.get("message") } })),
      hear("a", event("message.deleted", s.room, { message_id: MESSAGE_ID, deleted_at: TIME }, s.a.name)),
    ],
  ),

  ...chatTasks,

  projects("project.updated", "a change of a project is told in its room", (s) => [
    ...ownProject(s),
    make(
      "project.updated",
      {
        method: "PATCH",
        path: "/api/v1/workspaces/:own_id",
        as: "a",
        params: ownOf,
        body: { name: `New ${s.mark}` },
      },
      { status: 200 },
    ),
    hear(
      "a",
      projectEvent(
        "project.updated",
        ours(ANYTHING, { project_id: keep("own", ID), name: given(`New ${s.mark}`), changes: CHANGES }),
      ),
    ),
  ]),
  projects("project.archived", "the end of a project is told in its room", (s) => [
    ...ownProject(s),
    make(
      "project.archived",
      { method: "POST", path: "/api/v1/workspaces/:own_id/archive", as: "a", params: ownOf },
      { status: 200 },
    ),
    hear(
      "a",
      projectEvent(
        "project.archived",
        ours(ANYTHING, { project_id: keep("own", ID), name: given(`Conform ${s.mark}`) }),
      ),
    ),
  ]),

  under("Example: Notification")(
    "notification.new",
    "a notification is heard by its user, without a room",
    (s) => [
      ...chatOpen("a", s.a),
      make(
        "notification.new",
        {
          method: "POST",
          path: "/api/v1/notify/users/:user_id",
          as: "a",
          body: {
            title: "You were mentioned",
            message: "Alice mentioned you in channel #general",
            link: "/project/123/channel/456",
            priority: "normal",
          },
        },
        { status: 200 },
      ),
      hear(
        "a",
        framed("notification.new", {
          type: "notification.new",
          data: {
            title: given("You were mentioned"),
            message: given("Alice mentioned you in channel #general"),
            link: given("/project/123/channel/456"),
            priority: given("normal"),
          },
          timestamp: TIME,
        }),
      ),
    ],
  ),
];

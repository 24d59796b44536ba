import { EVENT_KINDS, type EventKind } from "../../core/event.ts";
import { isObject } from "../../core/json.ts";
import { shown } from "./output.ts";
import type { Paint } from "./terminal.ts";

type Data = Readonly<Record<string, unknown>>;

const text = (value: unknown): string =>
  value === null || value === undefined
    ? ""
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);

/** Parts that say something, in one line. */
const parts = (...all: readonly string[]): string => all.filter((part) => part !== "").join("  ");

const UNTITLED = "Notification";

const notice = ({ title, content, level, link }: Data): string =>
  parts(
    level === "info" ? "" : `[${text(level)}]`,
    title === UNTITLED || title === content ? text(content) : `${text(title)}: ${text(content)}`,
    text(link),
  );

const changed = (changes: unknown): string =>
  isObject(changes)
    ? Object.entries(changes)
        .map(([name, change]) =>
          isObject(change) ? `${name}: ${text(change["old"]) || "–"} → ${text(change["new"]) || "–"}` : name,
        )
        .join(", ")
    : "";

const task = ({ task_id, title, changes }: Data): string =>
  parts(`${text(title)} (task ${text(task_id)})`, changed(changes));
const workspace = ({ workspace_id, name, changes }: Data): string =>
  parts(`${text(name)} (workspace ${text(workspace_id)})`, changed(changes));
const person = ({ username, user_id }: Data): string => text(username) || text(user_id);
const participant = ({ user }: Data): string => (isObject(user) ? text(user["username"]) : "");
const focus = (data: Data): string =>
  parts(text(data["action"]), participant(data), `status ${text(data["status"])}`, text(data["data"]));
const ofNotifications = ({ ids, unread }: Data): string =>
  `${Array.isArray(ids) ? `notification ${ids.join(", ")}` : "all notifications"}, ${text(unread)} unread`;

/** What each kind says in one line. */
const SAID = {
  "notification.created": notice,
  "announcement.created": notice,
  "notification.read": ofNotifications,
  "notification.deleted": ofNotifications,
  "task.created": task,
  "task.updated": task,
  "task.completed": task,
  "task.deleted": task,
  "message.created": ({ content }) => text(content),
  "message.edited": ({ message_id, content }) => `message ${text(message_id)}: ${text(content)}`,
  "message.deleted": ({ message_id }) => `message ${text(message_id)}`,
  "workspace.created": workspace,
  "workspace.updated": workspace,
  "workspace.archived": workspace,
  "member.added": ({ user_id, topic, role }) => `user ${text(user_id)} is ${text(role)} of ${text(topic)}`,
  "member.removed": ({ user_id, topic }) => `user ${text(user_id)} left ${text(topic)}`,
  "room.moved": ({ topic, workspace_id }) =>
    `${text(topic)} belongs to workspace ${text(workspace_id) || "–"}`,
  "focus.updated": focus,
  "focus.joined": participant,
  "focus.left": participant,
  "focus.relayed": focus,
  "user.joined": person,
  "user.left": person,
  "user.broadcast": ({ message }) => text(message),
} satisfies Record<EventKind, (data: Data) => string>;

export const KIND_NAMES = Object.keys(EVENT_KINDS) as readonly EventKind[];

const KIND_WIDTH = Math.max(...["message.created", "notification.created"].map((kind) => kind.length));
const TOPIC_WIDTH = 14;
const WHO_WIDTH = 8;

/** An event of the native dialect as a line: time, kind, topic, who, what it says. */
export function eventLine(event: Data, paint: Paint): string {
  const { kind, topic, actor, data, at } = event;
  const say = SAID[kind as EventKind] ?? ((given: Data) => text(given));
  const who = isObject(actor) ? text(actor["username"]) || text(actor["id"]) : "–";
  return [
    paint("dim", timeOf(text(at))),
    paint("accent", shown(text(kind)).padEnd(KIND_WIDTH)),
    shown(text(topic)).padEnd(TOPIC_WIDTH),
    paint("bold", shown(who).padEnd(WHO_WIDTH)),
    shown(say(isObject(data) ? data : {})),
  ]
    .join("  ")
    .trimEnd();
}

/** `12:04:05`, in the reader's time zone. */
function timeOf(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

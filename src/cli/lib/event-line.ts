import type {
  Changes,
  DragomanEvent,
  EventData,
  EventKind,
  FocusActionData,
  FocusData,
  NotificationData,
  TaskEventData,
  UserData,
  WorkspaceData,
} from "../../client/client.ts";
import { clockTime, shown } from "./output.ts";
import type { Paint } from "./terminal.ts";

/** Any JSON, as short as it gets. */
const text = (value: unknown): string =>
  value === null || value === undefined
    ? "–"
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);

/** Parts that say something, in one line. */
const parts = (...all: readonly (string | null)[]): string =>
  all.filter((part) => part !== null && part !== "").join("  ");

const UNTITLED = "Notification";

const notice = ({ title, content, level, link }: NotificationData): string =>
  parts(
    level === "info" ? null : `[${level}]`,
    title === UNTITLED || title === content ? content : `${title}: ${content}`,
    link,
  );

const changed = (changes: Changes): string =>
  Object.entries(changes)
    .map(([name, change]) => `${name}: ${text(change.old)} → ${text(change.new)}`)
    .join(", ");

const task = ({ task_id, title, changes }: TaskEventData): string =>
  parts(`${title} (task ${task_id})`, changed(changes));
const workspace = ({ workspace_id, name }: WorkspaceData): string => `${name} (workspace ${workspace_id})`;
const person = ({ username }: UserData): string => username;
const participant = ({ user }: FocusData): string => user.username;
const focus = ({ action, user, status, data }: FocusActionData): string =>
  parts(action, user.username, `status ${status}`, data === undefined ? null : text(data));
const ofNotifications = ({
  ids,
  unread,
}: {
  readonly ids: readonly number[] | null;
  readonly unread: number;
}): string => `${ids === null ? "all notifications" : `notification ${ids.join(", ")}`}, ${unread} unread`;

/** What each kind says in one line. */
const SAID: { readonly [K in EventKind]: (data: EventData[K]) => string } = {
  "notification.created": notice,
  "announcement.created": notice,
  "notification.read": ofNotifications,
  "notification.deleted": ofNotifications,
  "task.created": task,
  "task.updated": task,
  "task.completed": task,
  "task.deleted": task,
  "message.created": ({ content }) => content,
  "message.edited": ({ message_id, content }) => `message ${message_id}: ${content}`,
  "message.deleted": ({ message_id }) => `message ${message_id}`,
  "workspace.created": workspace,
  "workspace.updated": (data) => parts(workspace(data), changed(data.changes)),
  "workspace.archived": workspace,
  "member.added": ({ user_id, topic, role }) => `user ${user_id} is ${role} of ${topic}`,
  "member.removed": ({ user_id, topic }) => `user ${user_id} left ${topic}`,
  "room.moved": ({ topic, workspace_id }) => `${topic} belongs to workspace ${text(workspace_id)}`,
  "focus.updated": focus,
  "focus.joined": participant,
  "focus.left": participant,
  "focus.relayed": focus,
  "user.joined": person,
  "user.left": person,
};

export const KINDS = Object.keys(SAID) as readonly EventKind[];

const KIND_WIDTH = "notification.created".length;
const TOPIC_WIDTH = 14;
const WHO_WIDTH = 8;

/** An event as a line: time, kind, topic, who, what it says. */
export function eventLine({ kind, topic, actor, data, at }: DragomanEvent, paint: Paint): string {
  // A newer server may tell kinds that this program does not know.
  const said = (SAID[kind] as ((data: unknown) => string) | undefined) ?? text;
  return [
    paint("dim", clockTime(at)),
    paint("accent", shown(kind).padEnd(KIND_WIDTH)),
    shown(topic).padEnd(TOPIC_WIDTH),
    paint("bold", shown(actor?.username ?? "–").padEnd(WHO_WIDTH)),
    shown(said(data)),
  ]
    .join("  ")
    .trimEnd();
}

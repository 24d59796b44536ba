import type { EventKind, Json } from "../../../core/event.ts";
import type { Id } from "../data/types.ts";

/** An event as the native dialect writes it. */
export interface HeardEvent {
  readonly kind: EventKind;
  readonly topic: string;
  readonly data: Readonly<Record<string, Json>>;
  readonly actor: { readonly id: Id; readonly username: string } | null;
  readonly at: string;
  /** None of what is not kept. */
  readonly event_id?: number;
}

/** An event in one line. */
export function gistOf({ kind, data, actor }: HeardEvent): string {
  const text = (name: string): string => textOf(data[name]);
  switch (kind) {
    case "message.created":
    case "message.edited":
      return text("content");
    case "notification.created":
    case "announcement.created":
      return data.title === "Notification" ? text("content") : `${text("title")}: ${text("content")}`;
    case "notification.read":
    case "notification.deleted":
      return `${text("unread")} left unread`;
    case "task.created":
    case "task.updated":
    case "task.completed":
    case "task.deleted":
      return [text("title"), changesOf(data.changes)].filter((part) => part !== "").join(" · ");
    case "workspace.created":
    case "workspace.updated":
    case "workspace.archived":
      return text("name");
    case "member.added":
      return `user ${text("user_id")} as ${text("role")}`;
    case "member.removed":
      return `user ${text("user_id")}`;
    case "user.joined":
    case "user.left":
      return text("username");
    case "user.broadcast":
      return text("message");
    case "focus.updated":
    case "focus.relayed":
      return `${text("action")}, ${text("status")}`;
    case "focus.joined":
    case "focus.left":
      return actor?.username ?? textOf((data.user as { readonly username?: Json } | undefined)?.username);
    default:
      return JSON.stringify(data);
  }
}

/** `status: todo → done`. */
function changesOf(changes: Json | undefined): string {
  if (typeof changes !== "object" || changes === null || Array.isArray(changes)) return "";
  return Object.entries(changes as Readonly<Record<string, { readonly old: Json; readonly new: Json }>>)
    .map(([field, change]) => `${field}: ${textOf(change.old)} → ${textOf(change.new)}`)
    .join(", ");
}

const textOf = (value: Json | undefined): string =>
  value === undefined || value === null
    ? "none"
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);

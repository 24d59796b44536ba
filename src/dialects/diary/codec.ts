import type { Publication } from "../../core/event.ts";
import type { Dialect, EncodeTable, ReplyTable, ToldRefusal } from "../dialect.ts";
import type { MessageFrame } from "./frames.ts";

/** Sockets are one-way: what clients send is ignored. */
export const decode: Dialect["decode"] = () => null;

/** One's own notifications, and announcements; there are no rooms here. */
export const encode = {
  "notification.created": (event, via) => (via === null ? message(event) : null),
  "notification.read": null,
  "notification.deleted": null,
  "room.moved": null,
  "announcement.created": (event) => message(event),
  "task.created": null,
  "task.updated": null,
  "task.completed": null,
  "task.deleted": null,
  "message.created": null,
  "message.edited": null,
  "message.deleted": null,
  "workspace.created": null,
  "workspace.updated": null,
  "workspace.archived": null,
  "member.added": null,
  "member.removed": null,
  "focus.updated": null,
  "focus.joined": null,
  "focus.left": null,
  "focus.relayed": null,
  "user.joined": null,
  "user.left": null,
  "user.broadcast": null,
} satisfies EncodeTable;

export const replies = {} satisfies ReplyTable;

export const refusal = (): ToldRefusal => ({ frame: null });

const message = ({ data }: Publication<"notification.created" | "announcement.created">): MessageFrame => ({
  message: data.content,
});

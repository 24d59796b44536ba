import type { Operation } from "../core/endpoint.ts";
import type { Dialect } from "../dialects/dialect.ts";

/** What belongs together; those of dialects are described by the dialects. */
const TAGS: Readonly<Record<string, string>> = {
  Notify: "Tell a user, the users in a room, or everybody.",
  Inbox: "One's own notifications, read on whatever device.",
  Presence: "Who is connected, and where.",
  Workspaces: "Workspaces and their members; `project:789` and `project_789` are the workspace 789.",
  Rooms: "Where rooms belong, what was said in them, who may enter. A room in any dialect's spelling.",
  Tasks: "Tasks of a workspace; a change is told in every dialect that has a frame for it.",
  Focus: "Focus sessions and who takes part.",
  Events: "The events of the sockets for those who cannot open one: server-sent or by long-poll.",
  Tickets: "One-time tickets instead of a token in an address.",
  Admin: "For admins and service keys: who is connected, keys, tokens, settings, what happened.",
  Operations: "For whoever runs the server: health, readiness, metrics, these documents.",
};

/** The tags in the order of their first use. */
export function tagsOf(operations: readonly Operation[], dialects: readonly Dialect[]): readonly object[] {
  const told = new Map(dialects.map(({ name, summary }) => [name, summary]));
  return [...new Set(operations.map(({ tag }) => tag))].map((name) => {
    const description = told.get(name) ?? TAGS[name];
    return description === undefined ? { name } : { name, description };
  });
}

import { textFrame } from "./frames.ts";
import { request } from "./http.ts";
import type { Door } from "./link.ts";
import type { Arrival, Subject } from "./subject.ts";

export interface DragomanDoor {
  readonly name: string;
  readonly door: Door;
  readonly pid: number | null;
  /** A token for the so-and-so-many-th user, another one each time it is asked for. */
  readonly token: (user: number) => string;
  /** What proves the right to notify others. */
  readonly authorization: string;
  /** `stored`: chat messages, committed before anybody hears of them. `live`: the relay of focus sessions, kept nowhere. */
  readonly told: "stored" | "live";
}

const say = (value: unknown): Uint8Array<ArrayBuffer> => textFrame(JSON.stringify(value));
const PING = say({ type: "ping" });

/** Paths of sockets that hear announcements, one a dialect. */
const HEARERS = [
  "/api/v1/ws/connect",
  "/ws/notifications",
  "/api/v1/ws/notifications",
  "/api/v1/ws",
  "/api/v1/stream",
] as const;

export function dragomanSubject({ name, door, pid, token, authorization, told }: DragomanDoor): Subject {
  // Every listener is somebody else: numbers that no other scenario's users have.
  const member = (room: number, at: number): number => 1_000_000 + room * 10_000 + at;
  const at = (path: string, user: number): string => `${path}?token=${token(user)}`;
  const stored: Pick<Subject, "listen" | "say"> = {
    listen: (room, place) => ({
      path: at("/api/v1/ws/connect", member(room, place)),
      frames: [say({ type: "join_room", room: `channel:${room}` })],
    }),
    say: (room, text) => say({ type: "send_message", room: `channel:${room}`, data: { content: text } }),
  };
  const live: Pick<Subject, "listen" | "say"> = {
    listen: (room, place) => ({ path: at(`/ws/focus-session/s${room}`, member(room, place)), frames: [] }),
    say: (_, text) => say({ action: "note", text }),
  };
  const bare = (path: string): Arrival => ({ path, frames: [] });
  const headers = { authorization };
  return {
    name,
    door,
    pid,
    ...(told === "stored" ? stored : live),
    ping: (user) => ({ ...bare(at("/api/v1/ws/connect", user)), ping: PING }),
    personal: (user, cursor) =>
      bare(
        `${at("/api/v1/ws/notifications", user)}${cursor === undefined ? "" : `&last_event_id=${cursor}`}`,
      ),
    notify: (user, text) =>
      request("POST", `/api/v1/notify/users/${user}`, headers, JSON.stringify({ message: text })),
    mixed(user, dialects) {
      const place = dialects === "one" ? 0 : user % (HEARERS.length + 1);
      const path = HEARERS[place];
      return bare(at(path ?? `/api/v1/ws/${user}`, user));
    },
    broadcast: (text) =>
      request("POST", "/api/v1/notify/broadcast", headers, JSON.stringify({ message: text })),
  };
}

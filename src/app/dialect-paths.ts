import { DIALECTS } from "../dialects/all.ts";
import type { Dialect, SocketEndpoint } from "../dialects/dialect.ts";
import { parseRoom } from "../core/topic.ts";

export const DIALECT_NAMES: readonly string[] = DIALECTS.map((dialect) => dialect.name);

/** The paths of each dialect's sockets, with their parameters. */
export const SOCKET_PATHS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  DIALECTS.map(({ name, sockets }) => [name, sockets.map(({ path }) => path)]),
);

/** The dialect that is spoken at a path; null where it is none's. */
export const dialectAt = (path: string): string | null =>
  DIALECTS.find(({ sockets }) =>
    sockets.some((socket) => new RegExp(`^${socket.path.replace(/:\w+/g, "[^/]+")}/?$`).test(path)),
  )?.name ?? null;

/** Where a client of a dialect connects, and what it says then. */
export interface Listening {
  readonly path: string;
  /** To be sent once it is open. */
  readonly frames: readonly object[];
}

/** Dialects whose clients join rooms by a frame. */
const JOINS: Readonly<Record<string, (room: string) => object>> = {
  chat: (room) => ({ type: "join_room", room }),
  notifier: (room) => ({ type: "join_room", room }),
  native: (room) => ({ type: "subscribe", data: { topics: [room] } }),
};

/**
 * How a dialect is listened to: its first path without an id (or with the user's own), and a frame
 * for each room; a room that has a path of its own is that path. Null where the dialect has no such room.
 */
export function listeningTo(dialectName: string, rooms: readonly string[], userId: string): Listening | null {
  const dialect = DIALECTS.find(({ name }) => name === dialectName);
  if (dialect === undefined) return null;
  const [room, ...others] = rooms;
  const join = JOINS[dialect.name];
  if (room !== undefined && join === undefined) {
    const path = others.length === 0 ? pathOfRoom(dialect, room) : null;
    return path === null ? null : { path, frames: [] };
  }
  const path = homePath(dialect, userId);
  return path === null ? null : { path, frames: join === undefined ? [] : rooms.map(join) };
}

const PARAMETER = /:(\w+)/;

function homePath({ sockets }: Dialect, userId: string): string | null {
  const open = sockets.find(({ path, claims }) => claims !== undefined || !PARAMETER.test(path));
  return open?.path.replace(PARAMETER, encodeURIComponent(userId)) ?? null;
}

function pathOfRoom({ sockets }: Dialect, room: string): string | null {
  const topic = parseRoom(room);
  if (topic === null) return null;
  const id = topic.slice(topic.indexOf(":") + 1);
  const at = sockets.find((socket) => topicAt(socket, id) === topic);
  return at?.path.replace(PARAMETER, encodeURIComponent(id)) ?? null;
}

function topicAt({ path, topic }: SocketEndpoint, id: string): string | null {
  const name = PARAMETER.exec(path)?.[1];
  return name === undefined ? null : (topic?.({ [name]: id }) ?? null);
}
